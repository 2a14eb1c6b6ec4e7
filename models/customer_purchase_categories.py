from __future__ import annotations

from odoo import fields, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .integer_array import IntegerArray

# Lines of the documents that can be purchases: {source: (table, its document)}
LINES = {
    "order": ("sale_order_line", "order_id"),
    "invoice": ("account_move_line", "move_id"),
}


class CustomerPurchase(models.Model):
    """Product categories of a purchase, kept with it.

    A product that moves to another category takes its past purchases along, as in
    core's own reports. The product has too many customers to queue them all: the
    weekly reconciliation finds them.
    """

    _inherit = "customer.purchase"

    categ_ids = IntegerArray(string="Product Categories", groups=fields.NO_ACCESS)

    def _get_line_table(self, source: str) -> tuple[str, str] | None:
        """Return the table of the lines of a source and its column of the document;
        None where no document is a purchase.
        """
        return LINES.get(source)

    def _fill_categories(self) -> None:
        """Read the categories of all purchases that are there already."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_purchase bought SET categ_ids = sold.categ_ids
                  FROM (%s) sold
                 WHERE (sold.source, sold.res_id) = (bought.source, bought.res_id)
                   AND bought.is_purchase
                   AND bought.categ_ids IS DISTINCT FROM sold.categ_ids
                """,
                self._all_categories_sql(),
            )
        )
        self.invalidate_model()

    def _with_categories_sql(self, source: str, scope: AccountScope) -> SQL:
        """Return the rows of a source with their categories.

        Those of a few documents are looked up. Those of a mass are joined while the
        documents still come as they are stored, like their lines: later, customer by
        customer, every look-up would be at another place.
        """
        rows = self._get_source_sql(source, scope)
        if not self._get_line_table(source):
            return SQL("SELECT rows.*, NULL::int[] AS categ_ids FROM (%s) rows", rows)
        if scope.ids is not None:
            return SQL(
                "SELECT rows.*, CASE WHEN rows.is_purchase THEN (%s) END AS categ_ids"
                " FROM (%s) rows",
                self._document_categories_sql(source, SQL("= rows.res_id")),
                rows,
            )
        joined = SQL(
            "SELECT rows.*, CASE WHEN rows.is_purchase THEN sold.categ_ids END"
            " AS categ_ids FROM %s rows LEFT JOIN (%s) sold USING (res_id)",
            SQL("(%s)", rows) if not scope.is_limited else SQL("mass"),
            self._categories_sql(source, of_mass=scope.is_limited),
        )
        if not scope.is_limited:
            return joined
        # The lines of a range are some of all: the others are not to be sorted.
        return SQL("WITH mass AS MATERIALIZED (%s) %s", rows, joined)

    def _all_categories_sql(self) -> SQL:
        """Return ``source, res_id, categ_ids`` of all documents with lines."""
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s::varchar AS source, sold.* FROM (%s) sold",
                source,
                self._categories_sql(source),
            )
            for source in self._get_sources_in_use()
            if self._get_line_table(source)
        )

    def _document_categories_sql(self, source: str, document: SQL) -> SQL:
        """Return the categories of one document.

        :param document: condition on the document of a line
        """
        table, column = map(SQL.identifier, self._get_line_table(source))
        return SQL(
            """
            SELECT %s AS categ_ids FROM %s line
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template
                ON template.id = product.product_tmpl_id
             WHERE template.categ_id IS NOT NULL AND line.%s %s
            """,
            self._distinct_sql(SQL("template.categ_id")),
            table,
            column,
            document,
        )

    def _categories_sql(self, source: str, of_mass: bool = False) -> SQL:
        """Return ``res_id, categ_ids`` of a source.

        Products are few: with their categories known, one pass over the lines does.

        :param of_mass: only of the documents of a relation ``mass``
        """
        table, column = map(SQL.identifier, self._get_line_table(source))
        wanted = SQL("line.%s IN (SELECT res_id FROM mass)", column)
        return SQL(
            """
            SELECT line.%(column)s AS res_id, %(categories)s AS categ_ids
              FROM %(table)s line
              JOIN (SELECT product.id, template.categ_id FROM product_product product
                      JOIN product_template template
                        ON template.id = product.product_tmpl_id
                     WHERE template.categ_id IS NOT NULL OFFSET 0) product
                ON product.id = line.product_id
             WHERE %(wanted)s
          GROUP BY line.%(column)s
            """,
            wanted=wanted if of_mass else SQL("TRUE"),
            column=column,
            table=table,
            categories=self._distinct_sql(SQL("product.categ_id")),
        )

    @staticmethod
    def _distinct_sql(column: SQL) -> SQL:
        return SQL("array_agg(DISTINCT %s ORDER BY %s)", column, column)
