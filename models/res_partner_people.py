from odoo import api, fields, models

from .res_partner import USERS


class ResPartner(models.Model):
    """With whom a customer qualifies, and who brought whom."""

    _inherit = "res.partner"

    customer_tier_group_id = fields.Many2one(
        "customer.account.group",
        string="Qualifies With",
        compute="_compute_customer_tier_group_id",
        groups=USERS,
    )
    customer_tier_referrer_id = fields.Many2one(
        "res.partner",
        string="Brought By",
        compute="_compute_customer_tier_referral",
        groups=USERS,
    )
    customer_tier_brought_count = fields.Integer(
        string="Customers Brought",
        compute="_compute_customer_tier_referral",
        groups=USERS,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_customer_tier_group_id(self):
        """The group of today, in the company of the user."""
        company = self.env.company._retention_root()
        groups = self.env["customer.account.group"]._groups_at(
            self.commercial_partner_id._origin, company, company._retention_today()
        )
        for partner in self:
            account = partner.commercial_partner_id._origin
            partner.customer_tier_group_id = groups.get(account.id, False)

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_customer_tier_referral(self):
        accounts = self.commercial_partner_id._origin
        referrals = self.env["customer.referral"].search(
            [
                ("company_id", "=", self.env.company._retention_root().id),
                ("state", "!=", "refused"),
                "|",
                ("partner_id", "in", accounts.ids),
                ("referrer_id", "in", accounts.ids),
            ]
        )
        referrers = {one.partner_id: one.referrer_id for one in referrals}
        brought = referrals.grouped("referrer_id")
        for partner in self:
            account = partner.commercial_partner_id._origin
            partner.customer_tier_referrer_id = referrers.get(account, False)
            partner.customer_tier_brought_count = len(brought.get(account, ()))

    # === ACTION METHODS === #

    def action_record_referral(self):
        """Ask who brought this customer."""
        self.ensure_one()
        view = self.env.ref("customer_retention.customer_referral_view_form_quick")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Brought By…"),
            "res_model": "customer.referral",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_open_referrals(self):
        """The customers whom this one brought."""
        self.ensure_one()
        account = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Brought by %(name)s", name=account.display_name),
            "res_model": "customer.referral",
            "view_mode": "list,form",
            "domain": [("referrer_id", "=", account.id)],
            "context": {"default_referrer_id": account.id},
        }
