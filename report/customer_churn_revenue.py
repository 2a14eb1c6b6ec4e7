from __future__ import annotations

from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.churn_rates import PERIODS, Span, spans
from ..models.customer_churn_score import VALUE_CLASSES

STEPS = [
    ("new", "New"),
    ("returned", "Resumed"),
    ("grown", "Grown"),
    ("same", "Same"),
    ("shrunk", "Shrunk"),
    ("lost", "Lost"),
]


class CustomerChurnRevenue(models.Model):
    """What each customer brought in a period and in the one before: the bridge.

    The periods are chosen with the context: ``churn_months`` (12, 6, 3 or 1) up to the
    day ``churn_until``; without them 12 months up to the company's day. The steps are
    those of ``logic.revenue_bridge``: what was before and all changes make what is now,
    to the cent. Customers who are not profiled are one row together, without a name.
    """

    _name = "customer.churn.revenue"
    _inherit = "customer.churn.row.mixin"
    _description = "Revenue of Two Periods"
    _auto = False
    _order = "change, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    customer_name = fields.Char(
        compute="_compute_customer_name",
        help="Customers who are not profiled stand together in one row.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    segment_id = fields.Many2one("customer.segment", readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    step = fields.Selection(
        STEPS,
        readonly=True,
        help="New: never bought before. Resumed: bought earlier, not in the period "
        "before. Grown, shrunk: bought in both. Lost: bought in the one before only.",
    )
    revenue_before = fields.Monetary(
        string="Before", readonly=True, help="Net revenue of the period before."
    )
    revenue = fields.Monetary(string="Now", readonly=True, help="Net revenue.")
    change = fields.Monetary(readonly=True)
    revenue_kept = fields.Monetary(
        string="Kept",
        readonly=True,
        help="The lesser of the two periods of who bought in both.",
    )
    revenue_base = fields.Monetary(
        string="Before from Customers",
        readonly=True,
        help="Revenue of the period before from who bought in it, without those to "
        "whom more was credited than sold.",
    )
    revenue_again = fields.Monetary(
        string="Now from Earlier Customers",
        readonly=True,
        help="Revenue of this period from customers who bought in the one before.",
    )
    is_customer = fields.Integer(
        string="Customers", readonly=True, help="1 for who bought in the period."
    )
    was_customer = fields.Integer(
        string="Customers Before",
        readonly=True,
        help="1 for who bought in the period before.",
    )
    is_kept = fields.Integer(
        string="Customers Kept", readonly=True, help="1 for who bought in both."
    )

    _depends = {
        "customer.purchase": ["partner_id", "company_id", "date", "amount"],
        "customer.relationship": [
            *("partner_id", "company_id", "user_id", "segment_id"),
            *("is_excluded", "first_purchase_on"),
        ],
        "customer.churn.score": ["partner_id", "company_id", "value_class"],
    }

    @api.depends("partner_id")
    def _compute_customer_name(self):
        """Say whom the row without a customer is about."""
        for row in self:
            row.customer_name = row.partner_id.display_name or self.env._(
                "Customers who are not profiled"
            )

    # === QUERY === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            "SELECT *, %s AS step FROM (%s UNION ALL %s) spent",
            self._step_sql(),
            self._profiled_rows_sql(),
            self._nameless_rows_sql(),
        )

    @api.model
    def _step_sql(self) -> SQL:
        """Return the step of a row, as ``logic.revenue_bridge.step``."""
        return SQL(
            """CASE WHEN revenue > 0 AND revenue_before <= 0
                    THEN CASE WHEN bought_earlier THEN 'returned' ELSE 'new' END
                    WHEN revenue_before > 0 AND revenue <= 0 THEN 'lost'
                    WHEN revenue > revenue_before THEN 'grown'
                    WHEN revenue < revenue_before THEN 'shrunk'
                    ELSE 'same' END"""
        )

    @api.model
    def _profiled_rows_sql(self) -> SQL:
        return SQL(
            """
            SELECT spent.id, spent.partner_id, spent.company_id, row.user_id,
                   row.segment_id, score.value_class, spent.revenue_before,
                   spent.revenue, spent.revenue - spent.revenue_before AS change,
                   GREATEST(0, LEAST(spent.revenue, spent.revenue_before))
                       AS revenue_kept,
                   GREATEST(0, spent.revenue_before) AS revenue_base,
                   CASE WHEN spent.revenue_before > 0 THEN spent.revenue ELSE 0 END
                       AS revenue_again,
                   (spent.revenue > 0)::int AS is_customer,
                   (spent.revenue_before > 0)::int AS was_customer,
                   (spent.revenue > 0 AND spent.revenue_before > 0)::int AS is_kept,
                   row.first_purchase_on < spent.since AS bought_earlier
              FROM (%(spent)s) spent
         LEFT JOIN customer_relationship row
                ON (row.partner_id, row.company_id)
                 = (spent.partner_id, spent.company_id)
         LEFT JOIN customer_churn_score score
                ON (score.partner_id, score.company_id)
                 = (spent.partner_id, spent.company_id)
             WHERE row.is_excluded IS NOT TRUE
            """,
            spent=self._spent_sql(SQL("bought.partner_id"), SQL("TRUE")),
        )

    @api.model
    def _nameless_rows_sql(self) -> SQL:
        """Return what all customers who are not profiled brought, a row a company."""
        excluded = SQL(
            """EXISTS (SELECT FROM customer_relationship row
                WHERE row.is_excluded AND (row.partner_id, row.company_id)
                    = (bought.partner_id, bought.company_id))"""
        )
        return SQL(
            """
            SELECT spent.id, NULL::int, spent.company_id, NULL::int, NULL::int,
                   NULL, spent.revenue_before, spent.revenue,
                   spent.revenue - spent.revenue_before,
                   GREATEST(0, LEAST(spent.revenue, spent.revenue_before)),
                   GREATEST(0, spent.revenue_before),
                   CASE WHEN spent.revenue_before > 0 THEN spent.revenue ELSE 0 END,
                   0, 0, 0, TRUE
              FROM (%s) spent
            """,
            self._spent_sql(SQL("NULL::int"), excluded),
        )

    @api.model
    def _spent_sql(self, partner: SQL, condition: SQL) -> SQL:
        """Return the revenue of both periods by ``partner`` and company."""
        return SQL(
            """
            SELECT min(bought.id) AS id, %(partner)s AS partner_id,
                   bought.company_id, min(span.since) AS since,
                   COALESCE(sum(bought.amount) FILTER (
                       WHERE bought.date < span.start), 0) AS revenue_before,
                   COALESCE(sum(bought.amount) FILTER (
                       WHERE bought.date >= span.start), 0) AS revenue
              FROM customer_purchase bought
              JOIN (VALUES %(spans)s) AS span (company_id, since, start, until)
                ON span.company_id = bought.company_id
               AND bought.date BETWEEN span.since AND span.until
             WHERE %(condition)s
          GROUP BY 2, 3
            """,
            partner=partner,
            condition=condition,
            spans=self._spans_sql(),
        )

    @api.model
    def _spans_sql(self) -> SQL:
        """Return company, first day before, first day and last day of the periods."""
        companies = self.env["res.company"]._churn_roots()
        rows = [SQL("(0, DATE '2000-01-01', DATE '2000-01-01', DATE '2000-01-01')")]
        for company in companies:
            now, before = self._spans(company)
            rows.append(
                SQL(
                    "(%s, %s::date, %s::date, %s::date)",
                    company.id,
                    before.first,
                    now.first,
                    now.last,
                )
            )
        return SQL(", ").join(rows)

    @api.model
    def _spans(self, company) -> tuple[Span, Span]:
        """Return the period that the context asks for and the one before it."""
        months = self.env.context.get("churn_months")
        if months not in PERIODS.values():
            months = PERIODS["year"]
        return spans(self._until(company), months)

    @api.model
    def _until(self, company) -> date:
        """Return the last day of the period, not after the company's day."""
        today = company._retention_today()
        try:
            day = fields.Date.to_date(self.env.context.get("churn_until") or today)
        except (TypeError, ValueError, AttributeError):
            return today
        return min(max(day, date(1990, 1, 1)), today)
