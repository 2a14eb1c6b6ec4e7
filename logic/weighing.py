"""What should warning signals cost? What the company's own past says.

Looking back from a past day, each customer has severities of that day, and it is known
who stopped buying afterwards. A logistic regression weighs the signals against each
other. Weights are bounded: a signal never speaks for a customer, and at most so much
against. They begin at what is usual and move as far as the evidence goes (maximum a
posteriori with normal priors; Gelman, Jakulin, Pittau and Su, Annals of Applied
Statistics 2, 2008), so that nothing is learned from three cases. Coordinate descent
finds them, as the problem is convex (Wright, Mathematical Programming 151, 2015).

What was learned counts only where it ranks the customers of a later day clearly better
than what is usual does: :func:`compare`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from .grading import auc, auc_gain
from .health import ALL_POINTS, scaled, usual_points

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
MOST_ROUNDS = 200
# Of a hundred pairs of customers, learned weights put one more into the right order, at
# least. Less is no reason to change what everybody has learned to read: weights that
# come and go from week to week cost more trust than they win.
LEAST_GAIN = 0.01
# The gain is at least so many standard errors of itself, too: where nothing was won,
# chance alone brings that about in one time of six. Few customers need a larger gain.
LEAST_ERRORS = 1.0


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


@dataclass(frozen=True, slots=True)
class Comparison:
    """How well two sets of points rank who stopped buying, as areas under the curve.

    :ivar error: standard error of the gain
    :ivar is_better: whether the learned points count
    """

    learned: float
    usual: float
    error: float
    is_better: bool


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


def compare(
    learned: Mapping[str, float],
    usual: Mapping[str, float],
    codes: Sequence[str],
    cases: Sequence[Case],
) -> Comparison:
    """Compare learned points with usual ones on customers they were not learned from.

    Learned points count where they are better by ``LEAST_GAIN``, and by what chance
    alone hardly brings about (``LEAST_ERRORS``).

    :param cases: customers, some of whom stopped buying, and some did not
    :raise ValueError: everybody stopped, or nobody

    >>> lost, kept = Case((1.0, 0.0), True), Case((0.0, 1.0), False)
    >>> cases = [lost] * 3 + [kept] * 3
    >>> points = {"rhythm": 100, "price": 0}, {"rhythm": 0, "price": 100}
    >>> compare(*points, ("rhythm", "price"), cases)
    Comparison(learned=1.0, usual=0.0, error=0.0, is_better=True)
    """
    lost = [case.lost for case in cases]
    risks = [
        [risk([points[code] for code in codes], case.severities) for case in cases]
        for points in (learned, usual)
    ]
    gain = auc_gain(*risks, lost)
    if gain is None:
        raise ValueError("points are compared where some stopped, and some did not")
    is_better = gain.gain >= max(LEAST_GAIN, LEAST_ERRORS * gain.error)
    return Comparison(auc(risks[0], lost), auc(risks[1], lost), gain.error, is_better)


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
