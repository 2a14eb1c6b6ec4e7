from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .customer_tier_counting import MONEY_METRICS, Counting


class CustomerTierLadder(models.Model):
    """The entries of a ladder: what documents and adjustments add to its measures."""

    _inherit = "customer.tier.ladder"

    def _entries_sql(self, scope: AccountScope) -> SQL:
        """Return the entries of some accounts.

        Columns: ``measure_key`` (see `Counting.key`), ``measure_id``, ``source``,
        ``res_id``, ``partner_id`` (the account), ``company_id``, ``day`` it counts on,
        ``known_on``, ``value`` in the currency of the ladder, and the ``rate`` by
        which an amount was converted (1: not at all).
        """
        self.ensure_one()
        countings = self._countings()[self.id]
        parts = [self._counted_entries_sql(counting, scope) for counting in countings]
        parts += [self._adjusted_entries_sql(countings, scope)] if countings else []
        if not parts:
            return self._no_entries_sql()
        return SQL(" UNION ALL ").join(parts)

    @api.model
    def _no_entries_sql(self) -> SQL:
        return SQL(
            "SELECT NULL::int AS measure_key, NULL::int AS measure_id,"
            " NULL::varchar AS source, NULL::int AS res_id, NULL::int AS partner_id,"
            " NULL::int AS company_id, NULL::date AS day, NULL::date AS known_on,"
            " NULL::float8 AS value, NULL::float8 AS rate WHERE FALSE"
        )

    def _counted_entries_sql(self, counting: Counting, scope: AccountScope) -> SQL:
        """Return what documents add to one measure."""
        rate = SQL("1::float8")
        if counting.metric in MONEY_METRICS:
            rate = self._rate_sql(counting.currency_id)
        return SQL(
            """
            SELECT %(key)s::int AS measure_key, %(measure)s::int AS measure_id,
                   source, res_id, partner_id, company_id, counts_on AS day,
                   date AS known_on, value * rate AS value, rate
              FROM (SELECT document.*, (%(rate)s)::float8 AS rate
                      FROM (%(documents)s) document
                     WHERE value <> 0) converted
            """,
            key=counting.key,
            measure=counting.measure_id,
            rate=rate,
            documents=self._valued_documents_sql(counting, scope),
        )

    def _valued_documents_sql(self, counting: Counting, scope: AccountScope) -> SQL:
        """Return the documents of a measure, from the purchases or from the cache."""
        entries = self.env["customer.tier.entry"]
        if self._is_plain(counting):
            return entries._valued_sql(
                counting.metric, entries._counted_purchases_sql(self, scope)
            )
        return SQL(
            """
            SELECT source, res_id, partner_id, company_id, counts_on, date, value
              FROM customer_tier_entry
             WHERE measure_id = %s AND counting = %s AND %s AND %s
            """,
            counting.measure_id,
            counting.number,
            scope.condition(SQL("partner_id")),
            entries._of_ladder_sql(self, SQL("company_id")),
        )

    def _adjusted_entries_sql(
        self, countings: list[Counting], scope: AccountScope
    ) -> SQL:
        """Return what people have added or taken away, in the ladder's currency."""
        return SQL(
            """
            SELECT counted.key, adjustment.measure_id, 'adjustment', adjustment.id,
                   mapping.account_id, NULL::int, adjustment.date, adjustment.date,
                   adjustment.value::float8, 1::float8
              FROM customer_tier_adjustment adjustment
              JOIN %(mapping)s mapping ON mapping.partner_id = adjustment.partner_id
              JOIN unnest(%(measures)s::int[], %(keys)s::int[])
                    AS counted (measure_id, key)
                ON counted.measure_id = adjustment.measure_id
             WHERE %(scope)s
            """,
            mapping=self.env["customer.account"]._mapping_sql(scope),
            measures=[counting.measure_id for counting in countings],
            keys=[counting.key for counting in countings],
            scope=scope.condition(SQL("mapping.account_id")),
        )

    # === CURRENCIES === #

    def _rate_sql(self, currency_id: int) -> SQL:
        """Return the rate from the currency of ``document.company_id`` to a currency,
        on the day ``document.counts_on``: a credit note takes back what was counted.
        """
        # sudo: res.company - currencies of all companies whose purchases count
        roots = self.company_id.sudo() or self.env["res.company"].sudo().search(
            [("parent_id", "=", False)]
        )
        foreign = [root for root in roots if root.currency_id.id != currency_id]
        if not foreign:
            return SQL("1")
        return SQL(
            "CASE document.company_id %s ELSE 1 END",
            SQL(" ").join(
                SQL(
                    "WHEN %s THEN %s / %s",
                    root.id,
                    self._day_rate_sql(currency_id, root.id),
                    self._day_rate_sql(root.currency_id.id, root.id),
                )
                for root in foreign
            ),
        )

    @api.model
    def _day_rate_sql(self, currency_id: int, company_id: int) -> SQL:
        """Return the rate of a currency on the day of ``document``, as core reads it:
        the last one until then, else the first one after, else 1.
        """
        found = SQL(
            """SELECT rate.rate::float8 FROM res_currency_rate rate
                WHERE rate.currency_id = %s
                  AND (rate.company_id IS NULL OR rate.company_id = %s)""",
            currency_id,
            company_id,
        )
        return SQL(
            "COALESCE((%(found)s AND rate.name <= document.counts_on"
            " ORDER BY rate.company_id, rate.name DESC LIMIT 1),"
            " (%(found)s ORDER BY rate.company_id, rate.name LIMIT 1), 1.0)",
            found=found,
        )
