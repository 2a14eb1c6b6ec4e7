from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .loose_many2one import LooseMany2one


class CustomerQuotation(models.Model):
    """The days on which a quotation was open: a rebuildable cache.

    A quotation is open from the day it was made until the day it was confirmed
    or ran out, that day not included. Cancelled ones are left out: core does not
    keep the day they were cancelled.
    """

    _name = "customer.quotation"
    _inherit = "customer.derived"
    _description = "Quotation Period"
    _order = "opened_on desc, id desc"
    _log_access = False
    _derived_columns = (
        "order_id",
        "partner_id",
        "company_id",
        "opened_on",
        "closed_on",
        "amount",
    )
    _derived_key = ("order_id",)
    _derived_day = "opened_on"
    _follows_orders = True

    partner_id = LooseMany2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    company_id = LooseMany2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = LooseMany2one("sale.order", required=True, ondelete="cascade")
    opened_on = fields.Date(required=True)
    closed_on = fields.Date(help="First day on which it was no longer open.")
    amount = fields.Monetary(required=True)

    _order_unique = models.Constraint("UNIQUE(order_id)", "A quotation counts once.")

    def _get_derived_sql(self, scope: AccountScope) -> SQL:
        companies = self.env["res.company"]
        return SQL(
            """
            SELECT period.* FROM (
                SELECT sale.id AS order_id, account.account_id AS partner_id,
                       company.root_id AS company_id,
                       %(created_on)s AS opened_on,
                       CASE WHEN sale.state = 'sale' THEN %(confirmed_on)s
                            ELSE sale.validity_date + 1
                       END AS closed_on,
                       CASE WHEN COALESCE(sale.currency_rate, 1) IN (0, 1)
                            THEN COALESCE(sale.amount_untaxed, 0)
                            ELSE round(sale.amount_untaxed / sale.currency_rate,
                                       company.decimals)
                       END AS amount
                  FROM sale_order sale
                  JOIN %(accounts)s account ON account.partner_id = sale.partner_id
                  JOIN %(companies)s company ON company.id = sale.company_id
                 WHERE %(orders)s
                   AND (sale.state IN ('draft', 'sent') OR %(won)s)
            ) period
             WHERE closed_on IS NULL OR closed_on > opened_on
            """,
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            companies=companies._retention_companies_sql(),
            **self._moments_sql(),
            orders=scope.orders_condition(SQL("sale.id")),
        )

    @api.model
    def _moments_sql(self) -> dict[str, SQL]:
        """Return the first day of a ``sale`` of a ``company``, the day it was
        confirmed, and whether it was won: an order that was entered when it had been
        given, or loaded from elsewhere, was no quotation.
        """
        days, zone = self.env["res.company"]._retention_day_sql, SQL("company.tz")
        return {
            "created_on": days(SQL("sale.create_date"), zone),
            "confirmed_on": days(SQL("sale.date_order"), zone),
            "won": SQL("sale.state = 'sale' AND sale.create_date < sale.date_order"),
        }

    def _scope_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            "%s AND %s",
            super()._scope_sql(scope),
            scope.orders_condition(SQL("order_id")),
        )
