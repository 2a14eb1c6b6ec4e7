from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError

from .customer_recovery_action import COMMITTED


class CustomerRecoveryAction(models.Model):
    """How an action gets approved: by who asks, or by the next one up."""

    _inherit = "customer.recovery.action"

    # === ACTIONS === #

    def unlink(self):
        """Nobody is asked to approve what is planned no longer."""
        self._close_approval()
        return super().unlink()

    def action_submit(self):
        """Approve what is within the own limit, ask the next one up for the rest."""
        self.check_access("read")
        self._check_complete()
        waiting = self.filtered(lambda action: action.state == "waiting")
        self._submit(self - waiting)
        return True

    def action_approve(self):
        """Approve what others ask for, within the own limit.

        :raise UserError: it is beyond the limit of this person
        """
        self.check_access("read")
        self._check_complete()
        self._set_approved()
        return True

    def action_open_decline(self):
        """Ask why, before turning a request down."""
        return self._open_reason("decline", self.env._("Decline"))

    def action_open_reverse(self):
        """Ask why, before taking back what was carried out."""
        return self._open_reason("reverse", self.env._("Take Back"))

    def _open_reason(self, purpose, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "customer.recovery.reason.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_action_ids": self.ids,
                "default_purpose": purpose,
            },
        }

    # === BUSINESS === #

    def _submit(self, actions):
        """Approve each action that the person who acts may approve, ask for the rest.

        :return: the actions that are approved
        """
        now = fields.Datetime.now()
        actions.filtered(lambda action: action.state in COMMITTED)._check_undecided()
        actions._lock_limits()
        verdicts = actions._judge(cumulative=True)
        approved = actions.filtered(lambda action: verdicts[action].is_within)
        for action in actions:
            action._decide({"requested_by_id": self.env.uid, "requested_at": now})
        approved._set_approved(verdicts)
        for action in actions - approved:
            action._ask_next(verdicts[action])
        return approved

    def _check_undecided(self):
        for action in self:
            raise UserError(
                self.env._(
                    "“%s” has been approved already: carry it out, or cancel it and "
                    "plan another action.",
                    action.display_name,
                )
            )

    def _set_approved(self, verdicts=None):
        """Approve, if the person who acts may; there is no other way to this state.

        :param verdicts: {action: verdict}, when they have just been judged
        :raise UserError: somebody else has to be asked
        """
        if verdicts is None:
            self._lock_limits()
            verdicts = self._judge(cumulative=True)
        now = fields.Datetime.now()
        for action in self:
            verdict = verdicts[action]
            if not verdict.is_within:
                raise UserError(action._verdict_sentence(verdict))
            action._update_state(
                ("proposed", "waiting"),
                "approved",
                approved_by_id=self.env.uid,
                approved_at=now,
                approved_amount=action._judged_amount(),
                budget_team_id=action._paying_team().id,
                decline_reason=False,
                verdict=action._verdict_values(verdict),
            )
        self._log(lambda action: action._approved_sentence())
        self._tell_requesters()

    def _lock_limits(self):
        """Let one person at a time use the limits of a complaint or a customer.

        The lock is a row that every approval changes: of two transactions that would
        approve at once, the later one starts over and sees what the first one gave.
        """
        self.env["customer.recovery.tally"]._touch(
            {key for action in self for key in action._tally_keys()}
        )

    def _tally_keys(self):
        """What limits are about here, as names of rows to lock."""
        complaint = self.complaint_id
        account, company = self._account_key()
        keys = [f"complaint,{self._recovery_root().id or complaint.id}"]
        if account:
            keys.append(f"account,{account},{company}")
        elif self._email_key()[0]:
            keys.append(f"email,{self._email_key()[0]},{company}")
        team = self._paying_team()
        if team.recovery_budget:
            keys.append(f"team,{team.id}")
        return keys

    def _verdict_values(self, verdict):
        """The verdict as JSON keeps it."""
        plain = {
            name: value if isinstance(value, str) or value is None else float(value)
            for name, value in verdict.values.items()
        }
        # sudo: customer.complaint - the level depends on who leads the team
        level = self._acting_level(self.sudo().complaint_id)
        return {"reason": verdict.reason, "level": level, "values": plain}

    def _approved_sentence(self):
        return self.env._(
            "Approved: %(name)s, %(amount)s.",
            name=self.display_name,
            amount=self._format_money(self.approved_amount),
        )

    def _tell_requesters(self):
        """Tell who asked that the approval came."""
        for action in self:
            # sudo: res.users - the address of a colleague
            requester = action.sudo().requested_by_id
            if requester and requester != self.env.user and requester.active:
                action._notify(
                    requester,
                    self.env._("Approved: %s", action.display_name),
                    action._approved_sentence(),
                )

    def _notify(self, user, subject, body):
        """Tell one colleague, inside the conversation of the complaint."""
        # sudo: customer.complaint - a note about what was decided here
        self.complaint_id.sudo().message_notify(
            partner_ids=user.partner_id.ids, subject=subject, body=body
        )

    def _check_complete(self):
        """Refuse to decide on what does not say yet what the customer gets."""
        for action in self:
            action._check_one_complete()

    def _check_one_complete(self):
        """See :meth:`_check_complete`; each kind knows what it needs."""

    def _decline(self, reason):
        """Turn a request down, as whoever might approve it or was asked."""
        self._check_may_decline()
        declined = self._update_state(("waiting",), "cancelled", decline_reason=reason)
        for action in declined:
            sentence = self.env._(
                "Declined: %(name)s. %(reason)s",
                name=action.display_name,
                reason=reason,
            )
            action._log(lambda _action, sentence=sentence: sentence)
            # sudo: res.users - the address of a colleague
            requester = action.sudo().requested_by_id
            if requester and requester != self.env.user:
                subject = self.env._("Declined: %s", action.display_name)
                action._notify(requester, subject, sentence)

    def _check_may_decline(self):
        verdicts = self._judge()
        for action in self:
            if action.approver_id != self.env.user and not verdicts[action].is_within:
                raise UserError(
                    self.env._(
                        "%(name)s decides on “%(action)s”.",
                        # sudo: res.users - the name in an error
                        name=action.sudo().approver_id.name,
                        action=action.display_name,
                    )
                )
