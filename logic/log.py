"""What to append to the transition log so that it says what a replay found.

The log is never rewritten. As long as the replay continues what was recorded, the
new moves are appended. Where it contradicts the record, because the past itself
changed, the replay is appended from the first difference on, and these rows stand
for everything recorded before about the time since that day. The rows that stand
are therefore the replay, move by move.

>>> from datetime import date
>>> day = date(2024, 1, 1)
>>> first = Move("position", day, None, 1, "entry")
>>> second = Move("position", date(2024, 2, 1), 1, 2, "rule")
>>> continuation("position", [(day, 1)], (first, second)).moves == (second,)
True
>>> recorded = [(day, 1), (date(2024, 3, 1), 2)]
>>> continuation("position", recorded, (first, second)).corrects_from
datetime.date(2024, 2, 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from .verdict import Axis, Move


@dataclass(frozen=True, slots=True)
class Continuation:
    """Rows to append; ``corrects_from`` is set when they replace recorded ones.

    :param kept: how many of the recorded rows still stand, from the first on.
    """

    moves: tuple[Move, ...]
    corrects_from: date | None = None
    kept: int = 0


def continuation(
    axis: Axis,
    recorded: Sequence[tuple[date, int | None]],
    timeline: Sequence[Move],
) -> Continuation:
    """Compare the standing record of one axis with its replay.

    :param recorded: (day, target) of the rows that stand, in order.
    :param timeline: moves of the replay on the same axis, in order.
    """
    same = 0
    for (day, target), move in zip(recorded, timeline, strict=False):
        if (day, target) != (move.day, move.target):
            break
        same += 1
    if same == len(recorded):
        return Continuation(tuple(timeline[same:]), kept=same)
    if not timeline:
        return _nothing_left(axis, recorded)
    if same == len(timeline):
        # Nothing follows that could stand for the rest: the last move says again
        # that it is the last one.
        same -= 1
    wrong_from = min(recorded[same][0], timeline[same].day)
    while same and recorded[same - 1][0] >= wrong_from:
        # A correction stands for whole days: what is right on its first day is
        # said again, for instance after two customers have become one.
        same -= 1
    return Continuation(tuple(timeline[same:]), wrong_from, kept=same)


def _nothing_left(
    axis: Axis, recorded: Sequence[tuple[date, int | None]]
) -> Continuation:
    """Record that nothing of what was recorded has ever been, once."""
    day, target = recorded[0]
    if target is None and len(recorded) == 1:
        return Continuation((), kept=1)
    gone = Move(axis, day, recorded[-1][1], None, "corrected")
    return Continuation((gone,), corrects_from=day)


def from_cutoff(timeline: Sequence[Move], cutoff: date | None) -> tuple[Move, ...]:
    """Leave out the moves before the one that was in force on a day.

    :param cutoff: first day of which moves are recorded; None keeps all.
    """
    if cutoff is None:
        return tuple(timeline)
    earlier = [move for move in timeline if move.day <= cutoff]
    later = [move for move in timeline if move.day > cutoff]
    return (*(replace(move, origin=None) for move in earlier[-1:]), *later)
