from odoo import fields, models
from odoo.exceptions import UserError


class CustomerRecoveryAction(models.Model):
    """What the customer says to what we offer."""

    _inherit = "customer.recovery.action"

    answer = fields.Selection(
        [
            ("none", "Not Asked"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("other_wish", "Wants Something Else"),
        ],
        string="Customer's Answer",
        required=True,
        default="none",
        readonly=True,
        copy=False,
    )
    answer_note = fields.Char(
        string="In the Customer's Words", readonly=True, copy=False
    )
    answered_at = fields.Datetime(readonly=True, copy=False)

    # === ACTIONS === #

    def action_accepted(self):
        """The customer accepts: from now on a deadline runs to carry it out."""
        self.check_access("write")
        self._record_answer("accepted")
        return True

    def action_open_answer(self):
        """Ask what the customer wants instead."""
        return self._open_reason("other_wish", self.env._("Wants Something Else"))

    def action_open_declined(self):
        """Ask why the customer says no."""
        return self._open_reason("declined", self.env._("Declined by the Customer"))

    # === BUSINESS === #

    def _record_answer(self, answer, note=False):
        """Record what the customer said to actions that are not over.

        :raise UserError: an action was called off
        """
        for action in self:
            if action.state == "cancelled":
                raise UserError(
                    self.env._(
                        "“%s” was called off. Plan another action.",
                        action.display_name,
                    )
                )
        self._decide(
            {
                "answer": answer,
                "answer_note": note,
                "answered_at": fields.Datetime.now(),
            }
        )
        self._log(lambda action: action._answer_sentence())
        if answer == "accepted":
            open_actions = self.filtered(lambda action: action.state != "done")
            # sudo: customer.complaint - the deadline to carry it out starts
            open_actions.complaint_id.sudo()._record_event("accepted")

    def _answer_sentence(self):
        answers = dict(self._fields["answer"]._description_selection(self.env))
        return self.env._(
            "%(name)s — the customer: %(answer)s %(note)s",
            name=self.display_name,
            answer=answers[self.answer],
            note=self.answer_note or "",
        )

    def _after_done(self):
        self.complaint_id._remedies_carried_out()
        return super()._after_done()
