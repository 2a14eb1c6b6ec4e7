"""What is missing, what is likely, and what one more document would do.

*Missing to the next tier* is what its conditions lack today; where any of them is
enough, the one that is nearest. *Missing to keep* is what the window of the last day
that counts still lacks, with what has been bought for it so far; a tier that a person
has granted is kept by earning it before the grant ends.

The *projection* goes on at the pace of the window: what was bought in the elapsed part
of a period, times its length; in a rolling window, what will still be in it, plus the
pace of its months. Before four weeks have passed nothing is projected.

>>> from .tier import Condition
>>> gold = Tier(2, (Condition(1, 5000, 4000), Condition(2, 10)), match="any")
>>> gaps(gold, {1: 3000.0, 2: 3.0})
(Gap(measure=1, value=3000.0, needed=5000),)
>>> gaps(gold, {1: 4000.0}, keep=True)
()
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from .tier import Entry, Member, RuleSet, Tier, measured, merged, micro, rules_on
from .tier_figures import Figures, stream
from .tier_path import Path
from .tier_replay import counting, replay
from .tier_standing import Standing, Timeline
from .tier_window import DAY, Span, add_months

# Days of a window that say nothing yet about its pace.
TOO_EARLY = 28


@dataclass(frozen=True, slots=True)
class Gap:
    """What a condition lacks."""

    measure: int
    value: float
    needed: float

    @property
    def missing(self) -> float:
        """How much more it takes."""
        return max(0.0, round(self.needed - self.value, 6))

    @property
    def fraction(self) -> float:
        """How much of it is there, from 0 to 1."""
        if self.needed <= 0:
            return 1.0
        return min(1.0, max(0.0, self.value / self.needed))


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a member goes on.

    :param next: next tier above the effective one, None at the top.
    :param fraction: how far the member is on the way to it, from 0 to 1.
    :param keep: tier that ``to_keep`` is about, and ``keep_by`` the last day for it.
    :param presses: whether that day is near: in the present period, or half a year.
    :param projected: tier at the present pace on ``projected_on``.
    """

    next: int | None = None
    to_next: tuple[Gap, ...] = ()
    fraction: float = 1.0
    keep: int | None = None
    to_keep: tuple[Gap, ...] = ()
    keep_by: date | None = None
    presses: bool = False
    projected: int | None = None
    projected_on: date | None = None
    projected_values: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one more document does.

    :param on: day on which it shows; later than the document where upgrades wait.
    """

    on: date
    before: Standing
    after: Standing
    rises: bool = False
    lasts_longer: bool = False


def whole_percent(fraction: float) -> int:
    """How far somebody is, in whole percent; 100 only for whoever is there.

    >>> [whole_percent(part) for part in (-0.2, 0.29, 0.9999, 1.0, 3.0)]
    [0, 29, 99, 100, 100]
    """
    # tolerates how fractions are stored: 0.29 is 28.999…
    return int(100 * min(1.0, max(0.0, fraction)) + 1e-9)


def gaps(
    tier: Tier, figures: Mapping[int, float], keep: bool = False
) -> tuple[Gap, ...]:
    """Return the conditions that are missing for a tier; where any of them is enough,
    the nearest one.
    """
    if tier.holds(figures, keep):
        return ()
    open_gaps = [
        Gap(one.measure, figures.get(one.measure, 0.0), one.needed(keep))
        for one in tier.conditions
        if micro(figures.get(one.measure, 0.0)) < micro(one.needed(keep))
    ]
    if tier.match == "any":
        return (max(open_gaps, key=lambda gap: gap.fraction),)
    return tuple(open_gaps)


def outlook(
    member: Member, rule_sets: tuple[RuleSet, ...], timeline: Timeline, day: date
) -> Outlook:
    """Look ahead from a day.

    :param timeline: the replay of the member until that day.
    """
    return _Ahead(member, rule_sets, timeline, day).look()


def to_keep(
    member: Member, rule_sets: tuple[RuleSet, ...], timeline: Timeline, day: date
) -> tuple[Gap, ...]:
    """Return what is missing to keep the tier beyond its end, as `outlook` tells."""
    if not timeline.now.effective or not (timeline.now.valid_until or timeline.due_on):
        return ()
    return _Ahead(member, rule_sets, timeline, day).keeping()[1]


def effect(
    member: Member,
    rule_sets: tuple[RuleSet, ...],
    day: date,
    entries: Iterable[Entry],
) -> Effect:
    """Return what further entries of a day do, once they count."""
    more = (replace(one, waits=False) for one in entries)
    richer = replace(member, entries=(*member.entries, *more))
    before, after = (replay(one, rule_sets, day).now for one in (member, richer))
    rules = rules_on(rule_sets, day)
    if rules.upgrade == "next_period":
        # The window begins on the same day of the year as the membership.
        anchor = after.window.first if after.window else None
        day = rules.window.turn(day, anchor).last + DAY
        before, after = (replay(one, rule_sets, day).now for one in (member, richer))
    rises = rules.rank(after.effective) > rules.rank(before.effective)
    longer = before.valid_until is not None and (
        after.valid_until is None or after.valid_until > before.valid_until
    )
    same = after.effective is not None and after.effective == before.effective
    return Effect(day, before, after, rises, same and longer)


class _Ahead:
    def __init__(
        self,
        member: Member,
        rule_sets: tuple[RuleSet, ...],
        timeline: Timeline,
        day: date,
    ) -> None:
        self.member = member
        self.rule_sets = rule_sets
        self.rules = rules_on(rule_sets, day)
        self.now = timeline.now
        self.due_on = timeline.due_on
        self.day = day

    def _known_figures(self, span: Span | None = None) -> Figures:
        """Return everything known so far of a span, what waits to count included."""
        days = frozenset[int]().union(*(one.counted_by_day for one in self.rule_sets))
        figures = Figures(days)
        entries = counting(self.member, self.rule_sets)
        if span:
            entries = [one for one in entries if span.holds(one.day)]
        news = stream(entries, self.rule_sets)
        figures.apply(one for one in news if one.known_on <= self.day)
        return figures

    @cached_property
    def anchor(self) -> date | None:
        if not self.rules.joined:
            return self.begun
        joined = (
            one.starts for one in merged(self.member.enrolments) if one.holds(self.day)
        )
        return next(joined, None)

    @cached_property
    def begun(self) -> date | None:
        """Day of the first purchase."""
        return self._known_figures().first_day()

    def _values(self, day: date) -> dict[int, float]:
        """Return the figures of the window of a day, as far as they are known."""
        by_years = self.rules.window.kind == "anniversary"
        span = Path.span(self.rules, day, self.anchor if by_years else None)
        sums = self._known_figures(span).fresh_sums(span)
        return {measure: value / 1_000_000 for measure, value in sums.items()}

    def look(self) -> Outlook:
        rank = self.rules.rank(self.now.effective)
        following = self.rules.tiers[rank : rank + 1]
        values = self._values(self.day)
        to_next = gaps(following[0], values) if following else ()
        keep, to_keep, keep_by = self.keeping()
        projected_on, projected = self._projection(values)
        return Outlook(
            next=following[0].key if following else None,
            to_next=to_next,
            fraction=min((gap.fraction for gap in to_next), default=1.0),
            keep=keep,
            to_keep=to_keep,
            keep_by=keep_by,
            presses=keep_by is not None and keep_by <= self._near_day(),
            projected=measured(self.rules, projected) if projected_on else None,
            projected_on=projected_on,
            projected_values=projected,
        )

    # === KEEPING === #

    def keeping(self) -> tuple[int | None, tuple[Gap, ...], date | None]:
        """Return the tier to keep, what is missing for it, and the last day for it."""
        rules, now = self.rules, self.now
        granted = rules.rank(now.effective) > rules.rank(now.earned)
        key = now.effective if granted else now.earned
        last = now.valid_until if granted else self._last_chance()
        rank = rules.rank(key)
        if not rank or not last or last < self.day:
            return None, (), None
        look = last
        if last == self.due_on and rules.validity == "met" and not granted:
            if rules.window.has_periods:
                # The figures begin anew with the period, whatever is bought before.
                return None, (), None
            look = last + DAY
        missing = gaps(rules.tiers[rank - 1], self._values(look), keep=not granted)
        return (key, missing, last) if missing else (None, (), None)

    def _last_chance(self) -> date | None:
        """Return the last day of the term; in the days of grace, the last of them."""
        now, due = self.now, self.due_on
        if due and due < self.day and now.effective == now.earned:
            return now.valid_until
        return due

    def _near_day(self) -> date:
        """Return the last day that is near enough to be told without being asked."""
        if self.rules.window.has_periods:
            return self.rules.window.turn(self.day, self.anchor).last
        return add_months(self.day, 6)

    # === PROJECTION === #

    def _projection(
        self, values: Mapping[int, float]
    ) -> tuple[date | None, dict[int, float]]:
        """Return the last day of the projection and the figures at the present pace."""
        window = self.rules.window
        if window.kind == "lifetime" or not self.now.window:
            return None, {}
        if window.has_periods:
            return self._projected_period(values)
        if not self.due_on or self.due_on <= self.day:
            return None, {}
        span = Span(self._pace_from(window.bounds(self.day).first), self.day)
        elapsed = (span.last - span.first).days + 1
        if elapsed < TOO_EARLY:
            return None, {}
        left = self._values(self.due_on)
        ahead = (self.due_on - self.day).days
        return self.due_on, {
            measure: left.get(measure, 0.0) + value * ahead / elapsed
            for measure, value in values.items()
        }

    def _projected_period(
        self, values: Mapping[int, float]
    ) -> tuple[date | None, dict[int, float]]:
        period = self.rules.window.turn(self.day, self.anchor)
        elapsed = (self.day - period.first).days + 1
        if elapsed < TOO_EARLY or self.day == period.last:
            return None, {}
        total = (period.last - period.first).days + 1
        return period.last, {
            measure: value * total / elapsed for measure, value in values.items()
        }

    def _pace_from(self, first: date) -> date:
        """Return the first day of the pace: none before the first purchase."""
        return max(first, self.begun) if self.begun else first
