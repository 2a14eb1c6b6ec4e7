"""What the documents known by a day add up to, by measure and window.

A purchase counts once its return period is over. A credit note counts at once, but
first takes from what still waits on its day: what never counted cannot be taken away.

>>> day, rules = date(2024, 5, 1), (RuleSet(1, (), pending_days=14),)
>>> entries = [Entry(1, day, day, 100), Entry(1, day, date(2024, 5, 4), -30)]
>>> figures, news = Figures(), tuple(stream(entries, rules))
>>> for as_of in (day, date(2024, 5, 4), date(2024, 5, 15)):
...     _ = figures.apply(one for one in news if one.on == as_of)
...     print(as_of, figures.sums(Span(None, as_of)))
2024-05-01 {1: 0}
2024-05-04 {1: 0}
2024-05-15 {1: 70000000}
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from .tier import Entry, RuleSet, micro, rules_on
from .tier_window import DAY, Span


class News(NamedTuple):
    """What becomes known of a day: amounts in millionths that are added to cells.

    :param on: day on which it becomes known, or begins to count.
    :param known_on: day of the document; on ``on`` itself unless it has waited.
    """

    on: date
    day: date
    measure: int
    known_on: date
    counting: int = 0
    credited: int = 0
    waiting: int = 0


def stream(entries: Iterable[Entry], rule_sets: tuple[RuleSet, ...]) -> Iterator[News]:
    """Return what becomes known of entries, in no particular order.

    A purchase keeps the return period that was in force on its own day.
    """
    any_waits = any(rules.pending_days for rules in rule_sets)
    for entry in entries:
        value, known = micro(entry.value), max(entry.known_on, entry.day)
        if value < 0:
            yield News(known, entry.day, entry.measure, known, credited=value)
            continue
        days = 0
        if any_waits and entry.waits:
            days = rules_on(rule_sets, known).pending_days
        if not days:
            yield News(known, entry.day, entry.measure, known, counting=value)
            continue
        counts = known + timedelta(days=days)
        yield News(known, entry.day, entry.measure, known, waiting=value)
        yield News(counts, entry.day, entry.measure, known, value, waiting=-value)


class Figures:
    """Sums by day and measure of what is known, and of a window that moves on.

    :param counted_by_day: measures of which a day counts once, if anything is left
        of it.
    """

    def __init__(self, counted_by_day: frozenset[int] = frozenset()) -> None:
        """Know nothing yet."""
        self.counted_by_day = counted_by_day
        self._cells: dict[tuple[date, int], tuple[int, int, int]] = {}
        self._days: list[date] = []
        self._by_day: dict[date, dict[int, int]] = {}
        self._span: Span | None = None
        self._sums: dict[int, int] = {}
        self._first: date | None = None
        self._first_known = False

    def apply(self, news: Iterable[News]) -> date | None:
        """Add what has become known; return the first day whose figures changed."""
        changed = None
        for one in news:
            key = (one.day, one.measure)
            counting, credited, waiting = self._cells.get(key, (0, 0, 0))
            cell = (
                counting + one.counting,
                credited + one.credited,
                waiting + one.waiting,
            )
            self._cells[key] = cell
            if self._put(one.day, one.measure, self._worth(one.measure, cell)):
                changed = min(changed or one.day, one.day)
        return changed

    def _worth(self, measure: int, cell: tuple[int, int, int]) -> int:
        counting, credited, waiting = cell
        worth = counting + min(0, credited + waiting)
        if measure in self.counted_by_day:
            return 1_000_000 if worth > 0 else 0
        return worth

    def _put(self, day: date, measure: int, worth: int) -> bool:
        if day not in self._by_day:
            insort(self._days, day)
            self._by_day[day] = {}
        values = self._by_day[day]
        change = worth - values.get(measure, 0)
        values[measure] = worth
        if self._span and self._span.holds(day):
            self._sums[measure] = self._sums.get(measure, 0) + change
        self._first_known = self._first_known and not change
        return bool(change)

    def go_on(self, span: Span, sums: Mapping[int, int]) -> None:
        """Take over the sums of a span, which were worked out before."""
        self._span, self._sums = span, dict(sums)

    def sums(self, span: Span) -> dict[int, int]:
        """Return the sums of a span; spans that move on are cheap."""
        known = self._span
        first, begun = span.first or date.min, known and (known.first or date.min)
        if known is None or begun > first or known.last > span.last:
            self._sums = self.fresh_sums(span)
        else:
            self._add(
                begun, min(first - DAY, known.last) if begun < first else None, -1
            )
            self._add(max(known.last + DAY, first), span.last, 1)
        self._span = span
        return dict(self._sums)

    def _add(self, first: date, last: date | None, sign: int) -> None:
        if last is None:
            return
        for day in self._between(first, last):
            for measure, worth in self._by_day[day].items():
                self._sums[measure] = self._sums.get(measure, 0) + sign * worth

    def fresh_sums(self, span: Span) -> dict[int, int]:
        """Return the sums of any span."""
        sums: dict[int, int] = {}
        for day in self._between(span.first or date.min, span.last):
            for measure, worth in self._by_day[day].items():
                sums[measure] = sums.get(measure, 0) + worth
        return sums

    def _between(self, first: date, last: date) -> list[date]:
        days = self._days
        return days[bisect_left(days, first) : bisect_right(days, last)]

    def inside(self, span: Span) -> Iterator[tuple[date, Mapping[int, int]]]:
        """Yield the days of a span of which anything is known, with what they add."""
        for day in self._between(span.first or date.min, span.last):
            yield day, self._by_day[day]

    def first_in(self, span: Span) -> date | None:
        """Return the first day of a span of which anything is known."""
        number = bisect_left(self._days, span.first or date.min)
        found = self._days[number : number + 1]
        return found[0] if found and found[0] <= span.last else None

    def next_day(self, day: date | None) -> date | None:
        """Return the next day of which anything is known."""
        number = bisect_right(self._days, day) if day else 0
        return self._days[number] if number < len(self._days) else None

    def first_day(self) -> date | None:
        """Return the first day on which anything is left: the first purchase."""
        if not self._first_known:
            self._first_known = True
            self._first = next(
                (
                    day
                    for day in self._days
                    if any(worth > 0 for worth in self._by_day[day].values())
                ),
                None,
            )
        return self._first
