"""Months in which a customer never buys do not count as silence.

An ice-cream parlour that orders every week from April to September is not lost in
January. Its *quiet months* are those without a purchase in each of the last years, at
least three in a row; and they are only believed when, at the usual pace, several
purchases would have fallen into them. The years are counted back from the last
purchase: whoever has left is not taken for somebody who pauses.

>>> from datetime import timedelta
>>> start = date(2021, 4, 1)
>>> days = [start + timedelta(n) for n in range(4 * 365)]
>>> summers = [day for day in days if 4 <= day.month <= 9 and day.day % 7 == 0]
>>> months = quiet_months(summers, 7.0)
>>> sorted(months)
[1, 2, 3, 10, 11, 12]
>>> quiet_days(months, date(2024, 9, 28), date(2025, 4, 10))
182
>>> round(seasonal_ratio(months, date(2024, 9, 28), date(2025, 4, 10), 7.0), 2)
1.71
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

YEAR_DAYS = 365
MOST_YEARS, FEWEST_YEARS = 5, 2
SHORTEST_RUN = 3
MONTH_DAYS = 30.4
# As many usual intervals as have to fall into the quiet months of all years together.
MISSED_PURCHASES = 6.0
ALL_MONTHS = (1 << 12) - 1


def quiet_months(days: Sequence[date], usual_interval: float | None) -> frozenset[int]:
    """Months (1 to 12) in which the customer does not buy.

    :param days: all purchase days
    :param usual_interval: days between two purchases
    """
    years = years_known(min(days), max(days)) if days else 0
    if years < FEWEST_YEARS or not usual_interval:
        return frozenset()
    since = max(days) - timedelta(YEAR_DAYS * years)
    active = {day.month for day in days if day > since}
    return months_of(quiet_mask(mask_of(active), years, usual_interval))


def years_known(first: date, last: date) -> int:
    """Years before the last purchase of which is known when the customer buys."""
    return min(MOST_YEARS, (last - first).days // YEAR_DAYS)


def quiet_mask(active: int, years: int, usual_interval: float) -> int:
    """Quiet months as bits, January the lowest; 0 where they are not believed.

    :param active: bits of the months with a purchase

    >>> bin(quiet_mask(0b000111111000, 3, 10.0)), quiet_mask(0b000111111000, 3, 300.0)
    ('0b111000000111', 0)
    """
    quiet = ALL_MONTHS & ~active
    starts = quiet & _turned(quiet, 1) & _turned(quiet, 2)
    kept = starts | _turned(starts, -1) | _turned(starts, -2)
    missed = kept.bit_count() * MONTH_DAYS * years / usual_interval
    return kept if missed >= MISSED_PURCHASES else 0


def mask_of(months: Iterable[int]) -> int:
    """Bits of months."""
    return sum(1 << (month - 1) for month in set(months))


def months_of(mask: int) -> frozenset[int]:
    """Months of bits."""
    return frozenset(month for month in range(1, 13) if mask >> (month - 1) & 1)


def quiet_days(quiet: Collection[int], after: date, until: date) -> int:
    """Days after one day, until another one included, that lie in quiet months."""
    number, start = 0, after + timedelta(1)
    while start <= until:
        following = (start.replace(day=1) + timedelta(32)).replace(day=1)
        end = min(following, until + timedelta(1))
        if start.month in quiet:
            number += (end - start).days
        start = end
    return number


def seasonal_ratio(
    quiet: Collection[int], last: date, as_of: date, usual_interval: float
) -> float:
    """Days since the last purchase in usual intervals, quiet months left out."""
    days = (as_of - last).days - quiet_days(quiet, last, as_of)
    return days / usual_interval


def _turned(mask: int, by: int) -> int:
    """Bits of the months so many months later; the year has no end."""
    by %= 12
    return (mask >> by | mask << (12 - by)) & ALL_MONTHS
