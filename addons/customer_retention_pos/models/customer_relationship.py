from odoo import api, models
from odoo.tools import SQL


class CustomerRelationship(models.Model):
    """Shows what was bought at the point of sale among the products."""

    _inherit = "customer.relationship"

    @api.model
    def _get_bought_lines(self):
        return {**super()._get_bought_lines(), "pos": self._pos_lines_sql()}

    @api.model
    def _pos_lines_sql(self) -> SQL:
        """Lines of orders; those that settle a sale order are that order's."""
        settled = SQL("TRUE")
        if "sale_order_origin_id" in self.env["pos.order.line"]._fields:
            settled = SQL("line.sale_order_origin_id IS NULL")
        return SQL(
            """
            SELECT line.order_id AS res_id, line.product_id, line.qty AS quantity,
                   line.price_subtotal / COALESCE(NULLIF(pos.currency_rate, 0), 1)
                       AS amount
              FROM pos_order_line line
              JOIN pos_order pos ON pos.id = line.order_id
             WHERE %s
            """,
            settled,
        )
