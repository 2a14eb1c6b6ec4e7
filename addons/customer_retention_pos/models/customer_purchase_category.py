from odoo import models


class CustomerPurchaseCategory(models.Model):
    """Reads the categories of the lines of the point of sale."""

    _inherit = "customer.purchase.category"

    def _get_line_table(self, source):
        if source == "pos":
            return "pos_order_line", "order_id"
        return super()._get_line_table(source)
