"""Will a customer buy again? Purchases until an unseen end, from three numbers.

A customer buys at a rate of its own while *alive*; after each purchase it may be gone
for good. Rates differ between customers by a gamma distribution (``r``, ``alpha``), the
chances to leave by a beta distribution (``a``, ``b``). Known of each customer are the
purchase days after the first one ``x``, the time of the last one ``last`` and the time
observed ``age``, both since the first purchase and in one unit, weeks or days.

Three processes, one formula each:

``bg``   BG/NBD (Fader, Hardie and Lee, Marketing Science 24, 2005): nobody leaves at
         the first purchase, so that whoever bought once is alive. For comparison.
``mbg``  MBG/NBD (Batislam, Denizel and Filiztekin, International Journal of Research in
         Marketing 24, 2007): one may leave at the first purchase, too.
``mbg`` with ``regularity`` k > 1: MBG/CNBD-k (Reutterer, Platzer and Schröder,
         International Journal of Research in Marketing 38, 2021): purchases come as
         regularly as every k-th event of a random series, that is Erlang-k intervals.

Rank customers by :func:`buys_within`, not by :func:`alive`: for whoever bought once the
latter tells next to nothing.

>>> cdnow = Process("bg", r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)
>>> customer = Habit(x=2, last=30.43, age=38.86)
>>> round(alive(cdnow, customer), 4), round(expected(cdnow, customer, 39), 3)
(0.7266, 1.226)
>>> modern = Process("mbg", r=0.5249, alpha=6.183, a=0.8913, b=1.6137)
>>> once = Habit(x=0, last=0, age=38.86)
>>> alive(cdnow, once), round(alive(modern, once), 3)
(1.0, 0.39)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, lgamma, log, log1p

KINDS = ("bg", "mbg")
HIGHEST_REGULARITY = 4
# Terms of the series; 40 leave a relative error of about 1e-4 at worst.
TERMS = 40
LARGEST_EXPONENT = 700.0


@dataclass(frozen=True, slots=True)
class Habit:
    """What is known of a customer's purchases.

    :param x: days with a purchase after the first such day
    :param last: time from the first to the last purchase day
    :param age: time from the first purchase day to the day of looking
    :param log_gaps: sum of the logarithms of the intervals, for regular purchases
    """

    x: int
    last: float
    age: float
    log_gaps: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no customer can have done."""
        if (
            not 0 <= self.last <= self.age
            or self.x < 0
            or (self.x == 0) != (self.last == 0)
        ):
            raise ValueError(f"impossible purchases: {self}")

    def in_season(self, quiet_months: int, quiet_days: float) -> Habit:
        """Return the habit in the time of a customer who never buys in some months.

        Whoever buys every December is not gone in July: those months are no silence.
        What is foretold of a time ahead is then of time in which the customer buys.

        :param quiet_months: how many months of a year
        :param quiet_days: how many days since the last purchase lie in them

        >>> Habit(9, last=360.0, age=550.0).in_season(6, quiet_days=170.0)
        Habit(x=9, last=180.0, age=200.0, log_gaps=0.0)
        """
        last = self.last * busy_share(quiet_months)
        since = max(0.0, self.age - self.last - quiet_days)
        return replace(self, last=last, age=last + since)


def busy_share(quiet_months: int) -> float:
    """Share of the year in which a customer buys at all."""
    return 1 - quiet_months / 12


@dataclass(frozen=True, slots=True)
class Process:
    """A process with its parameters, all positive; times in the unit of the habits."""

    kind: str
    r: float
    alpha: float
    a: float
    b: float
    regularity: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no such process."""
        if self.kind not in KINDS or min(self.r, self.alpha, self.a, self.b) <= 0:
            raise ValueError(f"impossible process: {self}")
        highest = HIGHEST_REGULARITY if self.kind == "mbg" else 1
        if not 1 <= self.regularity <= highest:
            raise ValueError(f"impossible regularity: {self}")


def alive(process: Process, habit: Habit) -> float:
    """Probability that the customer has not left for good."""
    gone = _gone(process, habit)
    if gone is None:
        return 1.0
    odds = gone - _quiet(process, habit, habit.age)
    return 1 / (1 + exp(odds)) if odds < LARGEST_EXPONENT else 0.0


def buys_within(process: Process, habit: Habit, horizon: float) -> float:
    """Probability of at least one purchase within a time from now.

    Alive and quiet until then is what is left of being alive now; nobody leaves
    between two purchases.
    """
    now = _quiet(process, habit, habit.age)
    later = _quiet(process, habit, habit.age + horizon)
    return alive(process, habit) * -_expm1(later - now)


def expected(process: Process, habit: Habit, horizon: float) -> float:
    """Number of purchases to be expected within a time from now.

    The hypergeometric series converges also for many purchases after Euler's
    transformation. Regular purchases have no closed form: for each number of events
    that may have passed unseen since the last purchase, they are taken as random ones
    of the same mean rate.
    """
    k = process.regularity
    a = process.a if abs(process.a - 1) > 1e-6 else 1 + 1e-6  # a removable gap at 1
    early = 1 if process.kind == "bg" else 0
    c = a + process.b + habit.x - early
    z = horizon / (k * (process.alpha + habit.age) + horizon)
    total = weights = 0.0
    for j, weight in enumerate(_unseen(process, habit, habit.age)):
        shape = process.r + k * habit.x + j
        grown = exp((a - 1) * log1p(-z)) * _series(c - shape, a - 1, c, z)
        total += weight * (1 - grown)
        weights += weight
    return alive(process, habit) * c / (a - 1) * total / weights


def log_likelihood(process: Process, habit: Habit) -> float:
    """Logarithm of the density of a customer's purchases under the process."""
    quiet, gone = _quiet(process, habit, habit.age), _gone(process, habit)
    total = quiet if gone is None else _log_sum(quiet, gone)
    constant = 0.0
    if process.regularity > 1:
        k = process.regularity
        constant = (k - 1) * habit.log_gaps - habit.x * lgamma(k)
    return total + constant + process.r * log(process.alpha) - lgamma(process.r)


def _quiet(process: Process, habit: Habit, until: float) -> float:
    """Log weight of: alive, and no purchase since the last one until a time."""
    shape = process.r + process.regularity * habit.x
    total = sum(_unseen(process, habit, until))
    return (
        _stays(process, habit.x)
        + lgamma(shape)
        - shape * log(process.alpha + until)
        + log(total)
    )


def _unseen(process: Process, habit: Habit, until: float) -> list[float]:
    """Weights of 0, 1, … events that have passed since the last purchase without
    making one; the first weight is 1. Of random purchases none can have.
    """
    shape = process.r + process.regularity * habit.x
    share = (until - habit.last) / (process.alpha + until)
    weights = [1.0]
    for j in range(1, process.regularity):
        weights.append(weights[-1] * share * (shape + j - 1) / j)
    return weights


def _gone(process: Process, habit: Habit) -> float | None:
    """Log weight of: left at the last purchase; None where nobody can have."""
    early = 1 if process.kind == "bg" else 0
    if early and not habit.x:
        return None
    shape = process.r + process.regularity * habit.x
    odds = log(process.a) - log(process.b + habit.x - early)
    scale = process.alpha + habit.last
    return _stays(process, habit.x) + odds + lgamma(shape) - shape * log(scale)


def _stays(process: Process, x: int) -> float:
    """Log probability to have stayed after every purchase."""
    a, b = process.a, process.b
    chances = x if process.kind == "bg" else x + 1
    return lgamma(a + b) + lgamma(b + chances) - lgamma(b) - lgamma(a + b + chances)


def _series(p: float, q: float, c: float, z: float) -> float:
    """The hypergeometric series of p and q over c at z, by Horner's scheme."""
    total = 1.0
    for j in range(TERMS, 0, -1):
        total = 1 + total * (p + j - 1) * (q + j - 1) / ((c + j - 1) * j) * z
    return total


def _log_sum(left: float, right: float) -> float:
    """Logarithm of the sum of two numbers given by their logarithms."""
    high, low = max(left, right), min(left, right)
    return high + log1p(exp(low - high))


def _expm1(value: float) -> float:
    return exp(value) - 1 if value < -1e-5 else value + value * value / 2
