"""Segments by recency, frequency and monetary value, with names people use.

A customer's last purchase day, number of purchase days and revenue each have a score
from 1 to 5: the fifth of the comparable customers it belongs to, 5 the best (Hughes,
Strategic Database Marketing, 1994). A segment is a range of each score; the first one
that fits names the customer, so that the order of segments matters and none is needed
twice.

>>> best = Box((4, 5), (4, 5), (4, 5))
>>> rest = Box((1, 5), (1, 5), (1, 5))
>>> [first_fit([best, rest], scores) for scores in ((5, 4, 5), (5, 4, 3), None)]
[0, 1, None]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LOWEST, HIGHEST = 1, 5
FIFTHS = 5


@dataclass(frozen=True, slots=True)
class Box:
    """The scores of a segment: lowest and highest of each."""

    recency: tuple[int, int]
    frequency: tuple[int, int]
    monetary: tuple[int, int]

    def __post_init__(self) -> None:
        """Refuse ranges that nobody fits."""
        for low, high in (self.recency, self.frequency, self.monetary):
            if not LOWEST <= low <= high <= HIGHEST:
                raise ValueError(f"no range of scores: {low} to {high}")

    def fits(self, scores: Sequence[int]) -> bool:
        """Whether R, F and M all lie in their ranges."""
        ranges = (self.recency, self.frequency, self.monetary)
        return all(
            low <= score <= high
            for (low, high), score in zip(ranges, scores, strict=True)
        )


def fences(values: Iterable[float]) -> tuple[float, ...]:
    """The least value of each fifth but the first.

    A value belongs to the fifth into which the last of those that are not greater
    falls, so that equal values are in the same one.

    >>> fences(range(1, 11))
    (3, 5, 7, 9)
    >>> fences([1, 1, 1, 1, 8])
    (1, 1, 1, 8)
    """
    ordered = sorted(values)
    places = range(1, FIFTHS) if ordered else ()
    return tuple(ordered[place * len(ordered) // FIFTHS] for place in places)


def fifth(value: float, least: Sequence[float]) -> int:
    """The fifth of a value, 5 the best.

    >>> [fifth(value, (3, 5, 7, 9)) for value in (0, 3, 8, 9, 99)]
    [1, 2, 4, 5, 5]
    """
    return 1 + bisect_right(least, value)


def first_fit(boxes: Sequence[Box], scores: Sequence[int] | None) -> int | None:
    """Place of the first segment that fits R, F and M; None without one."""
    if scores is None:
        return None
    return next((n for n, box in enumerate(boxes) if box.fits(scores)), None)


def uncovered(boxes: Sequence[Box]) -> list[tuple[int, int, int]]:
    """Scores that no segment names.

    >>> uncovered([Box((1, 5), (1, 5), (1, 4)), Box((2, 5), (1, 5), (5, 5))])[:2]
    [(1, 1, 5), (1, 2, 5)]
    """
    every = range(LOWEST, HIGHEST + 1)
    return [
        (r, f, m)
        for r in every
        for f in every
        for m in every
        if first_fit(boxes, (r, f, m)) is None
    ]
