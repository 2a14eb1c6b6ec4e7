from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from odoo import api, fields, models

from ..logic import sla, sla_events
from .customer_complaint_promise_book import Promise, PromiseBook

# What has happened to a complaint that owes nobody a first clock of a kind any more
PROOFS = {
    "acknowledge": ("acknowledged_at", "answered_at", "decided_at", "resolved_at"),
    "answer": ("answered_at", "resolved_at"),
    "decision": ("decided_at", "resolved_at"),
    "resolution": ("resolved_at", "closed_at"),
    "internal": ("resolved_at", "closed_at"),
}
FIRST_KINDS = sla_events.starts("received")
AGAIN_KINDS = sla_events.starts("reopened")


@dataclass(frozen=True)
class Change:
    """A clock that another promise would replace.

    :param clock: the present one; empty where there is none
    :param promise: the new one; None where nothing is promised any more
    """

    complaint: Any
    kind: str
    clock: Any
    promise: Promise | None

    @property
    def deadline(self) -> datetime | None:
        """The new deadline, while it is known."""
        return self.promise and self.promise.values["deadline"] or None

    @property
    def is_earlier(self) -> bool:
        """Whether the new promise is better than the present one."""
        if not self.clock or self.promise is None:
            return not self.clock
        old, new = self.clock.deadline, self.promise.values["deadline"]
        if old and new:
            return new < old
        return _left(self.promise.clock) < _left(self.clock._to_logic())

    @property
    def is_late(self) -> bool:
        """Whether the present promise is broken already."""
        deadline = self.clock and self.clock.deadline
        return bool(deadline and deadline < fields.Datetime.now())

    @property
    def is_same(self) -> bool:
        """Whether nobody would notice."""
        if not self.clock or self.promise is None:
            return not self.clock and self.promise is None
        names = (
            "policy_id",
            "calendar_id",
            "target_seconds",
            "warn_percent",
            "pauses",
            "pause_limit_seconds",
        )
        values = self.promise.values
        old = self.clock.read(names, load="")[0]
        return all(old[name] == values[name] for name in names)


def _left(clock):
    return clock.target.seconds - clock.elapsed


class CustomerComplaint(models.Model):
    """What would be promised by now, and promising it.

    A clock keeps its promise until somebody asks for another one: a person, who sees
    the new deadlines first, or an event that may only make a promise better. Who is
    suddenly less important does not wait longer for what was promised before.
    """

    _inherit = "customer.complaint"

    policy_hint = fields.Char(
        compute="_compute_policy_hint",
        groups="base.group_user",
        help="Why the running deadlines are not those that a new complaint would get.",
    )

    @api.depends("team_id", "category_id", "severity", "kind", "clock_ids.version_id")
    @api.depends_context("lang")
    def _compute_policy_hint(self):
        """Say that another policy, or another version of it, would fit by now."""
        self.policy_hint = False
        complaints = self._origin.filtered(lambda one: one.kind == "complaint")
        running = complaints._open_clocks().filtered(lambda one: one.kind != "update")
        if not running:
            return
        book = PromiseBook(complaints)
        grouped = running.grouped("complaint_id")
        for complaint in self:
            clocks = grouped.get(complaint._origin)
            if clocks:
                complaint.policy_hint = complaint._hint(clocks, book)

    def _hint(self, clocks, book):
        """Say so unless one of the clocks that run has the promise of today."""
        policy, version = book.policies[self._origin], book.version(self._origin)
        if version in clocks.version_id or not (version or clocks.version_id):
            return False
        if not policy:
            return self.env._("No policy fits this complaint any more.")
        name = policy.name
        if policy in clocks.policy_id:
            return self.env._(
                "The policy “%(name)s” has been changed since.", name=name
            )
        return self.env._("The policy “%(name)s” would fit by now.", name=name)

    # === ACTIONS === #

    def action_reevaluate_policy(self):
        """Show what would be promised by now, before anything changes."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Deadlines"),
            "res_model": "customer.complaint.reevaluation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    # === BUSINESS === #

    def _reevaluate_policy(self, only_earlier=False):
        """Promise what the policies say now, for the clocks that run.

        The time used counts, and so do the pauses. A deadline that has passed stays
        broken; the new promise is another clock.

        :param only_earlier: change a promise only where it becomes better. So does
            every change because of the customer's standing, whatever is asked for.
        """
        now = fields.Datetime.now()
        changes = [
            change
            for change in self._plan_policy()
            if not only_earlier or (change.is_earlier and not change.is_late)
        ]
        self._carry_out(changes, now)

    def _carry_out(self, changes, now):
        """Replace clocks by what is promised instead."""
        clocks = self._clock_model()
        verbs = {change.clock: "cancel" for change in changes if change.clock}
        if verbs:
            clocks._apply(verbs, now)
        replaced = [change for change in changes if change.promise]
        started = self._create_clocks([change.promise for change in replaced])
        for change, clock in zip(replaced, started, strict=True):
            if change.clock:
                change.clock.replaced_by_id = clock
        if started:
            clocks._apply(dict.fromkeys(started, "look"), now)

    def _plan_policy(self):
        """What a re-evaluation would change now, as a list of :class:`Change`."""
        complaints = self.filtered(lambda one: one.kind == "complaint")
        if not complaints:
            return []
        # sudo: customer.complaint - what is promised does not depend on who asks
        complaints = complaints.sudo()
        book = PromiseBook(complaints)
        waits = complaints._gather_waits()
        history = complaints._gather_clocks()
        now = fields.Datetime.now()
        return [
            change
            for complaint in complaints
            for change in complaint._plan_kinds(
                book, history[complaint], waits[complaint], now
            )
        ]

    def _plan_kinds(self, book, clocks, waits, now):
        """The changes in one complaint, of its running clocks and of missing ones.

        :param waits: when it waited for the customer
        """
        running = clocks.filtered(lambda clock: clock.state in ("running", "paused"))
        kinds = AGAIN_KINDS if self.reopened_at else FIRST_KINDS
        for kind in dict.fromkeys((*running.mapped("kind"), *kinds)):
            clock = running.filtered(lambda one, kind=kind: one.kind == kind)
            if kind == "update" or not (clock or self._is_owed(kind, clocks)):
                continue
            since = clock.started_at or self._owed_since(clocks, now)
            change = self._plan_kind(kind, clock, since, book, waits)
            if change.is_same:
                continue
            if change.deadline and change.deadline < now:
                # nobody breaks a promise before giving it: it counts from now
                change = self._plan_kind(kind, clock, now, book, waits)
            if change.is_earlier or not self._keeps_standing(clock, book):
                yield change

    def _plan_kind(self, kind, clock, since, book, waits):
        events = [event for event in waits if event[0] >= since]
        before = [event for event in waits if event[0] < since]
        if before and before[-1][1] == sla.WAITING:
            events.insert(0, (since, sla.WAITING))
        promise = book.promise(self, kind, since, events=events)
        return Change(self, kind, clock, promise)

    def _is_owed(self, kind, clocks):
        """Whether a kind that has no clock could still be promised."""
        if self.status not in ("open", "waiting"):
            return False
        if kind == "acknowledge" and not self._wants_acknowledgement():
            return False
        since = self.reopened_at or self.received_at
        has_been = clocks.filtered(
            lambda clock: clock.kind == kind and clock.started_at >= since
        )
        return not has_been and not any(self[name] for name in PROOFS[kind])

    def _owed_since(self, clocks, now):
        """When a missing clock begins.

        A promise cannot be broken before anybody gave one: without any clock it
        begins now.
        """
        if not clocks:
            return now
        return (self.reopened_at or self.received_at).replace(microsecond=0)

    def _keeps_standing(self, clock, book):
        """Whether only the customer's standing makes the old policy fit no more."""
        policy = clock.policy_id
        if not policy or policy == book.policies[self]:
            return False
        if not policy._asks_for_standing() or not policy.active:
            return False
        return policy._fits_case(book.cases[self])

    def _gather_clocks(self):
        """All clocks of each complaint, replaced ones included."""
        clocks = self._clock_model().search([("complaint_id", "in", self.ids)])
        grouped = clocks.grouped("complaint_id")
        return {
            complaint: grouped.get(complaint, clocks.browse()) for complaint in self
        }

    def _gather_waits(self):
        """When each complaint waited for the customer, as ``{complaint: events}``."""
        events = (
            self.env["customer.complaint.event"]
            # sudo: customer.complaint.event - when it waited, whoever asks
            .sudo()
            .search_fetch(
                [
                    ("complaint_id", "in", self.ids),
                    ("event", "in", (sla.WAITING, sla.RESUMED)),
                ],
                ["complaint_id", "event", "at"],
                order="at, id",
            )
        )
        waits = {complaint: [] for complaint in self}
        for event in events:
            waits[event.complaint_id].append((event.at, event.event))
        return waits
