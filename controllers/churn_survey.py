from odoo import http
from odoo.http import request

ANSWERS = ("reason", "words", "competitor")


class ChurnSurveyController(http.Controller):
    """The page behind the link of an exit survey: reading it changes nothing."""

    @http.route(
        "/leaving/survey/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def show(self, token):
        """Ask why, or say thanks when it has been answered."""
        return self._render(token)

    @http.route(
        "/leaving/survey/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def answer(self, token, **form):
        """Keep the first answer, if it is still wanted."""
        survey = request.env["customer.churn.survey"]._from_token(token)
        survey._receive(form)
        said = ("".join(form.get(name) or "" for name in ANSWERS)).strip()
        return self._render(token, is_empty=not said)

    def _render(self, token, is_empty=False):
        survey = request.env["customer.churn.survey"]._from_token(token)
        lang = survey.partner_id.lang or request.env.lang
        survey = survey.with_context(lang=lang)
        values = {
            **survey._page_values(),
            "company": survey.company_id or request.env.company,
            "token": token,
            "is_empty": is_empty,
        }
        page = request.env["ir.ui.view"].with_context(lang=lang)
        return page._render_template("customer_retention.churn_survey_page", values)
