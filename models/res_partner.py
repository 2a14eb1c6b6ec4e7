from __future__ import annotations

from odoo import api, fields, models

USERS = "customer_retention.group_user"

# What decides who is one customer, whose customer it is, and its segment.
ACCOUNT_FIELDS = frozenset({"parent_id", "is_company", "employee"})
RELATIONSHIP_FIELDS = ACCOUNT_FIELDS | {
    "active",
    "user_id",
    "industry_id",
    "country_id",
}


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "customer.referent", "customer.complaint.partner.mixin"]

    # Of the account, in the company of the user: contacts show their company's.
    relationship_id = fields.Many2one(
        "customer.relationship",
        compute="_compute_relationship",
        search="_search_relationship_id",
        groups=USERS,
    )
    relationship_stage_id = fields.Many2one(
        "customer.relationship.stage",
        string="Position",
        compute="_compute_relationship",
        search="_search_relationship_stage_id",
        groups=USERS,
    )
    relationship_condition_id = fields.Many2one(
        "customer.relationship.condition",
        string="Condition",
        compute="_compute_relationship",
        search="_search_relationship_condition_id",
        groups=USERS,
    )
    relationship_condition_kind = fields.Selection(
        selection="_selection_relationship_condition_kind",
        string="Kind of Condition",
        compute="_compute_relationship",
        search="_search_relationship_condition_kind",
        groups=USERS,
    )
    relationship_position_explanation = fields.Json(
        compute="_compute_relationship_summary", groups=USERS
    )
    relationship_condition_explanation = fields.Json(
        compute="_compute_relationship_summary", groups=USERS
    )
    relationship_last_purchase = fields.Char(
        string="Last Purchase", compute="_compute_relationship_summary", groups=USERS
    )
    relationship_currency_id = fields.Many2one(
        "res.currency", compute="_compute_relationship_summary", groups=USERS
    )
    relationship_revenue_12m = fields.Monetary(
        string="Revenue 12 Months",
        compute="_compute_relationship_summary",
        currency_field="relationship_currency_id",
        groups=USERS,
    )
    relationship_revenue_prev_12m = fields.Monetary(
        string="Revenue 12 Months Before",
        compute="_compute_relationship_summary",
        currency_field="relationship_currency_id",
        groups=USERS,
    )
    relationship_revenue_change = fields.Float(
        compute="_compute_relationship_summary", groups=USERS
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_relationship(self):
        """One query for the rows, one each for the names of what they hold."""
        nothing = self.env["customer.relationship"]
        relationships = nothing._by_account(self.commercial_partner_id)
        for partner in self:
            account = partner.commercial_partner_id._origin
            relationship = relationships.get(account.id, nothing)
            partner.relationship_id = relationship
            partner.relationship_stage_id = relationship.stage_id
            partner.relationship_condition_id = relationship.condition_id
            partner.relationship_condition_kind = relationship.condition_id.kind

    def _search_relationship_id(self, operator, value):
        return self._search_relationship("id", operator, value)

    def _search_relationship_stage_id(self, operator, value):
        return self._search_relationship("stage_id", operator, value)

    def _search_relationship_condition_id(self, operator, value):
        return self._search_relationship("condition_id", operator, value)

    def _search_relationship_condition_kind(self, operator, value):
        return self._search_relationship("condition_id.kind", operator, value)

    @api.model
    def _search_relationship(self, path, operator, value):
        relationships = self.env["customer.relationship"]
        return relationships._search_accounts(path, operator, value)

    @api.model
    def _selection_relationship_condition_kind(self):
        condition = self.env["customer.relationship.condition"]
        return condition._fields["kind"]._description_selection(self.env)

    @api.depends("relationship_id")
    @api.depends_context("lang", "uid", "company", "allowed_company_ids")
    def _compute_relationship_summary(self):
        """Not related fields: those could be searched by whoever may not read them."""
        for partner in self:
            row = partner.relationship_id
            partner.relationship_position_explanation = row.position_explanation
            partner.relationship_condition_explanation = row.condition_explanation
            partner.relationship_last_purchase = (
                row._describe_last_purchase() if row else False
            )
            partner.relationship_currency_id = row.currency_id
            partner.relationship_revenue_12m = row.revenue_12m
            partner.relationship_revenue_prev_12m = row.revenue_prev_12m
            partner.relationship_revenue_change = row.revenue_change

    @api.depends("commercial_partner_id")
    def _compute_product_pricelist(self):
        """Contacts buy at the prices of their company's tier.

        Tiers are no dependency: one change would have all contacts of all members
        searched for. Whatever changes a tier forgets the prices itself.
        """
        return super()._compute_product_pricelist()

    def _inverse_product_pricelist(self):
        """Take the prices of the tier for what they are, not for the customer's own.

        An import or a form that writes back what it has read would otherwise leave
        them to the customer for ever.
        """
        tier_prices = self.env["product.pricelist"]._tier_pricelists(self.ids)
        of_the_tier = self.filtered(
            lambda partner: (
                partner.id in tier_prices
                and partner.property_product_pricelist == tier_prices[partner.id]
            )
        )
        result = super(ResPartner, self - of_the_tier)._inverse_product_pricelist()
        own = of_the_tier.filtered("specific_property_product_pricelist")
        own.specific_property_product_pricelist = False
        return result

    # === CRUD METHODS ===#

    def write(self, vals):
        """Look again at the accounts these contacts belong to and belonged to."""
        if RELATIONSHIP_FIELDS.isdisjoint(vals):
            return super().write(vals)
        accounts = self.commercial_partner_id
        result = super().write(vals)
        self.env["customer.relationship"]._take_over(self, vals)
        accounts |= self.commercial_partner_id | self
        reason = "partner" if ACCOUNT_FIELDS.isdisjoint(vals) else "reparent"
        self.env["customer.relationship.queue"]._enqueue(accounts.ids, reason)
        return result

    def unlink(self):
        """Look at the contacts of a company that is no more: each is on its own."""
        # sudo: res.partner - contacts whom the user may not see lose it all the same
        partners = self.sudo().with_context(active_test=False)
        ids = partners.search([("commercial_partner_id", "in", self.ids)]).ids
        result = super().unlink()
        # sudo: res.partner - which of them are left
        left = self.sudo().browse(ids).exists()
        self.env["customer.relationship.queue"]._enqueue(left.ids, "reparent")
        return result

    # === ACTION METHODS ===#

    def action_open_relationship(self):
        """Open the relationship with the company of this contact."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Relationship"),
            "res_model": "customer.relationship",
            "res_id": self.relationship_id.id,
            "views": [(False, "form")],
        }
