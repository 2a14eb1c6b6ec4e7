"""Windows and periods: which days count as of a day, and when that changes.

The **window** of a day holds what is counted on it: the last N months, the calendar
period (of a year that may begin on any day), the membership year, or everything.
The **period** is the rhythm of upgrades "with the next period" and of the validity
"rest of the period and the next one": that of a calendar or anniversary window
itself. A rolling or lifetime window has no period of its own: upgrades then happen
with calendar months, and validity follows the calendar period of the ladder.

Where a month is too short for a day, its last day stands for it:

>>> yearly = Window("anniversary")
>>> yearly.bounds(date(2025, 2, 27), date(2024, 2, 29))
Span(first=datetime.date(2024, 2, 29), last=datetime.date(2025, 2, 27))
>>> yearly.bounds(date(2025, 2, 28), date(2024, 2, 29)).first
datetime.date(2025, 2, 28)

A rolling window ends on the day itself and holds no day of its double months ago:

>>> Window("rolling", months=12).bounds(date(2025, 3, 1)).first
datetime.date(2024, 3, 2)
>>> Window("rolling", months=12).leaves_on(date(2024, 2, 29))
datetime.date(2025, 3, 1)
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Kind = Literal["rolling", "calendar", "anniversary", "lifetime"]
Period = Literal["month", "quarter", "half", "year"]
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included; ``first`` None: all before."""

    first: date | None
    last: date

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in the span."""
        return (self.first is None or self.first <= day) and day <= self.last


def day_of(month_number: int, day: int) -> date:
    """Return a day of the month counted from year 0, or the last one it has."""
    year, month = divmod(month_number, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


# Many members ask for the same days.
@lru_cache(maxsize=32768)
def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of a shorter month.

    >>> add_months(date(2024, 2, 29), 12), add_months(date(2024, 3, 31), -1)
    (datetime.date(2025, 2, 28), datetime.date(2024, 2, 29))
    """
    return day_of(day.year * 12 + day.month - 1 + months, day.day)


@lru_cache(maxsize=32768)
def period_of(day: date, months: int, month: int = 1, first_day: int = 1) -> Span:
    """Return the period of so many months that holds a day.

    :param month: month in which the year begins, from 1.
    :param first_day: day of the month on which it begins.

    >>> period_of(date(2024, 4, 5), 12, month=4, first_day=6)
    Span(first=datetime.date(2023, 4, 6), last=datetime.date(2024, 4, 5))
    """
    number = day.year * 12 + day.month - 1
    if day < day_of(number, first_day):
        number -= 1
    number -= (number - (month - 1)) % months
    return Span(day_of(number, first_day), day_of(number + months, first_day) - DAY)


@lru_cache(maxsize=32768)
def _leaves_on(day: date, months: int) -> date:
    leaves = add_months(day, months)
    return leaves if add_months(leaves, -months) >= day else leaves + DAY


@dataclass(frozen=True, slots=True)
class Window:
    """What counts as of a day.

    :param months: length of a rolling window.
    :param period: calendar period, also of the validity of rolling ladders.
    :param year_month: month and ``year_day`` on which the year begins.
    """

    kind: Kind = "rolling"
    months: int = 12
    period: Period = "year"
    year_month: int = 1
    year_day: int = 1

    @property
    def has_periods(self) -> bool:
        """Whether the window itself begins anew with each period."""
        return self.kind in ("calendar", "anniversary")

    def bounds(self, day: date, anchor: date | None = None) -> Span:
        """Return the days that count as of a day, none later than it.

        :param anchor: day the member joined, or first bought; for membership years.
        """
        if self.kind == "lifetime":
            return Span(None, day)
        if self.kind == "rolling":
            return Span(add_months(day, -self.months) + DAY, day)
        return Span(self._own_period(day, anchor).first, day)

    def leaves_on(self, day: date) -> date:
        """Return the first day whose rolling window no longer holds a day."""
        return _leaves_on(day, self.months)

    def turn(self, day: date, anchor: date | None = None) -> Span:
        """Return the period of upgrades that holds a day."""
        if self.has_periods:
            return self._own_period(day, anchor)
        return period_of(day, 1)

    def validity_period(self, day: date, anchor: date | None = None) -> Span:
        """Return the period that holds a day, as far as validity is concerned."""
        if self.kind == "anniversary":
            return self._own_period(day, anchor)
        return self._calendar_period(day)

    def _own_period(self, day: date, anchor: date | None) -> Span:
        if self.kind == "calendar":
            return self._calendar_period(day)
        anchor = anchor or day
        return period_of(day, 12, anchor.month, anchor.day)

    def _calendar_period(self, day: date) -> Span:
        return period_of(day, MONTHS[self.period], self.year_month, self.year_day)
