from __future__ import annotations

from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..logic.facts import OWN_RHYTHM_DAYS, YEAR_DAYS


class CustomerChurnScore(models.Model):
    """Scores as they were on a past day, by the forecast that is in force today."""

    _inherit = "customer.churn.score"

    @api.model
    def _past_scores_sql(self, company, as_of: date) -> SQL:
        """Return ``partner_id, value_at_risk`` as of a past day, from the purchases.

        Nothing later than that day is read, but for the segment, the months in which a
        customer never buys, the usual interval of customers with too few purchases
        for one of their own, and who has been archived: nobody counts those today.
        """
        today = company._retention_today()
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT partner_id, %s AS value_at_risk FROM (%s) scored",
                self._at_risk_sql("scored", as_of, SQL("yearly_value"), SQL("lost")),
                self._chances_sql(
                    model,
                    self._habits_sql(company, as_of, SQL("%s AND row.active", members)),
                ),
            )
            for model, members in self._forecasts(company, today)
        )

    def _standing_sql(self, company, as_of: date) -> SQL:
        """Relationships tell how customers stand today; a past day is read anew."""
        if as_of >= company._retention_today():
            return super()._standing_sql(company, as_of)
        return SQL(
            """
            (SELECT row.partner_id, row.company_id, row.user_id, row.active,
                    row.segment_id, row.is_excluded, row.revenue_prev_12m,
                    row.complaint_last_grade, row.last_contact_on,
                    past.first_purchase_on, past.last_purchase_on, past.purchase_days,
                    past.revenue_total, past.revenue_12m,
                    CASE WHEN past.purchase_days >= %(own)s THEN past.usual_interval
                         ELSE row.usual_interval END AS usual_interval
               FROM (%(past)s OFFSET 0) past
               JOIN customer_relationship row
                 ON (row.partner_id, row.company_id) = (past.partner_id, %(company)s))
            """,
            own=OWN_RHYTHM_DAYS,
            past=self._past_purchases_sql(company, as_of),
            company=company.id,
        )

    @api.model
    def _past_purchases_sql(self, company, as_of: date) -> SQL:
        return SQL(
            """
            SELECT partner_id,
                   count(gap_days) + bool_or(is_purchase)::int AS purchase_days,
                   min(date) FILTER (WHERE is_purchase) AS first_purchase_on,
                   max(date) FILTER (WHERE is_purchase) AS last_purchase_on,
                   sum(amount) AS revenue_total,
                   COALESCE(sum(amount) FILTER (WHERE date > %(year)s), 0)
                       AS revenue_12m,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY gap_days)
                       AS usual_interval
              FROM customer_purchase
             WHERE company_id = %(company)s AND date <= %(as_of)s
          GROUP BY partner_id
            """,
            year=as_of - timedelta(days=YEAR_DAYS),
            company=company.id,
            as_of=as_of,
        )
