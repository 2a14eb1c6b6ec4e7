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
        scores = self.env["customer.churn.score"]
        root = self.env.company._retention_root()
        known = scores._by_account(self, root)
        cards = scores.union(*known.values())._cards()
        for partner in self:
            account = partner.commercial_partner_id._origin
            partner.churn_card = cards.get((account.id, root.id)) or False

    def _accepts_retention_mail(self) -> bool:
        """Whether there is somebody to write to, at an address that takes mails."""
        self.ensure_one()
        return bool(self.active and self.email_normalized and not self.is_blacklisted)
