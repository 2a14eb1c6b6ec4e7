from __future__ import annotations

from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .customer_evaluation_slices import MAX_ID

# Accounts scored in one transaction.
SLICE_SIZE = 100_000


class CustomerChurnYardstick(models.Model):
    """How far everybody has been scored: whatever interrupts it, it goes on from there.

    What is looked at until the next week is counted from the start, so that nobody who
    was evaluated meanwhile is missed.
    """

    _inherit = "customer.churn.yardstick"

    cursor_id = fields.Integer(
        string="Scored Up To",
        readonly=True,
        help="While everybody is being scored: last account of the last slice.",
    )

    def _is_underway(self, as_of: date) -> bool:
        """Whether everybody is being scored, and it may go on on a day."""
        return bool(
            self and not self.scored_on and self.looked_on and self.looked_on <= as_of
        )

    @api.model
    def _begin(self, company, as_of: date) -> None:
        """Measure the customers, where they have been scored by the last measures, and
        begin to score everybody.
        """
        yardstick = self._of(company)
        if yardstick.scored_on:
            yardstick = self._measure(company)
        yardstick.cursor_id = 0
        yardstick._looked(as_of)

    @api.model
    def _next_scope(self, company) -> AccountScope | None:
        """Return the next range of accounts; None where all have been scored.

        A few that would be left for a slice of their own are taken along.
        """
        known = self._known(company)
        if not known or known.cursor_id == MAX_ID:
            return None
        limit = SLICE_SIZE + SLICE_SIZE // 4
        ((until, size),) = self.env.execute_query(
            SQL(
                """
                SELECT max(partner_id) FILTER (WHERE number <= %s), count(*) FROM (
                    SELECT partner_id, row_number() OVER (ORDER BY partner_id) AS number
                      FROM customer_relationship
                     WHERE company_id = %s AND partner_id > %s
                  ORDER BY partner_id LIMIT %s) slice
                """,
                SLICE_SIZE,
                company.id,
                known.cursor_id,
                limit + 1,
            )
        )
        # The last slice also finds what is left of accounts that are gone.
        last = until if size > limit else MAX_ID
        return AccountScope(after=known.cursor_id, until=last)

    @api.model
    def _reached(self, company, scope: AccountScope) -> None:
        """Remember that a range has been scored."""
        yardstick = self._known(company)
        yardstick.cursor_id = scope.until
        yardstick.flush_recordset()

    @api.model
    def _finish(self, company) -> None:
        """Everybody has been scored, as of the day on which it began."""
        for yardstick in self._known(company):
            yardstick.scored_on = yardstick.looked_on
            yardstick.flush_recordset()
