from __future__ import annotations

from odoo import fields, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .customer_derived import LooseMany2one


class CustomerPurchaseCategory(models.Model):
    """Product categories an account bought from, by day: a rebuildable cache.

    A product that moves to another category takes its past purchases along, as in
    core's own reports. The product has too many customers to queue them all: the
    weekly reconciliation finds them, or the next purchase of each.
    """

    _name = "customer.purchase.category"
    _inherit = "customer.derived"
    _description = "Category Purchased"
    _order = "date desc, id desc"
    _log_access = False
    _derived_columns = ("partner_id", "company_id", "date", "categ_id")
    _derived_key = _derived_columns

    partner_id = LooseMany2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    company_id = LooseMany2one("res.company", required=True, ondelete="cascade")
    categ_id = LooseMany2one(
        "product.category", string="Category", required=True, ondelete="cascade"
    )
    date = fields.Date(required=True)

    _day_unique = models.Constraint(
        "UNIQUE(partner_id, company_id, date, categ_id)", "A day counts once."
    )

    def _get_derived_sql(self, scope: AccountScope) -> SQL:
        """Read the lines of the documents that count as purchases."""
        return SQL(
            """
            SELECT DISTINCT bought.partner_id, bought.company_id, bought.date,
                   template.categ_id
              FROM (%s) bought
              JOIN product_product product ON product.id = bought.product_id
              JOIN product_template template
                ON template.id = product.product_tmpl_id
             WHERE template.categ_id IS NOT NULL
            """,
            SQL(" UNION ALL ").join(
                self._get_line_sql(source, scope)
                for source in self.env["customer.purchase"]._get_sources_in_use()
            ),
        )

    def _get_line_sql(self, source: str, scope: AccountScope) -> SQL:
        """Return ``partner_id, company_id, date, product_id`` of a source's lines."""
        table, document = self._get_line_table(source)
        return SQL(
            """
            SELECT purchase.partner_id, purchase.company_id, purchase.date,
                   line.product_id
              FROM customer_purchase purchase
              JOIN %(table)s line ON line.%(document)s = purchase.res_id
             WHERE purchase.source = %(source)s AND purchase.is_purchase
               AND line.product_id IS NOT NULL
               AND %(scope)s
            """,
            table=SQL.identifier(table),
            document=SQL.identifier(document),
            source=source,
            scope=scope.condition(SQL("purchase.partner_id")),
        )

    def _get_line_table(self, source: str) -> tuple[str, str]:
        """Return the table of the lines of a source and its column of the document."""
        if source == "order":
            return "sale_order_line", "order_id"
        return "account_move_line", "move_id"
