"""Which tier a member holds by the ladder alone, day after day.

A member holds a *right* to each tier. The right begins on the day on which the tier,
or a higher one, is reached. It lasts as long as the figures keep it, and then for its
*term*: not at all (``met``), for the rest of the period and the next one, or for some
months. Grace days come on top, and a hold postpones the end. If the figures keep the
tier again meanwhile, the term begins anew. The highest right is the *earned* tier.

What happens when the right to a tier ends depends on the rights to those below:

``earned``
    They last as long as their own figures keep them.
``one_step``
    A higher right keeps the next lower one, whose own term begins when the higher
    right ends. Where tiers have no term, such a soft landing is certain for a month,
    or until the end of the calendar period or membership year.
``never``
    No right ends.

These rules make one thing sure that customers take for granted: who has bought more
never holds less. The term therefore runs from the *last* day on which the figures
kept the tier, not from the first: who reaches a tier early is not worse off than who
reaches it late. Whoever falls from a tier may keep a lower one by what *keeps* that
one, even without ever having been in it.

A new version looks at the figures anew; a right keeps the day it was good until. The
rights to tiers that are gone are lost, which leaves the highest one below.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from .tier import Interval, Member, RuleSet, merged, rules_on
from .tier_figures import Figures
from .tier_right import (
    Level,
    Right,
    State,
    carried_over,
    good_until,
    rights_of_day,
    term_end,
)
from .tier_window import DAY, Span, add_months


class Rewound(Exception):
    """More has become known of days before those a path can be wound back to."""


class Path:
    """The rights of one member with the figures that are known, wound on and back."""

    def __init__(
        self, member: Member, rule_sets: tuple[RuleSet, ...], figures: Figures
    ) -> None:
        """Stand before the first day."""
        self.member = member
        self.rule_sets = rule_sets
        self.figures = figures
        self.enrolments = merged(member.enrolments)
        self.holds = merged(member.holds)
        self.state = State()
        self._states: list[State] = []
        self._known_since = date.min
        self._milestones = sorted(set(self._dated()))
        starts = (member.since, *(grant.starts for grant in member.grants))
        self._begins = min((start for start in starts if start), default=date.max)

    def _dated(self) -> Iterable[date]:
        """Return the days on which something happens whatever the figures."""
        member = self.member
        spans = (*self.enrolments, *(member.spells or ()))
        yield from (one.starts for one in spans if one.starts)
        yield from (one.ends for one in (*spans, *self.holds) if one.ends)
        yield from (rules.starts for rules in self.rule_sets if rules.starts)
        yield from (grant.starts for grant in member.grants)
        if member.since:
            yield member.since

    # === WIND === #

    def go_on(self, state: State) -> None:
        """Stand where an earlier path of the same figures has stood."""
        span = self.span(state.rules, state.day, state.anchor)
        self.figures.go_on(span, state.sums)
        self._enter(replace(state, span=span))
        self._known_since = state.day

    def run_to(self, day: date) -> None:
        """Visit every day that matters until a day, and that day itself."""
        if self.state.day == day:
            return
        event = self.next_event()
        while event is not None and event < day:
            self.step(event)
            event = self.next_event()
        self.step(day)

    def rewind(self, day: date) -> None:
        """Go back to before a day, of which more has become known."""
        if day <= self._known_since:
            raise Rewound
        while self._states and self._states[-1].day >= day:
            self._states.pop()
        self.state = self._states[-1] if self._states else State()

    def next_event(self, of_rights: bool = False) -> date | None:
        """Return the next day on which a right, or what is counted, can change.

        :param of_rights: leave out days on which what is counted changes, but no right
        """
        day = self.state.day
        days = self.milestone_after(day)
        if (known := self.figures.next_day(day)) is not None:
            days.append(known)
        if self.state.is_member:
            self._add_turns(days, of_rights)
            self._add_ends(days)
        return min(days, default=None)

    def milestone_after(self, day: date | None) -> list[date]:
        """Return the next day on which something happens whatever the figures."""
        number = bisect_right(self._milestones, day) if day else 0
        return self._milestones[number : number + 1]

    def _add_turns(self, days: list[date], of_rights: bool) -> None:
        """Add when the window moves past something it holds."""
        state, window = self.state, self.state.rules.window
        next_period = state.rules.upgrade == "next_period"
        if of_rights and state.level and not (window.has_periods or next_period):
            inside = self._last_kept()
        else:
            inside = self.figures.first_in(state.span)
        if inside and window.kind == "rolling":
            days.append(window.leaves_on(inside))
        if not (window.has_periods or next_period):
            return
        turn = window.turn(state.day, state.anchor)
        closed = window.bounds(turn.first - DAY, state.anchor)
        if inside or (next_period and self.figures.first_in(closed)):
            days.append(turn.last + DAY)

    def _last_kept(self) -> date | None:
        """Return the first day without which the figures say something else."""
        state, sums = self.state, dict(self.state.sums)
        for day, worths in self.figures.inside(state.span):
            for measure, worth in worths.items():
                sums[measure] -= worth
            reached, kept = state.rules.reached(sums), state.rules.kept(sums)
            if (reached, kept) != (state.level.reached, state.level.kept):
                return day
        return None

    def _add_ends(self, days: list[date]) -> None:
        """Add when a right ends that nothing keeps but time."""
        day = self.state.day
        for right in self.state.rights.values():
            if not (right.by_figures or right.by_higher) and right.limit >= day:
                days.append(right.limit + DAY)

    # === STEP === #

    def step(self, day: date) -> None:
        """Decide a day; nothing has happened since the one decided last."""
        rules = rules_on(self.rule_sets, day)
        if not self.is_member(rules, day):
            self._enter(State(day, rules, rights={}, sums={}))
            return
        anchor = self._anchor(rules, day)
        span = self.span(rules, day, anchor)
        sums = self.figures.sums(span)
        level = self._level(rules, day, anchor, sums)
        if self._goes_on(rules, day, anchor, level):
            rights = self.state.rights
        else:
            before = carried_over(self.state.rules, rules, self._prolonged(day - DAY))
            rights = rights_of_day(rules, day, level, before)
        self._enter(State(day, rules, anchor, rights, sums, True, span, level))

    def _goes_on(
        self, rules: RuleSet, day: date, anchor: date | None, level: Level
    ) -> bool:
        """Tell whether the rights of the day before are those of a day.

        What keeps a right by then is read off when its term is asked for.
        """
        state = self.state
        return (
            level == state.level
            and rules is state.rules
            and anchor == state.anchor
            and all(
                right.by_figures or right.by_higher or day <= right.limit
                for right in state.rights.values()
            )
        )

    def _enter(self, state: State) -> None:
        self.state = state
        self._states.append(state)

    def is_member(self, rules: RuleSet, day: date) -> bool:
        """Tell whether the ladder is for the customer on a day."""
        spells = self.member.spells
        if spells is not None and not any(one.holds(day) for one in spells):
            return False
        if rules.joined:
            return any(one.holds(day) for one in self.enrolments)
        if self._begins <= day:
            return True
        first = self.figures.first_day()
        return first is not None and first <= day

    def _anchor(self, rules: RuleSet, day: date) -> date | None:
        """Return the day membership years are counted from."""
        if rules.joined:
            joined = (one.starts for one in self.enrolments if one.holds(day))
            return next(joined, None)
        return self.figures.first_day()

    def _prolonged(self, last: date) -> dict[int, Right]:
        """Return the rights with what has kept them until a day."""
        state = self.state
        return {
            key: good_until(right, state, last)
            for key, right in (state.rights or {}).items()
        }

    def _level(
        self,
        rules: RuleSet,
        day: date,
        anchor: date | None,
        sums: Mapping[int, int],
    ) -> Level:
        """Return what figures and holds say. Where upgrades wait for the next period,
        the closed one has reached a tier, and secured a term.
        """
        kept = rules.kept(sums)
        held = rules.pauses and self.in_intervals(self.holds, day)
        if rules.upgrade == "at_once":
            return Level(rules.reached(sums), None, kept, held)
        window = rules.window
        closed = window.bounds(window.turn(day, anchor).first - DAY, anchor)
        reached = rules.reached(self.figures.fresh_sums(closed))
        return Level(reached, term_end(rules, closed.last, anchor), kept, held)

    @staticmethod
    def span(rules: RuleSet, day: date, anchor: date | None) -> Span:
        """Return what counts on a day; the first membership year reaches back a year,
        where what was bought before joining counts.
        """
        if (
            rules.joined
            and rules.counts_before_joining
            and rules.window.kind == "anniversary"
            and anchor
            and day < add_months(anchor, 12)
        ):
            return Span(add_months(anchor, -12), day)
        return rules.window.bounds(day, anchor)

    # === ANSWERS === #

    def right(self, key: int | None) -> Right | None:
        """Return the right to a tier, with what has kept it until today."""
        return self.state.right(key, self.state.day)

    def joined_on(self, day: date) -> bool:
        """Tell whether an enrolment begins on a day."""
        return any(one.starts == day for one in self.enrolments)

    def entered_on(self, day: date) -> bool:
        """Tell whether the ladder becomes the customer's one on a day."""
        return any(one.starts == day for one in self.member.spells or ())

    def first_entered(self) -> date | None:
        """Return the day on which the ladder first became the customer's one."""
        starts = (one.starts for one in self.member.spells or () if one.starts)
        return min(starts, default=None)

    @staticmethod
    def in_intervals(intervals: Iterable[Interval], day: date) -> bool:
        """Tell whether any interval holds a day."""
        return any(one.holds(day) for one in intervals)
