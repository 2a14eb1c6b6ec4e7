from odoo import api, models
from odoo.tools import SQL


class CustomerTierEntry(models.Model):
    """Measures of tiers look at what was bought at the point of sale, too."""

    _inherit = "customer.tier.entry"

    @api.model
    def _line_sources(self):
        return {**super()._line_sources(), "pos": self._pos_lines_sql()}

    @api.model
    def _pos_lines_sql(self) -> SQL:
        """Lines of orders; those that settle a sale order are that order's.

        Goods are sold and taken back in the unit of the product here.
        """
        settled = SQL("TRUE")
        if "sale_order_origin_id" in self.env["pos.order.line"]._fields:
            settled = SQL("line.sale_order_origin_id IS NULL")
        return SQL(
            """
            SELECT line.order_id AS res_id, line.product_id, template.categ_id,
                   line.qty AS quantity, line.price_subtotal / rate.value AS amount,
                   (line.price_subtotal - line.total_cost) / rate.value AS margin,
                   FALSE AS is_shipping
              FROM pos_order_line line
              JOIN pos_order pos ON pos.id = line.order_id
              JOIN LATERAL (
                    SELECT COALESCE(NULLIF(pos.currency_rate, 0), 1)::numeric AS value
                   ) rate ON TRUE
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE %s
            """,
            settled,
        )

    @api.model
    def _original_sources(self):
        """A refund names the line it takes back."""
        return {
            **super()._original_sources(),
            "pos": SQL(
                """
                SELECT sold.id, sold.date
                  FROM pos_order_line line
                  JOIN pos_order_line original
                    ON original.id = line.refunded_orderline_id
                  JOIN customer_purchase sold
                    ON sold.res_id = original.order_id AND sold.source = 'pos'
                 WHERE line.order_id = purchase.res_id
              ORDER BY sold.date, sold.id LIMIT 1
                """
            ),
        }
