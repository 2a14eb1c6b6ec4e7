"""Did a corrective action help? Complaints per purchase before and after it.

Complaints are rare events, so two counts are compared by the exact test of two
Poisson rates: given their sum, the later count is binomial with the later share of the
exposure (Przyborowski and Wilenski, Biometrika 31, 1940). An action is called effective
only when the rate fell by as much as was wanted *and* chance alone would hardly do
that.

>>> judge(Rate(20, 1000), Rate(4, 1000)).code
'effective'
>>> judge(Rate(20, 1000), Rate(22, 1000)).code
'ineffective'
>>> judge(Rate(2, 1000), Rate(0, 1000)).code
'too_few'
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, log1p

# Complaints before the action, below which nothing can be said.
FEWEST = 5
# Share by which the rate has to fall.
WANTED_REDUCTION = 0.5
# Largest probability that chance alone lowered the rate as far.
LARGEST_DOUBT = 0.1


@dataclass(frozen=True, slots=True)
class Rate:
    """Events among a number of occasions, such as complaints among purchases."""

    events: int
    occasions: int

    @property
    def value(self) -> float:
        """Events per occasion; 0 without any occasion."""
        return self.events / self.occasions if self.occasions else 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """What can be said about an action.

    ``code`` is one of ``effective``, ``ineffective`` (the rate did not fall),
    ``unclear`` (it fell, but less than wanted or perhaps by chance), ``too_few`` and
    ``no_occasions`` (nothing was bought in one of the periods).
    """

    code: str
    before: Rate
    after: Rate
    doubt: float | None = None


def judge(
    before: Rate,
    after: Rate,
    *,
    reduction: float = WANTED_REDUCTION,
    largest_doubt: float = LARGEST_DOUBT,
    fewest: int = FEWEST,
) -> Effect:
    """Compare two periods.

    :param before: complaints and purchases before the action
    :param after: the same after it
    :param reduction: share of the rate that had to go, between 0 and 1
    :param largest_doubt: probability of a chance result from which on it is unclear
    :param fewest: complaints before the action that are needed to judge
    """
    if not before.occasions or not after.occasions:
        return Effect("no_occasions", before, after)
    if before.events < fewest:
        return Effect("too_few", before, after)
    if after.value >= before.value:
        return Effect("ineffective", before, after)
    doubt = chance_of_so_few(before, after)
    enough = after.value <= (1 - reduction) * before.value
    code = "effective" if enough and doubt <= largest_doubt else "unclear"
    return Effect(code, before, after, doubt)


def chance_of_so_few(before: Rate, after: Rate) -> float:
    """Probability of at most ``after.events`` if the rate had stayed the same."""
    total = before.events + after.events
    share = after.occasions / (before.occasions + after.occasions)
    chances = (_binomial(total, events, share) for events in range(after.events + 1))
    return min(1.0, sum(chances))


def _binomial(trials: int, successes: int, share: float) -> float:
    """Probability of so many successes; by logarithms, or large numbers overflow."""
    failures = trials - successes
    ways = lgamma(trials + 1) - lgamma(successes + 1) - lgamma(failures + 1)
    return exp(ways + successes * log(share) + failures * log1p(-share))
