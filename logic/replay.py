"""The path of one customer through positions and conditions, replayed from truth.

Truth is the history, the decisions of people (*pins*) and the rules with the day
from which each was in force (*eras*). Replaying them gives every move with the day
it became true, whenever the replay runs: the first reading of ten years, the job of
last night and an evaluation as of a past day are the same computation.

The replay visits the days on which anything can change and no other: days of the
history, first days of an era, first days and ends of decisions, ends of minimum
stays, and the *break points* of the rules, at which the calendar alone flips a
comparison. `Outcome.next_on` is the first such day after ``as_of``; until then the
verdict cannot change by itself.

Two tracks run beside each other: what the rules say, and what counts. They differ
while a decision is in force. A decision does not move the track of the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from .era import Era, Ready
from .facts import FactReader
from .history import History
from .ladder import stay_ends_on
from .verdict import AXES, Axis, Move, Outcome, Pin, Standing


def replay(
    history: History,
    eras: tuple[Era, ...],
    pins: Iterable[Pin],
    as_of: date,
    known_since: date | None = None,
) -> Outcome:
    """Replay one customer until ``as_of``.

    :param eras: rules by first day, the earliest first; at least one.
    :param pins: decisions; of those in force together the highest key counts.
    :param known_since: a day from which the customer is known to have existed even
        if nothing dated that early is left, for instance the first logged move.
    """
    return _Replay(history, eras, tuple(pins), as_of, known_since).run()


@dataclass(slots=True)
class _Track:
    """State of one axis during a replay; see `Standing`.

    :param rules_since: day on which the rules led to ``by_rules``; None before the
        first decision.
    :param rules_version: version of the rule that led to ``by_rules`` on that day.
    :param pending: day on which the minimum stay ends that keeps the rules back.
    """

    axis: Axis
    pins: tuple[Pin, ...]
    entitled: int | None = None
    by_rules: int | None = None
    rules_since: date | None = None
    rules_version: int = 0
    pending: date | None = None
    current: int | None = None
    since: date | None = None
    previous: int | None = None
    highest: int | None = None
    version: int = 0
    pin: Pin | None = None
    ready: Ready | None = None

    def pin_on(self, day: date) -> Pin | None:
        """Return the decision that counts on a day."""
        pins = [pin for pin in self.pins if pin.in_force(day)]
        return max(pins, key=lambda pin: pin.key, default=None)

    def standing(self) -> Standing:
        """Return what is to be known of this axis now."""
        return Standing(
            entitled=self.entitled,
            by_rules=self.by_rules,
            current=self.current,
            since=self.since,
            previous=self.previous,
            highest=self.highest,
            version=self.version,
            pin=self.pin.key if self.pin else None,
        )


class _Replay:
    def __init__(
        self,
        history: History,
        eras: tuple[Era, ...],
        pins: tuple[Pin, ...],
        as_of: date,
        known_since: date | None,
    ) -> None:
        self.eras = eras
        self.pins = pins
        self.as_of = as_of
        self.moves: list[Move] = []
        self.reader = FactReader(
            history, keys=frozenset().union(*(era.stored_facts for era in eras))
        )
        self.values: Mapping[str, object] = {}
        #: Days on which the calendar flips a comparison, the latest first.
        self.flips: list[date] = []
        self.tracks = tuple(
            _Track(axis, tuple(pin for pin in pins if pin.axis == axis))
            for axis in AXES
        )
        starts = [history.first_day(), known_since, *(pin.starts for pin in pins)]
        self.first_day = min((day for day in starts if day), default=None)

    def run(self) -> Outcome:
        upcoming = self._walk()
        waits = [track.pending for track in self.tracks if track.pending]
        position, condition = self.tracks
        return Outcome(
            position=position.standing(),
            condition=condition.standing(),
            moves=tuple(self.moves),
            next_on=upcoming,
            pending_on=min(
                (day for day in (*waits, *self._pin_days()) if day > self.as_of),
                default=None,
            ),
        )

    def _walk(self) -> date | None:
        """Decide every day that matters; return the first one after ``as_of``."""
        events = self._event_days()
        number, day = 0, self.first_day
        while day is not None and day <= self.as_of:
            # Between two events the calendar alone changes anything: the facts stay.
            facts_stay = number > 0
            while number < len(events) and events[number] <= day:
                number, facts_stay = number + 1, False
            clock = self._step(day, facts_stay)
            event = events[number] if number < len(events) else None
            day = clock if event is None or (clock and clock < event) else event
        return day

    def _event_days(self) -> list[date]:
        days = set(self.reader.event_days())
        days.update(era.starts for era in self.eras if era.starts)
        days.update(self._pin_days())
        if self.first_day:
            days.add(self.first_day)
        return sorted(days)

    def _pin_days(self) -> Iterable[date]:
        for pin in self.pins:
            yield pin.starts
            if pin.ends:
                yield pin.ends

    def _era(self, day: date) -> Era:
        current = self.eras[0]
        for era in self.eras:
            if era.starts is None or era.starts <= day:
                current = era
        return current

    def _step(self, day: date, facts_stay: bool) -> date | None:
        """Decide one day; return the next day the clock can change the verdict."""
        era = self._era(day)
        if not facts_stay:
            self._read(era, day)
        for track, ready in zip(self.tracks, era.ready, strict=True):
            self._decide(track, ready, day, era)
        return self._clock(day)

    def _read(self, era: Era, day: date) -> None:
        self.reader.fallback = era.fallback
        self.values = self.reader.at(day)
        flips = (clock.flips(self.values, day) for clock in era.clocks)
        self.flips = sorted(set(chain.from_iterable(flips)), reverse=True)

    def _clock(self, day: date) -> date | None:
        while self.flips and self.flips[-1] <= day:
            self.flips.pop()
        days = [track.pending for track in self.tracks if track.pending]
        return min((*days, *self.flips[-1:]), default=None)

    def _decide(self, track: _Track, ready: Ready, day: date, era: Era) -> None:
        """Let the rules lead on, as far as the minimum stay allows it."""
        entitled = ready.entitled(self.values, day)
        current = ready.index.get(track.by_rules) if track.by_rules else None
        target = ready.asked.target(current, entitled)
        track.pending = None
        if current is not None and target != current:
            ends = stay_ends_on(ready.steps[current], track.rules_since or day)
            if ends > day:
                track.pending, target = ends, current
        key = ready.steps[target].key if target is not None else None
        version = ready.steps[target].version if target is not None else 0
        if key != track.by_rules or track.rules_since is None:
            track.by_rules, track.rules_since = key, day
            track.rules_version = version
        track.entitled = ready.steps[entitled].key if entitled is not None else None
        track.version = version if target == entitled else track.rules_version
        self._settle(track, ready, day, era)

    def _settle(self, track: _Track, ready: Ready, day: date, era: Era) -> None:
        """Let the decision in force, or else the rules, set what counts."""
        pin = track.pin_on(day) if track.pins else None
        target = pin.target if pin else track.by_rules
        moved = target != track.current
        if moved:
            self.moves.append(
                Move(
                    axis=track.axis,
                    day=day,
                    origin=track.current,
                    target=target,
                    cause=self._cause(track, pin, day, era),
                    version=track.version,
                    pin=pin.key if pin else None,
                    facts={} if pin else self._evidence(track, ready),
                )
            )
            track.previous, track.current, track.since = track.current, target, day
        track.pin = pin
        if moved or ready is not track.ready:
            highest = ready.highest(track.highest, track.current)
            track.highest = track.current if highest is None else highest
            track.ready = ready

    @staticmethod
    def _cause(track: _Track, pin: Pin | None, day: date, era: Era) -> str:
        if pin:
            return "pin"
        if track.pin is not None:
            return "pin_ended"
        if track.since is None:
            return "entry"
        return "rule_changed" if era.starts == day else "rule"

    def _evidence(self, track: _Track, ready: Ready) -> dict[str, object]:
        """Return the facts the rule read that led here, ready to be stored."""
        keys = ready.reads.get(track.by_rules, ())
        values = {key: self.values.get(key) for key in keys}
        return {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in values.items()
        }
