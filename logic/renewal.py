"""How many renew a contract: the shifted beta-geometric model.

Each customer renews with a chance of its own, which stays the same; the chances differ
by a beta distribution, so that those who are left renew ever more often (Fader and
Hardie, Journal of Interactive Marketing 21, 2007).

>>> high_end = Renewal(alpha=0.6681, beta=3.8061)
>>> [round(100 * survival(high_end, year), 1) for year in (8, 12)]
[46.0, 37.8]
>>> round(renews(high_end, 0), 3), round(renews(high_end, 7), 3)
(0.851, 0.942)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

from .minimise import minimise


@dataclass(frozen=True, slots=True)
class Renewal:
    """Parameters of the beta distribution of the chance to leave, both positive."""

    alpha: float
    beta: float


def survival(renewal: Renewal, periods: int) -> float:
    """Part of the customers who are still there after so many renewals."""
    return exp(
        _log_beta(renewal.alpha, renewal.beta + periods)
        - _log_beta(renewal.alpha, renewal.beta)
    )


def renews(renewal: Renewal, periods: int) -> float:
    """Probability that somebody who has renewed so many times renews again."""
    return (renewal.beta + periods) / (renewal.alpha + renewal.beta + periods)


def log_likelihood(renewal: Renewal, left: Sequence[int]) -> float:
    """Log likelihood of who was there: ``left[t]`` customers after t renewals."""
    total = 0.0
    for period in range(1, len(left)):
        gone = left[period - 1] - left[period]
        total += gone * (
            _log_beta(renewal.alpha + 1, renewal.beta + period - 1)
            - _log_beta(renewal.alpha, renewal.beta)
        )
    return total + left[-1] * log(survival(renewal, len(left) - 1))


def fit_renewal(left: Sequence[int]) -> Renewal:
    """Fit the model to one cohort.

    :param left: customers at the beginning, after one renewal, after two, …
    :raise ValueError: there was no renewal, or the numbers grow
    """
    grows = any(later > sooner for sooner, later in zip(left, left[1:], strict=False))
    if len(left) < 2 or not left[0] or grows:
        raise ValueError(f"a cohort shrinks from renewal to renewal, not {left}")
    lowest = minimise(
        lambda point: (
            -log_likelihood(Renewal(*map(exp, point)), left)
            if max(map(abs, point)) < 30
            else float("inf")
        ),
        [0.0, 0.0],
    )
    return Renewal(*map(exp, lowest.point))


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)
