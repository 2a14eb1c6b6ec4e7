"""Who bought again after a complaint, by how fast it was resolved.

The figures of a group are shown only when it is large enough, and always beside what
comparable customers without a complaint did in the same days: whether recovery works is
the difference, not the share itself.

>>> speed_of(0), speed_of(3), speed_of(40)
('day', 'three', 'longer')
"""

from __future__ import annotations

from collections.abc import Iterable
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
class Outcome:
    """What followed one resolved complaint within a horizon.

    :param group: what it is grouped by, such as the key of a speed
    :param bought: whether the customer bought again
    :param matched: share of comparable customers who bought in the same days, from 0
        to 1; None where there are none
    """

    group: str
    bought: bool
    matched: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A group's share of customers who bought again, with its 95 % interval.

    Shares are None when the group is smaller than asked for; ``matched`` also when
    fewer of its complaints than that could be compared.
    """

    group: str
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


def curve(
    outcomes: Iterable[Outcome], groups: Iterable[str], fewest: int = FEWEST
) -> list[Point]:
    """Return a point for each group, in the order of ``groups``.

    :param fewest: size below which a group's figures are withheld
    """
    by_group: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_group.setdefault(outcome.group, []).append(outcome)
    return [_point(group, by_group.get(group, []), fewest) for group in groups]


def _point(group: str, members: list[Outcome], fewest: int) -> Point:
    count = len(members)
    if count < max(fewest, 1):
        return Point(group, count, None)
    bought = sum(member.bought for member in members)
    low, high = wilson_interval(bought, count)
    matched = [one.matched for one in members if one.matched is not None]
    share = sum(matched) / len(matched) if len(matched) >= fewest else None
    return Point(group, count, bought / count, low, high, share)


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
