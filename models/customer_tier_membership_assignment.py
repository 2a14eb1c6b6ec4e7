from __future__ import annotations

from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..logic import rule as rule_logic
from .customer_account import AccountScope


class CustomerTierMembership(models.Model):
    """Which ladder is whose: the first one of a company that is for the customer."""

    _inherit = "customer.tier.membership"

    @api.model
    def _create_assigned_table(
        self, scope: AccountScope, ladders, as_of: date | None
    ) -> None:
        """Work out which ladder each holder is in, into a table of this transaction.

        Columns: ``holder_id, ladder_id, user_id, active``. A group is in the ladder of
        its head; if the head is no customer, in the first ladder of its members.

        :param ladders: every ladder in use, in the order of precedence
        """
        companies = self.env["res.company"]._retention_tier_roots()
        grouped = self._has_groups()
        concerned = self._with_members(scope) if grouped else None
        parts = [
            self._assigned_sql(company, company_ladders, scope, as_of, concerned)
            for company in companies
            if (company_ladders := self._of_company(ladders, company))
        ]
        everybody = SQL(" UNION ALL ").join(parts) if parts else self._nobody_sql()
        if grouped or len(parts) > 1:
            everybody = SQL(
                """
                SELECT DISTINCT ON (holder_id, ladder_id)
                       holder_id, ladder_id, user_id, active, is_own
                  FROM (SELECT DISTINCT ON (company_id, holder_id) * FROM (%s) placed
                      ORDER BY company_id, holder_id, is_own DESC, number) first
              ORDER BY holder_id, ladder_id, is_own DESC
                """,
                everybody,
            )
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE customer_tier_assigned ON COMMIT DROP AS"
                " SELECT holder_id, ladder_id, user_id, active FROM (%s) assigned",
                everybody,
            )
        )
        if not scope.ids:
            self.env.cr.execute("ANALYZE customer_tier_assigned")

    @api.model
    def _of_company(self, ladders, company):
        """Return the ladders of a company, its own before shared ones."""
        own = ladders.filtered(lambda ladder: ladder.company_id == company)
        return own + ladders.filtered(lambda ladder: not ladder.company_id)

    @api.model
    def _has_groups(self) -> bool:
        # sudo: customer.account.group - they decide for everybody
        return bool(self.env["customer.account.group"].sudo().search_count([], limit=1))

    @api.model
    def _nobody_sql(self) -> SQL:
        return SQL(
            "SELECT NULL::int AS holder_id, NULL::int AS ladder_id,"
            " NULL::int AS user_id, TRUE AS active WHERE FALSE"
        )

    def _assigned_sql(
        self,
        company,
        ladders,
        scope: AccountScope,
        as_of: date | None,
        concerned: AccountScope | None = None,
    ) -> SQL:
        """Return the holders of one company, each with its ladder.

        :param concerned: the customers whom the holders may stand for; None where
            there are no groups
        """
        account = SQL("row.partner_id")
        joins, holder = SQL(), account
        if concerned:
            day = as_of or company._retention_today()
            joins = self._join_heads_sql(company, day)
            holder = SQL("COALESCE(own.head_id, shared.head_id, row.partner_id)")
        return SQL(
            """
            SELECT * FROM (
                SELECT %(company)s::int AS company_id, %(holder)s AS holder_id,
                       ladder.id AS ladder_id, ladder.number, row.user_id, row.active,
                       %(holder)s = row.partner_id AS is_own
                  FROM (%(customers)s) row
                  JOIN %(ladders)s ON ladder.id = row.ladder_id
                  %(joins)s) placed
             WHERE %(scope)s
            """,
            company=company.id,
            holder=holder,
            customers=self._customers_sql(company, ladders, concerned or scope, as_of),
            ladders=self._numbered_sql(ladders),
            joins=joins,
            scope=scope.condition(SQL("holder_id")) if concerned else SQL("TRUE"),
        )

    @api.model
    def _numbered_sql(self, ladders) -> SQL:
        """Return ladders as relation ``ladder``, numbered in their order."""
        return SQL(
            "unnest(%s::int[], %s::int[], %s::bool[], %s::bool[])"
            " AS ladder (id, number, is_shared, rolls_up)",
            ladders.ids,
            list(range(len(ladders))),
            [not ladder.company_id for ladder in ladders],
            [ladder.rolls_up_groups for ladder in ladders],
        )

    @api.model
    def _join_heads_sql(self, company, day: date) -> SQL:
        heads = self.env["customer.account.group"]._heads_sql
        return SQL(
            """LEFT JOIN %(own_heads)s own
                      ON own.account_id = row.partner_id AND ladder.rolls_up
                     AND NOT ladder.is_shared AND %(own_day)s
               LEFT JOIN %(shared_heads)s shared
                      ON shared.account_id = row.partner_id AND ladder.rolls_up
                     AND ladder.is_shared AND %(shared_day)s""",
            own_heads=heads(company),
            shared_heads=heads(None),
            own_day=self._on_day_sql("own", day),
            shared_day=self._on_day_sql("shared", day),
        )

    def _customers_sql(
        self, company, ladders, scope: AccountScope, as_of: date | None
    ) -> SQL:
        """Return the customers of a company with the first ladder that is for them.

        Columns: ``partner_id, user_id, active, ladder_id``. Who must not be profiled
        is left out.
        """
        if not company.retention_use_stages:
            return self._buyers_sql(company, ladders, scope)
        return SQL(
            """
            SELECT * FROM (
                SELECT row.partner_id, row.user_id, row.active, %(ladder)s AS ladder_id
                  FROM customer_relationship row
                 WHERE row.company_id = %(company)s AND row.is_excluded IS NOT TRUE
                   AND %(scope)s) customer
             WHERE ladder_id IS NOT NULL
            """,
            ladder=self._first_ladder_sql(ladders, as_of or company._retention_today()),
            company=company.id,
            scope=scope.condition(SQL("row.partner_id")),
        )

    def _buyers_sql(self, company, ladders, scope: AccountScope) -> SQL:
        """Return those who have bought in a company that uses no positions.

        Nothing is known of them that a rule could ask for: only ladders that are for
        everybody are.
        """
        open_ladders = ladders.filtered(lambda ladder: (ladder.rule or "[]") == "[]")
        return SQL(
            """
            SELECT partner.id AS partner_id, partner.user_id, partner.active,
                   %(ladder)s::int AS ladder_id
              FROM res_partner partner
             WHERE %(ladder)s::int IS NOT NULL AND %(scope)s AND EXISTS (
                   SELECT FROM customer_purchase bought
                    WHERE bought.partner_id = partner.id
                      AND bought.company_id = %(company)s)
            """,
            ladder=open_ladders[:1].id or None,
            scope=scope.condition(SQL("partner.id")),
            company=company.id,
        )

    def _first_ladder_sql(self, ladders, day: date) -> SQL:
        """Return the first ladder whose rule holds for the relationship ``row``.

        A ladder with a rule that names a fact of a module that is not installed is
        for nobody.
        """
        relationships = self.env["customer.relationship"]
        facts = self.env["customer.rule.wording"]._available_facts()
        cases = []
        for ladder in ladders:
            if rule_logic.missing_facts(ladder.rule or "[]", facts):
                continue
            node = rule_logic.parse(ladder.rule or "[]", facts)
            compiled = rule_logic.to_sql(
                node, relationships._fact_column, f"DATE '{day.isoformat()}'"
            )
            cases.append(
                SQL("WHEN %s THEN %s", relationships._rule_sql(compiled), ladder.id)
            )
        if not cases:
            return SQL("NULL::int")
        return SQL("CASE %s END", SQL(" ").join(cases))
