"""What the calendar alone will do to a customer: the next step, and when.

Nothing is forecast. The stored facts stay as they are, the clock goes forward, and
the first day on which the rules would say something else is the answer: what
happens if the customer does not buy.

>>> from datetime import date
>>> from .rule import parse
>>> conditions = Conditions((
...     Step(3, rule=parse('[["overdue_ratio", ">", 6]]')),
...     Step(2, rule=parse('[["overdue_ratio", ">", 2]]')),
...     Step(1, rule=parse("[]"), minimum_days=50),
... ))
>>> stored = {"last_purchase_on": date(2024, 1, 1), "usual_interval": 21.0}
>>> next_move(conditions, 2, stored, date(2024, 2, 13))
Upcoming(key=3, on=datetime.date(2024, 5, 7))
>>> next_move(conditions, 3, stored, date(2024, 5, 7)) is None
True

A minimum stay delays the move to the day on which it is over:

>>> next_move(conditions, 1, stored, date(2024, 1, 10))
Upcoming(key=2, on=datetime.date(2024, 2, 13))
>>> next_move(conditions, 1, stored, date(2024, 1, 10), since=date(2024, 1, 5))
Upcoming(key=2, on=datetime.date(2024, 2, 24))
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .catalog import FACTS, Fact
from .ladder import Conditions, Holds, Ladder, Step, stay_ends_on
from .rule import break_points, holds


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The step the rules would lead to next, and the day from which on."""

    key: int
    on: date


def next_move(
    ladder: Ladder | Conditions,
    current: int | None,
    values: Mapping[str, object],
    as_of: date,
    since: date | None = None,
    facts: Mapping[str, Fact] = FACTS,
) -> Upcoming | None:
    """The first move after a day that needs no event, or None.

    :param current: key of the step the rules have led to
    :param values: stored facts by key, as in `rule.holds`
    :param as_of: the day the facts and *current* refer to
    :param since: day on which *current* was entered, for a minimum stay
    """
    index = {step.key: number for number, step in enumerate(ladder.steps)}
    here = index.get(current) if current is not None else None
    free_on = _free_on(ladder.steps, here, since)
    for day in _days_of_change(ladder.steps, values, as_of, free_on, facts):
        if free_on and day < free_on:
            continue
        target = ladder.target(here, ladder.entitled(values, day, _asking(facts)))
        if target is not None and target != here:
            return Upcoming(ladder.steps[target].key, day)
    return None


def _asking(facts: Mapping[str, Fact]) -> Holds:
    return lambda rule, values, day: holds(rule, values, day, facts)


def _free_on(
    steps: tuple[Step, ...], here: int | None, since: date | None
) -> date | None:
    """The first day on which a rule may move the customer on, if there is one."""
    if here is None or since is None:
        return None
    return stay_ends_on(steps[here], since)


def _days_of_change(
    steps: tuple[Step, ...],
    values: Mapping[str, object],
    as_of: date,
    free_on: date | None,
    facts: Mapping[str, Fact],
) -> Iterator[date]:
    """Every later day on which a rule or the end of the stay can change the answer."""
    rules = [step.rule for step in steps if step.rule is not None]
    day: date | None = as_of
    while day is not None:
        after = day
        days = [break_points(rule, values, after, facts) for rule in rules]
        if free_on and free_on > after:
            days.append(free_on)
        day = min((one for one in days if one), default=None)
        if day is not None:
            yield day
