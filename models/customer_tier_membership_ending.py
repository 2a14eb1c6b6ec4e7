from __future__ import annotations

from datetime import date

from odoo import models
from odoo.tools import SQL, split_every

from .bulk_load import int_array
from .customer_account import AccountScope
from .customer_tier_membership_evaluation import REPLAY_BATCH


class CustomerTierMembership(models.Model):
    """Memberships of customers who are in another ladder, or in none, by now."""

    _inherit = "customer.tier.membership"

    def _end_memberships(
        self, ladder, scope: AccountScope, as_of: date | None, cause: str
    ) -> int:
        """Let go of holders who are in another ladder, or in none, by now.

        Of those who must not be profiled, and of contacts that were customers, only
        the row goes: the log keeps what was.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT known.partner_id, %(leaves)s
                  FROM customer_tier_membership known
                 WHERE known.ladder_id = %(ladder)s AND %(scope)s AND NOT EXISTS (
                       SELECT FROM customer_tier_assigned assigned
                        WHERE assigned.holder_id = known.partner_id
                          AND assigned.ladder_id = known.ladder_id)
              ORDER BY known.partner_id
                """,
                ladder=ladder.id,
                scope=scope.condition(SQL("known.partner_id")),
                leaves=self._leaves_sql(ladder),
            )
        )
        if not rows:
            return 0
        moves, book = 0, self._book(ladder, as_of)
        leaving = [holder_id for holder_id, leaves in rows if leaves]
        for batch in split_every(REPLAY_BATCH, leaving):
            moves += self._replay_holders(book, list(batch), cause, leaves=True)
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_tier_membership"
                " WHERE ladder_id = %s AND partner_id = ANY(%s)",
                ladder.id,
                int_array(holder_id for holder_id, _leaves in rows),
            )
        )
        return moves

    def _leaves_sql(self, ladder) -> SQL:
        """Return whether the holder of ``known`` is still a customer one may judge."""
        company = SQL("TRUE")
        if ladder.company_id:
            company = SQL("row.company_id = %s", ladder.company_id.id)
        return SQL(
            """EXISTS (SELECT FROM %(mapping)s mapping
                        WHERE mapping.partner_id = known.partner_id
                          AND mapping.account_id = known.partner_id)
               AND NOT EXISTS (SELECT FROM customer_relationship row
                                WHERE row.partner_id = known.partner_id
                                  AND row.is_excluded AND %(company)s)""",
            mapping=self.env["customer.account"]._mapping_sql(),
            company=company,
        )
