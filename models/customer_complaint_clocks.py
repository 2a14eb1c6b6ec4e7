from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic import sla_events
from ..logic.sla import WAITING
from .customer_complaint_beginning import BEGINNING
from .customer_complaint_clock import OPEN
from .customer_complaint_policy import SEVERITY_RANKS
from .customer_complaint_promise_book import PromiseBook


class CustomerComplaint(models.Model):
    """What events do to the clocks of complaints, always for many at once."""

    _inherit = "customer.complaint"

    clock_ids = fields.One2many("customer.complaint.clock", "complaint_id", copy=False)
    next_deadline = fields.Datetime(readonly=True, copy=False, index=True)
    next_clock_kind = fields.Selection(
        selection="_selection_clock_kind", readonly=True, copy=False
    )
    next_warn_at = fields.Datetime(readonly=True, copy=False)
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        help="A promise is broken right now: its moment is over and it is still owed.",
    )

    @api.model
    def _selection_clock_kind(self):
        clock = self.env["customer.complaint.clock"]
        return clock._fields["kind"]._description_selection(self.env)

    @api.depends("next_deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for complaint in self:
            deadline = complaint.next_deadline
            complaint.is_overdue = bool(deadline and deadline < now)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = fields.Domain("next_deadline", "<", fields.Datetime.now())
        return overdue if True in value else ~overdue

    # === CRUD === #

    def write(self, vals):
        """Clocks follow when a complaint is not what it was when they started."""
        beginning = self.env.context.get("customer_complaint_beginning") is BEGINNING
        if beginning or vals.keys().isdisjoint(
            ("team_id", "severity", "kind", "outcome", "merged_into_id", "active")
        ):
            return super().write(vals)
        teams = {complaint: complaint.team_id for complaint in self}
        ranks = {complaint: complaint._severity_rank() for complaint in self}
        kinds = {complaint: complaint.kind for complaint in self}
        owed = {complaint: complaint._is_owed_anything() for complaint in self}
        result = super().write(vals)
        self._stop_clocks_of_dropped(vals)
        self.filtered(
            lambda one: one._is_owed_anything() and not owed[one]
        )._restart_dropped()
        self.filtered(lambda one: one.kind != kinds[one])._clocks_after_kind()
        self.filtered(lambda one: one.team_id != teams[one])._clocks_on_event(
            "passed", fields.Datetime.now()
        )
        graver = self.filtered(lambda one: one._severity_rank() > ranks[one])
        graver._reevaluate_policy(only_earlier=True)
        return result

    def _severity_rank(self):
        # sudo: customer.complaint - the portal may write, and does not read this
        return SEVERITY_RANKS[self.sudo().severity]

    def _stop_clocks_of_dropped(self, vals):
        """Nobody is owed anything any more who withdrew, or whose complaint went on
        as another one.
        """
        now = fields.Datetime.now()
        if vals.get("outcome") == "withdrawn":
            self._clocks_on_event("withdrawn", now)
        if vals.get("merged_into_id"):
            self._clocks_on_event("merged", now)
        if "active" in vals and not vals["active"]:
            self._clocks_on_event("dropped", now)

    def _clocks_after_kind(self):
        """Only complaints have clocks."""
        now = fields.Datetime.now()
        complaints = self.filtered(lambda one: one.kind == "complaint")
        (self - complaints)._clocks_on_event("dropped", now)
        complaints._reevaluate_policy()

    # === BUSINESS: EVENTS === #

    def _start_clocks(self):
        """Start what is promised to whoever complains, for new complaints."""
        owed = sla_events.starts("received")
        silent = self.filtered(lambda one: not one._wants_acknowledgement())
        (self - silent)._start_from_receipt(owed)
        # nobody waits for a word about what came from ourselves or from a machine
        silent._start_from_receipt([kind for kind in owed if kind != "acknowledge"])

    def _start_from_receipt(self, kinds):
        moments = {one: one.received_at.replace(microsecond=0) for one in self}
        self._start_kinds(kinds, moments, is_new=True)

    def _clocks_on_event(self, event, at, **details):
        """Tell the clocks what happened.

        :param event: see :mod:`logic.sla_events`; others are no matter of clocks
        :param at: when it happened, naive UTC
        :param details: ``until`` of a promised update, ``outcome`` of a decision
        """
        if not self or not sla_events.touches_clocks(event):
            return
        if details.get("outcome") == "withdrawn" or details.get("reason") == "merged":
            event = "withdrawn"  # nothing is owed any more, and nothing was kept
        at = at.replace(microsecond=0)
        self._apply_event(event, at)
        again = sla_events.starts_unless_met(event)
        kinds = (*sla_events.starts(event), *again)
        if not kinds:
            return
        complaints = self
        if event == "passed":
            complaints = self.filtered(lambda one: one.status in ("open", "waiting"))
        complaints._start_kinds(
            kinds,
            dict.fromkeys(complaints, at),
            until=details.get("until"),
            met=complaints._met_promises() if again else (),
        )

    def _apply_event(self, event, at):
        verbs = {
            clock: verb
            for clock in self._open_clocks()
            if (verb := sla_events.effect(clock.kind, event))
        }
        if verbs:
            self._clock_model()._apply(verbs, at)

    @api.model
    def _clock_model(self):
        # sudo: customer.complaint.clock - written by what happens, not by people
        return self.env["customer.complaint.clock"].sudo()

    def _open_clocks(self):
        """The clocks of these complaints that have not been stopped."""
        clocks = self._clock_model()
        stored = [field.name for field in clocks._fields.values() if field.column_type]
        return clocks.search_fetch(
            [("complaint_id", "in", self.ids), ("state", "in", OPEN)], stored
        )

    def _clock_states(self):
        """The clocks that have not been stopped, as ``{id as text: state}``."""
        return {str(clock.id): clock.state for clock in self._open_clocks()}

    def _restart_clocks(self, states):
        """Let clocks go on that were stopped by mistake: time did not stand still.

        :param states: as from :meth:`_clock_states` before the mistake
        """
        now = fields.Datetime.now().replace(microsecond=0)
        running = {(clock.complaint_id, clock.kind) for clock in self._open_clocks()}
        clocks = self._clock_model().browse(map(int, states)).exists()
        clocks = clocks.filtered(
            lambda clock: (clock.complaint_id, clock.kind) not in running
        )
        paused = clocks.filtered(
            lambda clock: states[str(clock.id)] == "paused" and clock.reason == WAITING
        )
        paused.write({"state": "paused", "done_at": False})
        (clocks - paused).write({"state": "running", "done_at": False})
        self.env["customer.complaint.clock.event"]._append(
            [(clock.id, "restarted", 0, now) for clock in clocks]
        )
        clocks._apply(dict.fromkeys(clocks, "look"), now)

    # === BUSINESS: STARTING === #

    def _start_kinds(self, kinds, moments, until=None, is_new=False, met=()):
        """Start clocks of these kinds where the policy promises something.

        :param moments: ``{complaint: when it begins}``
        :param until: the moment promised, for the kind ``update``
        :param is_new: the complaints have no clocks yet
        :param met: ``{(complaint id, kind)}`` of what is not owed again
        """
        complaints = self.filtered(lambda one: one.kind == "complaint")
        if not complaints:
            return
        present = [] if is_new else complaints._open_clocks()
        running = {(clock.complaint_id.id, clock.kind) for clock in present}
        running.update(met)
        book = PromiseBook(complaints)
        self._create_clocks(
            [
                promise
                for complaint in complaints
                for kind in kinds
                if (complaint.id, kind) not in running
                and (
                    promise := book.promise(complaint, kind, moments[complaint], until)
                )
            ]
        )

    @api.model
    def _create_clocks(self, promises):
        """Create clocks, as they are at the start of their open parts.

        :param promises: as from :class:`PromiseBook`
        :return: the clocks, in the same order
        """
        clocks = self._clock_model()
        if not promises:
            return clocks
        started = clocks._insert([promise.values for promise in promises])
        segments, events = [], []
        for clock, promise in zip(started, promises, strict=True):
            segments += [(clock.id, segment) for segment in promise.segments]
            events += [(clock.id, *event) for event in promise.events()]
        self.env["customer.complaint.clock.segment"]._append(segments)
        self.env["customer.complaint.clock.event"]._append(events)
        complaints = {promise.values["complaint_id"] for promise in promises}
        self.browse(complaints)._update_next_deadline()
        clocks._wake_job_at([promise.values["next_event_at"] for promise in promises])
        return started

    # === BUSINESS: WHAT IS NEXT === #

    def _update_next_deadline(self):
        """Write what is due next in each complaint, in one statement.

        Not through the ORM: the clock that changed has been written, and what it
        means for the complaint is no change that anybody made to it.
        """
        if not self:
            return
        clocks = self.env["customer.complaint.clock"]
        clocks.flush_model(["complaint_id", "state", "deadline", "warn_at", "kind"])
        self.flush_recordset(["next_deadline", "next_clock_kind", "next_warn_at"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_complaint complaint
                   SET next_deadline = next.deadline,
                       next_clock_kind = next.kind,
                       next_warn_at = next.warn_at
                  FROM unnest(%(ids)s::int[]) AS wanted (id)
             LEFT JOIN LATERAL (
                       SELECT deadline, kind, warn_at
                         FROM customer_complaint_clock clock
                        WHERE clock.complaint_id = wanted.id
                          AND clock.state IN %(open)s
                     ORDER BY clock.deadline, clock.id
                        LIMIT 1
                       ) next ON TRUE
                 WHERE complaint.id = wanted.id
                   AND (complaint.next_deadline, complaint.next_clock_kind,
                        complaint.next_warn_at)
                       IS DISTINCT FROM (next.deadline, next.kind, next.warn_at)
                """,
                ids=self.ids,
                open=OPEN,
            )
        )
        self.invalidate_recordset(
            ["next_deadline", "next_clock_kind", "next_warn_at", "clock_ids"],
            flush=False,
        )
