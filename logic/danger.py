"""How much is at risk, and who is worth a call this week.

*Value at risk* is what a customer would bring in twelve months times the probability to
lose it. Bands are sized by what the team can do, not by thresholds: what burns worst is
as much as can be called in a week, the next band as much as in the week after, then the
rest of the month, then the quarter. No band holds more than its share of all customers,
so that a small company with a large team is not told that everything burns.

>>> bands([900.0, 40.0, 0.0, 300.0, 5.0], capacity=1)
('extreme', 'high', 'low', 'very_high', 'high')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LOW = "low"
VALUE_CLASSES = ("key", "ordinary", "small")
# Days since the last purchase in usual intervals: nothing lost yet, and all of it.
SAFE_OVERDUE, LOST_OVERDUE = 1.0, 3.0
SHRINKING = -0.2


@dataclass(frozen=True, slots=True)
class Band:
    """A degree of danger: up to how many weeks of calls and what share of customers."""

    code: str
    weeks: int
    share: float


BANDS = (
    Band("extreme", 1, 0.20),
    Band("very_high", 2, 0.40),
    Band("high", 4, 0.80),
    Band("moderate", 13, 1.00),
)
SCALE = (LOW, *(band.code for band in reversed(BANDS)))


def value_at_risk(yearly: float, lost: float) -> float:
    """Money expected to go: a year's worth times the probability of the loss."""
    return max(yearly, 0.0) * lost


def rhythm_risk(overdue: float) -> float:
    """Part of a year's worth at risk by the own rhythm, where there are too few
    customers for probabilities: none at the usual interval, all at three times as long.

    :param overdue: days since the last purchase ÷ usual interval

    >>> [rhythm_risk(ratio) for ratio in (0.4, 1.0, 2.0, 3.0, 9.0)]
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    return min(1.0, max(0.0, (overdue - SAFE_OVERDUE) / (LOST_OVERDUE - SAFE_OVERDUE)))


def is_shrinking(change: float) -> bool:
    """Whether a year's revenue fell so far that it is worth a word.

    :param change: revenue of 12 months ÷ the 12 before, less one
    """
    return change <= SHRINKING


def bands(at_risk: Sequence[float], capacity: int) -> tuple[str, ...]:
    """The band of each of the values at risk, in their order.

    Equal values share the milder band of the two they would fall into, so that no band
    holds more than fits; nothing at risk is always low.

    :param capacity: calls the team makes in a week; 0: nobody is called
    """
    order = sorted(range(len(at_risk)), key=lambda index: -at_risk[index])
    found = [LOW] * len(at_risk)
    start = 0
    while start < len(order) and at_risk[order[start]] > 0:
        end = start
        while end < len(order) and at_risk[order[end]] == at_risk[order[start]]:
            end += 1
        code = band_of(end, len(at_risk), capacity)
        for index in order[start:end]:
            found[index] = code
        start = end
    return tuple(found)


def band_of(rank: int, customers: int, capacity: int) -> str:
    """The band of a rank, 1 being the highest value at risk."""
    for band in BANDS:
        if rank <= min(band.weeks * capacity, max(1.0, band.share * customers)):
            return band.code
    return LOW


def value_class(rank_share: float, key: float = 0.5, small: float = 0.1) -> str:
    """Key, ordinary or small, by what the greater customers bring together.

    :param rank_share: part of everybody's yearly value that greater customers bring
    :param key: the greatest customers who bring this part are key customers
    :param small: the smallest who bring this part are small

    >>> [value_class(share) for share in (0.0, 0.49, 0.5, 0.89, 0.9)]
    ['key', 'key', 'ordinary', 'ordinary', 'small']
    """
    if rank_share < key:
        return "key"
    return "small" if rank_share >= 1 - small else "ordinary"
