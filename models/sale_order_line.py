from odoo import api, models

# What changes the value or the product categories of a purchase.
RELATIONSHIP_FIELDS = frozenset(
    {
        "order_id",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "price_unit",
        "discount",
        "tax_ids",
        "display_type",
        "is_downpayment",
        "price_subtotal",
    }
)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Look at the customer again, also when the order is confirmed already."""
        lines = super().create(vals_list)
        lines.order_id._enqueue_relationships()
        return lines

    def write(self, vals):
        """Look at the customer again: the write of the order is not called."""
        if RELATIONSHIP_FIELDS.isdisjoint(vals):
            return super().write(vals)
        orders = self.order_id
        result = super().write(vals)
        (orders | self.order_id)._enqueue_relationships()
        return result

    def unlink(self):
        """Look again at the customer who lost a line."""
        self.order_id._enqueue_relationships()
        return super().unlink()
