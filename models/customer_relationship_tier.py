from odoo import api, fields, models


class CustomerRelationship(models.Model):
    """The tier beside the relationship, for those who look at it."""

    _inherit = "customer.relationship"

    tier_membership_id = fields.Many2one(
        "customer.tier.membership", compute="_compute_tier"
    )
    tier_id = fields.Many2one(
        "customer.tier", compute="_compute_tier", search="_search_tier_id"
    )
    tier_color = fields.Integer(compute="_compute_tier")
    tier_icon = fields.Char(compute="_compute_tier")
    tier_card = fields.Json(compute="_compute_tier_card")

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_tier(self):
        nothing = self.env["customer.tier.membership"]
        for company, rows in self.grouped("company_id").items():
            # an excluded customer must not be profiled in this company
            partners = rows.filtered(lambda row: not row.is_excluded).partner_id
            found = nothing._by_account(partners, company)
            for row in rows:
                membership = found.get(row.partner_id._origin.id, nothing)
                row.tier_membership_id = membership
                row.tier_id = membership.tier_id
                row.tier_color = membership.tier_id.color
                row.tier_icon = membership.tier_id.icon

    def _search_tier_id(self, operator, value):
        partners = self.env["customer.tier.membership"]._search_accounts(
            "tier_id", operator, value
        )
        if partners is NotImplemented:
            return NotImplemented
        return [("partner_id", "any", partners)]

    @api.depends("tier_membership_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_tier_card(self):
        for row in self:
            membership = row.tier_membership_id
            row.tier_card = membership.tier_card if membership else False

    @api.model
    def _caller_card(self, account, match, row):
        card = super()._caller_card(account, match, row)
        tier = row.tier_id if row and not row.is_excluded else None
        return {
            **card,
            "tier": tier.name if tier else None,
            "tier_color": tier.color if tier else None,
            "tier_icon": tier.icon if tier else None,
        }
