"""Rates of retention and churn, and the days they are measured in.

All rates compare two periods of the same length. A customer *bought* in a period when
its net revenue there is above zero.

*Retention* is the share of the customers of the last period who bought in this one;
churn is the rest. *Revenue retention* is what those customers bring now as a share of
what they brought then: above one when growth makes up for losses. *Kept revenue* leaves
growth out, so that it never exceeds one. *Acquisition* is how many bought for the first
time in this period for each customer of the last one: to be held against churn.

>>> rates(Counted(40, 30, 1000, 1100, kept_revenue=800, new=20)).acquisition
0.5
>>> found = rates(Counted(40, 30, 1000, 1100, kept_revenue=800))
>>> found.retention, found.churn, found.revenue_retention, found.kept_revenue
(0.75, 0.25, 1.1, 0.8)
>>> rates(Counted(customers=0, kept=0, revenue=0, again=0, kept_revenue=0)).churn
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# Documents of a month are entered and credited for so long after its end, and what came
# late is looked for after so many days.
GRACE = timedelta(days=45)
LOOK_AGAIN = timedelta(days=7)

# How long each period is, in months; the first is the usual one.
PERIODS = {"year": 12, "half": 6, "quarter": 3, "month": 1}


@dataclass(frozen=True, slots=True)
class Counted:
    """Customers of the last period, those of them who are left, and their money."""

    customers: int
    kept: int
    revenue: float
    again: float
    kept_revenue: float
    new: int = 0


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of the last period; None where nobody had bought in it."""

    retention: float | None
    churn: float | None
    revenue_retention: float | None
    kept_revenue: float | None
    acquisition: float | None = None


NO_RATES = Rates(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last one, both included."""

    first: date
    last: date


def rates(counted: Counted) -> Rates:
    """Return the rates of what was counted."""
    retention = _share(counted.kept, counted.customers)
    return Rates(
        retention,
        None if retention is None else 1 - retention,
        _share(counted.again, counted.revenue),
        _share(counted.kept_revenue, counted.revenue),
        _share(counted.new, counted.customers),
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def months_before(day: date, months: int) -> date:
    """Return the same day so many months before, or the last one of its month.

    >>> months_before(date(2025, 3, 31), 1)
    datetime.date(2025, 2, 28)
    >>> months_before(date(2025, 3, 31), -1)
    datetime.date(2025, 4, 30)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def spans(last_day: date, months: int) -> tuple[Span, Span]:
    """Return the period of so many months up to a day, and the one before it.

    They meet without a gap, whatever the length of the months.

    >>> now, before = spans(date(2025, 6, 30), 12)
    >>> now.first.isoformat(), before.first.isoformat(), before.last.isoformat()
    ('2024-07-01', '2023-07-01', '2024-06-30')
    """
    follower = last_day + timedelta(days=1)
    first = months_before(follower, months)
    earlier = months_before(follower, 2 * months)
    return Span(first, last_day), Span(earlier, first - timedelta(days=1))


def month_of(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def month_end(month: date) -> date:
    """Return the last day of a month given by its first one."""
    return months_before(month, -1) - timedelta(days=1)


def months(first: date, last: date) -> Iterator[date]:
    """Yield the first days of all months between two days, both included.

    >>> [one.month for one in months(date(2024, 11, 5), date(2025, 2, 1))]
    [11, 12, 1, 2]
    """
    month = month_of(first)
    while month <= last:
        yield month
        month = months_before(month, -1)


def due_months(
    first_day: date, today: date, recorded: dict[date, date], most: int
) -> list[date]:
    """Return the months whose figures are to be recorded, the latest first.

    The present month is due each time, and a month that has ended at once. As long as
    its documents move it is due again after some days, and then once for good.

    >>> may, june, today = date(2025, 5, 1), date(2025, 6, 1), date(2025, 6, 9)
    >>> [one.month for one in due_months(may, today, {may: june, june: today}, 9)]
    [6, 5]

    :param first_day: of the first purchase ever
    :param recorded: {month: day as of which it was recorded last}
    :param most: no more than so many months back, the present one included
    """
    earliest = months_before(month_of(today), most - 1)
    every = months(max(month_of(first_day), earliest), today)
    due = [
        month
        for month in every
        if month not in recorded
        or recorded[month] <= month_end(month)
        or (
            is_provisional(month, recorded[month])
            and recorded[month] + LOOK_AGAIN <= today
        )
    ]
    return sorted(due, reverse=True)


def is_provisional(month: date, recorded_on: date) -> bool:
    """Whether documents of a month may have come since it was recorded.

    >>> is_provisional(date(2025, 4, 1), recorded_on=date(2025, 6, 14))
    True
    >>> is_provisional(date(2025, 4, 1), recorded_on=date(2025, 6, 15))
    False
    """
    return recorded_on <= month_end(month) + GRACE


def quarter_of(day: date) -> date:
    """Return the first day of the quarter of a day.

    >>> quarter_of(date(2025, 6, 30))
    datetime.date(2025, 4, 1)
    """
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def age(cohort: date, month: date, step: int = 1) -> int:
    """Return how many months, or steps of some months, a cohort is old.

    >>> age(date(2024, 11, 1), date(2025, 2, 1))
    3
    >>> age(date(2024, 10, 1), date(2025, 4, 1), step=3)
    2
    """
    months_between = (month.year - cohort.year) * 12 + month.month - cohort.month
    return months_between // step
