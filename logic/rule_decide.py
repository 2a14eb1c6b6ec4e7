"""What a rule says about one account on one day, and when it may change its mind.

>>> from datetime import date
>>> quiet = Compare("days_since_last", ">", 90)
>>> stored = {"last_purchase_on": date(1997, 1, 1)}
>>> holds(quiet, stored, date(1997, 4, 1)), holds(quiet, stored, date(1997, 4, 2))
(False, True)
>>> break_points(quiet, stored, date(1997, 1, 1))
datetime.date(1997, 4, 2)
>>> break_points(quiet, stored, date(1997, 4, 2)) is None
True

A ratio is never divided: ``overdue_ratio >= 1.5`` asks whether the days reach one and
a half usual intervals, one multiplication that a database does in the same way.

>>> late = Compare("overdue_ratio", ">=", 1.5)
>>> stored["usual_interval"] = 21.0
>>> break_points(late, stored, date(1997, 1, 1))  # 31.5 days are full on the 32nd
datetime.date(1997, 2, 2)

What is not known compares as false, and its negation therefore as true:

>>> unseen = Compare("days_since_contact", "!=", 7)
>>> any_day = date(1997, 2, 2)
>>> holds(unseen, stored, any_day), holds(Not(unseen), stored, any_day)
(False, True)
"""

from __future__ import annotations

import math
import operator
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from .catalog import FACTS, Fact
from .rule_tree import All, Compare, Node, Not, comparisons

# What a stored fact holds (number, date or text) is for the catalogue to say.
Stored: TypeAlias = Mapping[str, typing.Any]

_TESTS: dict[str, Callable[[typing.Any, typing.Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, among: value in among,
    "not in": lambda value, among: value not in among,
}


#: A rule made ready: asked with stored facts and a day, it says whether it is true.
Decider: TypeAlias = Callable[[Stored, date], bool]


def holds(
    node: Node,
    values: Stored,
    as_of: date,
    facts: Mapping[str, Fact] = FACTS,
) -> bool:
    """Whether a rule is true of an account as of a day.

    :param values: stored facts by key; absent, None and False mean unknown
    """
    return decider(node, facts)(values, as_of)


def decider(node: Node, facts: Mapping[str, Fact] = FACTS) -> Decider:
    """The decision of `holds`, made ready for many accounts and days."""
    if isinstance(node, Compare):
        return _comparison(node, facts[node.fact])
    if isinstance(node, Not):
        part = decider(node.part, facts)
        return lambda values, as_of: not part(values, as_of)
    parts = tuple(decider(part, facts) for part in node.parts)
    return _every(parts) if isinstance(node, All) else _some(parts)


def break_points(
    node: Node,
    values: Stored,
    after: date,
    facts: Mapping[str, Fact] = FACTS,
) -> date | None:
    """The first day after a given one on which the calendar alone may flip the rule.

    It is the first day on which any clocked comparison flips; the rule as a whole may
    well stay the same. Unless a stored fact changes, no day between can differ.
    """
    days = (day for one in clocks(node, facts) for day in one.flips(values, after))
    return min(days, default=None)


def clocks(node: Node, facts: Mapping[str, Fact] = FACTS) -> frozenset[Clock]:
    """The comparisons of a rule that the calendar alone can flip."""
    return frozenset(
        Clock(facts[leaf.fact], leaf.operator, leaf.value)
        for leaf in comparisons(node)
        if facts[leaf.fact].clocked
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """A comparison that the calendar alone can flip."""

    fact: Fact
    operator: str
    value: typing.Any

    def flips(self, values: Stored, after: date) -> Iterator[date]:
        """The days after a given one on which it flips, the earliest first."""
        base = _known(values, self.fact.compared)
        bound = _bound(self.value, self.fact, values)
        if base is None or bound is None:
            return
        elapsed, last = (after - base).days, (date.max - base).days
        for days in _flips(self.operator, bound):
            if elapsed < days <= last:
                yield base + timedelta(days=days)


def _every(parts: tuple[Decider, ...]) -> Decider:
    def decide(values: Stored, as_of: date) -> bool:
        for part in parts:  # a loop takes half the time of all()
            if not part(values, as_of):
                return False
        return True

    return decide


def _some(parts: tuple[Decider, ...]) -> Decider:
    def decide(values: Stored, as_of: date) -> bool:
        for part in parts:
            if part(values, as_of):
                return True
        return False

    return decide


def _comparison(node: Compare, fact: Fact) -> Decider:
    left, test = _side(fact), _TESTS[node.operator]

    def against_product(values: Stored, as_of: date) -> bool:
        value, bound = left(values, as_of), _bound(node.value, fact, values)
        return value is not None and bound is not None and test(value, bound)

    if fact.divisor is not None:
        return against_product
    constant = _bound(node.value, fact, {})

    def against_constant(values: Stored, as_of: date) -> bool:
        value = left(values, as_of)
        return value is not None and test(value, constant)

    return against_constant


def _known(values: Stored, key: str) -> typing.Any:
    """A stored fact, or None; the False of an empty Odoo field is no zero."""
    value = values.get(key)
    return None if value is False else value


def _side(fact: Fact) -> Callable[[Stored, date], typing.Any]:
    """The left side of a comparison: the fact, or the dividend of a ratio."""
    key = fact.compared

    def days(values: Stored, as_of: date) -> int | None:
        base = _known(values, key)
        return None if base is None else (as_of - base).days

    def number(values: Stored, as_of: date) -> float | None:
        value = _known(values, key)
        return None if value is None else float(value)

    if fact.clocked:
        return days
    if fact.whole or fact.kind == "choice":
        return lambda values, as_of: _known(values, key)
    return number


def _bound(value: typing.Any, fact: Fact, values: Stored) -> typing.Any:
    """The right side: the constant, times the divisor of a ratio."""
    if fact.divisor is None:
        return value if fact.whole or fact.kind == "choice" else float(value)
    divisor = _known(values, fact.divisor)
    if divisor is None or divisor <= 0:
        return None
    return float(value) * float(divisor)


def _flips(comparison: str, bound: float) -> tuple[int, ...]:
    """The whole numbers at which a growing one changes how it compares.

    >>> _flips(">=", 31.5), _flips(">=", 31), _flips(">", 31), _flips("=", 31)
    ((32,), (31,), (32,), (31, 32))
    """
    reached, passed = math.ceil(bound), math.floor(bound) + 1
    if comparison in (">=", "<"):
        return (reached,)
    return (passed,) if comparison in (">", "<=") else (reached, passed)
