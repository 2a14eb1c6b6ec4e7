from __future__ import annotations

from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..logic.retention import net_margin
from .customer_account import AccountScope
from .customer_retention_draw import GRACE_DAYS


class CustomerRetentionCase(models.Model):
    """What came of cases: the next purchase, the margin, and when they are over."""

    _inherit = "customer.retention.case"

    @api.model
    def _measure(self, company, today: date, account_ids=None) -> None:
        """Bring the results of a company's cases up to a day, and end what is over.

        A customer who bought is kept; a window that ends without a purchase is lost.
        What comes to light or is cancelled afterwards changes that for some days.

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
        kept |= cases.filtered(lambda case: case._is_kept_after_all()).with_env(
            self.env
        )
        kept._close("kept")
        cases._take_back_kept(today)
        if account_ids is None:
            over = self.search([*running, ("window_until", "<", today)])
            over._close("lost")
        # sudo: customer.churn.event - the case that ended says it
        self.env["customer.churn.event"].sudo()._refresh_won_back(company)

    def _is_kept_after_all(self) -> bool:
        """Whether a case that ended as lost was not: a purchase came to light.

        Who buys after having been lost has come back, and was not kept.
        """
        if self.state != "lost" or not self.next_purchase_on:
            return False
        loss = self.event_id.filtered(lambda event: event.state != "void")
        return self.kind != "save" or not loss or self.next_purchase_on <= loss.date

    def _take_back_kept(self, today: date) -> None:
        """Go on with cases whose purchase has been taken back, or call them lost."""
        for case in self.filtered(
            lambda one: one.state == "kept" and not one.next_purchase_on
        ):
            account = case.partner_id.commercial_partner_id
            others = self._open_cases(case.company_id, account.ids, but=case)
            env = case.with_context(lang=case.user_id.lang or self.env.lang).env
            case._message_log(
                body=env._("The purchase that ended this case was taken back.")
            )
            if case.window_until < today or others:
                case._close("lost")
            else:
                case._verb().write({"state": "open", "closed_on": False})

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

        A case that somebody took up again waits for another purchase.
        """
        scope = AccountScope.of(account_ids)
        return SQL(
            """
            SELECT known.id, bought.first_on, COALESCE(bought.revenue, 0) AS revenue
              FROM customer_retention_case known
              JOIN %(mapping)s member ON member.partner_id = known.partner_id
        CROSS JOIN LATERAL (
                   SELECT min(purchase.date) FILTER (
                              WHERE is_purchase AND purchase.date
                                  > COALESCE(known.reopened_after, '-infinity')
                          ) AS first_on,
                          sum(purchase.amount) AS revenue
                     FROM customer_purchase purchase
                    WHERE purchase.partner_id = member.account_id
                      AND purchase.company_id = known.company_id
                      AND purchase.date >= known.opened_on
                      AND purchase.date > COALESCE(known.last_purchase_on, '-infinity')
                      AND purchase.date <= known.window_until) bought
             WHERE known.company_id = %(company)s AND %(accounts)s
               AND known.state IN ('open', 'kept', 'lost')
               AND known.window_until >= %(today)s - %(grace)s
            """,
            company=company.id,
            mapping=self.env["customer.account"]._mapping_sql(scope),
            accounts=scope.condition(SQL("member.account_id")),
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
