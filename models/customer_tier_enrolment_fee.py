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
        if any(not one._ends() for one in earlier):
            return  # a member without a term has nothing to pay for
        starts = max([day, *(one._ends() for one in earlier)])
        until = add_months(starts, ladder.fee_months * times) - timedelta(days=1)
        enrolment = self.create(
            {"partner_id": account_id, "ladder_id": ladder.id, "joined_on": starts}
        )
        enrolment._amend({"fee_move_id": move_id, "paid_until": until})

    @api.model
    def _end_unpaid(self, ladders, scope: AccountScope):
        """End the terms whose fee has been credited or cancelled, from today on."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT enrolment.id FROM customer_tier_enrolment enrolment
                  JOIN account_move move ON move.id = enrolment.fee_move_id
                 WHERE enrolment.ladder_id = ANY(%s) AND %s
                   AND enrolment.left_on IS NULL
                   AND (move.state <> 'posted' OR move.payment_state = 'reversed')
                """,
                ladders.ids,
                scope.condition(SQL("enrolment.partner_id")),
            )
        )
        for enrolment in self.browse(row_id for (row_id,) in rows):
            today = enrolment.ladder_id._today()
            enrolment._amend({"left_on": max(today, enrolment.joined_on)})

    def _decide(self, more_partners=None):
        """Fees are looked at by the evaluation, which needs no other one then."""
        if self.env.context.get("customer_retention_fee") is not FEE:
            return super()._decide(more_partners)
        return None
