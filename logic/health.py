"""How healthy is the relationship? Warning signals, weighed, on one scale of points.

Each *signal* is a plain figure, such as days since a complaint was received. It costs
nothing up to one value, everything from another value on, and in between in proportion:
that is its *severity*, from 0 to 1. The *points* of a signal say what it costs at most;
those of all signals are 100 together. So health is 100 less what the signals cost, and
every point that is missing is told by name: contributions are exact, none interact.

Points come from the company's own past. Looking back from a past day, each customer has
severities of that day, and it is known who stopped buying afterwards. A logistic
regression weighs the signals against each other. Weights are bounded: a signal never
speaks for a customer, and at most so much against. They begin at what is usual and move
as far as the evidence goes (maximum a posteriori with normal priors; Gelman, Jakulin,
Pittau and Su, Annals of Applied Statistics 2, 2008), so that nothing is learned from
three cases. Coordinate descent finds them, as the problem is convex (Wright,
Mathematical Programming 151, 2015).

>>> found = health({"complaint": 60, "rating": 40}, {"complaint": 28, "rating": 4})
>>> found.score, found.costs
(40.0, {'complaint': 60.0, 'rating': 0.0})
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, floor, log, sqrt

ALL_POINTS = 100
# Customers, and among them those who stopped and those who did not, that a company
# needs to learn from.
FEWEST, FEWEST_LOST = 100, 20
# Log odds at full severity: the bounds, how much all usual points stand for together,
# and how far evidence moves a weight easily.
SMALLEST, LARGEST = 0.0, 3.0
ALL_LOG_ODDS = 5.0
WEAK = 0.7
# Severities are compared in steps of so much: equal customers are counted once.
STEP = 0.1
# What costs less is no reason to name.
LEAST_COST = 0.5
MOST_ROUNDS = 200


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
        Signal("rhythm", 30, 1.0, 3.0),
        # Revenue of 12 months against the 12 before: whole years know no season.
        Signal("trend", 15, 0.0, -0.6),
        # Days since the oldest open complaint was received: also a new one counts.
        Signal("complaint", 12, -7.0, 28.0),
        # Last answer to "how was your complaint handled", from 1 to 5.
        Signal("rating", 8, 4.0, 1.0),
        # Days since the oldest unpaid invoice was due.
        Signal("overdue", 8, 0.0, 60.0),
        # Days that invoices are paid later than before.
        Signal("payment", 6, 0.0, 30.0),
        # Part of a year's sales that was credited.
        Signal("returns", 6, 0.0, 0.2),
        # Rise of the prices of the same products within a year.
        Signal("price", 5, 0.02, 0.15),
        # Days since people were last in touch.
        Signal("silence", 5, 60.0, 365.0),
        # A known contact has left within a year: 1, or 0.
        Signal("contact", 5, 0.0, 1.0),
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the weight of a signal.

    :ivar weight: log odds of stopping at full severity, all other signals equal
    :ivar error: its standard error
    :ivar customers: who showed the signal, and the part of them who stopped
    :ivar lost_without: part of the others who stopped
    """

    weight: float
    error: float
    customers: int
    lost_with: float
    lost_without: float


@dataclass(frozen=True, slots=True)
class Case:
    """A customer on a past day: severities, and whether it stopped buying then."""

    severities: tuple[float, ...]
    lost: bool


@dataclass(frozen=True, slots=True)
class Weighing:
    """Points by signal, adding up to 100, and the evidence for each."""

    points: dict[str, int]
    evidence: dict[str, Evidence]
    customers: int
    lost: int


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


def can_learn(cases: Sequence[Case]) -> bool:
    """Whether there are enough customers, enough who stopped and enough who stayed."""
    lost = sum(case.lost for case in cases)
    return len(cases) >= FEWEST and min(lost, len(cases) - lost) >= FEWEST_LOST


def weigh(codes: Sequence[str], cases: Sequence[Case]) -> Weighing:
    """Learn the points of signals from what happened to customers.

    :param codes: the signals, in the order of the severities of the cases
    :raise ValueError: there is no case
    """
    if not cases:
        raise ValueError("weights are learned from at least one customer")
    usual = usual_points(codes)
    centre = [ALL_LOG_ODDS * usual[code] / ALL_POINTS for code in codes]
    weights, curvatures = _regression(_tally(cases), centre)
    evidence = {
        code: _evidence(cases, place, weights[place], curvatures[place])
        for place, code in enumerate(codes)
    }
    by_code = dict(zip(codes, weights, strict=True))
    points = scaled(by_code) if any(weights) else usual
    return Weighing(points, evidence, len(cases), sum(case.lost for case in cases))


def risk(points: Sequence[float], severities: Sequence[float]) -> float:
    """What the signals of a case cost by given points: ranks who will stop."""
    return sum(most * bad for most, bad in zip(points, severities, strict=True))


def _tally(cases: Iterable[Case]) -> list[tuple[tuple[float, ...], int, int]]:
    """Distinct severities with their number of customers, and of those who stopped."""
    numbers: Counter[tuple[float, ...]] = Counter()
    lost: Counter[tuple[float, ...]] = Counter()
    for case in cases:
        key = tuple(round(value / STEP) * STEP for value in case.severities)
        numbers[key] += 1
        lost[key] += case.lost
    return [(key, number, lost[key]) for key, number in numbers.items()]


def _regression(tally, centre: Sequence[float]) -> tuple[list[float], list[float]]:
    """Bounded weights of the highest posterior density, and the curvature at each."""
    weights = list(centre)
    number = sum(row[1] for row in tally)
    stopped = sum(row[2] for row in tally)
    intercept = log((stopped + 0.5) / (number - stopped + 0.5))
    scores = [
        sum(w * x for w, x in zip(weights, severities, strict=True))
        for severities, _number, _lost in tally
    ]
    curvatures = [1 / WEAK**2] * len(weights)
    for _round in range(MOST_ROUNDS):
        moved, _bend = _step(tally, scores, intercept, [1.0] * len(tally))
        intercept += moved
        largest = abs(moved)
        for place, start in enumerate(centre):
            column = [row[0][place] for row in tally]
            old = weights[place]
            pull = (start - old) / WEAK**2
            by, bend = _step(tally, scores, intercept, column, pull, 1 / WEAK**2)
            weights[place] = min(LARGEST, max(SMALLEST, old + by))
            curvatures[place] = bend
            change = weights[place] - old
            if change:
                scores = [s + change * x for s, x in zip(scores, column, strict=True)]
            largest = max(largest, abs(change))
        if largest < 1e-6:
            break
    return weights, curvatures


def _step(tally, scores, intercept, column, slope=0.0, bend=1e-9):
    """Newton's step along one column, at most 1 long, and the curvature there."""
    for (_row, number, lost), score, x in zip(tally, scores, column, strict=True):
        if x:
            p = 1 / (1 + exp(-min(30.0, max(-30.0, intercept + score))))
            slope += (lost - number * p) * x
            bend += number * p * (1 - p) * x * x
    return min(1.0, max(-1.0, slope / bend)), bend


def _evidence(cases: Sequence[Case], place: int, weight, curvature) -> Evidence:
    shown = [case.lost for case in cases if case.severities[place] > 0]
    without = [case.lost for case in cases if case.severities[place] <= 0]
    return Evidence(
        weight=weight,
        error=1 / sqrt(curvature),
        customers=len(shown),
        lost_with=sum(shown) / len(shown) if shown else 0.0,
        lost_without=sum(without) / len(without) if without else 0.0,
    )
