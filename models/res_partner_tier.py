from odoo import api, fields, models

READERS = "customer_retention.group_user,customer_retention.group_tier_reader"


class ResPartner(models.Model):
    """The tier of a customer, on its contacts."""

    _inherit = "res.partner"

    # Of the account, in the company of the user: contacts show their company's.
    customer_tier_membership_id = fields.Many2one(
        "customer.tier.membership",
        string="Tier Membership",
        compute="_compute_customer_tier",
        groups=READERS,
    )
    customer_tier_id = fields.Many2one(
        "customer.tier",
        string="Tier",
        compute="_compute_customer_tier",
        search="_search_customer_tier_id",
        groups=READERS,
    )
    customer_tier_card = fields.Json(
        compute="_compute_customer_tier_card", groups=READERS
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_customer_tier(self):
        nothing = self.env["customer.tier.membership"]
        rows = nothing._by_account(self)
        for partner in self:
            row = rows.get(partner.commercial_partner_id._origin.id, nothing)
            partner.customer_tier_membership_id = row
            partner.customer_tier_id = row.tier_id

    def _search_customer_tier_id(self, operator, value):
        memberships = self.env["customer.tier.membership"]
        return memberships._search_accounts("tier_id", operator, value)

    @api.depends("customer_tier_membership_id")
    @api.depends_context("lang", "uid", "company", "allowed_company_ids")
    def _compute_customer_tier_card(self):
        for partner in self:
            row = partner.customer_tier_membership_id
            partner.customer_tier_card = row.tier_card if row else False
