from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import median

from odoo import api, models
from odoo.tools import SQL

# Products of each list.
MOST_PRODUCTS = 10


@dataclass(frozen=True, slots=True)
class BoughtProduct:
    """What an account bought of one product.

    :param days: the purchase days, only of the products with the highest revenue
    """

    product_id: int
    categ_id: int
    times: int
    quantity: float
    amount: float
    last: date
    days: tuple[date, ...]

    def usual_interval(self):
        """The median days between two purchase days, None with fewer than three."""
        gaps = [
            (later - earlier).days
            for earlier, later in zip(self.days, self.days[1:], strict=False)
        ]
        return median(gaps) if len(gaps) > 1 else None


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    """What was quoted to an account and never bought."""

    product_id: int
    times: int
    amount: float
    last: date


@dataclass(slots=True)
class ProductInsight:
    """The products of one account."""

    bought: list[BoughtProduct]
    offered: list[OfferedProduct]


class CustomerRelationship(models.Model):
    """Which products a customer buys, how often, and which it has only been offered."""

    _inherit = "customer.relationship"

    # === GATHER === #

    def _gather_products(self, days):
        """Bought and offered products: ``{id: ProductInsight}``."""
        result = defaultdict(lambda: ProductInsight([], []))
        if not self._origin:
            return result
        for row_id, *values, bought_on in self._read_bought(days):
            product = BoughtProduct(*values, tuple(bought_on or ()))
            result[row_id].bought.append(product)
        for row_id, *values in self._read_offered(days):
            offered, insight = OfferedProduct(*values), result[row_id]
            if offered.product_id not in {one.product_id for one in insight.bought}:
                insight.offered.append(offered)
        return result

    def _read_bought(self, days):
        """Products by revenue, less what was credited; bought at least once."""
        self.env["sale.order.line"].flush_model()
        self.env["account.move.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT id, product_id, categ_id, times, quantity, amount, last,
                       CASE WHEN ROW_NUMBER() OVER (
                           PARTITION BY id ORDER BY amount DESC, product_id
                       ) <= %(most)s THEN days END
                  FROM (
                    SELECT line.id, line.product_id, template.categ_id,
                           COUNT(DISTINCT line.date) FILTER (WHERE line.counts)
                               AS times,
                           SUM(line.quantity)::float8 AS quantity,
                           SUM(line.amount)::float8 AS amount,
                           MAX(line.date) FILTER (WHERE line.counts) AS last,
                           ARRAY_AGG(DISTINCT line.date ORDER BY line.date)
                               FILTER (WHERE line.counts) AS days
                      FROM (%(lines)s) line
                      JOIN product_product product ON product.id = line.product_id
                      JOIN product_template template
                        ON template.id = product.product_tmpl_id
                     GROUP BY line.id, line.product_id, template.categ_id
                    HAVING BOOL_OR(line.counts)
                  ) product
                 ORDER BY id, amount DESC, product_id
                """,
                most=MOST_PRODUCTS,
                lines=self._bought_lines_sql(days),
            )
        )

    def _bought_lines_sql(self, days) -> SQL:
        """Lines of the purchases and credit notes of these rows.

        Columns: ``id`` of the row, ``date``, whether it ``counts`` as a purchase, and
        those of :meth:`_get_bought_lines`.
        """
        rows = self._insight_rows_sql(days)
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT row.id, purchase.date, purchase.is_purchase AS counts,
                       line.product_id, line.quantity, line.amount
                  FROM %(rows)s row
                  JOIN customer_purchase purchase
                    ON purchase.partner_id = row.partner_id
                   AND purchase.company_id = row.company_id
                   AND purchase.date <= row.as_of
                  JOIN (%(lines)s) line ON line.res_id = purchase.res_id
                 WHERE purchase.source = %(source)s
                """,
                rows=rows,
                lines=lines,
                source=source,
            )
            for source, lines in self._get_bought_lines().items()
        )

    @api.model
    def _get_bought_lines(self):
        """The lines of the documents of each source that has purchases.

        :return: ``{source: SQL}`` with the columns ``res_id`` of the document,
            ``product_id``, ``quantity`` in the product's unit, ``amount`` net of
            taxes in company currency
        """
        return {
            "order": self._order_lines_sql(),
            "credit": self._invoice_lines_sql(self._credits_order_sql()),
            "invoice": self._invoice_lines_sql(SQL("TRUE")),
        }

    @api.model
    def _order_lines_sql(self) -> SQL:
        return SQL(
            """
            SELECT line.order_id AS res_id, line.product_id,
                   line.product_uom_qty * COALESCE(unit.factor / own.factor, 1)
                       AS quantity,
                   line.price_subtotal / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                       AS amount
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
              LEFT JOIN uom_uom own ON own.id = template.uom_id
             WHERE line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
            """
        )

    @api.model
    def _invoice_lines_sql(self, condition: SQL) -> SQL:
        return SQL(
            """
            SELECT line.move_id AS res_id, line.product_id,
                   line.quantity * COALESCE(unit.factor / own.factor, 1)
                       * CASE WHEN line.balance > 0 THEN -1 ELSE 1 END AS quantity,
                   -line.balance AS amount
              FROM account_move_line line
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
              LEFT JOIN uom_uom own ON own.id = template.uom_id
             WHERE line.display_type = 'product' AND line.is_downpayment IS NOT TRUE
               AND %s
            """,
            condition,
        )

    @api.model
    def _credits_order_sql(self) -> SQL:
        """Of a credit note, only what had been ordered is taken back."""
        return SQL(
            """EXISTS (
                SELECT FROM sale_order_line_invoice_rel rel
                  JOIN sale_order_line sold ON sold.id = rel.order_line_id
                 WHERE rel.invoice_line_id = line.id AND sold.state = 'sale'
                   AND sold.is_downpayment IS NOT TRUE
            )"""
        )

    def _read_offered(self, days):
        """Products on quotations and cancelled orders, of which none was confirmed."""
        self.env["sale.order"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT row.id, line.product_id, COUNT(DISTINCT sale.id),
                       SUM(line.price_subtotal
                           / COALESCE(NULLIF(sale.currency_rate, 0), 1))::float8,
                       MAX(%(day)s)
                  FROM %(rows)s row
                  JOIN %(accounts)s account ON account.account_id = row.partner_id
                  JOIN sale_order sale ON sale.partner_id = account.partner_id
                  JOIN %(companies)s company ON company.id = sale.company_id
                   AND company.root_id = row.company_id
                  JOIN sale_order_line line ON line.order_id = sale.id
                 WHERE line.product_id IS NOT NULL AND line.display_type IS NULL
                   AND line.is_downpayment IS NOT TRUE
                   AND %(day)s <= row.as_of
                 GROUP BY row.id, line.product_id
                HAVING BOOL_AND(sale.state <> 'sale')
                 ORDER BY row.id, 5 DESC, 4 DESC, line.product_id
                """,
                rows=self._insight_rows_sql(days),
                accounts=self.env["customer.account"]._mapping_sql(),
                companies=self.env["res.company"]._retention_companies_sql(),
                day=self.env["res.company"]._retention_day_sql(
                    SQL("sale.date_order"), SQL("company.tz")
                ),
            )
        )
