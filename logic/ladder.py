"""Positions and conditions: which step the rules lead to, and when to move.

*Positions* form a ladder, lowest first. The rules *entitle* a customer to the
highest step whose rule holds, or to the lowest step if none does. A customer climbs
to that step; it descends only as far as the highest *forward-only* step at or
below the one it stands on.

*Conditions* form a list. The first one whose rule holds applies, or none.

A step may ask for a minimum stay: before it is over, no rule moves the customer on.

>>> from datetime import date
>>> ladder = Ladder((Step(1, rule=()), Step(2), Step(3, forward_only=False)))
>>> ladder.target(current=2, entitled=0)
1
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

#: What `Step.rule` holds: a parsed rule, or None for "by a person's decision only".
Rule = Any
Holds = Callable[[Rule, Mapping[str, object], date], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """A position or condition as one rule version defines it.

    :param key: identity of the step across versions.
    :param version: identity of the rule version, kept as evidence.
    :param rule: parsed rule; None when only a decision leads here.
    :param forward_only: once reached, rules do not lead below it.
    :param minimum_days: stay in days before a rule may move the customer on.
    """

    key: int
    version: int = 0
    rule: Rule = None
    forward_only: bool = True
    minimum_days: int = 0


@dataclass(frozen=True, slots=True)
class Ladder:
    """Positions, lowest first."""

    steps: tuple[Step, ...]

    def entitled(
        self, values: Mapping[str, object], as_of: date, holds: Holds
    ) -> int | None:
        """Return the index of the highest step whose rule holds; 0 if none does."""
        for index in range(len(self.steps) - 1, -1, -1):
            rule = self.steps[index].rule
            if rule is not None and holds(rule, values, as_of):
                return index
        return 0 if self.steps else None

    def target(self, current: int | None, entitled: int | None) -> int | None:
        """Return where the rules lead a customer that stands on ``current``."""
        if current is None or entitled is None or entitled >= current:
            return entitled
        for index in range(current, entitled, -1):
            if self.steps[index].forward_only:
                return index
        return entitled


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions in the order in which they are asked."""

    steps: tuple[Step, ...]

    def entitled(
        self, values: Mapping[str, object], as_of: date, holds: Holds
    ) -> int | None:
        """Return the index of the first condition whose rule holds, or None."""
        for index, step in enumerate(self.steps):
            if step.rule is not None and holds(step.rule, values, as_of):
                return index
        return None

    def target(self, current: int | None, entitled: int | None) -> int | None:
        """Conditions know no floor: what holds is where the customer is."""
        return entitled


def stay_ends_on(step: Step | None, since: date) -> date:
    """Return the first day on which a rule may move a customer off ``step``."""
    return since + timedelta(step.minimum_days if step else 0)
