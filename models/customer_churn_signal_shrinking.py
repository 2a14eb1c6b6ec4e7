from __future__ import annotations

from datetime import date

from odoo import fields, models
from odoo.tools import SQL

from ..logic.facts import YEAR_DAYS
from ..logic.shrinking import FEWEST_PURCHASES
from .loose_many2one import LooseMany2one

COLUMNS = ("basket_change", "category_count", "category_lost_count", "category_lost_id")


class CustomerChurnSignal(models.Model):
    """What a customer buys less of, as logic.shrinking: of any day, from documents."""

    _inherit = "customer.churn.signal"

    basket_change = fields.Float(
        string="Change of the Basket",
        readonly=True,
        aggregator="avg",
        help="Mean amount of the purchases of 12 months against the 12 before.",
    )
    category_count = fields.Integer(
        string="Categories of Before",
        readonly=True,
        help="Product categories that were bought twice in the 12 months before the "
        "last 12.",
    )
    category_lost_count = fields.Integer(
        string="Bought No More", readonly=True, help="Of them, in the last 12 months."
    )
    category_lost_id = LooseMany2one(
        "product.category",
        string="Lost Category",
        readonly=True,
        ondelete="set null",
        help="The one that was bought most often.",
    )

    def _signal_fields(self):
        return (*super()._signal_fields(), *COLUMNS)

    def _signal_sources(self, company, as_of, scope):
        return {
            **super()._signal_sources(company, as_of, scope),
            "basket": self._baskets_sql(company, as_of, scope),
            "category": self._lost_categories_sql(company, as_of, scope),
        }

    def _signal_columns_sql(self):
        return SQL(
            "%s, basket.basket_change, category.category_count,"
            " category.category_lost_count, category.category_lost_id",
            super()._signal_columns_sql(),
        )

    def _baskets_sql(self, company, as_of: date, scope) -> SQL:
        """Return how the mean amount of a purchase changed."""
        return SQL(
            """
            SELECT partner_id, CASE
                   WHEN count(*) FILTER (WHERE is_recent) >= %(fewest)s
                    AND count(*) FILTER (WHERE NOT is_recent) >= %(fewest)s
                   THEN avg(amount) FILTER (WHERE is_recent)
                        / NULLIF(GREATEST(avg(amount) FILTER (WHERE NOT is_recent), 0),
                                 0) - 1 END AS basket_change
              FROM (%(bought)s) bought
          GROUP BY partner_id
            """,
            fewest=FEWEST_PURCHASES,
            bought=self._bought_sql(company, as_of, scope, SQL("amount")),
        )

    def _lost_categories_sql(self, company, as_of: date, scope) -> SQL:
        """Return the categories of before, and which of them are bought no more."""
        return SQL(
            """
            SELECT partner_id, count(*) AS category_count,
                   count(*) FILTER (WHERE NOT is_kept) AS category_lost_count,
                   (array_agg(categ_id ORDER BY times DESC, categ_id)
                    FILTER (WHERE NOT is_kept))[1] AS category_lost_id
              FROM (SELECT partner_id, categ_id, bool_or(is_recent) AS is_kept,
                           count(*) FILTER (WHERE NOT is_recent) AS times
                      FROM (%(bought)s) bought
                  GROUP BY partner_id, categ_id) category
             WHERE times >= %(fewest)s
          GROUP BY partner_id
            """,
            fewest=FEWEST_PURCHASES,
            bought=self._bought_sql(
                company, as_of, scope, SQL("unnest(categ_ids) AS categ_id")
            ),
        )

    def _bought_sql(self, company, as_of: date, scope, columns: SQL) -> SQL:
        """Return the purchases of two years, and whether they are of the last one."""
        return SQL(
            """
            SELECT partner_id, date > %(as_of)s::date - %(year)s AS is_recent,
                   %(columns)s
              FROM customer_purchase
             WHERE company_id = %(company)s AND %(scope)s AND is_purchase
               AND date > %(as_of)s::date - 2 * %(year)s AND date <= %(as_of)s
            """,
            columns=columns,
            company=company.id,
            scope=scope.condition(SQL("partner_id")),
            as_of=as_of,
            year=YEAR_DAYS,
        )
