from odoo import models


class MailActivity(models.Model):
    """Care that was planned is on record as care, letters and gifts among it."""

    _inherit = "mail.activity"

    def _care_touch(self):
        """Return what was planned by this activity, empty for anything else."""
        touches = self.env["customer.care.touch"]
        if self.res_model != "res.partner":
            return touches
        # sudo: customer.care.touch - why it was planned, whoever does it
        return touches.sudo().search([("activity_id", "=", self.id)], limit=1)

    def _get_contact_channel(self):
        channel = super()._get_contact_channel()
        if not channel and self._care_touch().plan_id.kind in ("letter", "gift"):
            return "letter"
        return channel

    def _get_contact_purpose(self):
        touch = self._care_touch()
        if not touch:
            return super()._get_contact_purpose()
        return "introduction" if touch.plan_id.kind == "introduction" else "care"
