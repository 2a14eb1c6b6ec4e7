from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import int_array
from .customer_account import AccountScope


class CustomerTierMembership(models.Model):
    """Who holds the membership of whom: an account itself, or the head of its group."""

    _inherit = "customer.tier.membership"

    @api.model
    def _heads_of_ladder_sql(self, ladder) -> SQL:
        """Return the accounts that qualify with somebody else in a ladder.

        Columns as in ``customer.account.group._heads_sql``.
        """
        groups = self.env["customer.account.group"]
        if ladder.rolls_up_groups:
            return groups._heads_sql(ladder.company_id or None)
        return SQL("(SELECT * FROM %s nobody WHERE FALSE)", groups._heads_sql())

    @api.model
    def _on_day_sql(self, alias: str, day: SQL | date) -> SQL:
        """Return whether a row of heads is good for a day."""
        return SQL(
            "COALESCE(%(alias)s.date_from <= %(day)s, TRUE)"
            " AND COALESCE(%(alias)s.date_until >= %(day)s, TRUE)",
            alias=SQL.identifier(alias),
            day=day,
        )

    @api.model
    def _holder_ids(self, ladder, account_ids: Iterable[int]) -> dict[int, int]:
        """Return {account: holder} of a ladder today; one query."""
        account_ids = list(account_ids)
        heads = self.env.execute_query(
            SQL(
                "SELECT account_id, head_id FROM %s head"
                " WHERE account_id = ANY(%s) AND %s",
                self._heads_of_ladder_sql(ladder),
                int_array(account_ids),
                self._on_day_sql("head", ladder._today()),
            )
        )
        return {**{one: one for one in account_ids}, **dict(heads)}

    @api.model
    def _with_groups(self, scope: AccountScope) -> AccountScope:
        """Return the accounts with everybody who has ever qualified with them: what
        one of them buys may change the tier of the head.
        """
        if scope.ids is None or not scope:
            return scope
        groups = self.env["customer.account.group"]
        groups.flush_model(["lead_id", "active"])
        # sudo: customer.account.group - they decide for everybody
        if not groups.sudo().search_count([], limit=1):
            return scope
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT other.account_id
                  FROM %(mapping)s own
                  JOIN customer_account_group_member mine
                    ON mine.partner_id = own.partner_id
                  JOIN customer_account_group_member theirs
                    ON theirs.group_id = mine.group_id
                  JOIN customer_account_group membership
                    ON membership.id = mine.group_id
                  JOIN %(mapping)s other
                    ON other.partner_id IN (theirs.partner_id, membership.lead_id)
                 WHERE own.account_id = ANY(%(ids)s)
                """,
                mapping=self.env["customer.account"]._mapping_sql(),
                ids=int_array(scope.ids),
            )
        )
        return AccountScope.of({*scope.ids, *(one for (one,) in rows)})

    def _with_members(self, scope: AccountScope) -> AccountScope:
        """Return the accounts with everybody whose head one of them may be."""
        if not scope.is_limited or not scope:
            return scope
        self.env["customer.account.group"]._flush_heads()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT mapping.account_id
                  FROM customer_account_group membership
                  JOIN %(mapping)s lead ON lead.partner_id = membership.lead_id
                  JOIN customer_account_group_member member
                    ON member.group_id = membership.id
                  JOIN %(mapping)s mapping ON mapping.partner_id = member.partner_id
                 WHERE membership.active AND %(scope)s
                """,
                mapping=self.env["customer.account"]._mapping_sql(),
                scope=scope.condition(SQL("lead.account_id")),
            )
        )
        return scope.including(account_id for (account_id,) in rows)
