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

# Whose renewal was due at least, for the first time and for the second: both
# parameters follow from how the second differs from the first.
FEWEST_FIRST, FEWEST_SECOND = 30, 10
# Logarithm of a parameter, in either direction; beyond it all customers are alike.
LARGEST = 12


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


@dataclass(frozen=True, slots=True)
class Fates:
    """What has become of customers, by how many times they had renewed.

    :param ended: who left after no renewal, after one, after two, …
    :param running: whose present term is the first, the second, the third, …
    """

    ended: Sequence[int]
    running: Sequence[int]

    @classmethod
    def of_cohort(cls, left: Sequence[int]) -> Fates:
        """The fates of customers who began together.

        >>> Fates.of_cohort([1000, 869, 743])
        Fates(ended=(131, 126), running=(0, 0, 743))

        :param left: customers at the beginning, after one renewal, after two, …
        :raise ValueError: there was no renewal, or the numbers grow
        """
        gone = tuple(
            sooner - later for sooner, later in zip(left, left[1:], strict=False)
        )
        if not gone or not left[0] or min(gone) < 0:
            raise ValueError(f"a cohort shrinks from renewal to renewal, not {left}")
        return cls(gone, (*(0,) * len(gone), left[-1]))

    def renewed(self, times: int) -> int:
        """How many have renewed for at least so many times, counted from 1."""
        return sum(self.ended[times:]) + sum(self.running[times:])

    def is_telling(self) -> bool:
        """Whether there is enough to tell the first renewal from later ones."""
        due = [
            self.renewed(times + 1) + gone for times, gone in enumerate(self.ended[:2])
        ]
        return (
            len(due) == 2
            and due[0] >= FEWEST_FIRST
            and due[1] >= FEWEST_SECOND
            and sum(self.ended) > 0
            and self.renewed(1) > 0
        )


def log_likelihood(renewal: Renewal, fates: Fates) -> float:
    """Log likelihood of what has become of customers; who is still there will have
    stayed at least as long.
    """
    total = sum(
        gone
        * (
            _log_beta(renewal.alpha + 1, renewal.beta + times)
            - _log_beta(renewal.alpha, renewal.beta)
        )
        for times, gone in enumerate(fates.ended)
    )
    return total + sum(
        number * log(survival(renewal, times))
        for times, number in enumerate(fates.running)
        if number
    )


def fit_renewal(fates: Fates) -> Renewal:
    """Fit the model by maximum likelihood."""
    lowest = minimise(
        lambda point: (
            -log_likelihood(Renewal(*map(exp, point)), fates)
            if max(map(abs, point)) < LARGEST
            else float("inf")
        ),
        [0.0, 0.0],
    )
    return Renewal(*map(exp, lowest.point))


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)
