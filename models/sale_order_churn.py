from odoo import api, fields, models

OPEN_STATES = ("draft", "sent")


class SaleOrder(models.Model):
    """A quiet word about the customer while a quotation is open."""

    _inherit = "sale.order"

    churn_hint = fields.Char(
        string="Danger",
        compute="_compute_churn_hint",
        groups="customer_retention.group_user",
        help="Why this customer may leave. Nobody but salespeople sees it.",
    )

    @api.depends("partner_id", "company_id", "state")
    @api.depends_context("uid", "lang", "company")
    def _compute_churn_hint(self):
        """Open quotations only; the danger of a customer is no news on an order."""
        self.churn_hint = False
        scores = self.env["customer.churn.score"]
        quotations = self.filtered(
            lambda order: order.state in OPEN_STATES and order.partner_id
        )
        for company, orders in quotations.grouped("company_id").items():
            hints = scores._hints(orders.partner_id, company)
            for order in orders:
                account = order.partner_id.commercial_partner_id._origin
                order.churn_hint = hints.get(account.id, False)
