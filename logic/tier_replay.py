"""The tier of one member from the first day on, replayed from truth.

Every day is judged with what was known by then: the first reading of ten years, the
job of last night and an evaluation as of a past day are the same computation. A
document that tells of an earlier day, a credit note above all, changes what follows
from that day; if that leaves less, the tier is *revoked* at once, without grace, soft
landing or hold: what was bought and credited earns nothing. Standings say what held on
a day as it was known on that day, so they never change afterwards.

Decisions of people lie above what is earned. They are applied in the order in which
they begin: a floor lifts to its tier, an exact one sets it. Outside the ladder or the
enrolment there is no tier, whoever granted it; who comes back begins anew.

A renewal (``kept``) is a standing, too: the day after the term that was announced
last, if the tier goes on. Tiers without conditions and lifetime ladders renew nothing.

>>> from .tier import Condition, Tier
>>> from .tier_window import Window
>>> gold = Tier(1, (Condition(1, 1000),))
>>> rules = RuleSet(1, (gold,), Window("calendar"), validity="period")
>>> bought = Entry(1, date(2023, 5, 2), date(2023, 5, 2), 1000.0)
>>> credited = Entry(1, date(2023, 5, 2), date(2023, 6, 1), -1.0)
>>> for one in replay(Member((bought,)), (rules,), date(2026, 1, 1)).standings:
...     print(one.day, one.effective, one.cause, one.valid_until)
2023-05-02 1 entry 2024-12-31
2025-01-01 None expired None
>>> for one in replay(Member((bought, credited)), (rules,), date(2026, 1, 1)).standings:
...     print(one.day, one.effective, one.cause)
2023-05-02 1 entry
2023-06-01 None revoked
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter

from .tier import Entry, Grant, Member, RuleSet, rules_on
from .tier_cause import Change, cause_of
from .tier_figures import Figures, News, stream
from .tier_grants import granted
from .tier_path import Path
from .tier_right import State
from .tier_standing import Standing, Timeline
from .tier_window import DAY, Span

# Steps into the future after which a tier counts as good without an end.
FORESIGHT = 400


def replay(member: Member, rule_sets: tuple[RuleSet, ...], until: date) -> Timeline:
    """Replay one member until a day.

    :param rule_sets: versions by first day, the earliest first; at least one.
    """
    replaying = Replay(member, rule_sets, until)
    replaying.walk(until)
    return replaying.timeline()


def counting(member: Member, rule_sets: tuple[RuleSet, ...]) -> Iterable[Entry]:
    """Return the entries that count: as a member, where the ladder asks to join."""
    if not any(map(_looks_at_joining, rule_sets)):
        return member.entries
    return [
        entry
        for entry in member.entries
        if not _looks_at_joining(rules_on(rule_sets, entry.day))
        or Path.in_intervals(member.enrolments, entry.day)
    ]


def _looks_at_joining(rules: RuleSet) -> bool:
    return rules.joined and not rules.counts_before_joining


class Replay:
    """A replay of one member on its way from day to day."""

    def __init__(
        self, member: Member, rule_sets: tuple[RuleSet, ...], until: date
    ) -> None:
        """Stand before the first day."""
        self.member = member
        self.rule_sets = rule_sets
        self.until = until
        days = frozenset[int]().union(*(one.counted_by_day for one in rule_sets))
        self.figures = Figures(days)
        self.path = Path(member, rule_sets, self.figures)
        news = sorted(stream(counting(member, rule_sets), rule_sets))
        self.news = [(day, tuple(group)) for day, group in groupby(news, key=_day)]
        self.number = 0
        self.standings: list[Standing] = []
        self.had_tier = False
        bounds = (day for grant in member.grants for day in (grant.starts, grant.ends))
        self.grant_days = sorted({day for day in bounds if day})

    # === WALK === #

    def go_on(self, state: State, standings: Iterable[Standing]) -> None:
        """Stand where an earlier replay of the same has stood after visiting a day."""
        passed = [news for on, news in self.news if on <= state.day]
        self.figures.apply(one for news in passed for one in news)
        self.number = len(passed)
        self.path.go_on(state)
        self.standings = list(standings)
        self.had_tier = any(one.effective is not None for one in self.standings)

    def walk(self, until: date) -> None:
        """Visit every day that matters until a day."""
        day = self._next_day(self.path.state.day)
        while day is not None and day <= until:
            revoked = self._visit(day)
            self._note(day, revoked)
            day = self._next_day(day)

    def timeline(self) -> Timeline:
        """Return the result, once the last day is reached."""
        day = self._next_day(self.path.state.day)
        if self.path.state.day is None:
            return Timeline((), Standing(self.until), next_on=day)
        cause = self.standings[-1].cause if self.standings else "left"
        now = self._standing(self.until, cause)
        valid_until, due_on = self._foresee(now)
        return Timeline(
            tuple(self.standings), replace(now, valid_until=valid_until), due_on, day
        )

    def _next_day(self, day: date | None, of_rights: bool = False) -> date | None:
        """Return the next day on which anything happens or becomes known.

        :param of_rights: see `Path.next_event`
        """
        days = [*self.grant_days, self.path.next_event(of_rights)]
        if self.number < len(self.news):
            days.append(self.news[self.number][0])
        if day and self.standings and self.standings[-1].valid_until:
            days.append(self.standings[-1].valid_until + DAY)
        upcoming = [one for one in days if one and (day is None or one > day)]
        return min(upcoming, default=None)

    def _visit(self, day: date) -> bool:
        """Learn what becomes known and decide; tell whether that took a tier away."""
        news = self._news_of(day)
        if not any(one.day < day for one in news):
            self.figures.apply(news)
            self.path.step(day)
            return False
        self.path.run_to(day)
        rules, before = self.path.state.rules, self.path.state.earned
        changed = self.figures.apply(news)
        if changed:
            self.path.rewind(changed)
        self.path.run_to(day)
        return rules.rank(self.path.state.earned) < rules.rank(before)

    def _news_of(self, day: date) -> tuple[News, ...]:
        if self.number < len(self.news) and self.news[self.number][0] == day:
            self.number += 1
            return self.news[self.number - 1][1]
        return ()

    # === STANDINGS === #

    def _note(self, day: date, revoked: bool) -> None:
        """Append a standing if anything that is told of a member has changed."""
        last = self.standings[-1] if self.standings else None
        earned = self.path.state.earned
        effective, grant = self._effective(day)
        before = (last.earned, last.effective, last.grant) if last else (None,) * 3
        if (earned, effective, grant and grant.key) != before:
            change = Change(day, last, effective, grant, revoked, self.had_tier)
            cause = cause_of(change, self.path)
        elif self._is_renewed(day, last):
            cause = "kept"
        else:
            return
        self.standings.append(self._standing(day, cause))
        self.had_tier = self.had_tier or effective is not None

    def _effective(self, day: date) -> tuple[int | None, Grant | None]:
        """Return the tier that counts and the grant that gives it, if one does."""
        state = self.path.state
        if not state.is_member:
            return None, None
        grants = self.member.grants
        if not grants:
            return state.earned, None
        return granted(state.earned, grants, day, state.rules, self.rule_sets)

    def _is_renewed(self, day: date, last: Standing | None) -> bool:
        if last is None or not last.valid_until or day <= last.valid_until:
            return False
        until = self._term(self.path.state, last.earned)
        return last.grant is None and until is not None and until >= day

    def _term(self, state: State, key: int | None) -> date | None:
        """Return the last day of the term of a tier, None where it has none."""
        rules = state.rules
        rank = rules.rank(key)
        if not rank or not rules.tiers[rank - 1].conditions:
            return None
        if rules.downgrade == "never" or rules.window.kind == "lifetime":
            return None
        right = self.path.right(key)
        if right is None:
            return None
        if rules.validity == "met" and (right.by_figures or right.until < state.day):
            return None
        return right.until

    def _standing(self, day: date, cause: str) -> Standing:
        state = self.path.state
        effective, grant = self._effective(day)
        right = self.path.right(state.earned)
        if grant:
            valid_until = grant.ends and grant.ends - DAY
        else:
            valid_until = self._term(state, state.earned)
        return Standing(
            day=day,
            measured=state.rules.at(state.rules.reached(state.sums))
            if state.is_member
            else None,
            earned=state.earned,
            effective=effective,
            cause=cause,
            valid_until=valid_until,
            qualified_on=right and right.since,
            version=state.rules.version,
            values={key: value / 1_000_000 for key, value in state.sums.items()},
            grant=grant and grant.key,
            window=self._window(day),
        )

    def _window(self, day: date) -> Span | None:
        state = self.path.state
        if not state.is_member:
            return None
        return self.path.span(state.rules, day, state.anchor)

    # === FORESIGHT === #

    def _foresee(self, now: Standing) -> tuple[date | None, date | None]:
        """Return how long the tiers last if nothing more is bought.

        :return: last certain day of the effective tier, last day of the term of the
            earned one.
        """
        if self._lasts(now):
            return None, None
        effective_until, due_on = None, None
        day = self._next_known(self.until)
        for _step in range(FORESIGHT):
            if day is None:
                break
            before = self.path.state
            self.figures.apply(
                one for one in self._news_of(day) if one.known_on <= self.until
            )
            self.path.step(day)
            rank, tier = self.path.state.rules.rank, self._effective(day)[0]
            if effective_until is None and rank(tier) < rank(now.effective):
                effective_until = day - DAY
            if due_on is None and rank(self.path.state.earned) < rank(now.earned):
                right = before.right(now.earned, day - DAY)
                due_on = min(right.until, day - DAY) if right else day - DAY
            if effective_until and (due_on or now.earned is None):
                break
            day = self._next_known(day)
        return effective_until, due_on

    def _lasts(self, now: Standing) -> bool:
        """Tell whether there is nothing to lose, or no way to lose it."""
        rules, rank = self.path.state.rules, self.path.state.rules.rank(now.earned)
        if now.effective is None and now.earned is None:
            return True
        if now.grant is not None or self.path.milestone_after(self.until):
            return False
        return rules.downgrade == "never" or not rules.tiers[rank - 1].conditions

    def _next_known(self, day: date) -> date | None:
        """Return the next day on which anything happens without new documents."""
        while self.number < len(self.news):
            upcoming = self.news[self.number][1]
            if any(one.known_on <= self.until for one in upcoming):
                break
            self.number += 1
        return self._next_day(day, of_rights=True)


_day = attrgetter("on")
