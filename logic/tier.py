"""Tiers of a ladder: what is counted, what a tier takes, and the rules of a version.

The words are used alike in `tier_figures`, `tier_path`, `tier_replay` and
`tier_outlook`. The *measured* tier is what the figures of a day alone would give: the
highest one whose conditions hold; those of the tiers below do not matter.

>>> gold = Tier(3, (Condition(1, 5000),))
>>> silver = Tier(2, (Condition(1, 1000), Condition(2, 3)), match="any")
>>> rules = RuleSet(7, (Tier(1), silver, gold))
>>> [measured(rules, figures) for figures in ({1: 999}, {2: 3}, {1: 5000})]
[1, 2, 3]

Amounts are compared in millionths, so that neither the order of documents nor the
way in which fractions are stored matters:

>>> micro(0.1) + micro(0.2) == micro(0.3)
True
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import inf
from typing import Literal

from .tier_window import Window

Upgrade = Literal["at_once", "next_period"]
Validity = Literal["met", "period", "months"]
Downgrade = Literal["never", "one_step", "earned"]


def micro(value: float) -> int:
    """Return a value in millionths, which add up without rounding."""
    return round(value * 1_000_000)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a document adds to a measure.

    :param day: local day it counts on; a credit note that names its original counts
        on the day of that one.
    :param known_on: own local day of the document. The return period, in which a
        purchase does not count yet, is added by the rules.
    :param document: names the document; the rules do not look into it.
    :param waits: whether it counts after the return period only, as purchases do and
        what a person has added does not.
    """

    measure: int
    day: date
    known_on: date
    value: float
    document: object = None
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """How much of a measure a tier takes; ``keep_at_least`` 0: as much to keep it."""

    measure: int
    at_least: float
    keep_at_least: float = 0.0

    def needed(self, keep: bool = False) -> float:
        """Return how much it takes, or how much keeps the tier."""
        return self.keep_at_least or self.at_least if keep else self.at_least


@dataclass(frozen=True)  # without slots: it keeps what it has worked out
class Tier:
    """One step of a ladder; without a condition every member has it."""

    key: int
    conditions: tuple[Condition, ...] = ()
    match: Literal["all", "any"] = "all"

    def holds(self, figures: Mapping[int, float], keep: bool = False) -> bool:
        """Tell whether figures reach the tier, or keep it."""
        return self.holds_micro(
            {key: micro(value) for key, value in figures.items()}, keep
        )

    def holds_micro(self, sums: Mapping[int, int], keep: bool = False) -> bool:
        """Tell the same of sums in millionths."""
        if not self.conditions:
            return True
        wanted = self.match == "any"
        for measure, at_least in self._needed[keep]:
            if (sums.get(measure, 0) >= at_least) is wanted:
                return wanted
        return not wanted

    @cached_property
    def _needed(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Measure and millionths of each condition: to reach the tier, to keep it."""
        return tuple(
            tuple((one.measure, micro(one.needed(keep))) for one in self.conditions)
            for keep in (False, True)
        )


@dataclass(frozen=True)  # without slots: it keeps what it has worked out
class RuleSet:
    """One version of a ladder, in force from a day on.

    :param version: key of the version.
    :param tiers: lowest first.
    :param starts: first day; None for the first version, which has always been.
    :param counted_by_day: measures that count days with a purchase.
    :param pending_days: days after which a purchase counts.
    :param joined: whether only those who have joined are members.
    :param pauses: whether holds postpone a downgrade.
    """

    version: int
    tiers: tuple[Tier, ...]
    window: Window = field(default_factory=Window)
    starts: date | None = None
    counted_by_day: frozenset[int] = frozenset()
    pending_days: int = 0
    upgrade: Upgrade = "at_once"
    validity: Validity = "met"
    validity_months: int = 12
    downgrade: Downgrade = "one_step"
    grace_days: int = 0
    joined: bool = False
    counts_before_joining: bool = False
    pauses: bool = True

    def rank(self, key: int | None) -> int:
        """Return the number of a tier from 1; 0 for none or one that is gone."""
        return self._ranks.get(key, 0)

    @cached_property
    def _ranks(self) -> dict[int, int]:
        return {tier.key: rank for rank, tier in enumerate(self.tiers, 1)}

    def reached(self, sums: Mapping[int, int]) -> int:
        """Return the rank of the highest tier that sums in millionths reach."""
        if self._steps:
            measure, reach, _keep = self._steps
            return bisect_right(reach, sums.get(measure, 0))
        for rank in range(len(self.tiers), 0, -1):
            if self.tiers[rank - 1].holds_micro(sums):
                return rank
        return 0

    def kept(self, sums: Mapping[int, int]) -> int:
        """Return the ranks of the tiers that sums in millionths keep, a bit each."""
        if self._steps:
            measure, _reach, keep = self._steps
            return (1 << bisect_right(keep, sums.get(measure, 0))) - 1
        return sum(
            1 << rank
            for rank, tier in enumerate(self.tiers)
            if tier.holds_micro(sums, keep=True)
        )

    @cached_property
    def _steps(self) -> tuple[int, list[float], list[float]] | None:
        """What reaches the tiers and what keeps them, by rank, where all of them go by
        one measure, the higher ones by more of it.
        """
        conditions = [one for tier in self.tiers for one in tier.conditions]
        if len({one.measure for one in conditions}) != 1:
            return None
        if any(len(tier.conditions) > 1 for tier in self.tiers):
            return None
        reach, keep = (
            [
                micro(tier.conditions[0].needed(kept)) if tier.conditions else -inf
                for tier in self.tiers
            ]
            for kept in (False, True)
        )
        if reach != sorted(reach) or keep != sorted(keep):
            return None
        return conditions[0].measure, reach, keep

    def at(self, rank: int) -> int | None:
        """Return the key of the tier of a rank."""
        return self.tiers[rank - 1].key if rank else None


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from ``starts`` to the day before ``ends``; None: open."""

    starts: date | None
    ends: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in the interval."""
        return (self.starts is None or self.starts <= day) and (
            self.ends is None or day < self.ends
        )


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's decision: at least (``floor``) or exactly this tier, for a time."""

    key: int
    tier: int
    kind: Literal["floor", "exact"]
    starts: date
    ends: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the decision counts on a day."""
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Member:
    """Everything that is known about one holder in one ladder.

    :param since: day from which the customer is known; None: from the first figure.
    :param enrolments: when the customer had joined; only looked at by ladders that
        ask for it. What ends on the day the next one starts goes on.
    :param spells: when the ladder was the customer's one; None: always.
    :param holds: when nothing is taken away; with a known end or without.
    """

    entries: tuple[Entry, ...] = ()
    grants: tuple[Grant, ...] = ()
    since: date | None = None
    enrolments: tuple[Interval, ...] = ()
    spells: tuple[Interval, ...] | None = None
    holds: tuple[Interval, ...] = ()


def measured(rules: RuleSet, figures: Mapping[int, float]) -> int | None:
    """Return the key of the highest tier that figures reach."""
    sums = {key: micro(value) for key, value in figures.items()}
    return rules.at(rules.reached(sums))


def rules_on(rule_sets: tuple[RuleSet, ...], day: date) -> RuleSet:
    """Return the rules in force on a day; before the first ones, those."""
    current = rule_sets[0]
    for rules in rule_sets:
        if rules.starts is None or rules.starts <= day:
            current = rules
    return current


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Join intervals that overlap or touch.

    >>> june, july = date(2024, 6, 1), date(2024, 7, 1)
    >>> merged([Interval(july, None), Interval(june, july)])
    (Interval(starts=datetime.date(2024, 6, 1), ends=None),)
    """
    result: list[Interval] = []
    for one in sorted(intervals, key=lambda one: one.starts or date.min):
        last = result[-1] if result else None
        if last and (last.ends is None or (one.starts or date.min) <= last.ends):
            ends = last.ends and one.ends and max(last.ends, one.ends)
            result[-1] = Interval(last.starts, ends)
        else:
            result.append(one)
    return tuple(result)
