"""What a customer's purchases are worth: the gamma-gamma model of spend.

The worth of a purchase varies around a mean of the customer; means vary between
customers (Fader, Hardie and Lee, Journal of Marketing Research 42, 2005; Fader and
Hardie, note 025 "The Gamma-Gamma Model of Monetary Value", 2013). It supposes that how
much and how often have nothing to do with one another: look at the correlation first.

>>> cdnow = Spend(p=6.25, q=3.74, v=15.44)
>>> round(expected_worth(cdnow, 1, 23.72), 1), round(cdnow.mean, 1)
(27.2, 35.2)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, lgamma, log

from .churn_fit import WEAK, penalty
from .minimise import minimise


@dataclass(frozen=True, slots=True)
class Spend:
    """Parameters of the model, all positive; ``v`` in units of currency."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """Mean worth of a purchase of a customer nothing is known of.

        Infinite where customers differ so much that there is no mean.
        """
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("inf")


def expected_worth(spend: Spend, number: int, mean: float) -> float:
    """Mean worth of the future purchases of a customer.

    :param number: purchases seen
    :param mean: their mean worth; it is pulled towards the mean of all, the more so
        the fewer there were
    """
    return (
        spend.p * (spend.v + number * mean) / (spend.p * number + spend.q - 1)
        if number
        else spend.mean
    )


def log_likelihood(spend: Spend, number: int, mean: float) -> float:
    """Logarithm of the density of the mean worth of so many purchases."""
    p, q, v = spend.p, spend.q, spend.v
    return (
        lgamma(p * number + q)
        - lgamma(p * number)
        - lgamma(q)
        + q * log(v)
        + (p * number - 1) * log(mean)
        + p * number * log(number)
        - (p * number + q) * log(v + number * mean)
    )


def fit_spend(
    customers: Iterable[tuple[int, float]], prior_deviation: float | None = WEAK
) -> Spend:
    """Fit the model to customers given by number and mean worth of their purchases.

    :raise ValueError: nobody has bought for more than nothing
    """
    seen = [(number, mean) for number, mean in customers if number and mean > 0]
    if not seen:
        raise ValueError("spend is fitted to customers who have spent something")
    usual = sum(mean for _number, mean in seen) / len(seen)
    centre = [log(4.0), log(4.0), log(usual * 0.75)]

    def cost(point) -> float:
        """Negative log posterior at the logarithms of the parameters."""
        if max(map(abs, point)) > 40:
            return float("inf")
        spend = Spend(*map(exp, point))
        return penalty(point, centre, prior_deviation) - sum(
            log_likelihood(spend, number, mean) for number, mean in seen
        )

    return Spend(*map(exp, minimise(cost, centre, tolerance=1e-7).point))
