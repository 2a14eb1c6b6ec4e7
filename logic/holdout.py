"""Did fighting churn help? Those approached against those left alone at random.

Everybody counts where chance put them, whether or not somebody called (intention to
treat): who is reached is no accident, who was drawn is. The interval of the difference
of two shares is Newcombe's hybrid score interval (Statistics in Medicine 17, 1998,
method 10); that of the difference of two means Welch's (Biometrika 34, 1947) with a
normal quantile, for which there have to be enough customers.

>>> effect = retained_effect(Arm(400, 300), Arm(100, 60))
>>> round(effect.difference, 2), effect.code
(0.15, 'helped')
>>> retained_effect(Arm(12, 9), Arm(3, 1)).code
'not_enough'
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from statistics import fmean, variance

CONFIDENCE_Z = 1.959963984540054  # 95 %
FEWEST = 30  # customers in each arm


@dataclass(frozen=True, slots=True)
class Arm:
    """Customers of one arm, and how many of them bought again."""

    customers: int
    retained: int

    @property
    def share(self) -> float:
        """Part that bought again."""
        return self.retained / self.customers if self.customers else 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    """Money of the customers of one arm: how many, on average, how far apart."""

    customers: int
    mean: float
    variance: float = 0.0

    @classmethod
    def of(cls, values: Sequence[float]) -> Sample:
        """Summarize amounts.

        >>> Sample.of([1.0, 3.0])
        Sample(customers=2, mean=2.0, variance=2.0)
        """
        if not values:
            return cls(0, 0.0)
        spread = variance(values) if len(values) > 1 else 0.0
        return cls(len(values), fmean(values), spread)


@dataclass(frozen=True, slots=True)
class Effect:
    """Approached minus left alone, with its 95 % interval.

    ``code``: ``helped``, ``harmed``, ``unclear`` (0 is possible), ``not_enough``.
    """

    code: str
    difference: float
    low: float
    high: float


def held_out(key: str, salt: str, share: float) -> bool:
    """Whether chance leaves a customer alone: the same answer whenever it is asked.

    :param key: the customer
    :param salt: the play and the window, so that nobody is left alone for ever
    :param share: part to be left alone, 0 to 1
    """
    digest = hashlib.sha256(f"{salt}|{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def retained_effect(treated: Arm, control: Arm, fewest: int = FEWEST) -> Effect:
    """Difference of the shares that bought again."""
    difference = treated.share - control.share
    if min(treated.customers, control.customers) < fewest:
        return Effect("not_enough", difference, -1.0, 1.0)
    (low_1, high_1), (low_2, high_2) = wilson(treated), wilson(control)
    low = difference - hypot(treated.share - low_1, high_2 - control.share)
    high = difference + hypot(high_1 - treated.share, control.share - low_2)
    return Effect(_code(low, high), difference, low, high)


def mean_effect(
    treated: Sequence[float], control: Sequence[float], fewest: int = FEWEST
) -> Effect:
    """Difference of mean money per customer, such as margin after the offers' cost."""
    return sample_effect(Sample.of(treated), Sample.of(control), fewest)


def sample_effect(treated: Sample, control: Sample, fewest: int = FEWEST) -> Effect:
    """Difference of two means, of what is known about the amounts."""
    if min(treated.customers, control.customers) < fewest:
        some = treated.customers and control.customers
        difference = treated.mean - control.mean if some else 0.0
        return Effect("not_enough", difference, float("-inf"), float("inf"))
    difference = treated.mean - control.mean
    return _normal(difference, _squared_error(treated, control))


def retained_overall(
    experiments: Sequence[tuple[Arm, Arm]], fewest: int = FEWEST
) -> Effect:
    """Difference of shares over several experiments, (approached, left alone) each.

    Experiments that leave alone different parts are never thrown together: a play for
    good customers would look better than it is. Their differences are, with the
    weights of Mantel and Haenszel (Journal of the NCI 22, 1959) and the variance of
    Greenland and Robins (Biometrics 41, 1985).

    >>> good, bad = (Arm(900, 810), Arm(100, 90)), (Arm(100, 10), Arm(900, 90))
    >>> retained_overall([good, bad]).code
    'unclear'
    """
    both = [(arm, other) for arm, other in experiments if _weight(arm, other)]
    if len(both) == 1:
        return retained_effect(*both[0], fewest=fewest)
    total = sum(_weight(*pair) for pair in both)
    if not total or _fewest_of(both) < fewest:
        return Effect("not_enough", 0.0, -1.0, 1.0)
    difference = sum(_weight(*pair) * (pair[0].share - pair[1].share) for pair in both)
    variance = sum(
        _weight(*pair) ** 2
        * sum(arm.share * (1 - arm.share) / arm.customers for arm in pair)
        for pair in both
    )
    return _normal(difference / total, variance / total**2)


def mean_overall(
    experiments: Sequence[tuple[Sample, Sample]], fewest: int = FEWEST
) -> Effect:
    """Difference of means over several experiments, weighted in the same way."""
    both = [(one, other) for one, other in experiments if _weight(one, other)]
    if len(both) == 1:
        return sample_effect(*both[0], fewest=fewest)
    total = sum(_weight(*pair) for pair in both)
    if not total or _fewest_of(both) < fewest:
        return Effect("not_enough", 0.0, float("-inf"), float("inf"))
    difference = sum(_weight(*pair) * (pair[0].mean - pair[1].mean) for pair in both)
    variance = sum(_weight(*pair) ** 2 * _squared_error(*pair) for pair in both)
    return _normal(difference / total, variance / total**2)


def wilson(arm: Arm) -> tuple[float, float]:
    """Score interval of a share (Wilson, Journal of the ASA 22, 1927).

    >>> [round(bound, 3) for bound in wilson(Arm(10, 0))]
    [0.0, 0.278]
    """
    n, z = arm.customers, CONFIDENCE_Z
    centre = (arm.share + z * z / (2 * n)) / (1 + z * z / n)
    spread = z * sqrt(arm.share * (1 - arm.share) / n + z * z / (4 * n * n))
    spread /= 1 + z * z / n
    return max(0.0, centre - spread), min(1.0, centre + spread)


def _normal(difference: float, variance: float) -> Effect:
    spread = CONFIDENCE_Z * sqrt(variance)
    low, high = difference - spread, difference + spread
    return Effect(_code(low, high), difference, low, high)


def _weight(one: Arm | Sample, other: Arm | Sample) -> float:
    """What an experiment tells, by the customers of its arms."""
    total = one.customers + other.customers
    return one.customers * other.customers / total if total else 0.0


def _fewest_of(experiments: Sequence[tuple]) -> int:
    """How many there are in the smaller arm of all experiments together."""
    return min(
        sum(one.customers for one, _other in experiments),
        sum(other.customers for _one, other in experiments),
    )


def _squared_error(one: Sample, other: Sample) -> float:
    return one.variance / one.customers + other.variance / other.customers


def _code(low: float, high: float) -> str:
    if low > 0:
        return "helped"
    return "harmed" if high < 0 else "unclear"
