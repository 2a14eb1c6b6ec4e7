"""The tier of a customer as a fact for the rules of its relationship.

The fact of a day is the tier of the evening before: tiers follow from the relationship
of their day, so that nothing goes round in a circle. Its value is the number of the
tier in its ladder, from 1 for the lowest; 0 stands for no tier.

>>> own = (Step(date(2025, 3, 1), ladder=1, rank=2), Step(date(2025, 6, 1), 1, 1))
>>> track = rank_track(own)
>>> [track.at(date(2025, month, day)) for month, day in ((3, 1), (3, 2), (6, 2))]
[0, 2, 1]

While somebody qualifies together with others, the tier is that of the head:

>>> head = Span(date(2025, 4, 1), date(2025, 4, 30), (Step(date(2025, 1, 1), 1, 3),))
>>> track = rank_track(own, [head])
>>> [track.at(date(2025, 4, day)) for day in (1, 2)], track.at(date(2025, 5, 2))
([2, 3], 2)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .catalog import Fact, register
from .history import Track

FACT = Fact("tier_rank", "integer")
register(FACT)

ONE_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Step:
    """A change of tier, of those that still stand, in the order of the log.

    :param ladder: key of the ladder
    :param rank: number of the tier from then on; 0 for none
    :param rolls_up: whether members of a group enjoy the tier of its head
    :param everywhere: whether the ladder is one of every company, so that only such
        groups count in it
    """

    day: date
    ladder: int
    rank: int
    rolls_up: bool = True
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which somebody qualifies with a head.

    :param first: None for no beginning
    :param last: last of the days, None for no end
    :param steps: changes of the head's tiers
    :param everywhere: whether they qualify together in every company
    """

    first: date | None
    last: date | None
    steps: tuple[Step, ...] = ()
    everywhere: bool = False

    def shares(self, step: Step) -> bool:
        """Whether the ladder of a step counts them together."""
        return step.rolls_up and (self.everywhere or not step.everywhere)

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return (self.first is None or self.first <= day) and (
            self.last is None or day <= self.last
        )


def rank_track(own: Sequence[Step], spans: Sequence[Span] = ()) -> Track:
    """Return the course of the fact, from changes of the customer and of its heads."""
    days = {step.day for step in own}
    for span in spans:
        days |= {step.day for step in span.steps}
        days |= {day for day in (span.first, span.last and span.last + ONE_DAY) if day}
    changes = tuple((day + ONE_DAY, _rank_at(day, own, spans)) for day in sorted(days))
    before = _rank_at(date.min, own, spans)
    return Track("tier_rank", changes, before)


def _rank_at(day: date, own: Sequence[Step], spans: Sequence[Span]) -> int:
    span = next((one for one in spans if one.holds(day)), None)
    if span is None:
        steps = list(own)
    else:
        steps = [step for step in own if not span.shares(step)]
        steps += [step for step in span.steps if span.shares(step)]
    latest: dict[int, int] = {}
    for step in steps:
        if step.day <= day:
            latest[step.ladder] = step.rank
    return max(latest.values(), default=0)
