from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError

# States in which somebody may still wait for a word.
LASTING = ("open", "waiting")


class CustomerComplaint(models.Model):
    """What people do with complaints by a button, one or many at once."""

    _inherit = "customer.complaint"

    closing_warning = fields.Text(
        compute="_compute_closing_warning",
        groups="base.group_user",
        help="What is still open. It can be closed nevertheless.",
    )

    def _compute_closing_warning(self):
        warnings = self._closing_warnings()
        for complaint in self:
            complaint.closing_warning = "\n".join(warnings.get(complaint, ())) or False

    # === ACTION METHODS === #

    def action_acknowledge(self):
        """Tell the customer that the complaint has arrived."""
        self.check_access("write")
        self._acknowledge()

    def action_investigate(self):
        """Begin to investigate; whoever begins takes what nobody has."""
        self.check_access("write")
        self.filtered(lambda one: not one.user_id)._take()
        self._record_event("investigating")

    def action_communicate_decision(self):
        """Ask for the decision and what to write to the customer."""
        self.ensure_one()
        return self._wizard("customer.complaint.decision", self.env._("Decision"))

    def action_promise_update(self):
        """Ask until when the customer will hear from us."""
        self.ensure_one()
        return self._wizard(
            "customer.complaint.promise", self.env._("Promise an Update")
        )

    def action_pass_on(self):
        """Ask to whom, and what that person has to know."""
        return self._wizard("customer.complaint.pass.on", self.env._("Pass On"))

    def action_wait_for_customer(self, reason=None):
        """Pause until the customer answers; ask what for unless ``reason`` says so."""
        self.check_access("write")
        if not reason:
            return self._wizard(
                "customer.complaint.wait", self.env._("Wait for the Customer")
            )
        self._record_event("waiting", reason=reason)

    def action_resume(self):
        """Go on: the customer has answered, or is waited for no longer."""
        self.check_access("write")
        self._record_event("resumed")

    def action_resolve(self):
        """Resolve; when the customer has not been told anything, say so first."""
        self.check_access("write")
        if any(self._resolving_warnings().values()):
            return self._wizard(
                "customer.complaint.close",
                self.env._("Resolve"),
                default_event="resolved",
            )
        self._record_event("resolved")

    def action_close(self):
        """Close; when something is still open, say so first."""
        self.check_access("write")
        if any(self._closing_warnings().values()):
            return self._wizard("customer.complaint.close", self.env._("Close"))
        self._record_event("closed")

    def action_reopen(self):
        """Take up again what was resolved or closed."""
        self.check_access("write")
        self._record_event("reopened")

    def _wizard(self, model, name, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "default_complaint_ids": self.ids,
                **defaults,
            },
        }

    # === BUSINESS METHODS === #

    def _closing_warnings(self):
        """Return {complaint: [what is still open, in a sentence each]}.

        Other parts add their own.
        """
        warnings = {complaint: [] for complaint in self}
        for complaint in self:
            if complaint.kind != "praise" and not complaint.answered_at:
                warnings[complaint].append(
                    self.env._("Nobody has answered the customer yet.")
                )
            if complaint.outcome == "refused":
                warnings[complaint].append(
                    self.env._(
                        "It was refused: the customer may still turn to others. It "
                        "can be reopened at any time."
                    )
                )
        return warnings

    def _resolving_warnings(self):
        """Return {complaint: [what the customer has not been told]}, as for closing.

        Whoever does not wait for a word is owed none: what we noticed ourselves,
        and what is over anyway.
        """
        warnings = {complaint: [] for complaint in self}
        for complaint in self:
            if complaint.channel == "noticed" or complaint.status not in LASTING:
                continue
            if complaint.kind != "praise" and not complaint.answered_at:
                warnings[complaint].append(
                    self.env._(
                        "Nobody has answered the customer yet, who will only read "
                        "that the complaint is settled. The first answer does not "
                        "count as given."
                    )
                )
            if complaint.kind == "complaint" and not complaint.decided_at:
                warnings[complaint].append(
                    self.env._(
                        "No decision has been communicated. It does not count as "
                        "made, and is owed again if the customer comes back."
                    )
                )
        return warnings

    def _warn_of_end(self, event):
        """Tell the person who has moved complaints what cannot be asked any more.

        :param event: ``resolved`` or ``closed``, whose button would have asked
        """
        warnings = {
            "resolved": self._resolving_warnings,
            "closed": self._closing_warnings,
        }[event]()
        for complaint, texts in warnings.items():
            if texts:
                self.env.user._bus_send(
                    "simple_notification",
                    {
                        "type": "warning",
                        "title": complaint.name,
                        "message": " ".join(texts),
                        "sticky": True,
                    },
                )

    def _take(self):
        """Make the user the handler, unless that cannot be."""
        user = self.env.user
        allowed = self.filtered(lambda one: one._can_handle(user))
        if self - allowed:
            raise UserError(
                self.env._(
                    "You cannot handle this complaint. Pass it on to a colleague."
                )
            )
        allowed.write({"user_id": user.id})
