"""A clock: how much of a promised time is used, and when it is up.

A clock runs from its start until it is stopped, and may be paused in between. It
counts *working seconds* (see :mod:`.working_time`), whole ones only. Its life is a
chain of *segments*, running or paused; the last one is still open:

* A pause is credited before a deadline is judged: the deadline of a running clock is
  the moment when what is left of its target will have passed.
* A pause has a limit, in working seconds over all pauses of the clock. There it ends
  by itself, at its true moment, whether somebody looked or not.
* Who is late stays late: a deadline that has passed is not moved by a later pause.
* A promised moment (``fixed``) is the deadline itself; such a clock never pauses.

So applying events one by one gives what replaying all of them gives.

>>> from datetime import datetime as at
>>> from .working_time import AROUND_THE_CLOCK, HOUR
>>> clock = start(Target(2 * HOUR, pauses=True), at(2026, 3, 2, 9))
>>> deadline(clock, AROUND_THE_CLOCK)
datetime.datetime(2026, 3, 2, 11, 0)
>>> clock = pause(clock, at(2026, 3, 2, 10), AROUND_THE_CLOCK).clock
>>> deadline(clock, AROUND_THE_CLOCK) is None
True
>>> clock = resume(clock, at(2026, 3, 3, 15), AROUND_THE_CLOCK).clock
>>> clock.elapsed == HOUR, deadline(clock, AROUND_THE_CLOCK)
(True, datetime.datetime(2026, 3, 3, 16, 0))
>>> stop(clock, at(2026, 3, 3, 15, 30), AROUND_THE_CLOCK).is_kept
True
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

# Why a segment began
STARTED, WAITING, LIMIT, RESUMED = "started", "waiting", "limit", "resumed"


class Time(Protocol):
    """What a clock asks of working time."""

    def between(self, start: datetime, stop: datetime) -> int:
        """Working seconds between two moments."""

    def after(self, start: datetime, seconds: int) -> datetime:
        """When so many working seconds have passed."""


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised.

    :param seconds: working seconds until the deadline
    :param warn_percent: share of them after which to warn; 0 for never
    :param pauses: whether waiting for the customer pauses the clock
    :param pause_limit: working seconds of all pauses together; 0 for no limit
    :param fixed: the promised moment, where it was not a duration that was promised
    """

    seconds: int
    warn_percent: int = 0
    pauses: bool = False
    pause_limit: int = 0
    fixed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A finished part of a clock's life.

    :param seconds: working seconds of it
    :param reason: why it began
    """

    is_paused: bool
    started_at: datetime
    stopped_at: datetime
    seconds: int
    reason: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that has not been stopped.

    :param since: start of the open segment
    :param elapsed: working seconds it had run until then
    :param paused: working seconds it had been paused until then
    :param due_at: its deadline, once that has passed
    :param reason: why the open segment began
    """

    target: Target
    since: datetime
    is_paused: bool = False
    elapsed: int = 0
    paused: int = 0
    due_at: datetime | None = None
    reason: str = STARTED


@dataclass(frozen=True, slots=True)
class Step:
    """What an event did: the clock as it is now, and the segments it finished."""

    clock: Clock
    segments: tuple[Segment, ...] = ()
    is_kept: bool | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of an escalation ladder.

    :param level: its place on the ladder, from one
    :param at_breach: whether time counts from the deadline, or else from the warning
    :param seconds: working seconds after that
    """

    level: int
    at_breach: bool
    seconds: int


def start(target: Target, at: datetime) -> Clock:
    """Start a clock."""
    return Clock(target, at)


def settle(clock: Clock, at: datetime, time: Time) -> Step:
    """Let a pause that reached its limit before a moment have ended there."""
    ends_at = pause_ends_at(clock, time)
    if ends_at is None or ends_at > at:
        return Step(clock)
    return _turn(clock, ends_at, time, False, LIMIT)


def pause(clock: Clock, at: datetime, time: Time) -> Step:
    """Wait for the customer.

    A clock that does not pause, or may not any more, runs on in a segment that says
    so: whoever judges it by another promise later knows about the waiting.
    """
    settled = settle(clock, at, time)
    clock = settled.clock
    if clock.is_paused or clock.reason in (WAITING, LIMIT):
        return settled
    turned = _turn(clock, at, time, _may_pause(clock), WAITING)
    return replace(turned, segments=settled.segments + turned.segments)


def resume(clock: Clock, at: datetime, time: Time) -> Step:
    """End the waiting, if there was any."""
    settled = settle(clock, at, time)
    if settled.clock.reason not in (WAITING, LIMIT):
        return settled
    turned = _turn(settled.clock, at, time, False, RESUMED)
    return replace(turned, segments=settled.segments + turned.segments)


def divide(clock: Clock, at: datetime, time: Time) -> Step:
    """Finish the open part and go on in a new one: what has run has been counted.

    Before the hours change, so that the new ones count from now on only.
    """
    settled = settle(clock, at, time)
    clock = settled.clock
    turned = _turn(clock, at, time, clock.is_paused, clock.reason)
    return replace(turned, segments=settled.segments + turned.segments)


def stop(clock: Clock, at: datetime, time: Time) -> Step:
    """Stop a clock and judge it: kept when its deadline had not passed."""
    settled = settle(clock, at, time)
    clock = settled.clock
    due_at = deadline(clock, time)
    is_kept = due_at is None or max(at, clock.since) <= due_at
    turned = _turn(clock, at, time, clock.is_paused, clock.reason)
    return Step(turned.clock, settled.segments + turned.segments, is_kept)


def replay(
    target: Target,
    started_at: datetime,
    events: Iterable[tuple[datetime, str]],
    time: Time,
) -> Step:
    """Start a clock in the past and apply what happened since.

    :param events: moments of WAITING and RESUMED, in their order
    """
    verbs = {WAITING: pause, RESUMED: resume}
    step = Step(start(target, started_at))
    for at, name in events:
        following = verbs[name](step.clock, at, time)
        step = replace(following, segments=step.segments + following.segments)
    return step


# --- questions ---


def pause_ends_at(clock: Clock, time: Time) -> datetime | None:
    """When the present pause ends by itself; None when it does not."""
    if not clock.is_paused or not clock.target.pause_limit:
        return None
    return time.after(clock.since, clock.target.pause_limit - clock.paused)


def deadline(clock: Clock, time: Time) -> datetime | None:
    """When the promise is broken unless it is kept; None while that is open.

    Open it is during a pause without a limit.
    """
    if clock.target.fixed or clock.due_at:
        return clock.target.fixed or clock.due_at
    return _reaches(clock, clock.target.seconds, time)


def warn_at(clock: Clock, time: Time) -> datetime | None:
    """When to warn; None for never, or while that is open."""
    target = clock.target
    if not target.warn_percent or not target.seconds:
        return None
    return _reaches(clock, target.seconds * target.warn_percent // 100, time)


def is_breached(clock: Clock, now: datetime, time: Time) -> bool:
    """Whether the deadline has passed. In its very second it has not."""
    due_at = deadline(clock, time)
    return due_at is not None and due_at < now


def elapsed(clock: Clock, now: datetime, time: Time) -> int:
    """Working seconds used until now."""
    if clock.is_paused:
        return clock.elapsed
    return clock.elapsed + time.between(clock.since, now)


def rung_at(
    rung: Rung,
    warned_at: datetime | None,
    breached_at: datetime | None,
    time: Time,
) -> datetime | None:
    """When to climb a rung of the ladder; None before what it counts from."""
    since = breached_at if rung.at_breach else warned_at
    return None if since is None else time.after(since, rung.seconds)


# --- inside ---


def _may_pause(clock: Clock) -> bool:
    target = clock.target
    if not target.pauses or target.fixed:
        return False
    return not target.pause_limit or clock.paused < target.pause_limit


def _reaches(clock: Clock, seconds: int, time: Time) -> datetime | None:
    """When the clock will have run so long, as far as this is known."""
    since = clock.since
    if clock.is_paused:
        ends_at = pause_ends_at(clock, time)
        if ends_at is None:
            return None
        since = ends_at
    return time.after(since, seconds - clock.elapsed)


def _turn(clock: Clock, at: datetime, time: Time, is_paused: bool, reason: str) -> Step:
    """Finish the open segment at a moment and open the next one.

    What is recorded late cannot have happened before the open segment began.
    """
    at = max(at, clock.since)
    seconds = time.between(clock.since, at)
    due_at = deadline(clock, time)
    following = replace(
        clock,
        since=at,
        is_paused=is_paused,
        elapsed=clock.elapsed + (0 if clock.is_paused else seconds),
        paused=clock.paused + (seconds if clock.is_paused else 0),
        due_at=due_at if due_at is not None and due_at < at else None,
        reason=reason,
    )
    if at == clock.since:
        return Step(following)
    segment = Segment(clock.is_paused, clock.since, at, seconds, clock.reason)
    return Step(following, (segment,))
