"""Which process describes the customers of a segment best.

The parameters are those of the highest posterior density: likelihood times a weak
log-normal prior around what is usual, so that thirty customers give no nonsense. Only
the statistics of :mod:`churn` are needed; equal customers are counted once.

A sample is enough: from a million customers, 20,000 drawn at random move the
probability of a purchase by less than one point at worst.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite, lgamma, log

from .churn import Habit, Process
from .minimise import minimise

# Standard deviation of the logarithm of a parameter, before anything is known.
WEAK = 1.5
NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True, slots=True)
class Fit:
    """A process, how likely it makes what was seen, and of how many customers."""

    process: Process
    log_likelihood: float
    customers: int
    converged: bool


def fit(
    habits: Iterable[Habit],
    kind: str = "mbg",
    regularity: int = 1,
    prior_deviation: float | None = WEAK,
) -> Fit:
    """Fit a process to customers.

    :param habits: all in one unit of time, at least one
    :param prior_deviation: of the logarithms of the parameters; None for none, which
        is the likelihood of the literature
    :raise ValueError: there is no customer
    """
    counts = Counter(habits)
    if not counts:
        raise ValueError("a process is fitted to at least one customer")
    centre = _usual(counts)
    observed = _Observed(counts, kind, regularity)

    def cost(point) -> float:
        """Negative log posterior at the logarithms of the parameters."""
        if max(map(abs, point)) > 30:
            return float("inf")
        return -observed.log_likelihood(*map(exp, point)) + penalty(
            point, centre, prior_deviation
        )

    lowest = minimise(cost, centre, tolerance=1e-7)
    values = dict(zip(NAMES, map(exp, lowest.point), strict=True))
    process = Process(kind, **values, regularity=regularity)
    likelihood = observed.log_likelihood(**values)
    settled = lowest.converged or isfinite(lowest.value)
    return Fit(process, likelihood, counts.total(), settled)


def _usual(counts: Mapping[Habit, int]) -> list[float]:
    """Logarithms of parameters to begin with: the mean interval sets the scale."""
    purchases = sum(habit.x * number for habit, number in counts.items())
    time = sum(habit.age * number for habit, number in counts.items())
    scale = max(time / (purchases + 1), 1e-6)
    return [log(0.7), log(0.7 * scale), log(0.8), log(2.0)]


def penalty(
    point: Sequence[float], centre: Sequence[float], deviation: float | None
) -> float:
    """Negative log density of a point under independent normal priors; 0 without."""
    if deviation is None:
        return 0.0
    return sum(
        ((one - usual) / deviation) ** 2 / 2
        for one, usual in zip(point, centre, strict=True)
    )


class _Observed:
    """The customers, arranged so that a likelihood costs few logarithms.

    What depends on the number of purchases alone is worked out once for each number;
    the rest takes two logarithms and an exponential function a customer.
    """

    def __init__(self, counts: Mapping[Habit, int], kind: str, regularity: int):
        self.early = 1 if kind == "bg" else 0
        self.regularity = regularity
        self.rows = [(one.x, one.last, one.age, n) for one, n in counts.items()]
        self.by_number = Counter()
        for habit, number in counts.items():
            self.by_number[habit.x] += number
        self.constant = sum(
            number * ((regularity - 1) * one.log_gaps - one.x * lgamma(regularity))
            for one, number in counts.items()
        )

    def log_likelihood(self, r: float, alpha: float, a: float, b: float) -> float:
        """Log likelihood of everything that was observed."""
        ahead, odds = {}, {}
        for x in self.by_number:
            chances = x + 1 - self.early
            ahead[x] = (
                lgamma(r + self.regularity * x)
                - lgamma(r)
                + r * log(alpha)
                + lgamma(a + b)
                + lgamma(b + chances)
                - lgamma(b)
                - lgamma(a + b + chances)
            )
            odds[x] = a / (b + x - self.early) if x or not self.early else 0.0
        total = self.constant
        for x, number in self.by_number.items():
            total += ahead[x] * number
        for x, last, age, number in self.rows:
            shape = r + self.regularity * x
            total += number * self._open(shape, odds[x], alpha, last, age)
        return total

    def _open(self, shape, odds, alpha, last, age) -> float:
        """Logarithm of: quiet since the last purchase, or gone at it."""
        quiet = self._unseen(shape, age - last, alpha + age)
        if not odds:
            return log(quiet) - shape * log(alpha + age)
        fallen = exp(-shape * log((alpha + age) / (alpha + last)))
        return log(fallen * quiet + odds) - shape * log(alpha + last)

    def _unseen(self, shape: float, pause: float, scale: float) -> float:
        """Weight of all numbers of events that may have passed since the last one."""
        term = total = 1.0
        for j in range(1, self.regularity):
            term *= pause / scale * (shape + j - 1) / j
            total += term
        return total
