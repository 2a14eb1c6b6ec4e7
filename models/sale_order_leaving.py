from odoo import api, fields, models


class SaleOrder(models.Model):
    """Why a quotation was lost or an order cancelled: one click, nobody has to."""

    _inherit = "sale.order"

    churn_reason_id = fields.Many2one(
        "customer.churn.reason",
        string="Why Was It Lost or Cancelled?",
        compute="_compute_churn_reason_id",
        inverse="_inverse_churn_reason_id",
        groups="customer_retention.group_user",
        help="One click is enough. It explains the loss if the customer leaves.",
    )

    churn_was_confirmed = fields.Boolean(
        string="Was an Order",
        readonly=True,
        copy=False,
        groups="customer_retention.group_user",
        help="It had been confirmed when it was cancelled: an order, not a quotation.",
    )

    @api.depends("state")
    def _compute_churn_reason_id(self):
        # sudo: customer.churn.mention - whoever reads the order reads why
        mentions = self.env["customer.churn.mention"].sudo()
        found = mentions.search(
            [("active", "=", True), ("order_id", "in", self._origin.ids)]
        )
        by_order = found.grouped("order_id")
        for order in self:
            mention = by_order.get(order._origin, mentions)
            order.churn_reason_id = mention[:1].reason_id

    def _inverse_churn_reason_id(self):
        sources = {
            # A sale that was confirmed once keeps its invoices and deliveries.
            order: "order" if order._was_confirmed() else "quotation"
            for order in self
        }
        reasons = {order: order.churn_reason_id for order in self}
        self.env["customer.churn.mention"]._set_reason(
            self, "order_id", reasons, sources
        )

    def _was_confirmed(self):
        """Whether a cancelled order had been one; of those that were cancelled before
        that was kept, only an invoice tells.
        """
        return (
            self.state == "sale" or self.churn_was_confirmed or bool(self.invoice_ids)
        )

    def _action_cancel(self):
        """Keep what each one was: a confirmed order, or a quotation."""
        # sudo: sale.order - whoever cancels it, also from other applications
        for order in self.sudo():
            was_confirmed = order.state == "sale"
            if order.churn_was_confirmed != was_confirmed and order.state != "cancel":
                order.churn_was_confirmed = was_confirmed
        return super()._action_cancel()
