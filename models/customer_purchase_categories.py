from __future__ import annotations

from odoo import fields, models
from odoo.tools import SQL

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

    def _document_categories_sql(self, source: str) -> SQL:
        """Return the categories of the document ``rows.res_id``, or NULL."""
        if not self._get_line_table(source):
            return SQL("NULL::int[]")
        return SQL(
            "CASE WHEN rows.is_purchase THEN (%s) END",
            self._categories_sql(source, SQL("= rows.res_id")),
        )

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

    def _categories_sql(self, source: str, document: SQL | None = None) -> SQL:
        """Return ``res_id, categ_ids`` of a source, or the categories of a document.

        :param document: condition on the document of a line
        """
        table, column = map(SQL.identifier, self._get_line_table(source))
        categories = SQL(
            """array_agg(DISTINCT template.categ_id ORDER BY template.categ_id)
                   AS categ_ids
              FROM %s line
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE template.categ_id IS NOT NULL""",
            table,
        )
        if document:
            return SQL("SELECT %s AND line.%s %s", categories, column, document)
        return SQL(
            "SELECT line.%(column)s AS res_id, %(categories)s GROUP BY line.%(column)s",
            column=column,
            categories=categories,
        )
