from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError

from .customer_recovery_action import VERB

# How the names of what was asked for and answered begin; the request itself is closed.
APPROVAL = ("approve", "requested", "decline", "failure", "verdict", "budget_team")


class CustomerRecoveryAction(models.Model):
    """The verbs: how the state of an action changes, and what follows from that."""

    _inherit = "customer.recovery.action"

    def _decide(self, vals):
        """Write what follows from a decision.

        The callers have checked who decides; whoever may read an action may ask for it.
        """
        # sudo: customer.recovery.action - the verbs decide, not access to columns
        return self.sudo()._verb().write(vals)

    def _verb(self):
        """The same actions: what is written through them has been decided."""
        return self.with_context(customer_retention_recovery=VERB)

    def _update_state(self, allowed, target, **vals):
        """Let actions change their state if the present one allows it.

        :param allowed: states from which the change is possible
        :return: the actions that changed; those in the target state already are not
            among them
        :raise UserError: an action is in another state
        """
        changing = self.filtered(lambda action: action.state in allowed)
        wrong = (self - changing).filtered(lambda action: action.state != target)
        if wrong:
            raise UserError(wrong[0]._wrong_state_message(target))
        if changing:
            changing._decide({"state": target, **vals})
            changing._state_changed(target)
        return changing

    def _wrong_state_message(self, target):
        """Say what an action is already, and what can be done instead."""
        states = dict(self._fields["state"]._description_selection(self.env))
        facts = {
            "name": self.display_name,
            "state": states[self.state],
            "target": states[target],
        }
        if self.state == "failed":
            return self.env._(
                "“%(name)s” is %(state)s; from there it does not become %(target)s. "
                "Press “Propose Again” first.",
                **facts,
            )
        if self.state in ("done", "cancelled"):
            return self.env._(
                "“%(name)s” is %(state)s; from there it does not become %(target)s. "
                "Plan another action instead.",
                **facts,
            )
        return self.env._(
            "“%(name)s” is %(state)s; from there it does not become %(target)s. It has "
            "to be approved and carried out first.",
            **facts,
        )

    def _state_changed(self, target):
        """What follows from a new state, whoever brought it about."""
        if target != "waiting":
            self._close_approval()

    def _set_proposed(self):
        """Take an action back to the drawing board: somebody has to decide anew."""
        nothing = {
            name: self._initial_value(name)
            for name in self._guarded_fields()
            if name.startswith(APPROVAL) and name != "approval_activity_id"
        }
        self._decide({"proposed_by_id": self.env.uid})
        self._update_state(
            ("proposed", "waiting", "approved", "failed"), "proposed", **nothing
        )

    def _set_done(self):
        done = self._update_state(
            ("approved",), "done", done_at=fields.Datetime.now(), failure_reason=False
        )
        done._log(lambda action: self.env._("Done: %s", action.display_name))
        done._after_done()
        return done

    def _after_done(self):
        """What follows from something that has been carried out."""

    def _set_failed(self, reason):
        failed = self._update_state(
            ("approved", "done"), "failed", failure_reason=reason, done_at=False
        )
        failed._log(
            lambda action: self.env._(
                "Failed: %(name)s. %(reason)s", name=action.display_name, reason=reason
            )
        )
        failed._after_failed()
        return failed

    def _after_failed(self):
        """What follows from something that did not work."""

    def _set_cancelled(self, **vals):
        """Call off what has not been carried out, or was taken back."""
        return self._update_state(
            ("proposed", "waiting", "approved", "done", "failed"), "cancelled", **vals
        )

    def _log(self, sentence):
        """Note in the conversation of each complaint; the customer does not see it."""
        for action in self:
            # sudo: customer.complaint - a note about what was decided here
            action.complaint_id.sudo()._message_log(body=sentence(action))

    # === ACTIONS === #

    def action_cancel(self):
        """Call off actions that have not been carried out."""
        self.check_access("write")
        for action in self:
            if action.state == "done" or action._documents():
                raise UserError(
                    self.env._(
                        "“%s” has been carried out. Take it back instead.",
                        action.display_name,
                    )
                )
        self._set_cancelled()

    def action_propose_again(self):
        """Start over with an action that failed, or with other terms."""
        self.check_access("write")
        self._set_proposed()
