from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .customer_derived import LooseMany2one


class CustomerPurchase(models.Model):
    """What an account bought, one narrow row a document: a rebuildable cache.

    Rows come from named sources. Which sources a company uses is its choice of
    orders or invoices; modules add sources to :meth:`_get_sources`. A sale that two
    documents tell of counts once: each source leaves out what another one counts.
    """

    _name = "customer.purchase"
    _inherit = "customer.derived"
    _description = "Customer Purchase"
    _order = "date desc, id desc"
    _log_access = False
    _derived_columns = (
        "source",
        "res_id",
        "partner_id",
        "company_id",
        "date",
        "amount",
        "is_purchase",
        "gap_days",
        "categ_ids",
    )
    _derived_key = ("source", "res_id")
    _follows_orders = True

    partner_id = LooseMany2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    company_id = LooseMany2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, help="Local day in the company's time zone.")
    source = fields.Char(required=True, help="Technical name of the source.")
    res_id = fields.Integer(string="Document", required=True, aggregator=None)
    amount = fields.Monetary(
        required=True,
        help="Net of taxes, in company currency; negative for credit notes.",
    )
    is_purchase = fields.Boolean(
        help="Counts as a purchase. Credit notes, down payments and documents "
        "without value change the revenue only.",
    )
    gap_days = fields.Integer(
        aggregator="avg",
        help="Days since the previous purchase day of the account; empty on the "
        "first one and on further purchases of the same day.",
    )

    _document_unique = models.Constraint(
        "UNIQUE(res_id, source)", "A document counts once."
    )
    _account_idx = models.Index("(partner_id, company_id, date)")
    # The list opens on its latest rows, of however many.
    _latest_idx = models.Index("(date DESC, id DESC)")

    # === SOURCES === #

    @api.model
    def _get_sources(self) -> dict[str, str]:
        """Return {source: model of its documents}."""
        return {
            "order": "sale.order",
            "credit": "account.move",
            "invoice": "account.move",
        }

    @api.model
    def _get_sources_in_use(self) -> list[str]:
        """Return the sources that can have rows: those of the other choice are left
        out where no company has made it.
        """
        # sudo: res.company - the setting of all companies
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        roots = companies.search([("parent_id", "=", False)])
        choices = set(roots.mapped("retention_purchase_source"))
        needs = {"order": "order", "credit": "order", "invoice": "invoice"}
        return [
            source
            for source in self._get_sources()
            if needs.get(source) in (None, *choices)
        ]

    def _get_source_sql(self, source: str, scope: AccountScope) -> SQL:
        """Return the rows of one source for the accounts of a scope.

        Columns: ``res_id, partner_id, company_id, date, amount, is_purchase``.
        """
        return getattr(self, f"_get_source_{source}_sql")(scope)

    def _get_source_order_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            """
            SELECT sale.id AS res_id, account.account_id AS partner_id,
                   company.root_id AS company_id,
                   timezone(company.tz, timezone('UTC', sale.date_order))::date
                       AS date,
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

    def _get_derived_sql(self, scope: AccountScope) -> SQL:
        """Return the rows of all sources, with the gap to the purchase day before.

        The categories of a few documents are looked up, those of a mass read at once.
        """
        few = scope.ids is not None
        categories = SQL("bought.categ_ids")
        joined = SQL()
        if not few:
            categories = SQL("CASE WHEN bought.is_purchase THEN sold.categ_ids END")
            joined = SQL(
                "LEFT JOIN (%s) sold USING (source, res_id)", self._all_categories_sql()
            )
        return SQL(
            """
            SELECT source, res_id, partner_id, company_id, date, amount, is_purchase,
                   gap_days, %(categories)s
              FROM (SELECT documents.*,
                           CASE WHEN is_purchase THEN NULLIF(date - lag(date) OVER (
                               PARTITION BY partner_id, company_id, is_purchase
                               ORDER BY date, source, res_id
                           ), 0) END AS gap_days
                      FROM (%(documents)s) documents
                     WHERE amount <> 0 OR is_purchase) bought
            %(joined)s
            """,
            categories=categories,
            documents=self._documents_sql(scope, few),
            joined=joined,
        )

    def _documents_sql(self, scope: AccountScope, with_categories: bool) -> SQL:
        """Return the documents of all sources.

        Of the orders that are not read again, the rows that are there stand for them.
        """
        documents = [
            SQL(
                "SELECT %s::varchar AS source, rows.*, %s AS categ_ids FROM (%s) rows",
                source,
                self._document_categories_sql(source)
                if with_categories
                else SQL("NULL::int[]"),
                self._get_source_sql(source, scope),
            )
            for source in self._get_sources_in_use()
        ]
        if scope.orders is not None and "order" in self._get_sources_in_use():
            documents.append(self._orders_kept_sql(scope))
        return SQL(" UNION ALL ").join(documents)

    def _orders_kept_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            """
            SELECT source, res_id, partner_id, company_id, date, amount, is_purchase,
                   categ_ids
              FROM customer_purchase
             WHERE source = 'order' AND NOT %s AND %s
            """,
            scope.orders_condition(SQL("res_id")),
            scope.condition(SQL("partner_id")),
        )

    # === ACTIONS === #

    def action_open_document(self):
        """Open the order or invoice the row comes from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._get_sources()[self.source],
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
