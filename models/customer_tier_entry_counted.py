from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .customer_tier_counting import Counting, Rate

# What is left of a purchase when all of it was credited: nothing, but for roundings.
NOTHING = 0.005


class CustomerTierEntry(models.Model):
    """What purchases and credit notes add to a measure, as relations of SQL.

    A credit note that names its original counts on the day of that one: what was
    bought and credited leaves nothing, whichever window one looks at.
    """

    _inherit = "customer.tier.entry"

    def _get_derived_sql(self, scope: AccountScope) -> SQL:
        """Return the rows of the measures that look at lines."""
        ladders = self._ladders_in_use()
        rows = [
            self._measured_lines_sql(ladder, counting, scope)
            for ladder in ladders
            for counting in ladder._countings()[ladder.id]
            if not ladder._is_plain(counting)
        ]
        if not rows:
            rows = [self._no_rows_sql()]
        return SQL(" UNION ALL ").join(rows)

    @api.model
    def _ladders_in_use(self):
        # sudo: customer.tier.ladder - what counts does not depend on who asks
        ladders = self.env["customer.tier.ladder"].sudo()
        return ladders.search([])  # pylint: disable=no-search-all

    @api.model
    def _looks_at_lines(self) -> bool:
        """Whether a measure in use needs the lines of documents."""
        return any(
            not ladder._is_plain(counting)
            for ladder in self._ladders_in_use()
            for counting in ladder._countings()[ladder.id]
        )

    @api.model
    def _no_rows_sql(self) -> SQL:
        return SQL(
            "SELECT NULL::int, NULL::int, NULL::varchar, NULL::int, NULL::int,"
            " NULL::int, NULL::date, NULL::date, NULL::float8 WHERE FALSE"
        )

    def _measured_lines_sql(self, ladder, counting: Counting, scope) -> SQL:
        """Return the rows of one measure, in the order of the columns."""
        return SQL(
            """
            SELECT %(measure)s::int, %(number)s::int, source, res_id, partner_id,
                   company_id, counts_on, date, value
              FROM (%(valued)s) valued WHERE value <> 0
            """,
            measure=counting.measure_id,
            number=counting.number,
            valued=self._valued_sql(
                counting.metric, self._counted_lines_sql(ladder, counting, scope)
            ),
        )

    # === DOCUMENTS === #

    @api.model
    def _counted_purchases_sql(self, ladder, scope: AccountScope) -> SQL:
        """Return the purchases that count, each with the document it takes back.

        Columns: ``source, res_id, partner_id, company_id, date, counts_on,
        original_id, is_purchase, amount``.
        """
        return SQL(
            """
            SELECT purchase.source, purchase.res_id, purchase.partner_id,
                   purchase.company_id, purchase.date,
                   LEAST(original.date, purchase.date) AS counts_on,
                   original.id AS original_id, purchase.id, purchase.is_purchase,
                   purchase.amount
              FROM customer_purchase purchase
         LEFT JOIN LATERAL (%(originals)s) original ON TRUE
             WHERE %(scope)s AND %(company)s
            """,
            originals=self._originals_sql(),
            scope=scope.condition(SQL("purchase.partner_id")),
            company=self._of_ladder_sql(ladder, SQL("purchase.company_id")),
        )

    @api.model
    def _of_ladder_sql(self, ladder, column: SQL) -> SQL:
        """Return whether a company is one whose purchases count in a ladder."""
        if not ladder.company_id:
            return SQL("TRUE")
        return SQL("%s = %s", column, ladder.company_id.id)

    @api.model
    def _originals_sql(self) -> SQL:
        """Return the ``id`` and ``date`` of the purchase that ``purchase`` takes back.

        Only what is negative takes something back.
        """
        originals = SQL(" UNION ALL ").join(
            SQL(
                "SELECT found.* FROM (%s) found"
                " WHERE purchase.amount < 0 AND purchase.source = %s",
                original,
                source,
            )
            for source, original in self._original_sources().items()
        )
        return SQL("SELECT * FROM (%s) any_source LIMIT 1", originals)

    @api.model
    def _original_sources(self) -> dict[str, SQL]:
        """Return {source: the purchase that one of its documents takes back}."""
        return {
            "credit": SQL(
                """
                SELECT ordered.id, ordered.date
                  FROM account_move_line line
                  JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
                  JOIN sale_order_line sold ON sold.id = rel.order_line_id
                  JOIN customer_purchase ordered
                    ON ordered.res_id = sold.order_id AND ordered.source = 'order'
                 WHERE line.move_id = purchase.res_id
              ORDER BY ordered.date, ordered.id LIMIT 1
                """
            ),
            "invoice": SQL(
                """
                SELECT billed.id, billed.date
                  FROM account_move move
                  JOIN customer_purchase billed
                    ON billed.res_id = move.reversed_entry_id
                   AND billed.source = 'invoice'
                 WHERE move.id = purchase.res_id
                """
            ),
        }

    def _counted_lines_sql(self, ladder, counting: Counting, scope) -> SQL:
        """Return the purchases with what the lines that count are worth."""
        sources = self.env["customer.purchase"]._get_sources_in_use()
        lines = SQL(" UNION ALL ").join(
            SQL("SELECT %s AS source, rows.* FROM (%s) rows", source, rows)
            for source, rows in self._line_sources().items()
            if source in sources
        )
        return SQL(
            """
            SELECT purchase.source, purchase.res_id, purchase.partner_id,
                   purchase.company_id, purchase.date,
                   COALESCE(purchase.counts_on, purchase.date) AS counts_on,
                   purchase.original_id, purchase.id, purchase.is_purchase,
                   SUM(%(worth)s) AS amount
              FROM (%(purchases)s) purchase
              JOIN LATERAL (
                    SELECT * FROM (%(lines)s) every
                     WHERE every.source = purchase.source
                       AND every.res_id = purchase.res_id
              ) line ON TRUE
             WHERE %(counts)s
          GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
            """,
            worth=self._worth_sql(counting),
            purchases=self._counted_purchases_sql(ladder, scope),
            lines=lines,
            counts=self._line_counts_sql(counting),
        )

    # === LINES === #

    @api.model
    def _worth_sql(self, counting: Counting) -> SQL:
        """Return what a line adds to the measure."""
        if counting.metric == "units":
            return SQL("line.quantity")
        if counting.metric == "margin":
            return SQL("COALESCE(line.margin, 0)")
        if counting.metric == "points":
            return SQL("line.amount * %s", self._rate_sql(counting.rates))
        return SQL("line.amount")

    @api.model
    def _rate_sql(self, rates: tuple[Rate, ...]) -> SQL:
        """Return the highest rate of those that apply to a line on its day."""
        cases = [
            SQL(
                "CASE WHEN %s AND %s AND %s THEN %s::numeric END",
                self._in_categories_sql(rate.category_ids)
                if rate.category_ids
                else SQL("TRUE"),
                SQL("purchase.counts_on >= %s::date", rate.starts)
                if rate.starts
                else SQL("TRUE"),
                SQL("purchase.counts_on <= %s::date", rate.until)
                if rate.until
                else SQL("TRUE"),
                rate.rate,
            )
            for rate in rates
        ]
        if not cases:
            return SQL("1")
        return SQL("COALESCE(GREATEST(%s), 0)", SQL(", ").join(cases))

    @api.model
    def _line_counts_sql(self, counting: Counting) -> SQL:
        """Return whether a line counts: the right category, nothing left out."""
        conditions = []
        if counting.category_ids:
            conditions.append(self._in_categories_sql(counting.category_ids))
        if counting.excluded_category_ids:
            conditions.append(
                SQL("NOT %s", self._in_categories_sql(counting.excluded_category_ids))
            )
        if counting.excluded_product_ids:
            conditions.append(
                SQL(
                    "COALESCE(line.product_id <> ALL(%s), TRUE)",
                    list(counting.excluded_product_ids),
                )
            )
        if not counting.counts_shipping:
            conditions.append(SQL("NOT line.is_shipping"))
        return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")

    @api.model
    def _in_categories_sql(self, category_ids: tuple[int, ...]) -> SQL:
        """Return whether a line is of one of these categories or below them."""
        # sudo: product.category - what counts does not depend on who asks
        categories = self.env["product.category"].sudo()
        below = categories.search([("id", "child_of", list(category_ids))])
        return SQL("COALESCE(line.categ_id = ANY(%s), FALSE)", below.ids)

    # === VALUES === #

    @api.model
    def _valued_sql(self, metric: str, counted: SQL) -> SQL:
        """Return the counted documents with their ``value``.

        A purchase counts as one until all of it was credited; then the credit note
        takes the one away.
        """
        value = SQL("round(amount::numeric, 6)::float8")
        if metric in ("purchases", "purchase_days"):
            counted = SQL(
                """
                SELECT *, SUM(amount) OVER (
                           PARTITION BY COALESCE(original_id, id)
                           ORDER BY (original_id IS NOT NULL), date, id) AS left_over,
                       bool_or(is_purchase AND original_id IS NULL) OVER (
                           PARTITION BY COALESCE(original_id, id)) AS has_original
                  FROM (%s) counted
                """,
                counted,
            )
            value = SQL(
                """CASE WHEN original_id IS NULL
                        THEN (is_purchase AND amount > 0)::int
                        WHEN has_original AND left_over <= %(nothing)s
                             AND left_over - amount > %(nothing)s THEN -1
                        ELSE 0 END::float8""",
                nothing=NOTHING,
            )
        return SQL(
            """
            SELECT source, res_id, partner_id, company_id,
                   COALESCE(counts_on, date) AS counts_on, date, %(value)s AS value
              FROM (%(counted)s) counted
            """,
            value=value,
            counted=counted,
        )
