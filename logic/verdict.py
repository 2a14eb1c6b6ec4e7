"""What a replay is told by people, and what it finds out about one customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Axis = Literal["position", "condition"]
AXES: tuple[Axis, Axis] = ("position", "condition")


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
    :param version: version of the rule that led to ``by_rules``: the one in force if
        its rule holds, else the one by which the kept step was reached.
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
