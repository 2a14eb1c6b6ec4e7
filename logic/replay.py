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
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from .facts import FactReader, History
from .ladder import Conditions, Ladder, Step, stay_ends_on
from .rule import break_points, facts_of, holds, stored_facts_of

Axis = Literal["position", "condition"]
AXES: tuple[Axis, Axis] = ("position", "condition")

#: Facts that change when something leaves a 12-month window.
WINDOW_FACTS = frozenset(
    {"revenue_12m", "revenue_prev_12m", "revenue_trend", "category_count_12m"}
)
CONTACT_FACTS = frozenset({"days_since_contact", "last_contact_on"})


@dataclass(frozen=True, slots=True)
class Era:
    """The rules in force from a day on.

    :param starts: first day; None for the first era, which has always been.
    :param positions: ladder of positions, lowest first.
    :param conditions: conditions in the order they are asked.
    :param fallback: usual interval of the customer's segment in days, or None.
    """

    starts: date | None
    positions: Ladder
    conditions: Conditions
    fallback: float | None = None

    def rules_facts(self) -> frozenset[str]:
        """Return the facts that any rule of this era reads."""
        steps = (*self.positions.steps, *self.conditions.steps)
        return frozenset().union(
            *(facts_of(step.rule) for step in steps if step.rule is not None)
        )


@dataclass(frozen=True, slots=True)
class Pin:
    """A person's decision, in force from ``starts`` until the day before ``ends``."""

    key: int
    axis: Axis
    target: int
    starts: date
    ends: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the decision counts on a day."""
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Move:
    """A change of what counts on one axis.

    :param cause: ``entry``, ``rule``, ``rule_changed``, ``pin`` or ``pin_ended``.
    :param facts: the facts the rule read that led here.
    """

    axis: Axis
    day: date
    origin: int | None
    target: int | None
    cause: str
    version: int = 0
    pin: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands on one axis; keys of steps, None where there is none.

    :param entitled: step whose rule holds now, whatever the path.
    :param by_rules: step on the track of the rules.
    :param current: step that counts.
    :param highest: highest step ever reached, in the order of the ladder in force.
    """

    entitled: int | None = None
    by_rules: int | None = None
    current: int | None = None
    since: date | None = None
    previous: int | None = None
    highest: int | None = None
    version: int = 0
    pin: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a replay: standings, moves in order, and the days to come back."""

    position: Standing
    condition: Standing
    moves: tuple[Move, ...]
    next_on: date | None
    pending_on: date | None


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
    """Mutable state of one axis during a replay."""

    axis: Axis
    by_rules: int | None = None
    rules_since: date | None = None
    standing: Standing = field(default_factory=Standing)
    pending: date | None = None


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
        self.reader = FactReader(history)
        self.tracks = {axis: _Track(axis) for axis in AXES}
        starts = [history.first_day(), known_since, *(pin.starts for pin in pins)]
        self.first_day = min((day for day in starts if day), default=None)
        self.event_days = self._event_days()

    def run(self) -> Outcome:
        day, upcoming = self.first_day, self.first_day
        position = 0
        while day is not None and day <= self.as_of:
            while (
                position < len(self.event_days) and self.event_days[position] <= day
            ):
                position += 1
            clock = self._step(day)
            upcoming = min(
                (
                    candidate
                    for candidate in (clock, *self.event_days[position : position + 1])
                    if candidate is not None
                ),
                default=None,
            )
            day = upcoming
        pending = [track.pending for track in self.tracks.values() if track.pending]
        return Outcome(
            position=self.tracks["position"].standing,
            condition=self.tracks["condition"].standing,
            moves=tuple(self.moves),
            next_on=upcoming,
            pending_on=min(
                (d for d in (*pending, *self._pin_days()) if d > self.as_of),
                default=None,
            ),
        )

    def _event_days(self) -> list[date]:
        facts = frozenset().union(*(era.rules_facts() for era in self.eras))
        days = set(
            self.reader.event_days(
                windows=not WINDOW_FACTS.isdisjoint(facts),
                contacts=not CONTACT_FACTS.isdisjoint(facts),
            )
        )
        days.update(era.starts for era in self.eras if era.starts)
        days.update(self._pin_days())
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

    def _step(self, day: date) -> date | None:
        """Decide one day; return the next day the clock can change the verdict."""
        era = self._era(day)
        self.reader.fallback = era.fallback
        values = self.reader.at(day)
        for axis, ladder in (
            ("position", era.positions),
            ("condition", era.conditions),
        ):
            self._decide(self.tracks[axis], ladder, values, day, era)
        return self._clock(era, values, day)

    def _decide(
        self,
        track: _Track,
        ladder: Ladder | Conditions,
        values: Mapping[str, object],
        day: date,
        era: Era,
    ) -> None:
        steps = ladder.steps
        index = {step.key: number for number, step in enumerate(steps)}
        entitled = ladder.entitled(values, day, holds)
        current = index.get(track.by_rules) if track.by_rules is not None else None
        target = ladder.target(current, entitled)
        track.pending = None
        if current is not None and target != current:
            ends = stay_ends_on(steps[current], track.rules_since or day)
            if ends > day:
                track.pending, target = ends, current
        key = steps[target].key if target is not None else None
        if key != track.by_rules or track.rules_since is None:
            track.by_rules, track.rules_since = key, day
        self._settle(
            track,
            steps[entitled].key if entitled is not None else None,
            steps[target] if target is not None else None,
            values,
            day,
            era,
        )
        track.standing = replace(
            track.standing, highest=self._highest(track.standing, index)
        )

    def _settle(
        self,
        track: _Track,
        entitled: int | None,
        step: Step | None,
        values: Mapping[str, object],
        day: date,
        era: Era,
    ) -> None:
        """Let the decision in force, or else the rules, set what counts."""
        pin = self._pin(track.axis, day)
        target = pin.target if pin else track.by_rules
        old = track.standing
        standing = replace(
            old,
            entitled=entitled,
            by_rules=track.by_rules,
            version=step.version if step else 0,
            pin=pin.key if pin else None,
        )
        if target != old.current:
            standing = replace(
                standing, current=target, since=day, previous=old.current
            )
            self.moves.append(
                Move(
                    axis=track.axis,
                    day=day,
                    origin=old.current,
                    target=target,
                    cause=self._cause(old, pin, day, era),
                    version=standing.version,
                    pin=pin.key if pin else None,
                    facts={} if pin else evidence(step, values),
                )
            )
        track.standing = standing

    def _cause(self, old: Standing, pin: Pin | None, day: date, era: Era) -> str:
        if pin:
            return "pin"
        if old.pin is not None:
            return "pin_ended"
        if old.since is None:
            return "entry"
        return "rule_changed" if era.starts == day else "rule"

    def _pin(self, axis: Axis, day: date) -> Pin | None:
        pins = [pin for pin in self.pins if pin.axis == axis and pin.in_force(day)]
        return max(pins, key=lambda pin: pin.key, default=None)

    @staticmethod
    def _highest(standing: Standing, index: Mapping[int, int]) -> int | None:
        """Compare in the ladder in force; a step that left it no longer counts."""
        candidates = [
            key for key in (standing.highest, standing.current) if key in index
        ]
        return max(candidates, key=index.__getitem__, default=standing.current)

    def _clock(
        self, era: Era, values: Mapping[str, object], day: date
    ) -> date | None:
        days = [track.pending for track in self.tracks.values()]
        for step in (*era.positions.steps, *era.conditions.steps):
            if step.rule is not None:
                days.append(break_points(step.rule, values, day))
        return min((item for item in days if item), default=None)


def evidence(step: Step | None, values: Mapping[str, object]) -> dict[str, object]:
    """Return the facts a step's rule read, dates as ISO text, ready to be stored."""
    if step is None or step.rule is None:
        return {}
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in ((key, values.get(key)) for key in stored_facts_of(step.rule))
    }
