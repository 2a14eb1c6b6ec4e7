from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

# How long a link answers.
VALID_HOURS = 60 * 24
# How long a page that was opened can be sent.
PAGE_HOURS = 48
# A person needs this long to read the question; a scanner of links does not.
SHORTEST_READING = 2  # seconds


class CustomerSurveyLinkMixin(models.AbstractModel):
    """A survey behind a signed link, answered by a person and by no scanner of mails.

    The signature names one record and authorizes nothing else: heirs look again, when
    an answer arrives, whether it is still wanted.
    """

    _name = "customer.survey.link.mixin"
    _description = "Survey behind a Link"

    # What signatures are for, and the page they lead to; heirs name theirs.
    _survey_scope: str
    _survey_path: str

    def _get_token(self) -> str:
        """Return the signed link of this survey, good for two months."""
        self.ensure_one()
        # sudo: ir.config_parameter - the secret that signs links
        env = self.sudo().env
        return hash_sign(env, self._survey_scope, self.id, expiration_hours=VALID_HOURS)

    @api.model
    def _from_token(self, token: str):
        """Return the survey a link belongs to, nothing when it is forged or old."""
        survey_id = self._verify_signed(self._survey_scope, token)
        # sudo: customer.survey.link.mixin - the signature names this one record
        return self.sudo().browse(survey_id).exists() if survey_id else self.browse()

    def _get_url(self) -> str:
        self.ensure_one()
        return f"{self.get_base_url()}{self._survey_path}/{self._get_token()}"

    @api.model
    def _issue_reading_proof(self) -> str:
        """Return what a page carries to prove when it was opened."""
        moment = fields.Datetime.now().timestamp()
        # sudo: ir.config_parameter - the secret that signs links
        env = self.sudo().env
        scope = f"{self._survey_scope}-page"
        return hash_sign(env, scope, moment, expiration_hours=PAGE_HOURS)

    @api.model
    def _was_read(self, proof: str) -> bool:
        """Whether a page had been open for as long as a person needs to read it."""
        moment = self._verify_signed(f"{self._survey_scope}-page", proof)
        now = fields.Datetime.now().timestamp()
        return bool(moment) and now - moment >= SHORTEST_READING

    @api.model
    def _verify_signed(self, scope: str, token: str):
        """Return what was signed, None when it is forged or old."""
        try:
            # sudo: ir.config_parameter - the secret that signs links
            return verify_hash_signed(self.sudo().env, scope, token or "")
        except (ValueError, TypeError):
            return None
