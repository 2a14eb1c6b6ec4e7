from odoo import models


class CustomerComplaintSurvey(models.Model):
    """The pages that ask, and what they send."""

    _inherit = "customer.complaint.survey"

    # === PAGES === #

    def _receive(self, form) -> bool:
        """Keep what a page sent: the first answer, later what is said about its parts.

        A scanner that follows links and sends forms chooses no answer, or answers
        before anybody could have read the question.

        :param form: {name: text} as the page of the survey sends it
        :return: whether something was said about the parts
        """
        comment = form.get("comment") or ""
        if self.state == "answered":
            return self._answer_details(form, comment)
        if self and self._was_read(form.get("proof")):
            self._answer(form.get("satisfaction"), comment)
        return False

    def _page_values(self, is_complete=False) -> dict:
        """Return what every page that asks needs, in the language of this record."""
        return {
            "survey": self,
            "proof": self._issue_reading_proof(),
            "grades": self._fields["satisfaction"]._description_selection(self.env),
            "is_complete": is_complete or bool(self.outcome_grade),
        }
