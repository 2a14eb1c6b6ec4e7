from odoo import api, fields, models
from odoo.tools import SQL

# Months shown, the present one included.
MONTHS = 60
# Rows of one change of tier, at most; makes ids that stay the same.
ROWS_PER_CHANGE = 10_000


class CustomerTierReport(models.Model):
    """The tier of every member at the end of every month, and what came of it.

    One row a member and month tells three stories: who moved from where to where
    between two periods, what a tier brings and costs, and what becomes of those who
    came in together. What was given is counted; what is estimated says so, and the
    two are never added up. What members of a group buy counts for its head, in full:
    they have its tier, whatever part of it they help to reach.
    """

    _name = "customer.tier.report"
    _inherit = "customer.tier.visible.mixin"
    _description = "Tier Analysis"
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one(
        "res.company", readonly=True, help="Empty: shared ladder."
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    ladder_id = fields.Many2one("customer.tier.ladder", readonly=True)
    currency_id = fields.Many2one(
        "res.currency", readonly=True, help="Of the reader's company."
    )
    month = fields.Date(readonly=True, help="First day of the month.")
    tier_id = fields.Many2one(
        "customer.tier", readonly=True, help="At the end of the month."
    )
    tier_month_before_id = fields.Many2one(
        "customer.tier", string="A Month Before", readonly=True
    )
    tier_quarter_before_id = fields.Many2one(
        "customer.tier", string="Three Months Before", readonly=True
    )
    tier_year_before_id = fields.Many2one(
        "customer.tier", string="A Year Before", readonly=True
    )
    cohort_month = fields.Date(
        string="Cohort", readonly=True, help="Month of the customer's first tier."
    )
    cohort_age = fields.Integer(
        string="Months Since the First Tier", readonly=True, aggregator="avg"
    )
    members = fields.Integer(readonly=True, help="1 for whoever has a tier.")
    revenue = fields.Monetary(
        readonly=True,
        help="Net purchases of the month, credit notes taken off, at today's rates.",
    )
    margin = fields.Monetary(
        readonly=True,
        help="Of the orders confirmed in the month; only known with the application "
        "that reckons margins.",
    )
    discount_given = fields.Monetary(
        readonly=True,
        help="How much less the lines of the month's orders came to than at the prices "
        "the customer would have had without the tier.",
    )
    benefit_cost = fields.Monetary(
        string="Cost of Benefits (Estimate)",
        readonly=True,
        help="A twelfth of the yearly estimates of the tier's benefits, and their part "
        "of the revenue. An estimate: never added to what was really given.",
    )

    _depends = {
        "customer.tier.transition": [
            "partner_id",
            "ladder_id",
            "company_id",
            "date",
            "to_tier_id",
            "corrects_from",
        ],
        "customer.tier.membership": ["partner_id", "ladder_id", "user_id"],
        "customer.tier.benefit": ["tier_id", "cost_per_member", "cost_percent"],
        "customer.purchase": ["partner_id", "company_id", "date", "amount"],
        "customer.tier.discount": ["partner_id", "company_id", "date", "amount"],
    }

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """
            WITH head AS MATERIALIZED (%(heads)s)
            SELECT %(columns)s
              FROM (%(stays)s) stay
              LEFT JOIN (%(circles)s) circle
                ON circle.ladder_id = stay.ladder_id
               AND circle.holder_id = stay.partner_id
             CROSS JOIN LATERAL (%(months)s) month
             CROSS JOIN LATERAL (
                   SELECT COALESCE((%(revenue)s), 0) AS revenue) figures
            """,
            heads=self._heads_sql(),
            circles=self._circles_sql(),
            columns=SQL(", ").join(self._select_columns()),
            stays=self._stays_sql(),
            months=self._months_sql(),
            revenue=self._revenue_sql(),
        )

    @api.model
    def _select_columns(self):
        """Expressions of the fields, to be extended together with the fields."""
        return [
            SQL("stay.log_id::bigint * %s + month.number AS id", ROWS_PER_CHANGE),
            SQL("stay.partner_id, stay.company_id, stay.ladder_id, stay.tier_id"),
            SQL("(%s) AS user_id", self._salesperson_sql()),
            SQL("month.starts AS month"),
            SQL("%s::int AS currency_id", self.env.company.currency_id.id),
            SQL("(%s) AS tier_month_before_id", self._earlier_tier_sql("1 month")),
            SQL("(%s) AS tier_quarter_before_id", self._earlier_tier_sql("3 months")),
            SQL("(%s) AS tier_year_before_id", self._earlier_tier_sql("1 year")),
            SQL("stay.cohort_month"),
            SQL(
                "((EXTRACT(YEAR FROM age(month.starts, stay.cohort_month)) * 12"
                " + EXTRACT(MONTH FROM age(month.starts, stay.cohort_month)))::int)"
                " AS cohort_age"
            ),
            SQL("(stay.tier_id IS NOT NULL)::int AS members"),
            SQL("figures.revenue AS revenue"),
            SQL("(%s) AS margin", self._margin_sql()),
            SQL("COALESCE((%s), 0) AS discount_given", self._discount_sql()),
            SQL("COALESCE((%s), 0) AS benefit_cost", self._benefit_cost_sql()),
        ]

    @api.model
    def _stays_sql(self) -> SQL:
        """Return the stays in a tier, or after one, that the log tells of."""
        log = self.env["customer.tier.transition"]
        return SQL(
            """
            SELECT log.id AS log_id, log.partner_id, log.company_id, log.ladder_id,
                   log.to_tier_id AS tier_id, log.date AS starts,
                   lead(log.date) OVER (
                       PARTITION BY log.partner_id, log.ladder_id
                       ORDER BY log.date, log.id) AS ends,
                   date_trunc('month', min(log.date)
                       FILTER (WHERE log.to_tier_id IS NOT NULL) OVER (
                       PARTITION BY log.partner_id, log.ladder_id))::date
                       AS cohort_month
              FROM customer_tier_transition log
             WHERE log.partner_id IS NOT NULL AND %(stands)s AND %(profiled)s
            """,
            stands=log._stands_sql(),
            profiled=log._profiled_sql("log"),
        )

    @api.model
    def _months_sql(self) -> SQL:
        """Return the months at whose end, or today, a stay lasted."""
        today = self._today()
        return SQL(
            """
            SELECT starts, last,
                   (EXTRACT(YEAR FROM starts) * 12 + EXTRACT(MONTH FROM starts))::int
                   - 12 * 1900 AS number
              FROM (
                SELECT first::date AS starts,
                       LEAST((first + interval '1 month - 1 day')::date, %(today)s)
                           AS last
                  FROM generate_series(
                       GREATEST(date_trunc('month', stay.starts::timestamp),
                                date_trunc('month', %(today)s::timestamp)
                                - interval '%(months)s months'),
                       LEAST(COALESCE(stay.ends, %(today)s), %(today)s)::timestamp,
                       interval '1 month') first
              ) every
             WHERE last >= stay.starts AND COALESCE(last < stay.ends, TRUE)
            """,
            today=today,
            months=MONTHS - 1,
        )

    def _today(self):
        return self.env.company._retention_root()._retention_today()

    @api.model
    def _salesperson_sql(self) -> SQL:
        return SQL(
            """SELECT member.user_id FROM customer_tier_membership member
                WHERE member.partner_id = stay.partner_id
                  AND member.ladder_id = stay.ladder_id"""
        )

    @api.model
    def _earlier_tier_sql(self, interval: str) -> SQL:
        """Return the tier of the last day of the month so long before."""
        log = self.env["customer.tier.transition"]
        return SQL(
            """SELECT earlier.to_tier_id FROM customer_tier_transition earlier
                WHERE earlier.partner_id = stay.partner_id
                  AND earlier.ladder_id = stay.ladder_id
                  AND earlier.date < (month.starts + interval '1 month'
                                      - %s::interval)::date
                  AND %s
             ORDER BY earlier.date DESC, earlier.id DESC LIMIT 1""",
            interval,
            log._stands_sql("earlier"),
        )
