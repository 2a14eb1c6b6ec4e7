from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL, Query

from ..logic.churn_rates import is_provisional
from .loose_many2one import LooseMany2one

# What is so at the end of a month, or of a year up to it: months cannot be added up.
STOCKS = frozenset(
    (
        *("customers", "customers_before", "customers_kept", "value_at_risk"),
        *("revenue_year", "revenue_before", "revenue_again", "revenue_kept"),
    )
)


class CustomerChurnHistory(models.Model):
    """How many customers a company had at the end of each month, and what was at risk.

    One row a month, salesperson and segment; those of one month can be added up, and of
    several months the stocks are those of the average month. A month is written
    again as long as its documents move, and then for good. "Bought" means a
    net revenue above zero in the 12 months up to the end of the month; customers who
    are not profiled are left out.
    """

    _name = "customer.churn.history"
    _description = "Retention by Month"
    _order = "month desc, company_id, user_id, segment_id, id"
    _rec_name = "month"
    _log_access = False

    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="First day of the month.")
    user_id = LooseMany2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        ondelete="set null",
        help="Who looked after the customers when the month was recorded.",
    )
    segment_id = LooseMany2one("customer.segment", readonly=True, ondelete="set null")
    recorded_on = fields.Date(readonly=True)
    is_provisional = fields.Boolean(
        string="Provisional",
        compute="_compute_is_provisional",
        help="Documents that are entered late still reach this month: it is worked out "
        "again every week until 45 days after its end.",
    )
    customers = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Bought in 12 months. Of several months: the average.",
    )
    customers_before = fields.Integer(
        string="Customers a Year Before",
        readonly=True,
        aggregator="avg",
        help="Bought in the 12 months before.",
    )
    customers_kept = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Bought in both: retention is these of those a year before.",
    )
    customers_new = fields.Integer(
        string="New Customers", readonly=True, help="Bought for the first time ever."
    )
    customers_lost = fields.Integer(readonly=True, help="Became lost in this month.")
    customers_back = fields.Integer(
        string="Customers Won Back", readonly=True, help="Won back in this month."
    )
    revenue = fields.Monetary(readonly=True, help="Net revenue of the month.")
    revenue_year = fields.Monetary(
        string="Revenue 12 Months", readonly=True, aggregator="avg"
    )
    revenue_before = fields.Monetary(
        string="Revenue 12 Months Before",
        readonly=True,
        aggregator="avg",
        help="From customers who bought in these 12 months.",
    )
    revenue_again = fields.Monetary(
        string="Revenue from Earlier Customers",
        readonly=True,
        aggregator="avg",
        help="Of 12 months, from customers who bought in the 12 months before: revenue "
        "retention is this of their revenue then.",
    )
    revenue_kept = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help="Without the growth of those who bought in both years.",
    )
    margin = fields.Monetary(
        readonly=True,
        help="Of the orders of the month; only known with the application that reckons "
        "margins.",
    )
    value_at_risk = fields.Monetary(
        readonly=True,
        aggregator="avg",
        help="A year's worth of each customer × the probability to lose it. Of several "
        "months: the average.",
    )

    _month_idx = models.Index("(company_id, month)")

    @api.depends("month", "recorded_on")
    def _compute_is_provisional(self):
        for row in self:
            row.is_provisional = is_provisional(row.month, row.recorded_on or row.month)

    @api.model
    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        """The average of a stock is that of the months, not of salespeople in them."""
        name, _colon, function = aggregate_spec.partition(":")
        plain = {"avg": "sum", "sum_currency": "sum_currency"}.get(function)
        if name not in STOCKS or not plain:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "(%s)::float / NULLIF(COUNT(DISTINCT %s), 0)",
            super()._read_group_select(f"{name}:{plain}", query),
            self._field_to_sql(self._table, "month", query),
        )
