"""Who bought again after a complaint, by how fast it was resolved.

The figures of a group are shown only when it is large enough, and always beside what
comparable customers without a complaint did in the same days: whether recovery works is
the difference, not the share itself.

>>> speed_of(0), speed_of(3), speed_of(40)
('day', 'three', 'longer')
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

# Horizons after the resolution, in days.
HORIZONS = (30, 90, 180)
# Days to the resolution, up to which a speed is called so.
SPEEDS = (("day", 1), ("three", 3), ("week", 7), ("month", 30))
SLOWEST = "longer"
# Resolved complaints below which a group says nothing.
FEWEST = 10
# Customers without a complaint that one complaint is compared with, at most.
MOST_MATCHES = 50
# Standard normal quantile of a two-sided 95 % interval.
Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Tally:
    """What followed the resolved complaints of one group within a horizon.

    :param count: complaints whose horizon is over
    :param bought: how many of their customers bought again
    :param compared: complaints for which there are comparable customers
    :param matched: mean share of these who bought in the same days, from 0 to 1
    """

    count: int = 0
    bought: int = 0
    compared: int = 0
    matched: float = 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """A group's share of customers who bought again, with its 95 % interval.

    Shares are None when the group is smaller than asked for; ``matched`` also when
    fewer of its complaints than that could be compared.
    """

    count: int
    bought: float | None
    low: float | None = None
    high: float | None = None
    matched: float | None = None


def speed_of(days: int) -> str:
    """Key of the speed at which a complaint was resolved in so many days."""
    for key, most in SPEEDS:
        if days <= most:
            return key
    return SLOWEST


def point(tally: Tally, fewest: int = FEWEST) -> Point:
    """Return what may be shown of a group.

    :param fewest: size below which a group's figures are withheld

    >>> point(Tally(9, 9)).bought
    >>> point(Tally(10, 9)).bought
    0.9
    """
    if tally.count < max(fewest, 1):
        return Point(tally.count, None)
    low, high = wilson_interval(tally.bought, tally.count)
    share = tally.matched if tally.compared >= fewest else None
    return Point(tally.count, tally.bought / tally.count, low, high, share)


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """The score interval of a share at 95 % (Wilson, JASA 22, 1927).

    >>> low, high = wilson_interval(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    share, square = successes / trials, Z_95**2
    center = (share + square / (2 * trials)) / (1 + square / trials)
    spread = share * (1 - share) / trials + square / (4 * trials**2)
    margin = Z_95 * sqrt(spread) / (1 + square / trials)
    return max(0.0, center - margin), min(1.0, center + margin)
