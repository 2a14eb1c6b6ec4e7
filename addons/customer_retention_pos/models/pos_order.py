from odoo import api, models

# What decides whether, when, for whom and how much an order counts.
COUNTED_FIELDS = {
    "state",
    "partner_id",
    "date_order",
    "amount_total",
    "amount_tax",
    "account_move",
    "company_id",
}


class PosOrder(models.Model):
    """Lets an order of the point of sale mark its customer for evaluation."""

    _inherit = "pos.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._retention_enqueue()
        return orders

    def write(self, vals):
        counts = not COUNTED_FIELDS.isdisjoint(vals)
        if counts and "partner_id" in vals:
            self._retention_enqueue()
        result = super().write(vals)
        if counts:
            self._retention_enqueue()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_and_retention_enqueue(self):
        self._retention_enqueue()

    def _retention_enqueue(self):
        """Have the customers evaluated; at the till most orders have none."""
        self.env["customer.relationship.queue"]._enqueue(
            self.partner_id.ids, "document"
        )
