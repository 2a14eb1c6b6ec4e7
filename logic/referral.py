"""Facts about the customers somebody brought, for the rules of its relationship.

A customer who was brought counts from the first purchase on; what it buys counts for
12 months, and never what it had bought before it was brought:

>>> brought = [Brought(date(2025, 1, 10), ((date(2025, 1, 20), 100.0, True),)),
...            Brought(date(2025, 2, 1), ())]
>>> tracks = {track.key: track for track in referral_tracks(brought)}
>>> tracks["referral_count"].at(date(2025, 1, 19))
0
>>> tracks["referral_count"].at(date(2025, 2, 1))
1
>>> tracks["referral_revenue_12m"].at(date(2026, 1, 19))
100.0
>>> tracks["referral_revenue_12m"].at(date(2026, 1, 20))
0.0
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from .catalog import Fact, register
from .facts import YEAR_DAYS
from .history import Track

FACTS = (
    Fact("referral_count", "integer"),
    Fact("referral_revenue_12m", "money"),
)

for _fact in FACTS:
    register(_fact)

_UNITS = 10_000


@dataclass(frozen=True, slots=True)
class Brought:
    """One customer whom somebody brought.

    :param since: day of the referral
    :param purchases: day, net amount and whether it is a purchase (a credit note is
        none); those before the referral are left out
    """

    since: date
    purchases: tuple[tuple[date, float, bool], ...] = ()

    @property
    def counted(self) -> list[tuple[date, float, bool]]:
        """What counts of it, in order."""
        return sorted(one for one in self.purchases if one[0] >= self.since)


def referral_tracks(brought: Sequence[Brought]) -> list[Track]:
    """Return the course of every fact, from the customers somebody brought."""
    year = timedelta(YEAR_DAYS)
    arrivals: dict[date, int] = defaultdict(int)
    window: dict[date, int] = defaultdict(int)
    for customer in brought:
        bought = [day for day, _amount, is_purchase in customer.counted if is_purchase]
        if bought:
            arrivals[bought[0]] += 1
        for day, amount, _is_purchase in customer.counted:
            # whole ten-thousandths: sums do not depend on the order
            units = round(amount * _UNITS)
            window[day] += units
            window[day + year] -= units
    revenue = tuple((day, units / _UNITS) for day, units in _running(window))
    return [
        Track("referral_count", _running(arrivals), 0),
        Track("referral_revenue_12m", revenue, 0.0),
    ]


def _running(steps: dict[date, int]) -> tuple[tuple[date, int], ...]:
    days = sorted(steps)
    return tuple(zip(days, accumulate(steps[day] for day in days), strict=True))
