from __future__ import annotations

from datetime import date

from odoo import models
from odoo.tools import SQL

from ..logic.facts import YEAR_DAYS

# What was sold: {source: (table of the lines, its document, net amount in company
# currency, quantity, what a line of goods is)}. An order has a rate, which is looked up
# where its currency is another one.
SOLD = {
    "order": (
        "sale_order_line line LEFT JOIN res_company seller"
        " ON seller.id = line.company_id",
        "line.order_id",
        "line.price_subtotal / CASE WHEN line.currency_id = seller.currency_id THEN 1"
        " ELSE COALESCE(NULLIF((SELECT sale.currency_rate FROM sale_order sale"
        " WHERE sale.id = line.order_id), 0), 1) END",
        "line.product_uom_qty",
        "line.display_type IS NULL AND line.is_downpayment IS NOT TRUE",
    ),
    "invoice": (
        "account_move_line line",
        "line.move_id",
        "-line.balance",
        "line.quantity",
        "line.display_type = 'product'",
    ),
}


class CustomerChurnSignal(models.Model):
    """Prices compared like for like: the same product in the same unit."""

    _inherit = "customer.churn.signal"

    def _prices_sql(self, company, as_of: date, scope) -> SQL:
        """Return the mean change of prices of what was bought in both years, weighted
        by what was paid for it in the later one.
        """
        return SQL(
            """
            SELECT partner_id, sum(paid * (price / before - 1)) / sum(paid)
                       AS price_change
              FROM (SELECT partner_id, product_id, product_uom_id,
                           sum(amount) FILTER (WHERE is_recent) AS paid,
                           sum(amount) FILTER (WHERE is_recent)
                               / sum(quantity) FILTER (WHERE is_recent) AS price,
                           sum(amount) FILTER (WHERE NOT is_recent)
                               / sum(quantity) FILTER (WHERE NOT is_recent) AS before
                      FROM (%s) sold
                  GROUP BY partner_id, product_id, product_uom_id) product
             WHERE paid > 0 AND before > 0
          GROUP BY partner_id
            """,
            SQL(" UNION ALL ").join(
                self._sold_sql(source, company, as_of, scope) for source in SOLD
            ),
        )

    def _sold_sql(self, source: str, company, as_of: date, scope) -> SQL:
        """Return the lines of the purchases of two years from one source."""
        # The texts are constants of this file.
        lines, document, amount, quantity, goods = map(SQL, SOLD[source])
        return SQL(
            """
            SELECT bought.partner_id, line.product_id, line.product_uom_id,
                   (%(amount)s)::float8 AS amount, (%(quantity)s)::float8 AS quantity,
                   bought.date > %(as_of)s::date - %(year)s AS is_recent
              FROM customer_purchase bought, %(lines)s
             WHERE %(document)s = bought.res_id
               AND bought.company_id = %(company)s AND bought.source = %(source)s
               AND bought.is_purchase AND bought.date <= %(as_of)s
               AND bought.date > %(as_of)s::date - 2 * %(year)s AND %(scope)s
               AND line.product_id IS NOT NULL AND %(goods)s
               AND %(quantity)s > 0 AND %(amount)s > 0
            """,
            lines=lines,
            document=document,
            amount=amount,
            quantity=quantity,
            goods=goods,
            as_of=as_of,
            year=YEAR_DAYS,
            company=company.id,
            source=source,
            scope=scope.condition(SQL("bought.partner_id")),
        )
