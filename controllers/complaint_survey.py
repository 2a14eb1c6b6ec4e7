from odoo import http
from odoo.http import request


class ComplaintSurveyController(http.Controller):
    """The page behind the link of a survey: reading it changes nothing."""

    @http.route(
        "/complaints/survey/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def show(self, token):
        """Show the question, or thanks when it has been answered."""
        survey = request.env["customer.complaint.survey"]._from_token(token)
        return self._render(survey, token)

    @http.route(
        "/complaints/survey/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def answer(self, token, **form):
        """Keep the first answer; then what is said about its parts."""
        survey = request.env["customer.complaint.survey"]._from_token(token)
        return self._render(survey, token, is_complete=survey._receive(form))

    def _render(self, survey, token, is_complete=False):
        complaint = survey.complaint_id
        lang = complaint.partner_id.lang or request.env.lang
        survey = survey.with_context(lang=lang)
        values = {
            **survey._page_values(is_complete),
            "complaint": complaint,
            "company": complaint.company_id or request.env.company,
            "token": token,
        }
        template = "customer_retention.complaint_survey_page"
        page = request.env["ir.ui.view"].with_context(lang=lang)
        return page._render_template(template, values)
