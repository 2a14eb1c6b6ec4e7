from odoo import api, fields, models

# What decides whose purchase an order is, when and what it is worth. The amounts
# follow the lines, which report for themselves.
RELATIONSHIP_FIELDS = frozenset(
    {
        "partner_id",
        "company_id",
        "user_id",
        "state",
        "date_order",
        "create_date",
        "validity_date",
        "currency_id",
        "pricelist_id",
        "order_line",
        "amount_untaxed",
        "amount_total",
    }
)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "customer.referent",
        "customer.complaint.sale.mixin",
        "customer.recovery.sale.mixin",
        "customer.tier.sale.mixin",
    ]

    relationship_hint = fields.Char(
        string="Relationship",
        compute="_compute_relationship_hint",
        groups="customer_retention.group_user",
        help="How the relationship with this customer stands.",
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "lang", "company")
    def _compute_relationship_hint(self):
        """One line about the customer, in the company of the order."""
        for company, orders in self.grouped("company_id").items():
            relationships = (
                self.env["customer.relationship"]
                .with_company(company or self.env.company)
                ._by_account(orders.partner_id.commercial_partner_id)
            )
            rows = self.env["customer.relationship"].union(*relationships.values())
            hints = rows._hints()
            for order in orders:
                account = order.partner_id.commercial_partner_id._origin
                order.relationship_hint = hints.get(account.id, False)

    # === CRUD METHODS ===#

    @api.model_create_multi
    def create(self, vals_list):
        """Look at the customers of new quotations and orders."""
        orders = super().create(vals_list)
        orders._enqueue_relationships()
        return orders

    def write(self, vals):
        """Look at the customers again, also at the one an order is taken from."""
        self._check_recovery_mark(vals)
        if RELATIONSHIP_FIELDS.isdisjoint(vals):
            return super().write(vals)
        # With the order its conversation goes to somebody else.
        reasons = ("document", "contact") if "partner_id" in vals else ("document",)
        if "partner_id" in vals:
            self._enqueue_relationships(*reasons)
        result = super().write(vals)
        self._enqueue_relationships(*reasons)
        if "state" in vals:
            self._sync_recovery()
        return result

    def unlink(self):
        """Look again at the past of customers who lose a quotation: its row goes
        along, so that nothing else would tell that anything changed.
        """
        self._enqueue_relationships("deletion")
        return super().unlink()

    # === ACTION METHODS ===#

    def action_open_relationship(self):
        """Open the relationship with the customer of this order."""
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        return partner.action_open_relationship()

    # === BUSINESS METHODS ===#

    def _enqueue_relationships(self, *reasons):
        """Have the customers of these orders evaluated after the transaction."""
        queue = self.env["customer.relationship.queue"]
        # sudo: sale.order - whose document it is matters, not who may read it
        for order in self.sudo():
            for reason in reasons or ("document",):
                queue._enqueue(order.partner_id.ids, reason, order.ids)
