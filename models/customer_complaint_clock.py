from __future__ import annotations

from dataclasses import dataclass, field

from odoo import fields, models

from ..logic import sla
from ..logic.sla_standing import standing

OPEN = ("running", "paused")
REASONS = [
    (sla.STARTED, "Started"),
    (sla.WAITING, "Waiting for the customer"),
    (sla.LIMIT, "Waited for long enough"),
    (sla.RESUMED, "Resumed"),
]
VERBS = {"pause": sla.pause, "resume": sla.resume, "look": sla.settle}


@dataclass
class Ledger:
    """What a batch of clocks has to write down."""

    values: dict = field(default_factory=dict)
    segments: list = field(default_factory=list)
    events: list = field(default_factory=list)


class CustomerComplaintClock(models.Model):
    """One promise about one complaint, and how much of its time is used.

    A clock keeps what was promised when it started. Its parts and its events are
    appended to logs of their own; this row is the state they lead to.
    """

    _name = "customer.complaint.clock"
    _description = "Complaint Clock"
    _order = "complaint_id, started_at, id"

    complaint_id = fields.Many2one(
        "customer.complaint",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True
    )
    team_id = fields.Many2one(
        "customer.complaint.team",
        readonly=True,
        index="btree_not_null",
        help="The team that was in charge when it started.",
    )
    kind = fields.Selection(
        [
            ("acknowledge", "Acknowledgement"),
            ("answer", "First Answer"),
            ("update", "Promised Update"),
            ("decision", "Decision"),
            ("resolution", "Resolution"),
            ("remedy", "Agreed Remedy"),
            ("internal", "Internal"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="running",
    )

    # What was promised
    policy_id = fields.Many2one(
        "customer.complaint.policy", readonly=True, index="btree_not_null"
    )
    version_id = fields.Many2one(
        "customer.rule.version", readonly=True, index="btree_not_null"
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        readonly=True,
        index="btree_not_null",
        help="Empty: around the clock.",
    )
    skipped_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Passed Over",
        readonly=True,
        help="Working hours that should have counted and have no hours.",
    )
    target_seconds = fields.Integer(readonly=True, help="Working seconds promised.")
    promised_at = fields.Datetime(
        readonly=True, help="The moment promised, where it was not a duration."
    )
    warn_percent = fields.Integer(readonly=True)
    pauses = fields.Boolean(readonly=True)
    pause_limit_seconds = fields.Integer(readonly=True, help="0: no limit.")

    # Where it stands
    recorded_at = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="What was over by then, as with imported complaints, is nobody's news.",
    )
    started_at = fields.Datetime(required=True, readonly=True)
    since = fields.Datetime(
        required=True, readonly=True, help="Start of the part that goes on now."
    )
    reason = fields.Selection(
        REASONS, required=True, readonly=True, default=sla.STARTED
    )
    elapsed_seconds = fields.Integer(
        readonly=True, help="Working seconds it had run until the present part."
    )
    paused_seconds = fields.Integer(
        readonly=True, help="Working seconds it had been paused until then."
    )
    deadline = fields.Datetime(readonly=True, index="btree_not_null")
    warn_at = fields.Datetime(readonly=True)
    is_warned = fields.Boolean(readonly=True)
    is_breached = fields.Boolean(readonly=True)
    level = fields.Integer(readonly=True, help="Rung of the ladder it has reached.")
    next_event_at = fields.Datetime(
        readonly=True,
        index="btree_not_null",
        help="When somebody has to look at it again.",
    )
    done_at = fields.Datetime(readonly=True)
    replaced_by_id = fields.Many2one(
        "customer.complaint.clock",
        readonly=True,
        index="btree_not_null",
        help="The promise that was made instead, by another policy.",
    )
    segment_ids = fields.One2many(
        "customer.complaint.clock.segment", "clock_id", readonly=True
    )
    event_ids = fields.One2many(
        "customer.complaint.clock.event", "clock_id", readonly=True
    )

    _one_open = models.UniqueIndex(
        "(complaint_id, kind) WHERE state IN ('running', 'paused')",
        "A complaint has one clock of a kind at a time.",
    )

    # === FROM AND TO LOGIC === #

    def _to_logic(self):
        """This clock as :mod:`logic.sla` knows it."""
        self.ensure_one()
        target = sla.Target(
            seconds=self.target_seconds,
            warn_percent=self.warn_percent,
            pauses=self.pauses,
            pause_limit=self.pause_limit_seconds,
            fixed=self.promised_at or None,
        )
        return sla.Clock(
            target=target,
            since=self.since,
            is_paused=self.state == "paused",
            elapsed=self.elapsed_seconds,
            paused=self.paused_seconds,
            due_at=self.is_breached and self.deadline or None,
            reason=self.reason,
        )

    def _time(self):
        """The working time this clock counts."""
        self.ensure_one()
        return self.env["customer.complaint.working.time"]._working_time(
            self.calendar_id, self.company_id, self.started_at
        )

    def _ladder(self):
        """The rungs of this clock's policy version."""
        self.ensure_one()
        definition = self.version_id.definition or {}
        return self.env["customer.complaint.escalation"]._rungs(definition, self.kind)

    # === CHANGES === #

    def _apply(self, verbs, at):
        """Let something happen to clocks, and write everything down at the end.

        :param verbs: ``{clock: keep, cancel, pause, resume or look}``
        :param at: when it happened, naive UTC
        :return: the events that were news, as ``{(clock id, kind, level)}``
        """
        ledger = Ledger()
        for clock, verb in verbs.items():
            if verb in VERBS:
                clock._go_on(VERBS[verb], at, ledger)
            else:
                clock._end(verb, at, ledger)
        news = self._write_down(ledger)
        self._follow_up(news)
        return news

    def _follow_up(self, news):
        """Let follow what follows from news, unless they are history."""
        breached = self.browse(
            clock_id for clock_id, kind, _level in news if kind == "breached"
        ).filtered(lambda clock: not clock._is_history())
        if breached:
            breached._after_breach()

    def _after_breach(self):
        """What else follows when these promises have just been broken.

        For others to extend; called once for each breach, whoever finds it.
        """

    def _is_history(self):
        """Whether it was warned of or broken before anybody recorded it."""
        self.ensure_one()
        moment = self.deadline if self.is_breached else self.warn_at
        return bool(moment and moment < self.recorded_at)

    def _go_on(self, verb, at, ledger):
        """Pause, resume or just look at a clock."""
        time = self._time()
        step = verb(self._to_logic(), at, time)
        ladder = [rung for rung, _definition in self._ladder()]
        warned_at = self.warn_at if self.is_warned else None
        now = standing(step.clock, time, at, ladder, warned_at, self.level)
        if now.is_warned and not self.is_warned:
            ledger.events.append((self.id, "warned", 0, now.warn_at))
        if now.is_breached and not self.is_breached:
            ledger.events.append((self.id, "breached", 0, now.deadline))
        ledger.events += [
            (self.id, "escalated", level, moment) for moment, level in now.climbs
        ]
        ledger.values[self] = row_values(step.clock, now)
        ledger.segments += [(self.id, segment) for segment in step.segments]

    def _end(self, verb, at, ledger):
        """Keep a promise or let it go: too late is broken either way."""
        time = self._time()
        clock = self._to_logic()
        step = sla.stop(clock, at, time)
        state = {"keep": "kept", "cancel": "cancelled"}[verb]
        deadline = sla.deadline(sla.settle(clock, at, time).clock, time)
        if not step.is_kept:
            state = "broken"
            ledger.events.append((self.id, "breached", 0, deadline))
        else:
            ledger.events.append((self.id, state, 0, at))
        ledger.values[self] = {
            "state": state,
            "since": step.clock.since,
            "reason": step.clock.reason,
            "elapsed_seconds": step.clock.elapsed,
            "paused_seconds": step.clock.paused,
            "deadline": deadline or False,
            "is_breached": state == "broken",
            "next_event_at": False,
            "done_at": at,
        }
        ledger.segments += [(self.id, segment) for segment in step.segments]

    def _write_down(self, ledger):
        """Write a ledger: one statement for each table."""
        clocks = self.browse().union(*ledger.values)
        for clock, values in ledger.values.items():
            clock.write(values)
        self.env["customer.complaint.clock.segment"]._append(ledger.segments)
        news = self.env["customer.complaint.clock.event"]._append(ledger.events)
        clocks.complaint_id._update_next_deadline()
        clocks._wake_job()
        return news


def row_values(clock, standing):
    """Values that a clock which goes on leaves in its row.

    :param clock: as ``logic.sla`` has it
    :param standing: where it stands, as ``logic.sla_standing`` has it
    """
    return {
        "state": "paused" if clock.is_paused else "running",
        "since": clock.since,
        "reason": clock.reason,
        "elapsed_seconds": clock.elapsed,
        "paused_seconds": clock.paused,
        "deadline": standing.deadline or False,
        "warn_at": standing.warn_at or False,
        "is_warned": standing.is_warned,
        "is_breached": standing.is_breached,
        "level": standing.level,
        "next_event_at": standing.next_event_at or False,
    }
