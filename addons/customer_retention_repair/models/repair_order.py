from odoo import models


class RepairOrder(models.Model):
    """Repairs after complaints tell the plan what became of them."""

    _inherit = "repair.order"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._sync_recovery()
        return result

    def _sync_recovery(self):
        """Let actions follow these repairs."""
        # sudo: customer.recovery.action - whoever repairs carries it out
        self.env["customer.recovery.action"].sudo().search(
            [("repair_order_id", "in", self.ids)]
        )._sync_documents()

    def _cost_of_parts(self):
        """Return what the parts that went into it cost us, in company currency."""
        parts = self.move_ids.filtered(
            lambda move: move.state == "done" and move.repair_line_type == "add"
        )
        return sum(move._cost_of_part() for move in parts)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _cost_of_part(self):
        """Return the booked value of a part, else what its product usually costs."""
        if self.value:
            return abs(self.value)
        product = self.product_id.with_company(self.company_id)
        return product.standard_price * self.product_uom._compute_quantity(
            self.quantity, product.uom_id
        )
