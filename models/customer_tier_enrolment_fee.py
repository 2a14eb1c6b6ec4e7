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

    # === WHAT STANDS OF A FEE === #

    @api.model
    def _follow_fees(self, ladders, scope: AccountScope):
        """Let terms end and go on with what stands of their fees."""
        for enrolment, stands, day in self._terms_of_fees(ladders, scope):
            if stands and enrolment.ended_with_fee:
                enrolment._resume(day)
            elif not stands and not enrolment.left_on:
                enrolment._end_with_fee()

    def _end_with_fee(self) -> None:
        """End a term from today on: its fee has been credited or cancelled, or the
        payment bounced.
        """
        left_on = max(self.ladder_id._today(), self.joined_on)
        self._amend({"left_on": left_on, "ended_with_fee": True})

    def _resume(self, day) -> None:
        """Let a term go on whose fee is paid after all.

        What was paid after the end, or has another term beside it by now, buys a term
        of its own: the invoice is free again to enrol.
        """
        values = {"ended_with_fee": False}
        if day <= self.left_on and not self._is_followed():
            values["left_on"] = False
        else:
            values["fee_move_id"] = False
        self._amend(values)

    def _is_followed(self) -> bool:
        """Whether the customer has a term that the whole of this one would overlap."""
        return any(
            other.joined_on <= self.paid_until
            and (not other._ends() or other._ends() > self.left_on)
            for other in self.search(
                [
                    ("ladder_id", "=", self.ladder_id.id),
                    ("partner_id", "=", self.partner_id.id),
                    ("id", "!=", self.id),
                ]
            )
        )

    @api.model
    def _terms_of_fees(self, ladders, scope: AccountScope) -> list:
        """Return (enrolment, whether its fee stands, day of the payment) of terms that
        go on, or ended with their fee.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT enrolment.id, %(is_paid)s AND credited.is_whole IS NOT TRUE,
                       COALESCE(payment.day, move.invoice_date, move.date)
                  FROM customer_tier_enrolment enrolment
                  JOIN customer_tier_ladder ladder ON ladder.id = enrolment.ladder_id
                  JOIN account_move move ON move.id = enrolment.fee_move_id
                  JOIN LATERAL (%(credited)s) credited ON TRUE
             LEFT JOIN LATERAL (%(payment)s) payment ON TRUE
                 WHERE enrolment.ladder_id = ANY(%(ladders)s) AND %(scope)s
                   AND (enrolment.left_on IS NULL OR enrolment.ended_with_fee)
              ORDER BY enrolment.id
                """,
                is_paid=self._paid_fee_sql(),
                credited=self._credited_fee_sql(SQL("ladder.fee_product_id")),
                payment=self._payment_day_sql(),
                ladders=ladders.ids,
                scope=scope.condition(SQL("enrolment.partner_id")),
            )
        )
        return [(self.browse(row_id), stands, day) for row_id, stands, day in rows]

    @api.model
    def _paid_fee_sql(self) -> SQL:
        """Return whether the invoice ``move`` is posted and paid as of now."""
        return SQL(
            "move.state = 'posted' AND move.payment_state IN ('paid', 'in_payment')"
        )

    @api.model
    def _payment_day_sql(self) -> SQL:
        """Return the ``day`` on which the invoice ``move`` was paid in full."""
        return SQL(
            """SELECT max(matched.max_date) AS day
                 FROM account_move_line receivable
                 JOIN account_partial_reconcile matched
                   ON matched.debit_move_id = receivable.id
                WHERE receivable.move_id = move.id"""
        )

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
