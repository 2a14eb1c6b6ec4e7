"""The lowest point of a smooth function of a few numbers, without any library.

Quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno (1970) with a line search
after Armijo (1966); derivatives are central differences.

>>> lowest = minimise(lambda x: (x[0] - 3) ** 2 + 10 * (x[1] + 1) ** 2, [0.0, 0.0])
>>> [round(value, 4) for value in lowest.point]
[3.0, -1.0]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

Function = Callable[[Sequence[float]], float]

STEP = 1e-5  # of the central differences
LONGEST_MOVE = 2.0  # of one number in one iteration
SUFFICIENT = 1e-4  # part of the promised decrease that a step has to bring


@dataclass(frozen=True, slots=True)
class Lowest:
    """Where the function is lowest, how low, and after how many iterations."""

    point: tuple[float, ...]
    value: float
    iterations: int
    converged: bool


def minimise(
    function: Function,
    start: Sequence[float],
    *,
    tolerance: float = 1e-6,
    most_iterations: int = 200,
) -> Lowest:
    """Walk downhill from a starting point.

    :param function: of as many numbers as ``start`` has; may be infinite in places
    :param tolerance: largest slope, relative to the value, that counts as flat
    """
    point, value = list(start), function(start)
    slope = gradient(function, point)
    inverse = _identity(len(point))
    for iteration in range(most_iterations):
        if max(map(abs, slope)) <= tolerance * max(1.0, abs(value)):
            return Lowest(tuple(point), value, iteration, True)
        direction = _downhill(inverse, slope)
        step = _search(function, point, value, slope, direction)
        if step is None:
            return Lowest(tuple(point), value, iteration, False)
        move, value = step
        point = [one + by for one, by in zip(point, move, strict=True)]
        former, slope = slope, gradient(function, point)
        change = [new - old for new, old in zip(slope, former, strict=True)]
        inverse = _updated(inverse, move, change)
    return Lowest(tuple(point), value, most_iterations, False)


def gradient(function: Function, point: Sequence[float]) -> list[float]:
    """Slope of the function in each direction, by central differences."""
    slopes = []
    for index in range(len(point)):
        ahead, behind = list(point), list(point)
        ahead[index] += STEP
        behind[index] -= STEP
        slopes.append((function(ahead) - function(behind)) / (2 * STEP))
    return slopes


def _downhill(inverse: list[list[float]], slope: list[float]) -> list[float]:
    """Direction of the next step, no number further than `LONGEST_MOVE`."""
    direction = [-_dot(row, slope) for row in inverse]
    if _dot(direction, slope) >= 0:  # the curvature was misjudged
        direction = [-one for one in slope]
    longest = max(map(abs, direction))
    if longest <= LONGEST_MOVE:
        return direction
    return [one * LONGEST_MOVE / longest for one in direction]


def _search(function, point, value, slope, direction):
    """The first of ever shorter steps that brings enough: (move, value), or None."""
    promised = _dot(slope, direction)
    length = 1.0
    while length > 1e-10:
        move = [one * length for one in direction]
        reached = function([one + by for one, by in zip(point, move, strict=True)])
        if isfinite(reached) and reached <= value + SUFFICIENT * length * promised:
            return move, reached
        length /= 2
    return None


def _updated(inverse, move, change):
    """Inverse curvature after a step, by the formula of the four authors."""
    curvature = _dot(move, change)
    if curvature <= 1e-12:
        return inverse
    turned = [_dot(row, change) for row in inverse]
    factor = (1 + _dot(change, turned) / curvature) / curvature
    return [
        [
            inverse[i][j]
            + factor * move[i] * move[j]
            - (turned[i] * move[j] + move[i] * turned[j]) / curvature
            for j in range(len(move))
        ]
        for i in range(len(move))
    ]


def _identity(size: int) -> list[list[float]]:
    return [[float(i == j) for j in range(size)] for i in range(size)]


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(one * other for one, other in zip(left, right, strict=True))
