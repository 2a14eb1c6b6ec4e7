from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .customer_account import AccountScope


class CustomerPurchase(models.Model):
    """What recovery means for purchases: money given back is no revenue, and no
    document of recovery is a purchase.
    """

    _inherit = "customer.purchase"

    @api.model
    def _get_sources(self):
        return {**super()._get_sources(), "recovery": "account.move"}

    def _get_source_recovery_sql(self, scope: AccountScope) -> SQL:
        """Money given back that no line of an order tells of, where orders count.

        A part of the price and goodwill are no returns of goods: their lines belong
        to no order, which would be invoiced again otherwise. Of a refunded invoice
        counts what it had billed of orders; the entry that takes a credit note back
        gives the revenue back, too.
        """
        return SQL(
            """
            SELECT move.id AS res_id, account.account_id AS partner_id,
                   company.root_id AS company_id,
                   COALESCE(move.invoice_date, move.date) AS date,
                   round(-SUM(line.balance) * given.share, company.decimals) AS amount,
                   FALSE AS is_purchase
              FROM (%(given)s) given
              JOIN account_move move ON move.id = given.move_id
              JOIN %(accounts)s account ON account.partner_id = move.partner_id
              JOIN %(companies)s company ON company.id = move.company_id
              JOIN account_move_line line
                ON line.move_id = move.id AND line.display_type = 'product'
             WHERE move.state = 'posted' AND company.source = 'order'
               AND NOT EXISTS (SELECT FROM sale_order_line_invoice_rel rel
                                WHERE rel.invoice_line_id = line.id)
          GROUP BY move.id, account.account_id, company.root_id, company.decimals,
                   given.share
            """,
            given=self._get_given_back_sql(),
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            companies=self.env["res.company"]._retention_companies_sql(),
        )

    def _get_given_back_sql(self) -> SQL:
        """Return ``move_id`` and the ``share`` of it that is off the orders."""
        return SQL(
            """
            SELECT document.move_id,
                   min(CASE action.kind WHEN 'refund' THEN billed.share ELSE 1 END)
                       AS share
              FROM customer_recovery_action action
              JOIN LATERAL (VALUES (action.credit_move_id), (action.reversal_move_id)
                   ) document (move_id) ON document.move_id IS NOT NULL
         LEFT JOIN LATERAL (
                    SELECT COALESCE(SUM(line.balance) FILTER (WHERE EXISTS (
                               SELECT FROM sale_order_line_invoice_rel rel
                                 JOIN sale_order_line sold
                                   ON sold.id = rel.order_line_id
                                WHERE rel.invoice_line_id = line.id
                                  AND sold.state = 'sale'
                                  AND sold.is_downpayment IS NOT TRUE
                           )) / NULLIF(SUM(line.balance), 0), 0) AS share
                      FROM account_move_line line
                     WHERE line.move_id = action.invoice_id
                       AND line.display_type = 'product'
                   ) billed ON action.kind = 'refund'
          GROUP BY document.move_id
            """
        )

    def _get_source_order_sql(self, scope: AccountScope) -> SQL:
        return self._leave_out_recovery(
            super()._get_source_order_sql(scope),
            SQL(
                """
                SELECT action.order_id FROM customer_recovery_action action
                 WHERE action.order_id IS NOT NULL
                """
            ),
        )

    def _get_source_invoice_sql(self, scope: AccountScope) -> SQL:
        return self._leave_out_recovery(
            super()._get_source_invoice_sql(scope), self._get_recovery_invoices_sql()
        )

    def _get_recovery_invoices_sql(self) -> SQL:
        """Return the ids of invoices that recovery made.

        They take a credit note back, or bill nothing but what replaces goods:
        somebody put a price on the order.
        """
        replacing = SQL(
            """
              FROM customer_recovery_action action
              JOIN sale_order_line sold ON sold.order_id = action.order_id
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sold.id
            """
        )
        return SQL(
            """
            SELECT action.reversal_move_id FROM customer_recovery_action action
             WHERE action.reversal_move_id IS NOT NULL
            UNION ALL
            SELECT line.move_id FROM account_move_line line
             WHERE line.display_type = 'product'
               AND line.move_id IN (
                       SELECT billed.move_id %(replacing)s
                         JOIN account_move_line billed
                           ON billed.id = rel.invoice_line_id
                   )
          GROUP BY line.move_id
            HAVING bool_and(line.balance = 0 OR line.id IN (
                       SELECT rel.invoice_line_id %(replacing)s
                   ))
            """,
            replacing=replacing,
        )

    def _leave_out_recovery(self, documents: SQL, of_recovery: SQL) -> SQL:
        """Let documents of recovery be no purchases, whatever stands on them.

        :param of_recovery: gives the ids of those that are
        """
        return SQL(
            """
            SELECT documents.res_id, documents.partner_id, documents.company_id,
                   documents.date, documents.amount,
                   documents.is_purchase AND documents.res_id NOT IN (%(of_recovery)s)
                       AS is_purchase
              FROM (%(documents)s) documents
            """,
            of_recovery=of_recovery,
            documents=documents,
        )
