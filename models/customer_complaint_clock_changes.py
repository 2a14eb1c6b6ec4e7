from __future__ import annotations

from dataclasses import dataclass, field

from odoo import models

from ..logic import sla
from ..logic.sla_standing import standing

VERBS = {
    "pause": sla.pause,
    "resume": sla.resume,
    "look": sla.settle,
    "divide": sla.divide,
}


@dataclass
class Ledger:
    """What a batch of clocks has to write down."""

    values: dict = field(default_factory=dict)
    segments: list = field(default_factory=list)
    events: list = field(default_factory=list)


class CustomerComplaintClock(models.Model):
    """What happens to clocks, written down for many of them at once."""

    _inherit = "customer.complaint.clock"

    def _apply(self, verbs, at):
        """Let something happen to clocks, and write everything down at the end.

        :param verbs: ``{clock: keep, cancel, pause, resume, divide or look}``
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
        """Write a ledger: a statement or two for each table."""
        clocks = self.browse().union(*ledger.values)
        ended, going = {}, {}
        for clock, values in ledger.values.items():
            (ended if "done_at" in values else going)[clock] = values
        self._update_rows(ended)
        self._update_rows(going)
        self.env["customer.complaint.clock.segment"]._append(ledger.segments)
        news = self.env["customer.complaint.clock.event"]._append(ledger.events)
        clocks.complaint_id._update_next_deadline()
        self._wake_job_at([values["next_event_at"] for values in going.values()])
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
