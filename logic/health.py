"""How healthy is the relationship? Warning signals, weighed, on one scale of points.

Each *signal* is a plain figure, such as days since a complaint was received. It costs
nothing up to one value, everything from another value on, and in between in proportion:
that is its *severity*, from 0 to 1. The *points* of a signal say what it costs at most;
those of all signals are 100 together. So health is 100 less what the signals cost, and
every point that is missing is told by name: contributions are exact, none interact.

How points are learned from the company's own past: ``weighing``.

>>> found = health({"complaint": 60, "rating": 40}, {"complaint": 28, "rating": 4})
>>> found.score, found.costs
(40.0, {'complaint': 60.0, 'rating': 0.0})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor

ALL_POINTS = 100
# What costs less is no reason to name.
LEAST_COST = 0.5


@dataclass(frozen=True, slots=True)
class Signal:
    """A warning signal.

    :param usual: points as long as nothing has been learned
    :param none: value up to which it costs nothing
    :param full: value from which it costs all its points; may be below ``none``
    """

    code: str
    usual: int
    none: float
    full: float


SIGNALS = {
    signal.code: signal
    for signal in (
        # Days since the last purchase in usual intervals, quiet months left out.
        Signal("rhythm", 27, 1.0, 3.0),
        # Revenue of 12 months against the 12 before: whole years know no season.
        Signal("trend", 12, 0.0, -0.6),
        # Mean amount of a purchase, compared in the same way.
        Signal("basket", 4, -0.1, -0.5),
        # Part of the product categories of the year before that are bought no more.
        Signal("categories", 5, 0.0, 0.5),
        # Days since the oldest open complaint was received: also a new one counts.
        Signal("complaint", 12, -7.0, 28.0),
        # Last answer to "how was your complaint handled", from 1 to 5.
        Signal("rating", 8, 4.0, 1.0),
        # Days since the oldest unpaid invoice was due.
        Signal("overdue", 7, 0.0, 60.0),
        # Days that invoices are paid later than before.
        Signal("payment", 5, 0.0, 30.0),
        # Part of a year's sales that was credited.
        Signal("returns", 5, 0.0, 0.2),
        # Rise of the prices of the same products within a year.
        Signal("price", 4, 0.02, 0.15),
        # Days since people were last in touch.
        Signal("silence", 4, 60.0, 365.0),
        # Days since somebody of theirs was on the portal, of who has used it.
        Signal("portal", 3, 60.0, 365.0),
        # A known contact has left within a year: 1, or 0.
        Signal("contact", 4, 0.0, 1.0),
        # Part of a year's deliveries that came late; where deliveries are known.
        Signal("late", 8, 0.1, 0.6),
    )
}


@dataclass(frozen=True, slots=True)
class Health:
    """The score from 0 to 100, and what each signal took away from 100."""

    score: float
    costs: dict[str, float]

    def worst(self, least: float = 0.0) -> list[str]:
        """Signals that cost anything, the dearest first.

        :param least: what a signal costs at least, in points
        """
        found = [code for code, cost in self.costs.items() if cost > least]
        return sorted(found, key=lambda code: -self.costs[code])


def severity(signal: Signal, value: float | None) -> float:
    """How bad a value is, from 0 to 1; what is not known is not bad.

    >>> [severity(SIGNALS["rating"], value) for value in (5, 4, 2.5, 1, None)]
    [0.0, 0.0, 0.5, 1.0, 0.0]
    """
    if value is None:
        return 0.0
    part = (float(value) - signal.none) / (signal.full - signal.none)
    return min(1.0, max(0.0, part))


def health(points: Mapping[str, float], values: Mapping[str, float | None]) -> Health:
    """Weigh the signals of one customer.

    :param points: what each signal costs at most
    :param values: the signals' values; those that are missing cost nothing
    """
    costs = {
        code: most * severity(SIGNALS[code], values.get(code))
        for code, most in points.items()
    }
    return Health(ALL_POINTS - sum(costs.values()), costs)


def scaled(weights: Mapping[str, float]) -> dict[str, int]:
    """Whole points in proportion to weights, 100 together, by largest remainder.

    :raise ValueError: there is no weight, or one is negative

    >>> scaled({"rhythm": 2.0, "trend": 1.0, "price": 0.0})
    {'rhythm': 67, 'trend': 33, 'price': 0}
    """
    total = sum(weights.values())
    if not total > 0 or min(weights.values()) < 0:
        raise ValueError("points are shared by weights that are not negative")
    exact = {code: ALL_POINTS * weight / total for code, weight in weights.items()}
    points = {code: floor(value) for code, value in exact.items()}
    missing = ALL_POINTS - sum(points.values())
    by_remainder = sorted(exact, key=lambda code: points[code] - exact[code])
    for code in by_remainder[:missing]:
        points[code] += 1
    return points


def usual_points(codes: Iterable[str]) -> dict[str, int]:
    """Points of some signals as long as nothing has been learned."""
    return scaled({code: SIGNALS[code].usual for code in codes})
