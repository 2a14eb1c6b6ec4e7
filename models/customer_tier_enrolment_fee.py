from __future__ import annotations

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..logic.tier_window import add_months
from .customer_account import AccountScope

# Only code of this module can put this object into a context: what a fee brings about
# is decided within an evaluation, which needs no other one.
FEE = object()


class CustomerTierEnrolment(models.Model):
    """What a paid fee is good for."""

    _inherit = "customer.tier.enrolment"

    @api.model
    def _enrol_for_fee(self, ladder, account_id, move_id, day, times):
        """Enrol a customer from the day of the payment, or from the end of the term
        that is running.
        """
        earlier = self.search(
            [("ladder_id", "=", ladder.id), ("partner_id", "=", account_id)]
        )
        if endless := earlier.filtered(lambda one: not one._ends())[:1]:
            # A member without a term has nothing to pay for: a term of no day keeps
            # the invoice from enrolling anybody once that member has left.
            day = max(day, endless.joined_on)
            self._create_for_fee(ladder, account_id, day, move_id, left_on=day)
            return
        starts = max([day, *(one._ends() for one in earlier)])
        until = add_months(starts, ladder.fee_months * times) - timedelta(days=1)
        self._create_for_fee(ladder, account_id, starts, move_id, paid_until=until)

    @api.model
    def _create_for_fee(self, ladder, account_id, joined_on, move_id, **values):
        """Record what an invoice was good for, with values that nobody enters."""
        enrolment = self.create(
            {
                "partner_id": account_id,
                "ladder_id": ladder.id,
                "joined_on": joined_on,
                "left_on": values.pop("left_on", False),
            }
        )
        enrolment._amend({"fee_move_id": move_id, **values})

    @api.model
    def _end_unpaid(self, ladders, scope: AccountScope):
        """End the terms whose fee has been credited or cancelled, from today on."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT enrolment.id FROM customer_tier_enrolment enrolment
                  JOIN customer_tier_ladder ladder ON ladder.id = enrolment.ladder_id
                  JOIN account_move move ON move.id = enrolment.fee_move_id
                  JOIN LATERAL (%s) credited ON TRUE
                 WHERE enrolment.ladder_id = ANY(%s) AND %s
                   AND enrolment.left_on IS NULL
                   AND (move.state <> 'posted' OR move.payment_state = 'reversed'
                        OR credited.is_whole)
                """,
                self._credited_fee_sql(SQL("ladder.fee_product_id")),
                ladders.ids,
                scope.condition(SQL("enrolment.partner_id")),
            )
        )
        for enrolment in self.browse(row_id for (row_id,) in rows):
            today = enrolment.ladder_id._today()
            enrolment._amend({"left_on": max(today, enrolment.joined_on)})

    @api.model
    def _credited_fee_sql(self, product: SQL) -> SQL:
        """Return ``is_whole``: the invoice ``move`` was credited, or the fee on it. A
        paid invoice stays paid when it is credited and the money goes back.
        """
        return SQL(
            """SELECT bool_or(part.move_id <> move.id) AND sum(part.balance) >= 0
                   OR bool_or(part.move_id <> move.id) FILTER (WHERE %(is_fee)s)
                  AND sum(part.balance) FILTER (WHERE %(is_fee)s) >= 0 AS is_whole
                 FROM account_move_line part
                 JOIN account_move parent ON parent.id = part.move_id
                WHERE (parent.id = move.id OR parent.reversed_entry_id = move.id)
                  AND parent.state = 'posted' AND part.display_type = 'product'""",
            is_fee=SQL("part.product_id = %s", product),
        )

    def _decide(self, more_partners=None):
        """Fees are looked at by the evaluation, which needs no other one then."""
        if self.env.context.get("customer_retention_fee") is not FEE:
            return super()._decide(more_partners)
        return None
