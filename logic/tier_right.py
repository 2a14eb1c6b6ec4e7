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
from dataclasses import dataclass
from datetime import date, timedelta

from .tier import RuleSet
from .tier_window import DAY, add_months


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


@dataclass(frozen=True, slots=True)
class State:
    """Everything a path goes on from."""

    day: date | None = None
    rules: RuleSet | None = None
    anchor: date | None = None
    rights: Mapping[int, Right] | None = None
    sums: Mapping[int, int] | None = None
    is_member: bool = False

    @property
    def earned(self) -> int | None:
        """Key of the highest tier there is a right to."""
        # Rights are decided from the highest tier down.
        return next(iter(self.rights), None) if self.rights else None


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
