from __future__ import annotations

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .customer_tier_enrolment_fee import FEE


class CustomerTierMembership(models.Model):
    """Paid fees enrol customers and renew: looked at whenever the customer is."""

    _inherit = "customer.tier.membership"

    @api.model
    def _enrol_payers(self, ladders, scope: AccountScope) -> None:
        """Let what fees bought end and go on with them, and enrol the customers who
        have paid one that no enrolment tells of yet.

        A renewal is an enrolment of its own, which begins when the last one ends.
        """
        ladders = ladders.filtered("fee_product_id")
        if not ladders:
            return
        enrolments = self.env["customer.tier.enrolment"].with_context(
            customer_retention_fee=FEE
        )
        enrolments.flush_model()
        enrolments._follow_fees(ladders, scope)
        enrolments.flush_model()
        paid = defaultdict(list)
        for ladder_id, account_id, move_id, day, times in self._paid_fees(
            ladders, scope
        ):
            paid[ladder_id, account_id].append((move_id, day, times))
        for (ladder_id, account_id), fees in paid.items():
            ladder = ladders.browse(ladder_id)
            for move_id, day, times in fees:
                enrolments._enrol_for_fee(ladder, account_id, move_id, day, times)

    @api.model
    def _paid_fees(self, ladders, scope: AccountScope) -> list[tuple]:
        """Return (ladder, account, invoice, day of the payment, number of fees) of paid
        invoices that have enrolled nobody yet, in the order of their days.
        """
        enrolments = self.env["customer.tier.enrolment"]
        return self.env.execute_query(
            SQL(
                """
                SELECT fee.ladder_id, account.account_id, move.id,
                       COALESCE(payment.day, move.invoice_date, move.date) AS day,
                       GREATEST(1, round(SUM(line.quantity))::int)
                  FROM %(fees)s
                  JOIN account_move_line line
                    ON line.product_id = fee.product_id
                   AND line.display_type = 'product'
                  JOIN account_move move ON move.id = line.move_id
                   AND move.move_type = 'out_invoice' AND %(is_paid)s
                  JOIN %(companies_sql)s company ON company.id = move.company_id
                   AND COALESCE(company.root_id = fee.company_id, TRUE)
                  JOIN %(accounts)s account ON account.partner_id = move.partner_id
             LEFT JOIN LATERAL (%(payment)s) payment ON TRUE
                  JOIN LATERAL (%(credited)s) credited
                    ON credited.is_whole IS NOT TRUE
                 WHERE NOT EXISTS (
                       SELECT FROM customer_tier_enrolment known
                        WHERE known.ladder_id = fee.ladder_id
                          AND known.fee_move_id = move.id)
              GROUP BY 1, 2, 3, 4
                HAVING SUM(line.quantity) > 0
              ORDER BY 4, 3
                """,
                fees=self._fees_sql(ladders),
                companies_sql=self.env["res.company"]._retention_companies_sql(),
                accounts=self.env["customer.account"]._customer_documents_sql(scope),
                is_paid=enrolments._paid_fee_sql(),
                payment=enrolments._payment_day_sql(),
                credited=enrolments._credited_fee_sql(SQL("fee.product_id")),
            )
        )

    @api.model
    def _fees_sql(self, ladders) -> SQL:
        """Return the products that enrol as relation ``fee``, one a ladder."""
        return SQL(
            "unnest(%s::int[], %s::int[], %s::int[])"
            " AS fee (ladder_id, product_id, company_id)",
            ladders.ids,
            [ladder.fee_product_id.id for ladder in ladders],
            [ladder.company_id.id or None for ladder in ladders],
        )
