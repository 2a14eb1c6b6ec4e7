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


def holds(
    node: Node,
    values: Stored,
    as_of: date,
    facts: Mapping[str, Fact] = FACTS,
) -> bool:
    """Whether a rule is true of an account as of a day.

    :param values: stored facts by key; absent, None and False mean unknown
    """
    if isinstance(node, Compare):
        return _compare(node, facts[node.fact], values, as_of)
    if isinstance(node, Not):
        return not holds(node.part, values, as_of, facts)
    parts = (holds(part, values, as_of, facts) for part in node.parts)
    return all(parts) if isinstance(node, All) else any(parts)


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
    days = (
        day
        for leaf in comparisons(node)
        if facts[leaf.fact].clocked
        for day in _flip_days(leaf, facts[leaf.fact], values, after)
    )
    return min(days, default=None)


def _compare(node: Compare, fact: Fact, values: Stored, as_of: date) -> bool:
    left, right = _side(fact, values, as_of), _bound(node.value, fact, values)
    if left is None or right is None:
        return False
    return _TESTS[node.operator](left, right)


def _known(values: Stored, key: str) -> typing.Any:
    """A stored fact, or None; the False of an empty Odoo field is no zero."""
    value = values.get(key)
    return None if value is False else value


def _side(fact: Fact, values: Stored, as_of: date) -> typing.Any:
    """The left side of a comparison: the fact, or the dividend of a ratio."""
    value = _known(values, fact.compared)
    if value is None or fact.kind == "choice":
        return value
    if fact.clocked:
        return (as_of - value).days
    return value if fact.whole else float(value)


def _bound(value: typing.Any, fact: Fact, values: Stored) -> typing.Any:
    """The right side: the constant, times the divisor of a ratio."""
    if fact.divisor is None:
        return value if fact.whole or fact.kind == "choice" else float(value)
    divisor = _known(values, fact.divisor)
    if divisor is None or divisor <= 0:
        return None
    return float(value) * float(divisor)


def _flip_days(
    node: Compare, fact: Fact, values: Stored, after: date
) -> Iterator[date]:
    """The days after a given one on which a clocked comparison flips."""
    base, bound = _known(values, fact.compared), _bound(node.value, fact, values)
    if base is None or bound is None:
        return
    last = (date.max - base).days
    for elapsed in _flips(node.operator, bound):
        if (after - base).days < elapsed <= last:
            yield base + timedelta(days=elapsed)


def _flips(comparison: str, bound: float) -> tuple[int, ...]:
    """The whole numbers at which a growing one changes how it compares.

    >>> _flips(">=", 31.5), _flips(">=", 31), _flips(">", 31), _flips("=", 31)
    ((32,), (31,), (32,), (31, 32))
    """
    reached, passed = math.ceil(bound), math.floor(bound) + 1
    if comparison in (">=", "<"):
        return (reached,)
    return (passed,) if comparison in (">", "<=") else (reached, passed)
