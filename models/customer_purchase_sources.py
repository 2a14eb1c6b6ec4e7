from __future__ import annotations

from odoo import models
from odoo.tools import SQL

from .customer_account import AccountScope


class CustomerPurchase(models.Model):
    """Which documents of the ERP are purchases, or take something off them."""

    _inherit = "customer.purchase"

    def _get_source_order_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            """
            SELECT sale.id AS res_id, account.account_id AS partner_id,
                   company.root_id AS company_id,
                   %(day)s AS date,
                   CASE WHEN COALESCE(sale.currency_rate, 1) IN (0, 1)
                        THEN sale.amount_untaxed
                        ELSE round(sale.amount_untaxed / sale.currency_rate,
                                   company.decimals)
                   END AS amount,
                   sale.amount_untaxed > 0 AS is_purchase
              FROM sale_order sale
              JOIN %(accounts)s account ON account.partner_id = sale.partner_id
              JOIN %(companies)s company ON company.id = sale.company_id
             WHERE sale.state = 'sale' AND company.source = 'order' AND %(orders)s
            """,
            orders=scope.orders_condition(SQL("sale.id")),
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            companies=self.env["res.company"]._retention_companies_sql(),
            day=self.env["res.company"]._retention_day_sql(
                SQL("sale.date_order"), SQL("company.tz")
            ),
        )

    def _get_source_credit_sql(self, scope: AccountScope) -> SQL:
        """Credit notes for goods of confirmed orders; refunded down payments were
        never part of an order's amount.

        What is billed again after a credit, beyond what was ordered, makes up for
        it: an invoice that is credited and made anew, or an order that was lowered
        afterwards, takes nothing off.
        """
        return SQL(
            """
            SELECT move.id AS res_id, account.account_id AS partner_id,
                   company.root_id AS company_id,
                   COALESCE(move.invoice_date, move.date) AS date,
                   round(-SUM(line.balance * credited.share), company.decimals)
                       AS amount,
                   FALSE AS is_purchase
              FROM account_move move
              JOIN %(accounts)s account ON account.partner_id = move.partner_id
              JOIN %(companies)s company ON company.id = move.company_id
              JOIN account_move_line line
                ON line.move_id = move.id AND line.display_type = 'product'
              JOIN LATERAL (%(credited)s) credited ON credited.share > 0
             WHERE move.move_type = 'out_refund' AND move.state = 'posted'
               AND company.source = 'order'
          GROUP BY move.id, account.account_id, company.root_id, company.decimals
            """,
            credited=self._get_credited_share_sql(),
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            companies=self.env["res.company"]._retention_companies_sql(),
        )

    def _get_credited_share_sql(self) -> SQL:
        """Return ``share`` of the line ``line`` that takes something off its order:
        (credited − what was billed beyond the order) ÷ credited, by order line.
        """
        return SQL(
            """
            SELECT min(GREATEST(0, total.credited - GREATEST(
                       0, total.billed - sold.price_subtotal
                          / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                   )) / total.credited) AS share
              FROM sale_order_line_invoice_rel rel
              JOIN sale_order_line sold ON sold.id = rel.order_line_id
              JOIN sale_order sale ON sale.id = sold.order_id
              JOIN LATERAL (
                    SELECT -COALESCE(SUM(other.balance) FILTER (
                               WHERE document.move_type <> 'out_refund'), 0) AS billed,
                           NULLIF(SUM(other.balance) FILTER (
                               WHERE document.move_type = 'out_refund'), 0) AS credited
                      FROM sale_order_line_invoice_rel link
                      JOIN account_move_line other ON other.id = link.invoice_line_id
                      JOIN account_move document ON document.id = other.move_id
                     WHERE link.order_line_id = sold.id
                       AND document.state = 'posted'
              ) total ON TRUE
             WHERE rel.invoice_line_id = line.id AND sold.state = 'sale'
               AND sold.is_downpayment IS NOT TRUE
            """
        )

    def _get_source_invoice_sql(self, scope: AccountScope) -> SQL:
        """Invoices count as purchases once they bill goods: a down payment is money,
        the invoice that settles it is the purchase, even if nothing is left to pay.
        One that was reversed as a whole and billed anew was none.
        """
        return SQL(
            """
            SELECT move.id AS res_id, account.account_id AS partner_id,
                   company.root_id AS company_id,
                   COALESCE(move.invoice_date, move.date) AS date,
                   move.amount_untaxed_signed AS amount,
                   move.move_type <> 'out_refund'
                   AND NOT (move.payment_state = 'reversed' AND EXISTS (%(anew)s))
                   AND (
                        SELECT COALESCE(SUM(line.balance), 0) < 0
                          FROM account_move_line line
                         WHERE line.move_id = move.id
                           AND line.display_type = 'product'
                           AND line.is_downpayment IS NOT TRUE
                   ) AS is_purchase
              FROM account_move move
              JOIN %(accounts)s account ON account.partner_id = move.partner_id
              JOIN %(companies)s company ON company.id = move.company_id
             WHERE move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
               AND move.state = 'posted' AND company.source = 'invoice'
            """,
            anew=self._get_billed_anew_sql(),
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            companies=self.env["res.company"]._retention_companies_sql(),
        )

    def _get_billed_anew_sql(self) -> SQL:
        """Return the later invoices of what the invoice ``move`` had billed."""
        return SQL(
            """
            SELECT FROM account_move_line billed
              JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = billed.id
              JOIN sale_order_line_invoice_rel link
                ON link.order_line_id = rel.order_line_id
              JOIN account_move_line again ON again.id = link.invoice_line_id
              JOIN account_move later ON later.id = again.move_id
             WHERE billed.move_id = move.id AND later.id > move.id
               AND later.state = 'posted' AND later.move_type = 'out_invoice'
            """
        )
