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
    if min(len(treated), len(control)) < fewest:
        some = treated and control
        difference = _mean(treated) - _mean(control) if some else 0.0
        return Effect("not_enough", difference, float("-inf"), float("inf"))
    difference = _mean(treated) - _mean(control)
    error = sqrt(_variance(treated) / len(treated) + _variance(control) / len(control))
    low, high = difference - CONFIDENCE_Z * error, difference + CONFIDENCE_Z * error
    return Effect(_code(low, high), difference, low, high)


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


def _code(low: float, high: float) -> str:
    if low > 0:
        return "helped"
    return "harmed" if high < 0 else "unclear"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _variance(values: Sequence[float]) -> float:
    mean = _mean(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
