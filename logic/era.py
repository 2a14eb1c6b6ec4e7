"""The rules in force from a day on, made ready to be asked of many customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from .ladder import Conditions, Ladder, Step
from .rule import Clock, Decider, Node, clocks, decider, stored_facts_of


@dataclass(frozen=True)  # without slots: it keeps what it has worked out
class Era:
    """The rules in force from a day on, made ready to be asked of many customers.

    :param starts: first day; None for the first era, which has always been.
    :param positions: ladder of positions, lowest first.
    :param conditions: conditions in the order they are asked.
    :param fallback: usual interval of the customer's segment in days, or None.
    """

    starts: date | None
    positions: Ladder
    conditions: Conditions
    fallback: float | None = None

    @cached_property
    def stored_facts(self) -> frozenset[str]:
        """The stored facts that any rule of this era reads."""
        return frozenset().union(*map(stored_facts_of, self._rules))

    @cached_property
    def clocks(self) -> frozenset[Clock]:
        """The comparisons of all rules that the calendar alone can flip."""
        return frozenset().union(*map(clocks, self._rules))

    @cached_property
    def ready(self) -> tuple[Ready, Ready]:
        """Both lists of steps, in the order of `AXES`."""
        return Ready.of(self.positions), Ready.of(self.conditions)

    @property
    def _rules(self) -> list[Node]:
        steps = (*self.positions.steps, *self.conditions.steps)
        return [step.rule for step in steps if step.rule is not None]


@dataclass(frozen=True, slots=True)
class Ready:
    """Steps whose rules are ready to be asked.

    :param asked: the steps with a `Decider` in place of each rule.
    :param index: number of each step by its key.
    :param reads: the stored facts that the rule of each step reads, by its key; of
        a condition also those of the one asked before it, which did not hold.
    """

    steps: tuple[Step, ...]
    asked: Ladder | Conditions
    index: Mapping[int, int]
    reads: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, ladder: Ladder | Conditions) -> Ready:
        """Return the steps of a ladder with rules ready to be asked."""
        asked = tuple(
            step if step.rule is None else replace(step, rule=decider(step.rule))
            for step in ladder.steps
        )
        index = {step.key: number for number, step in enumerate(ladder.steps)}
        reads, before = {}, frozenset[str]()
        for step in ladder.steps:
            facts = frozenset() if step.rule is None else stored_facts_of(step.rule)
            reads[step.key] = tuple(sorted(facts | before))
            before = facts if isinstance(ladder, Conditions) else frozenset()
        return cls(ladder.steps, replace(ladder, steps=asked), index, reads)

    def entitled(self, values: Mapping[str, object], day: date) -> int | None:
        """Return the number of the step the rules entitle to."""
        return self.asked.entitled(values, day, _ask)

    def highest(self, *keys: int | None) -> int | None:
        """Return the highest of some steps; one that left the ladder is none."""
        known = [key for key in keys if key in self.index]
        return max(known, key=self.index.__getitem__, default=None)


def _ask(rule: Decider, values: Mapping[str, object], day: date) -> bool:
    return rule(values, day)
