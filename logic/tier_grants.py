"""Decisions of people above what is earned: floors lift, exact tiers are set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .tier import Grant, RuleSet


def granted(
    earned: int | None,
    grants: Iterable[Grant],
    day: date,
    rules: RuleSet,
    rule_sets: tuple[RuleSet, ...],
) -> tuple[int | None, Grant | None]:
    """Return the tier that counts on a day, and the grant that gives it, if one does.

    Grants are applied in the order in which they begin.
    """
    tier, used = earned, None
    in_force = [one for one in grants if one.in_force(day)]
    for grant in sorted(in_force, key=lambda one: (one.starts, one.key)):
        found = present(grant.tier, rules, rule_sets)
        higher = rules.rank(found) > rules.rank(tier)
        if found is not None and (grant.kind == "exact" or higher):
            tier, used = found, grant
    return tier, used


def present(tier: int, rules: RuleSet, rule_sets: tuple[RuleSet, ...]) -> int | None:
    """Return a tier, or the highest one below it where it is gone."""
    if rules.rank(tier):
        return tier
    for older in reversed(rule_sets):
        for rank in range(older.rank(tier), 0, -1):
            if rules.rank(older.at(rank)):
                return older.at(rank)
    return None
