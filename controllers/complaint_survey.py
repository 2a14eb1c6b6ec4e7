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
    def answer(self, token, satisfaction=None, comment="", proof="", **grades):
        """Keep the first answer; then what is said about its parts.

        A scanner that follows links and sends forms chooses no answer, or answers
        before anybody could have read the question.
        """
        survey = request.env["customer.complaint.survey"]._from_token(token)
        if survey.state == "answered":
            kept = survey._answer_details(grades, comment)
            return self._render(survey, token, is_complete=kept)
        if survey and survey._was_read(proof):
            survey._answer(satisfaction, comment)
        return self._render(survey, token)

    def _render(self, survey, token, is_complete=False):
        complaint = survey.complaint_id
        lang = complaint.partner_id.lang or request.env.lang
        survey = survey.with_context(lang=lang)
        values = {
            "survey": survey,
            "complaint": complaint,
            "company": complaint.company_id or request.env.company,
            "token": token,
            "proof": survey._issue_reading_proof(),
            "grades": survey._fields["satisfaction"]._description_selection(survey.env),
            "is_complete": is_complete or bool(survey.outcome_grade),
        }
        template = "customer_retention.complaint_survey_page"
        page = request.env["ir.ui.view"].with_context(lang=lang)
        return page._render_template(template, values)
