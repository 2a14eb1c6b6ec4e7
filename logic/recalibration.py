"""A probability corrected by what an earlier forecast got wrong: logistic regression.

Of a process fitted to the past the order of customers is right more often than the
probabilities. So one earlier day is forecast, compared with what happened since, and
the correction learned there is used today. Iteratively reweighted least squares with a
weak ridge, which keeps a correction finite that separates the outcomes completely
(le Cessie and van Houwelingen, Applied Statistics 41, 1992).

>>> correction = fit_correction([[0.0]] * 4 + [[1.0]] * 4, [1, 0, 0, 0, 1, 1, 1, 0])
>>> [round(corrected(correction, [x]), 2) for x in (0.0, 1.0)]
[0.25, 0.75]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

RIDGE = 1e-3
MOST_ITERATIONS = 50
LARGEST_LOGIT = 30.0


@dataclass(frozen=True, slots=True)
class Correction:
    """Intercept and one weight for each signal."""

    intercept: float
    weights: tuple[float, ...]


def signals(probability: float, recency: float, number: int, age: float) -> list[float]:
    """What the correction of a purchase probability reads.

    :param probability: of a purchase within the horizon, by the process
    :param recency: time since the last purchase, not negative
    :param number: purchase days after the first one
    :param age: time since the first purchase
    """
    return [logit(probability), log(recency + 1), log(number + 1), log(age + 1)]


def fit_correction(
    rows: Sequence[Sequence[float]], outcomes: Sequence[bool | int]
) -> Correction:
    """Learn weights from signals and what happened.

    :raise ValueError: there is no row
    """
    if not rows:
        raise ValueError("a correction is learned from at least one customer")
    beta = [0.0] * (len(rows[0]) + 1)
    table = [[1.0, *row] for row in rows]
    for _iteration in range(MOST_ITERATIONS):
        slope, curvature = _derivatives(table, outcomes, beta)
        step = solve(curvature, slope)
        beta = [one + by for one, by in zip(beta, step, strict=True)]
        if max(map(abs, step)) < 1e-9:
            break
    return Correction(beta[0], tuple(beta[1:]))


def corrected(correction: Correction, row: Sequence[float]) -> float:
    """The corrected probability of one customer."""
    weighted = zip(correction.weights, row, strict=True)
    return logistic(correction.intercept + sum(w * x for w, x in weighted))


def logistic(value: float) -> float:
    """Probability of log odds."""
    return 1 / (1 + exp(-max(-LARGEST_LOGIT, min(LARGEST_LOGIT, value))))


def logit(probability: float) -> float:
    """Log odds of a probability, finite for 0 and 1, too."""
    inside = min(max(probability, 1e-9), 1 - 1e-9)
    return log(inside / (1 - inside))


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve linear equations by elimination, the largest pivot first.

    :raise ValueError: the equations do not determine the answer
    """
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) < 1e-300:
            raise ValueError("the equations do not determine the answer")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(column + 1, size):
            factor = rows[row][column] / rows[column][column]
            for k in range(column, size + 1):
                rows[row][k] -= factor * rows[column][k]
    answer = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][k] * answer[k] for k in range(row + 1, size))
        answer[row] = (rows[row][size] - known) / rows[row][row]
    return answer


def _derivatives(table, outcomes, beta):
    """Slope and curvature of the penalised log likelihood; the intercept is free."""
    size = len(beta)
    slope = [0.0] + [-RIDGE * one for one in beta[1:]]
    curvature = [
        [RIDGE if i == j and i else 0.0 for j in range(size)] for i in range(size)
    ]
    for row, happened in zip(table, outcomes, strict=True):
        p = logistic(sum(b * x for b, x in zip(beta, row, strict=True)))
        weight = max(p * (1 - p), 1e-9)
        for i, x in enumerate(row):
            slope[i] += (happened - p) * x
            scaled = weight * x
            for j, other in enumerate(row):
                curvature[i][j] += scaled * other
    return slope, curvature
