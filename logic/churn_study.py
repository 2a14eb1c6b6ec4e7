"""Which forecast ranks the customers of a segment, graded on their own past.

Two past days are looked back from, each with nothing but what was known then, and each
followed by a horizon in which is known who bought. On the earlier one corrections are
learned, on the later one the forecasts are graded. Two forecasts compete:

``model``    the purchase process of :mod:`churn`, corrected
``recency``  the days since the last purchase alone, turned into a probability

The one that ranks better on the later day is used, and the grades of both are kept, so
that everybody can see what the other was worth. If even that one is no better than the
same probability for everybody, the customers' own *rhythm* ranks. How regular purchases
are is chosen by the Brier score on both days, never by likelihood, which prefers
regularity that does not foretell anything.

Fewer than a hundred customers tell nothing about probabilities: there is no study then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .churn import HIGHEST_REGULARITY, Habit, Process, buys_within
from .churn_fit import fit
from .grading import Group, auc, brier, calibration_error, reliability
from .recalibration import (
    Correction,
    corrected,
    fit_correction,
    logistic,
    logit,
    signals,
)

FEWEST = 100
# Customers by whom the regularity is chosen; more tell nothing new.
ENOUGH = 3000
# By which part a forecast must err less than none: below it is chance.
LEAST_GAIN = 0.01
# Part of the history over which a correction is learned, where it is too short for two
# looks back of a whole horizon: as much again is left to know customers by.
LEARNING_SHARE = 1 / 3
SHORTEST_LEARNING = 14
# Horizon of a forecast in usual intervals, and its bounds in days.
INTERVALS_AHEAD = 2
SHORTEST_HORIZON, LONGEST_HORIZON = 28, 365


@dataclass(frozen=True, slots=True)
class Look:
    """Customers as known on a past day, and who of them bought within the horizon."""

    habits: tuple[Habit, ...]
    bought: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """How good a forecast was on the later day; ``auc`` is None if all did the same."""

    auc: float | None
    brier: float
    calibration_error: float
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """What to forecast with from now on, and what it was worth.

    :ivar ranks_by: ``model``, ``recency`` or ``rhythm``
    :ivar correction: of the better forecast, learned on the later day
    :ivar base_brier: of everybody's same probability, the share that bought
    """

    ranks_by: str
    process: Process
    correction: Correction
    model: Grade
    recency: Grade
    base_brier: float
    customers: int


def study(
    earlier: Look, later: Look, today: Sequence[Habit], horizon: float
) -> Study | None:
    """Study a segment; None where there are too few customers.

    :param earlier: customers in random order, as those of the other days
    :param horizon: time after each day in which purchases were looked for, in the unit
        of the habits: what is foretold, or the part of it that the history allows
    """
    if min(len(earlier.habits), len(later.habits), len(today)) < FEWEST:
        return None
    regularity = _regularity((earlier, later), horizon)
    forecasts = {
        "model": [_model_rows(look, horizon, regularity) for look in (earlier, later)],
        "recency": [_recency_rows(look) for look in (earlier, later)],
    }
    grades = {
        name: _grade(fit_correction(before, earlier.bought), after, later.bought)
        for name, (before, after) in forecasts.items()
    }
    worse = (grades["recency"].auc or 0) > (grades["model"].auc or 0)
    better = "recency" if worse else "model"
    share = sum(later.bought) / len(later.bought)
    base = share * (1 - share)
    return Study(
        ranks_by=better if is_useful(grades[better], base) else "rhythm",
        process=fit(today, regularity=regularity).process,
        correction=fit_correction(forecasts[better][1], later.bought),
        model=grades["model"],
        recency=grades["recency"],
        base_brier=base,
        customers=len(later.habits),
    )


def is_useful(grade: Grade, base_brier: float) -> bool:
    """Whether a forecast ranks better than chance and errs clearly less than one
    probability for everybody.

    >>> is_useful(Grade(0.7, 0.18, 0.02, ()), 0.21)
    True
    >>> is_useful(Grade(0.7, 0.23, 0.09, ()), 0.21)
    False
    """
    return grade.brier < base_brier * (1 - LEAST_GAIN) and (grade.auc or 0) > 0.5


def horizon_of(usual_interval: float | None) -> int:
    """Days in which a purchase is foretold where nobody has chosen them.

    :param usual_interval: median of the customers' own intervals, if any has one

    >>> horizon_of(30.0), horizon_of(5.0), horizon_of(900.0), horizon_of(None)
    (60, 28, 365, 56)
    """
    days = round(INTERVALS_AHEAD * (usual_interval or SHORTEST_HORIZON))
    return min(max(days, SHORTEST_HORIZON), LONGEST_HORIZON)


def own_horizon(horizon: int, usual_interval: float | None) -> float:
    """Days in which a purchase of one customer is foretold: those of its segment, or
    twice the own usual interval for whoever buys less often.

    Somebody who buys once a year is in no danger because nothing was bought for a
    month; a year is the most that anybody waits for.

    >>> own_horizon(60, 20.0), own_horizon(60, 90.0), own_horizon(60, 385.0)
    (60, 180.0, 365)
    >>> own_horizon(60, None)
    60
    """
    return max(horizon, min(INTERVALS_AHEAD * (usual_interval or 0), LONGEST_HORIZON))


def learning_spans(history: int, horizon: int) -> tuple[int, ...]:
    """Days over which a correction may be learned, the best first: the horizon, or a
    part of a short history; less where there were too few customers so long ago.

    :param history: days since the first purchase of anybody

    >>> learning_spans(900, 60), learning_spans(90, 60)
    ((60, 30, 15), (30, 15))
    """
    span = min(horizon, round(history * LEARNING_SHARE))
    return tuple(
        span // part for part in (1, 2, 4) if span // part >= SHORTEST_LEARNING
    )


def foretold(
    correction: Correction,
    ranks_by: str,
    process: Process,
    habit: Habit,
    horizon: float,
    learned: float | None = None,
) -> float:
    """Probability of a purchase within the horizon, corrected by what was learned.

    What was learned over a shorter time is carried on to the horizon by the odds of
    the process itself: the correction knows who is misjudged, the process how much a
    longer time adds.

    :param learned: time over which the correction was learned; default: the horizon
    """
    learned = learned or horizon
    chance = corrected(correction, row_of(ranks_by, process, habit, learned))
    if learned == horizon:
        return chance
    more = logit(buys_within(process, habit, horizon))
    return logistic(logit(chance) + more - logit(buys_within(process, habit, learned)))


def row_of(
    ranks_by: str, process: Process, habit: Habit, horizon: float
) -> list[float]:
    """The signals of one customer that the correction reads."""
    recency = habit.age - habit.last
    if ranks_by == "recency":
        return signals(0.5, recency, 0, 0)[1:2]
    chance = buys_within(process, habit, horizon)
    return signals(chance, recency, habit.x, habit.age)


def _regularity(looks: Sequence[Look], horizon: float) -> int:
    """The regularity with the lowest Brier score over the past days."""

    def score(regularity: int) -> float:
        total = 0.0
        for look in looks:
            habits, bought = look.habits[:ENOUGH], look.bought[:ENOUGH]
            process = fit(habits, regularity=regularity).process
            chances = [buys_within(process, one, horizon) for one in habits]
            total += brier(chances, bought)
        return total

    return min(range(1, HIGHEST_REGULARITY + 1), key=score)


def _model_rows(look: Look, horizon: float, regularity: int) -> list[list[float]]:
    process = fit(look.habits, regularity=regularity).process
    return [row_of("model", process, habit, horizon) for habit in look.habits]


def _recency_rows(look: Look) -> list[list[float]]:
    anything = Process("mbg", 1, 1, 1, 1)
    return [row_of("recency", anything, habit, 0) for habit in look.habits]


def _grade(correction: Correction, rows, bought) -> Grade:
    forecasts = [corrected(correction, row) for row in rows]
    groups = reliability(forecasts, bought)
    return Grade(
        auc(forecasts, bought),
        brier(forecasts, bought),
        calibration_error(groups),
        groups,
    )
