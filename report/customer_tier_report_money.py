from odoo import api, models
from odoo.tools import SQL


class CustomerTierReport(models.Model):
    """What members bring and cost in a month, in the currency of the reader."""

    _inherit = "customer.tier.report"

    # === WHO === #

    @api.model
    def _heads_sql(self) -> SQL:
        """Return who qualifies with whom in which ladder."""
        # sudo: customer.tier.ladder - which of them count groups, whoever reads
        ladders = self.env["customer.tier.ladder"].sudo()
        ladders = ladders.with_context(active_test=False)
        engine = self.env["customer.tier.membership"]
        relations = [
            SQL(
                "SELECT %s::int AS ladder_id, account_id, head_id, date_from,"
                " date_until FROM %s known",
                ladder.id,
                engine._heads_of_ladder_sql(ladder),
            )
            for ladder in ladders.search([("rolls_up_groups", "=", True)])
        ]
        return SQL(" UNION ALL ").join(relations or [self._no_heads_sql()])

    @staticmethod
    def _no_heads_sql() -> SQL:
        return SQL(
            "SELECT NULL::int AS ladder_id, NULL::int AS account_id,"
            " NULL::int AS head_id, NULL::date AS date_from, NULL::date AS date_until"
            " WHERE FALSE"
        )

    @staticmethod
    def _circles_sql() -> SQL:
        """Return whose purchases may count for a holder: its own, and those of its
        group. Who is in no group is missing.
        """
        return SQL(
            """SELECT ladder_id, holder_id, array_agg(account_id) AS account_ids
                 FROM (SELECT ladder_id, head_id AS holder_id, account_id FROM head
                        UNION
                       SELECT ladder_id, account_id, account_id FROM head) counted
             GROUP BY ladder_id, holder_id"""
        )

    @api.model
    def _in_month_sql(self, table: str) -> SQL:
        """Return whether a row of a table is of the month, and of the member or of
        somebody who had its tier on that day.
        """
        return SQL(
            """%(table)s.partner_id
                   = ANY(COALESCE(circle.account_ids, ARRAY[stay.partner_id]))
               AND (circle.account_ids IS NULL OR stay.partner_id = COALESCE((
                   SELECT head.head_id FROM head
                    WHERE head.account_id = %(table)s.partner_id
                      AND head.ladder_id = stay.ladder_id AND %(on_day)s),
                   %(table)s.partner_id))
               AND COALESCE(%(table)s.company_id = stay.company_id, TRUE)
               AND %(table)s.date BETWEEN month.starts AND month.last""",
            table=SQL.identifier(table),
            on_day=self.env["customer.tier.membership"]._on_day_sql(
                "head", SQL.identifier(table, "date")
            ),
        )

    # === MONEY === #

    @api.model
    def _revenue_sql(self) -> SQL:
        return SQL(
            "SELECT SUM(bought.amount * %s) FROM customer_purchase bought WHERE %s",
            self._rate_sql(SQL("bought.company_id")),
            self._in_month_sql("bought"),
        )

    @api.model
    def _discount_sql(self) -> SQL:
        return SQL(
            "SELECT SUM(given.amount * %s) FROM customer_tier_discount given WHERE %s",
            self._rate_sql(SQL("given.company_id")),
            self._in_month_sql("given"),
        )

    @api.model
    def _margin_sql(self) -> SQL:
        """Return the margin of the orders of the month, NULL where none is known."""
        if "margin" not in self.env["sale.order"]._fields:
            return SQL("NULL::numeric")
        return SQL(
            """SELECT SUM(sale.margin / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                          * %(rate)s)
                 FROM customer_purchase bought
                 JOIN sale_order sale
                   ON sale.id = bought.res_id AND bought.source = 'order'
                WHERE %(in_month)s""",
            rate=self._rate_sql(SQL("bought.company_id")),
            in_month=self._in_month_sql("bought"),
        )

    @api.model
    def _benefit_cost_sql(self) -> SQL:
        """Return the estimate of the month, at the currency of the reader."""
        return SQL(
            """SELECT COALESCE(SUM(benefit.cost_per_member), 0) / 12
                      * (%(rate)s)
                      + GREATEST(figures.revenue, 0)
                      * COALESCE(SUM(benefit.cost_percent), 0)::numeric / 100
                 FROM customer_tier_benefit benefit
                WHERE benefit.tier_id = stay.tier_id""",
            rate=self._ladder_rate_sql(),
        )

    @api.model
    def _rate_sql(self, company_column: SQL) -> SQL:
        """Return today's rate from the currency of a company to the reader's."""
        target = self.env.company.currency_id
        # sudo: res.company - their currencies, to show one currency in a sum
        roots = self.env["res.company"].sudo()._retention_tier_roots()
        rates = [
            (root.id, self._rate(root.currency_id))
            for root in roots
            if root.currency_id != target
        ]
        return self._case(company_column, rates)

    @api.model
    def _ladder_rate_sql(self) -> SQL:
        # sudo: customer.tier.ladder - their currencies, to show one in a sum
        ladders = self.env["customer.tier.ladder"].sudo()
        every = ladders.with_context(active_test=False)
        ladders = every.search([])  # pylint: disable=no-search-all
        rates = [
            (ladder.id, self._rate(ladder.currency_id))
            for ladder in ladders
            if ladder.currency_id != self.env.company.currency_id
        ]
        return self._case(SQL("stay.ladder_id"), rates)

    @api.model
    def _rate(self, currency) -> float:
        company = self.env.company
        return currency._get_conversion_rate(
            currency, company.currency_id, company, self._today()
        )

    @api.model
    def _case(self, column: SQL, rates: list) -> SQL:
        if not rates:
            return SQL("1")
        whens = [SQL("WHEN %s THEN %s::numeric", key, rate) for key, rate in rates]
        return SQL("CASE %s %s ELSE 1 END", column, SQL(" ").join(whens))
