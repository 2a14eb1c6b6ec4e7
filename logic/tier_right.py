"""The right of a member to a tier, and until when it is good.

>>> from dataclasses import replace
>>> from .tier_window import Window
>>> rules = RuleSet(1, (), Window("calendar"), validity="period")
>>> term_end(rules, date(2024, 5, 3), None)
datetime.date(2025, 12, 31)
>>> term_end(replace(rules, validity="months"), date(2024, 2, 29), None)
datetime.date(2025, 2, 28)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from .tier import RuleSet
from .tier_window import DAY, Span, add_months


@dataclass(frozen=True, slots=True)
class Right:
    """The right to one tier, as far as the past has secured it.

    :param since: day on which the tier, or a higher one, was reached.
    :param until: last day of the term; with the days of grace it is ``limit``.
    :param by_figures: kept by figures today, so that the term has not begun.
    :param by_higher: kept today by the right to a higher tier.
    """

    since: date
    until: date = date.min
    limit: date = date.min
    by_figures: bool = False
    by_higher: bool = False

    def good_until(self, until: date, grace: int) -> Right:
        """Return the right with a term that ends no earlier than a day."""
        limit = until + timedelta(days=grace) if grace else until
        if until <= self.until and limit <= self.limit:
            return self
        until, limit = max(self.until, until), max(self.limit, limit)
        return Right(self.since, until, limit, self.by_figures, self.by_higher)


class Level(NamedTuple):
    """What figures and holds say about the rights of a day.

    :param reached: rank that the figures reach, or have reached.
    :param secured: end of the term that a closed period has secured for it.
    :param kept: ranks that the figures keep, a bit each.
    :param held: whether nothing is taken away.
    """

    reached: int
    secured: date | None
    kept: int
    held: bool


@dataclass(frozen=True, slots=True)
class State:
    """Everything a path goes on from.

    :param rights: each with a term that is worked out when somebody asks for it.
    """

    day: date | None = None
    rules: RuleSet | None = None
    anchor: date | None = None
    rights: Mapping[int, Right] | None = None
    sums: Mapping[int, int] | None = None
    is_member: bool = False
    span: Span | None = field(default=None, compare=False)
    level: Level | None = field(default=None, compare=False)

    @property
    def earned(self) -> int | None:
        """Key of the highest tier there is a right to."""
        # Rights are decided from the highest tier down.
        return next(iter(self.rights), None) if self.rights else None

    def right(self, key: int | None, last: date | None) -> Right | None:
        """Return the right to a tier, with what has kept it until a day."""
        right = (self.rights or {}).get(key)
        return right and good_until(right, self, last)


def term_end(rules: RuleSet, last: date, anchor: date | None) -> date:
    """Return the last day of the term of what was kept until a day."""
    if rules.validity == "met":
        return last
    if rules.validity == "months":
        return add_months(last, rules.validity_months)
    window = rules.window
    return window.validity_period(
        window.validity_period(last, anchor).last + DAY, anchor
    ).last


def landing_end(rules: RuleSet, last: date, anchor: date | None) -> date:
    """Return the last day of a soft landing after a day."""
    if rules.validity != "met":
        return term_end(rules, last, anchor)
    if rules.window.has_periods:
        return rules.window.turn(last + DAY, anchor).last
    return add_months(last, 1)


def good_until(right: Right, state: State, last: date) -> Right:
    """Return a right with what has kept it until a day."""
    rules = state.rules
    if right.by_figures:
        until = term_end(rules, last, state.anchor)
        right = right.good_until(until, rules.grace_days)
    if right.by_higher:
        until = landing_end(rules, last, state.anchor)
        right = right.good_until(until, rules.grace_days)
    return right


def carried_over(
    old: RuleSet | None, rules: RuleSet, rights: dict[int, Right]
) -> dict[int, Right]:
    """Return the rights to tiers that a new version has, none above the old."""
    if old is None or old is rules or not rights:
        return rights
    known = [key for key in rights if rules.rank(key)]
    top = rules.rank(max(known, key=old.rank, default=None))
    return {key: rights[key] for key in known if rules.rank(key) <= top}


def rights_of_day(
    rules: RuleSet, day: date, level: Level, before: Mapping[int, Right]
) -> dict[int, Right]:
    """Decide the rights of a day, from the highest tier down.

    :param before: the rights of the day before
    """
    reached, secured, kept, held = level
    rights: dict[int, Right] = {}
    higher: Right | None = None
    for rank in range(len(rules.tiers), 0, -1):
        tier = rules.tiers[rank - 1]
        old = before.get(tier.key) or higher
        if old is None and reached < rank:
            continue
        by_figures = bool(
            kept >> (rank - 1) & 1
            or rules.downgrade == "never"
            or (higher is not None and higher.by_figures)
            or (reached >= rank and secured is None)
        )
        if not (by_figures or higher or reached >= rank or held):
            if day > old.limit:
                continue
        right = old or Right(day)
        if secured and reached >= rank:
            right = right.good_until(secured, rules.grace_days)
        by_higher = higher is not None and rules.downgrade == "one_step"
        higher = Right(right.since, right.until, right.limit, by_figures, by_higher)
        rights[tier.key] = higher
    return rights
