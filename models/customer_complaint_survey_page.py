from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

SCOPE = "customer-complaint-survey"
# How long a link answers.
VALID_HOURS = 60 * 24
# A person needs this long to read the question; a scanner of links does not.
SHORTEST_READING = 2  # seconds


class CustomerComplaintSurvey(models.Model):
    """The pages that ask: the link that leads there, and what they send."""

    _inherit = "customer.complaint.survey"

    # === TOKENS === #

    def _get_token(self) -> str:
        """Return the signed link of this survey, good for two months."""
        self.ensure_one()
        # sudo: ir.config_parameter - the secret that signs links
        return hash_sign(self.sudo().env, SCOPE, self.id, expiration_hours=VALID_HOURS)

    @api.model
    def _from_token(self, token: str):
        """Return the survey a link belongs to, nothing when it is forged or old."""
        try:
            # sudo: ir.config_parameter - the secret that signs links
            survey_id = verify_hash_signed(self.sudo().env, SCOPE, token or "")
        except (ValueError, TypeError):
            return self.browse()
        # sudo: customer.complaint.survey - the signature names this one record
        return self.sudo().browse(survey_id).exists() if survey_id else self.browse()

    def _get_url(self) -> str:
        self.ensure_one()
        return f"{self.get_base_url()}/complaints/survey/{self._get_token()}"

    @api.model
    def _issue_reading_proof(self) -> str:
        """Return what a page carries to prove when it was read."""
        moment = fields.Datetime.now().timestamp()
        # sudo: ir.config_parameter - the secret that signs links
        return hash_sign(self.sudo().env, f"{SCOPE}-page", moment, expiration_hours=48)

    @api.model
    def _was_read(self, proof: str) -> bool:
        """Whether a page had been open for as long as a person needs to read it."""
        try:
            # sudo: ir.config_parameter - the secret that signs links
            moment = verify_hash_signed(self.sudo().env, f"{SCOPE}-page", proof or "")
        except (ValueError, TypeError):
            return False
        now = fields.Datetime.now().timestamp()
        return bool(moment) and now - moment >= SHORTEST_READING

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
