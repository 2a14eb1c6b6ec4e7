from __future__ import annotations

from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..logic.retention import net_margin

# Documents come late: windows that have just ended are looked at once more.
GRACE_DAYS = 7


class CustomerRetentionCase(models.Model):
    """What came of cases: the next purchase, the margin, and when they are over."""

    _inherit = "customer.retention.case"

    @api.model
    def _measure(self, company, today: date, account_ids=None) -> None:
        """Bring the results of a company's cases up to a day, and end what is over.

        A customer who bought is kept; a window that ends without a purchase is lost.

        :param account_ids: only purchases of these accounts, as soon as they are known
        """
        changed = self._measure_purchases(company, today, account_ids)
        if account_ids is not None and not changed:
            return
        # sudo: customer.retention.case - results follow from documents
        cases = self.sudo().browse(changed)
        for case in cases:
            case._count_margin()
        running = [("company_id", "=", company.id), ("state", "=", "open")]
        kept = self.search([*running, ("next_purchase_on", "!=", False)])
        kept._close("kept")
        if account_ids is not None:
            return
        over = self.search([*running, ("window_until", "<", today)])
        over._close("lost")

    def _measure_purchases(self, company, today: date, account_ids) -> list[int]:
        """Write down what was bought within the windows that are not over yet.

        A few days more are looked at: documents come late.

        :return: ids of the cases where something changed
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE customer_retention_case opened
                   SET (next_purchase_on, revenue_after)
                     = (fresh.first_on, fresh.revenue)
                  FROM (%s) fresh
                 WHERE fresh.id = opened.id
                   AND (opened.next_purchase_on, COALESCE(opened.revenue_after, 0))
                       IS DISTINCT FROM (fresh.first_on, fresh.revenue)
             RETURNING opened.id
                """,
                self._bought_since_sql(company, today, account_ids),
            )
        )
        self.invalidate_model()
        return [case_id for (case_id,) in rows]

    @api.model
    def _bought_since_sql(self, company, today: date, account_ids=None) -> SQL:
        """Return ``id, first_on, revenue`` of what was bought after a case was opened:
        of the same day only what the last purchase before it was not.
        """
        return SQL(
            """
            SELECT known.id, bought.first_on, COALESCE(bought.revenue, 0) AS revenue
              FROM customer_retention_case known
        CROSS JOIN LATERAL (
                   SELECT min(purchase.date) FILTER (WHERE is_purchase) AS first_on,
                          sum(purchase.amount) AS revenue
                     FROM customer_purchase purchase
                    WHERE purchase.partner_id = known.partner_id
                      AND purchase.company_id = known.company_id
                      AND purchase.date >= known.opened_on
                      AND purchase.date > COALESCE(known.last_purchase_on, '-infinity')
                      AND purchase.date <= known.window_until) bought
             WHERE known.company_id = %(company)s AND %(accounts)s
               AND known.state IN ('open', 'kept', 'lost')
               AND known.window_until >= %(today)s - %(grace)s
            """,
            company=company.id,
            accounts=self.env["customer.churn.event"]._accounts_sql(
                "known", account_ids
            ),
            today=today,
            grace=GRACE_DAYS,
        )

    def _count_margin(self):
        """Return what is left after the offers, in the case."""
        for case in self:
            percent = case.company_id.churn_margin_percent
            case._verb().write(
                {"net_margin": net_margin(case.revenue_after, percent, case.offer_cost)}
            )
