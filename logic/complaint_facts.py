"""Facts about the complaints of a customer, for the rules of its relationship.

A complaint is open from the day it is received until it is resolved or closed, and
again from the day it is reopened. What is dated after the day of the question has not
happened yet, so the whole course of each fact follows from dated events:

>>> first = ComplaintLife(date(2025, 1, 10), ((date(2025, 1, 20), False),))
>>> second = ComplaintLife(date(2025, 1, 15), grades=((date(2025, 2, 1), 2),))
>>> tracks = {track.key: track for track in complaint_tracks([first, second])}
>>> tracks["complaint_open_count"].at(date(2025, 1, 16))
2
>>> tracks["complaint_open_count"].at(date(2025, 1, 20))
1
>>> tracks["complaint_last_grade"].at(date(2025, 1, 31)) is None
True
>>> tracks["complaint_count_12m"].at(date(2026, 1, 12))
1
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from .catalog import Fact, register
from .facts import YEAR_DAYS
from .history import Track

FACTS = (
    Fact("complaint_open_count", "integer"),
    Fact("complaint_count_12m", "integer"),
    Fact("days_since_complaint", "days", "elapsed", "complaint_last_on"),
    Fact("complaint_last_grade", "integer"),
)

for _fact in FACTS:
    register(_fact)


@dataclass(frozen=True, slots=True)
class ComplaintLife:
    """What counts of one complaint.

    :param received: local day it was received
    :param changes: days and whether it is open from then on, in the order in which
        they happened; of several on one day the last counts
    :param grades: days on which the customer was asked and answered, with the grade
        from 1 to 5
    """

    received: date
    changes: tuple[tuple[date, bool], ...] = ()
    grades: tuple[tuple[date, int], ...] = ()


def complaint_tracks(lives: Sequence[ComplaintLife]) -> list[Track]:
    """Return the course of every fact, from the complaints of one customer."""
    year = timedelta(YEAR_DAYS)
    received = sorted(life.received for life in lives)
    grades = sorted(grade for life in lives for grade in life.grades)
    opening = [step for life in lives for step in _opening_steps(life)]
    window = [(day, 1) for day in received] + [(day + year, -1) for day in received]
    return [
        Track("complaint_open_count", _running(opening), 0),
        Track("complaint_count_12m", _running(window), 0),
        Track("complaint_last_on", tuple((day, day) for day in received)),
        Track("complaint_last_grade", _latest(grades)),
    ]


def open_spans(lives: Sequence[ComplaintLife]) -> list[tuple[date, date | None]]:
    """Return when at least one complaint was open: first day, first day after (None:
    still open), in order and without overlaps.

    >>> spans = open_spans(
    ...     [ComplaintLife(date(2025, 1, 10), ((date(2025, 1, 20), False),)),
    ...      ComplaintLife(date(2025, 1, 15), ((date(2025, 1, 25), False),)),
    ...      ComplaintLife(date(2025, 3, 1))])
    >>> [(first.day, after and after.day) for first, after in spans]
    [(10, 25), (1, None)]
    """
    steps = [step for life in lives for step in _opening_steps(life)]
    spans: list[tuple[date, date | None]] = []
    begin: date | None = None
    for day, count in _running(steps):
        if count and begin is None:
            begin = day
        elif not count and begin is not None:
            spans.append((begin, day))
            begin = None
    return [*spans, (begin, None)] if begin else spans


def _opening_steps(life: ComplaintLife) -> list[tuple[date, int]]:
    """Days on which one complaint opens (+1) or ceases to be open (-1)."""
    states: dict[date, bool] = {life.received: True}
    for day, is_open in life.changes:
        # what was recorded as of an earlier day happened on the first
        states[max(day, life.received)] = is_open
    steps, before = [], False
    for day, is_open in sorted(states.items()):
        if is_open != before:
            steps.append((day, 1 if is_open else -1))
        before = is_open
    return steps


def _running(steps: Iterable[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    by_day: dict[date, int] = defaultdict(int)
    for day, step in steps:
        by_day[day] += step
    days = sorted(by_day)
    return tuple(zip(days, accumulate(by_day[day] for day in days), strict=True))


def _latest(grades: Iterable[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    """One value a day: of several answers on a day, the worst."""
    by_day: dict[date, int] = {}
    for day, grade in grades:
        by_day.setdefault(day, grade)  # sorted: the worst comes first
    return tuple(sorted(by_day.items()))
