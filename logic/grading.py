"""How good is a forecast? Figures that everybody in the field reads the same way.

A forecast is a probability for each customer, the outcome is whether it happened.

``auc``          probability that of two customers the one it happened to had the higher
                 forecast; 0.5 is chance (Hanley and McNeil, Radiology 143, 1982)
``auc_gain``     by how much one forecast ranks better than another one of the same
                 customers, and its standard error (DeLong, DeLong and Clarke-Pearson,
                 Biometrics 44, 1988)
``brier``        mean squared error; the lower the better (Brier, Monthly Weather Review
                 78, 1950)
``reliability``  forecast against what happened, in groups of equal size
``calibration_error``  mean distance of the two over these groups

>>> outcomes = [False, False, True, True]
>>> forecasts = [0.1, 0.4, 0.35, 0.8]
>>> auc(forecasts, outcomes), round(brier(forecasts, outcomes), 4)
(0.75, 0.1581)
>>> auc([0.5] * 4, outcomes)
0.5
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import variance

GROUPS = 10


@dataclass(frozen=True, slots=True)
class Group:
    """Customers with similar forecasts: how many, the mean forecast, what happened."""

    customers: int
    forecast: float
    happened: float


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much the area under the curve is larger, and the standard error of it."""

    gain: float
    error: float


def auc(forecasts: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """Area under the curve of sensitivity against false alarms, ties counting half.

    None when it happened to everybody or to nobody: there is nothing to rank then.
    """
    positives = sum(map(bool, outcomes))
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        return None
    ranks = _mean_ranks(forecasts)
    won = sum(rank for rank, happened in zip(ranks, outcomes, strict=True) if happened)
    return (won - positives * (positives + 1) / 2) / (positives * negatives)


def auc_gain(
    forecasts: Sequence[float], others: Sequence[float], outcomes: Sequence[bool]
) -> Gain | None:
    """Compare two forecasts of the same outcomes by how they rank.

    Each customer has a part in the difference: how many more of the opposite outcome
    are on the right side. Its spread over customers gives the standard error.

    None when it happened to everybody or to nobody.

    >>> auc_gain([0.1, 0.2, 0.8, 0.9], [0.5] * 4, [False, False, True, True])
    Gain(gain=0.5, error=0.0)
    """
    first, second = (_placements(one, outcomes) for one in (forecasts, others))
    if first is None or second is None:
        return None
    parts = [
        [a - b for a, b in zip(mine, theirs, strict=True)]
        for mine, theirs in zip(first, second, strict=True)
    ]
    # Of one value alone nothing is known, and nothing is added.
    error = sqrt(sum(variance(part) / len(part) for part in parts if len(part) > 1))
    return Gain(sum(parts[0]) / len(parts[0]), error)


def brier(forecasts: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Mean squared distance of the forecasts from 1 (it happened) or 0.

    :raise ValueError: there is no forecast
    """
    if not forecasts:
        raise ValueError("a forecast is graded on at least one customer")
    errors = ((p - h) ** 2 for p, h in zip(forecasts, outcomes, strict=True))
    return sum(errors) / len(forecasts)


def reliability(
    forecasts: Sequence[float], outcomes: Sequence[bool], groups: int = GROUPS
) -> tuple[Group, ...]:
    """Compare forecasts with what happened, from the lowest forecasts to the highest.

    Equal forecasts stay in one group, so that there may be fewer groups than asked for.
    """
    pairs = sorted(zip(forecasts, outcomes, strict=True))
    bounds, start = [], 0
    for number in range(1, groups + 1):
        end = max(start, round(len(pairs) * number / groups))
        while 0 < end < len(pairs) and pairs[end][0] == pairs[end - 1][0]:
            end += 1
        if end > start:
            bounds.append((start, end))
        start = end
    return tuple(_group(pairs[start:end]) for start, end in bounds)


def calibration_error(groups: Sequence[Group]) -> float:
    """Mean distance of forecast and outcome, weighted by customers."""
    total = sum(group.customers for group in groups)
    distance = sum(
        group.customers * abs(group.forecast - group.happened) for group in groups
    )
    return distance / total if total else 0.0


def _group(pairs) -> Group:
    number = len(pairs)
    forecast = sum(forecast for forecast, _happened in pairs) / number
    return Group(number, forecast, sum(bool(h) for _f, h in pairs) / number)


def _placements(forecasts, outcomes) -> tuple[list[float], list[float]] | None:
    """Of each it happened to, the part of the others that had a lower forecast; of each
    of the others, the part of those it happened to that had a higher one.

    Ties count half. None when there is nothing to rank.
    """
    happened = list(map(bool, outcomes))
    ranks = _mean_ranks(forecasts)
    groups = []
    for wanted in (True, False):
        places = [place for place, one in enumerate(happened) if one is wanted]
        own = _mean_ranks([forecasts[place] for place in places])
        groups.append([ranks[p] - rank for p, rank in zip(places, own, strict=True)])
    positives, negatives = groups
    if not positives or not negatives:
        return None
    return (
        [below / len(negatives) for below in positives],
        [1 - below / len(positives) for below in negatives],
    )


def _mean_ranks(values: Sequence[float]) -> list[float]:
    """Rank of each value from 1 on; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, start = [0.0] * len(values), 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for index in order[start:end]:
            ranks[index] = (start + 1 + end) / 2
        start = end
    return ranks
