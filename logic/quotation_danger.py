"""How likely is an open quotation lost, by how long it has been open?

Of all quotations of the past that were still open after so many days, some were won in
the end. The longer a quotation lies, the fewer; whoever has bought before says yes more
often. So both are counted from the company's own past, in steps of age, and pulled
towards the share of all where there are few (a beta prior worth as many quotations as
``PRIOR``). A quotation is endangered by its amount times the chance to lose it.

>>> curve = curve_of([(0, True)] * 60 + [(5, True)] * 20 + [(40, False)] * 20)
>>> [round(chance(curve, age), 2) for age in (0, 3, 30)]
[0.8, 0.53, 0.16]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# Ages in days from which the chance is counted anew.
STEPS = (0, 1, 8, 15, 31, 61, 91)
PRIOR = 5.0
# Where nothing was ever decided: nobody knows.
UNKNOWN = 0.5

Curve = Sequence[Sequence[float]]


def curve_of(fates: Iterable[tuple[int, bool]]) -> list[list[int]]:
    """Count quotations that reached each age, and how many of them were won.

    :param fates: days from the offer to the end, and whether it was won
    :return: ``[age, reached, won]`` for each step
    """
    fates = list(fates)
    return [
        [
            step,
            sum(age >= step for age, _won in fates),
            sum(won for age, won in fates if age >= step),
        ]
        for step in STEPS
    ]


def chances(curve: Curve) -> list[tuple[int, float]]:
    """The chance to be won from each age on; never rising with age."""
    if not curve or not curve[0][1]:
        return [(0, UNKNOWN)]
    usual = curve[0][2] / curve[0][1]
    found, best = [], 1.0
    for age, reached, won in curve:
        best = min(best, (won + PRIOR * usual) / (reached + PRIOR))
        found.append((int(age), best))
    return found


def chance(curve: Curve, age: int) -> float:
    """The chance to be won of a quotation that has been open for so many days."""
    return [value for step, value in chances(curve) if step <= max(age, 0)][-1]
