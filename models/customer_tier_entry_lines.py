from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class CustomerTierEntry(models.Model):
    """The lines of documents, as far as measures look at them.

    Each source of purchases has a relation with the columns ``res_id`` of the
    document, ``product_id`` and ``categ_id`` (NULL without a product), ``quantity`` in
    the unit of the product, ``amount`` and ``margin`` (NULL: not known) net of taxes
    in the currency of the company, and ``is_shipping``. What is taken back is negative.
    """

    _inherit = "customer.tier.entry"

    @api.model
    def _line_sources(self) -> dict[str, SQL]:
        """Return {source of purchases: relation of its lines}."""
        return {
            "order": self._order_lines_sql(),
            "credit": self._credit_lines_sql(),
            "invoice": self._invoice_lines_sql(),
        }

    @api.model
    def _order_lines_sql(self) -> SQL:
        rate = SQL("COALESCE(NULLIF(sale.currency_rate, 0), 1)")
        return SQL(
            """
            SELECT line.order_id AS res_id, line.product_id, template.categ_id,
                   line.product_uom_qty * %(units)s AS quantity,
                   line.price_subtotal / %(rate)s AS amount,
                   %(margin)s AS margin, %(shipping)s AS is_shipping
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id
              %(products)s
             WHERE line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
            """,
            units=self._units_sql(),
            rate=rate,
            margin=self._order_margin_sql(rate),
            shipping=self._shipping_sql("line"),
            products=self._products_sql(),
        )

    @api.model
    def _credit_lines_sql(self) -> SQL:
        """Of a credit note, only what takes something off what had been ordered."""
        return SQL(
            """
            SELECT line.move_id AS res_id, line.product_id, template.categ_id,
                   -line.quantity * %(units)s * credited.share AS quantity,
                   -line.balance * credited.share AS amount,
                   (-line.balance + line.quantity * sold.cost) * credited.share
                       AS margin,
                   COALESCE(sold.is_shipping, FALSE) AS is_shipping
              FROM account_move_line line
              %(products)s
              JOIN LATERAL (%(credited)s) credited ON credited.share > 0
         LEFT JOIN LATERAL (%(sold)s) sold ON TRUE
             WHERE line.display_type = 'product'
            """,
            units=self._units_sql(),
            products=self._products_sql(),
            credited=self.env["customer.purchase"]._get_credited_share_sql(),
            sold=self._sold_sql(),
        )

    @api.model
    def _invoice_lines_sql(self) -> SQL:
        """Lines of invoices; a down payment is money and no unit of anything."""
        quantity = SQL(
            "CASE WHEN line.is_downpayment THEN 0"
            " WHEN line.balance > 0 THEN -line.quantity ELSE line.quantity END"
        )
        return SQL(
            """
            SELECT line.move_id AS res_id, line.product_id, template.categ_id,
                   %(quantity)s * %(units)s AS quantity,
                   -line.balance AS amount,
                   -line.balance - %(quantity)s * sold.cost AS margin,
                   COALESCE(sold.is_shipping, FALSE) AS is_shipping
              FROM account_move_line line
              %(products)s
         LEFT JOIN LATERAL (%(sold)s) sold ON TRUE
             WHERE line.display_type = 'product'
            """,
            quantity=quantity,
            units=self._units_sql(),
            products=self._products_sql(),
            sold=self._sold_sql(),
        )

    # === PARTS === #

    @api.model
    def _products_sql(self) -> SQL:
        return SQL(
            """LEFT JOIN product_product product ON product.id = line.product_id
               LEFT JOIN product_template template
                      ON template.id = product.product_tmpl_id
               LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
               LEFT JOIN uom_uom own ON own.id = template.uom_id"""
        )

    @api.model
    def _units_sql(self) -> SQL:
        """Return units of the product in a unit of the line."""
        return SQL("COALESCE(unit.factor / NULLIF(own.factor, 0), 1)")

    @api.model
    def _shipping_sql(self, alias: str) -> SQL:
        """Return whether a line of an order is shipping."""
        if not self.env["customer.tier.ladder"]._knows_shipping():
            return SQL("FALSE")
        return SQL("%s IS TRUE", SQL.identifier(alias, "is_delivery"))

    @api.model
    def _sold_sql(self) -> SQL:
        """Return ``cost`` of a unit and ``is_shipping`` of the order line that the
        line ``line`` of an invoice bills.
        """
        return SQL(
            """SELECT min(%(cost)s) AS cost, bool_or(%(shipping)s) AS is_shipping
                 FROM sale_order_line_invoice_rel rel
                 JOIN sale_order_line sold ON sold.id = rel.order_line_id
                 JOIN sale_order sale ON sale.id = sold.order_id
                WHERE rel.invoice_line_id = line.id""",
            cost=self._unit_cost_sql(),
            shipping=self._shipping_sql("sold"),
        )

    @api.model
    def _knows_margin(self) -> bool:
        """Whether lines of orders tell what they cost."""
        return "purchase_price" in self.env["sale.order.line"]._fields

    @api.model
    def _unit_cost_sql(self) -> SQL:
        if not self._knows_margin():
            return SQL("NULL::numeric")
        return SQL("sold.purchase_price / COALESCE(NULLIF(sale.currency_rate, 0), 1)")

    @api.model
    def _order_margin_sql(self, rate: SQL) -> SQL:
        if not self._knows_margin():
            return SQL("NULL::numeric")
        return SQL("line.margin / %s", rate)
