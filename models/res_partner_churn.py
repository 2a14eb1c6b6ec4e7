from odoo import api, fields, models


class ResPartner(models.Model):
    """The danger of losing a customer, on its contacts."""

    _inherit = "res.partner"

    churn_card = fields.Json(
        compute="_compute_churn_card", groups="customer_retention.group_user"
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("lang", "uid", "company", "allowed_company_ids")
    def _compute_churn_card(self):
        known = self.env["customer.churn.score"]._by_account(self, self.env.company)
        for partner in self:
            score = known.get(partner.commercial_partner_id._origin.id)
            partner.churn_card = score._card() if score and score.danger else False

    def _accepts_retention_mail(self) -> bool:
        """Whether there is somebody to write to, at an address that takes mails."""
        self.ensure_one()
        return bool(self.active and self.email_normalized and not self.is_blacklisted)
