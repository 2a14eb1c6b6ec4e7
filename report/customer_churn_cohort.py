from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL


class CustomerChurnCohort(models.Model):
    """What customers bought in each month after their first purchase.

    One row a customer and month with a purchase or a credit note. Customers who came
    in the same month or quarter are a cohort; its age is the months or quarters since.
    """

    _name = "customer.churn.cohort"
    _inherit = "customer.churn.row.mixin"
    _description = "Cohorts of Customers"
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    segment_id = fields.Many2one("customer.segment", readonly=True)
    cohort_month = fields.Date(
        string="Cohort", readonly=True, help="Month of the first purchase."
    )
    month = fields.Date(readonly=True)
    age_months = fields.Integer(
        string="Age (Months)",
        readonly=True,
        aggregator="avg",
        help="Months since the month of the first purchase.",
    )
    age_quarters = fields.Integer(
        string="Age (Quarters)",
        readonly=True,
        aggregator="avg",
        help="Quarters since the quarter of the first purchase.",
    )
    buyer_id = fields.Many2one(
        "res.partner",
        string="Buyers",
        readonly=True,
        aggregator="count_distinct",
        help="The customer, in months with a purchase.",
    )
    purchase_count = fields.Integer(string="Purchases", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Net of credit notes and taxes.")

    _depends = {
        "customer.purchase": [
            *("partner_id", "company_id", "date", "amount", "is_purchase"),
        ],
        "customer.relationship": [
            *("partner_id", "company_id", "user_id", "segment_id"),
            *("is_excluded", "first_purchase_on"),
        ],
    }

    # === QUERY === #

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT bought.id, bought.partner_id, bought.company_id, row.user_id,
                   row.segment_id, bought.month, bought.purchase_count, bought.revenue,
                   CASE WHEN bought.purchase_count > 0 THEN bought.partner_id END
                       AS buyer_id,
                   date_trunc('month', row.first_purchase_on)::date AS cohort_month,
                   %(months)s AS age_months, %(quarters)s AS age_quarters
              FROM (%(bought)s) bought
              JOIN customer_relationship row
                ON (row.partner_id, row.company_id)
                 = (bought.partner_id, bought.company_id)
             WHERE NOT row.is_excluded
               AND bought.month >= date_trunc('month', row.first_purchase_on)::date
            """,
            months=_between("month", 12),
            quarters=_between("quarter", 4),
            bought=self._bought_sql(),
        )

    @api.model
    def _bought_sql(self) -> SQL:
        """Return what was bought up to the company's day, by account and month."""
        return SQL(
            """
            SELECT min(purchase.id) AS id, purchase.partner_id, purchase.company_id,
                   date_trunc('month', purchase.date)::date AS month,
                   count(*) FILTER (WHERE purchase.is_purchase)::int AS purchase_count,
                   sum(purchase.amount) AS revenue
              FROM customer_purchase purchase
              JOIN %s day ON day.company_id = purchase.company_id
               AND purchase.date <= day.today
          GROUP BY purchase.partner_id, purchase.company_id,
                   date_trunc('month', purchase.date)
            """,
            self.env["res.company"]._retention_days_sql(),
        )


def _between(part: str, a_year: int) -> SQL:
    """Return how many calendar months or quarters passed since the first purchase."""
    return SQL(
        """((EXTRACT(YEAR FROM bought.month) - EXTRACT(YEAR FROM row.first_purchase_on))
            * %(a_year)s
          + EXTRACT(%(part)s FROM bought.month)
          - EXTRACT(%(part)s FROM row.first_purchase_on))::int""",
        a_year=a_year,
        part=SQL(part.upper()),
    )
