"""What the calendar alone will do to an account: the next step, and when.

Nothing is forecast. The stored facts stay as they are, the clock goes forward, and
the first day on which the rules would say something else is the answer: what
happens if the customer does not buy.

>>> from datetime import date
>>> from .rule import parse
>>> options = (
...     Option("lost", parse('[["overdue_ratio", ">", 6]]')),
...     Option("at risk", parse('[["overdue_ratio", ">", 2]]')),
...     Option("active", parse("[]")),
... )
>>> stored = {"last_purchase_on": date(2024, 1, 1), "usual_interval": 21.0}
>>> next_move(options, "active", stored, date(2024, 1, 10))
Move(key='at risk', on=datetime.date(2024, 2, 13))
>>> next_move(options, "at risk", stored, date(2024, 2, 13))
Move(key='lost', on=datetime.date(2024, 5, 7))
>>> next_move(options, "lost", stored, date(2024, 5, 7)) is None
True

A minimum stay delays the move to the day on which it is over:

>>> stay = Stay(since=date(2024, 2, 1), minimum_days=30)
>>> next_move(options, "active", stored, date(2024, 2, 2), stay)
Move(key='at risk', on=datetime.date(2024, 3, 2))
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .catalog import FACTS, Fact
from .rule import Node, break_points, holds
from .rule_decide import Stored


@dataclass(frozen=True, slots=True)
class Option:
    """Something the rules may say of an account.

    :param key: whatever the caller knows it by
    :param rule: when it is said
    """

    key: Hashable
    rule: Node


@dataclass(frozen=True, slots=True)
class Stay:
    """The stay an account is in: no rule ends it before its minimum is over."""

    since: date
    minimum_days: int = 0

    @property
    def free_on(self) -> date:
        """The first day on which a rule may move the account on."""
        left = (date.max - self.since).days
        return self.since + timedelta(days=min(self.minimum_days, left))


@dataclass(frozen=True, slots=True)
class Move:
    """What the rules would say next, and from which day on."""

    key: Hashable
    on: date


def next_move(
    options: Sequence[Option],
    current: Hashable,
    values: Stored,
    as_of: date,
    stay: Stay | None = None,
    facts: Mapping[str, Fact] = FACTS,
) -> Move | None:
    """The first move after a day that needs no event, or None.

    :param options: in order of precedence: the first whose rule holds is said; when
        none holds, the account stays where it is
    :param current: the key of what is said now
    :param values: stored facts by key, as in `rule.holds`
    :param as_of: the day the facts and *current* refer to
    """
    for day in _days_of_change(options, values, as_of, stay, facts):
        if stay and day < stay.free_on:
            continue
        key = _said(options, values, day, facts)
        if key is not None and key != current:
            return Move(key, day)
    return None


def _said(
    options: Sequence[Option], values: Stored, day: date, facts: Mapping[str, Fact]
) -> Hashable | None:
    """The first option whose rule holds on a day."""
    return next(
        (
            option.key
            for option in options
            if holds(option.rule, values, day, facts)
        ),
        None,
    )


def _days_of_change(
    options: Sequence[Option],
    values: Stored,
    as_of: date,
    stay: Stay | None,
    facts: Mapping[str, Fact],
) -> Iterator[date]:
    """Every later day on which a rule or the minimum stay can change the answer."""
    day: date | None = as_of
    while day is not None:
        after = day
        flips = [break_points(option.rule, values, after, facts) for option in options]
        if stay and stay.free_on > after:
            flips.append(stay.free_on)
        day = min((flip for flip in flips if flip), default=None)
        if day is not None:
            yield day
