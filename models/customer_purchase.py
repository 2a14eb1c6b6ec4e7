from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .loose_many2one import LooseMany2one


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
    # With the document, so that the last one of a day is found without sorting.
    _account_idx = models.Index("(partner_id, company_id, date, res_id)")
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

    def _get_derived_sql(self, scope: AccountScope) -> SQL:
        """Return the rows of all sources, with the gap to the purchase day before.

        Of the orders that are not read again those are returned whose gap has changed.
        """
        return SQL(
            """
            SELECT source, res_id, partner_id, company_id, date, amount, is_purchase,
                   gap_days, categ_ids
              FROM (SELECT documents.*,
                           CASE WHEN is_purchase THEN NULLIF(date - lag(date) OVER (
                               PARTITION BY partner_id, company_id, is_purchase
                               ORDER BY date, source, res_id
                           ), 0) END AS gap_days
                      FROM (%s) documents
                     WHERE amount <> 0 OR is_purchase) bought
             WHERE is_fresh OR known_gap_days IS DISTINCT FROM gap_days
            """,
            self._documents_sql(scope),
        )

    def _documents_sql(self, scope: AccountScope) -> SQL:
        """Return the documents of all sources.

        Of the orders that are not read again, the rows that are there stand for them.
        """
        documents = [
            SQL(
                "SELECT %s::varchar AS source, rows.*, TRUE AS is_fresh,"
                " NULL::int AS known_gap_days FROM (%s) rows",
                source,
                self._with_categories_sql(source, scope),
            )
            for source in self._get_sources_in_use()
        ]
        if scope.orders is not None:
            documents.append(self._orders_kept_sql(scope))
        return SQL(" UNION ALL ").join(documents)

    def _orders_kept_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            """
            SELECT source, res_id, partner_id, company_id, date, amount, is_purchase,
                   categ_ids, FALSE, gap_days
              FROM customer_purchase
             WHERE %s AND NOT %s
            """,
            scope.condition(SQL("partner_id")),
            self._read_again_sql(scope),
        )

    def _scope_sql(self, scope: AccountScope) -> SQL:
        return SQL("%s AND %s", super()._scope_sql(scope), self._read_again_sql(scope))

    @staticmethod
    def _read_again_sql(scope: AccountScope) -> SQL:
        """Return whether a row is of a document that is read again."""
        return SQL("(source <> 'order' OR %s)", scope.orders_condition(SQL("res_id")))

    # === ACTIONS === #

    def action_open_document(self):
        """Open the order or invoice the row comes from.

        Core's form of an invoice refuses whoever may not read payments, salespeople
        among them: they get the page that the customer sees.
        """
        self.ensure_one()
        document = self.env[self._get_sources()[self.source]].browse(self.res_id)
        may_read_payments = self.env["account.payment"].has_access("read")
        if document._name == "account.move" and not may_read_payments:
            document.check_access("read")
            return {"type": "ir.actions.act_url", "url": document.get_portal_url()}
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }
