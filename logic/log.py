"""What to append to the transition log so that it says what a replay found.

The log is never rewritten. As long as the replay continues what was recorded, the
new moves are appended. Where it contradicts the record, because the past itself
changed, the replay is appended from the first difference on, and these rows stand
for everything recorded before about the time since that day.

>>> from datetime import date
>>> day = date(2024, 1, 1)
>>> first = Move("position", day, None, 1, "entry")
>>> second = Move("position", date(2024, 2, 1), 1, 2, "rule")
>>> continuation([(day, 1)], (first, second)).moves == (second,)
True
>>> continuation([(day, 1), (date(2024, 3, 1), 2)], (first, second)).corrects_from
datetime.date(2024, 2, 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from .replay import Move


@dataclass(frozen=True, slots=True)
class Continuation:
    """Rows to append; ``corrects_from`` is set when they replace recorded ones."""

    moves: tuple[Move, ...]
    corrects_from: date | None = None


def continuation(
    recorded: Sequence[tuple[date, int | None]], timeline: Sequence[Move]
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
    rest = tuple(timeline[same:])
    if same == len(recorded):
        return Continuation(rest)
    contradicted = recorded[same][0]
    believed = recorded[-1][1]
    if not rest:
        standing = timeline[-1].target if timeline else None
        rest = (
            Move(
                axis=timeline[-1].axis if timeline else "position",
                day=contradicted,
                origin=believed,
                target=standing,
                cause="corrected",
                version=timeline[-1].version if timeline else 0,
            ),
        )
    first = replace(rest[0], origin=believed)
    return Continuation(
        (first, *rest[1:]), corrects_from=min(contradicted, first.day)
    )


def from_cutoff(timeline: Sequence[Move], cutoff: date | None) -> tuple[Move, ...]:
    """Leave out moves before a day, but keep the one that led to where it stood.

    :param cutoff: first day of which moves are recorded; None keeps all.
    """
    if cutoff is None:
        return tuple(timeline)
    earlier = [move for move in timeline if move.day < cutoff]
    kept = [move for move in timeline if move.day >= cutoff]
    return (*(replace(move, origin=None) for move in earlier[-1:]), *kept)
