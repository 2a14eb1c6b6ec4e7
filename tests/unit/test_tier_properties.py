"""What must be true of every tier, tried on random members, rules and decisions."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from random import Random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.tier import Grant, Interval
from ...logic.tier_replay import replay
from .random_tiers import (
    DAYS,
    FIRST_DAY,
    LAST_DAY,
    day_at,
    purchase,
    random_day,
    random_member,
    random_rule_sets,
    random_rules,
)

CASES = 40


def told(standings):
    """Standings without the figures."""
    return [
        (one.day, one.earned, one.effective, one.cause, one.valid_until, one.grant)
        for one in standings
    ]


def earned_by_day(timeline, days):
    """The earned tier on each of some days."""
    result, number, current = [], 0, None
    for day in days:
        while (
            number < len(timeline.standings) and timeline.standings[number].day <= day
        ):
            current = timeline.standings[number].earned
            number += 1
        result.append(current)
    return result


class TestTierProperties(UnitCase):
    """Every property holds for whatever happens; the seeds are fixed."""

    def cases(self, count=CASES):
        """Random cases; ``_seed`` tells of which one a test has failed."""
        for seed in range(count):
            random, self._seed = Random(seed), seed
            yield random, random_member(random), random_rule_sets(random)

    def _formatMessage(self, message, standard):
        return super()._formatMessage(f"seed {self._seed}: {message}", standard)

    def test_more_revenue_never_lowers_the_earned_tier(self):
        days = [day_at(number) for number in range(0, DAYS, 7)]
        for random, member, rule_sets in self.cases():
            more = purchase(random_day(random), 700.0, number=99)
            member, rule_sets = self._with_fixed_years(member, rule_sets)
            richer = replace(member, entries=(*member.entries, *more))
            before = earned_by_day(replay(member, rule_sets, LAST_DAY), days)
            after = earned_by_day(replay(richer, rule_sets, LAST_DAY), days)
            rules = rule_sets[0]
            for day, less, now in zip(days, before, after, strict=True):
                self.assertGreaterEqual(rules.rank(now), rules.rank(less), day)

    @staticmethod
    def _with_fixed_years(member, rule_sets):
        """Another first purchase would begin other membership years: let them join."""
        rules = rule_sets[0]
        if rules.window.kind == "anniversary":
            rules = replace(rules, joined=True)
            member = replace(member, enrolments=(Interval(FIRST_DAY),))
        return member, (rules,)

    def test_evaluating_twice_changes_nothing(self):
        for _random, member, rule_sets in self.cases():
            as_given = deepcopy((member, rule_sets))
            found = replay(member, rule_sets, LAST_DAY)
            self.assertEqual((member, rule_sets), as_given)
            self.assertEqual(replay(*as_given, LAST_DAY), found)

    def test_order_of_documents_does_not_matter(self):
        for random, member, rule_sets in self.cases():
            entries = list(member.entries)
            random.shuffle(entries)
            shuffled = replace(member, entries=tuple(entries))
            self.assertEqual(
                replay(member, rule_sets, LAST_DAY),
                replay(shuffled, rule_sets, LAST_DAY),
            )

    def test_purchase_and_credit_note_of_the_same_day_leave_no_trace(self):
        for random, member, rule_sets in self.cases():
            day = random_day(random)
            pair = (*purchase(day, 900.0), *purchase(day, -900.0))
            both = replace(member, entries=(*member.entries, *pair))
            self.assertEqual(
                told(replay(member, rule_sets, LAST_DAY).standings),
                told(replay(both, rule_sets, LAST_DAY).standings),
            )

    def test_a_later_credit_note_undoes_exactly(self):
        for random, member, rule_sets in self.cases():
            day = random_day(random)
            known = day + timedelta(days=random.randint(1, 200))
            pair = (*purchase(day, 900.0), *purchase(day, -900.0, known))
            both = replace(member, entries=(*member.entries, *pair))
            if known > LAST_DAY:
                continue
            without = replay(member, rule_sets, LAST_DAY)
            undone = replay(both, rule_sets, LAST_DAY)
            for name in ("measured", "earned", "effective", "qualified_on"):
                self.assertEqual(
                    getattr(undone.now, name), getattr(without.now, name), name
                )
            self.assertEqual(undone.now.valid_until, without.now.valid_until)
            self.assertEqual(undone.due_on, without.due_on)

    def test_day_by_day_equals_at_once(self):
        """What the job of every night records is what one reading finds."""
        for random, member, rule_sets in self.cases(15):
            whole = told(replay(member, rule_sets, LAST_DAY).standings)
            for number in sorted(random.sample(range(DAYS), 15)):
                day = day_at(number)
                part = told(replay(member, rule_sets, day).standings)
                self.assertEqual(part, [one for one in whole if one[0] <= day], day)

    def test_next_on_never_misses_a_change(self):
        """Until then nothing that is told of a member changes."""
        for random, member, rule_sets in self.cases(15):
            for number in sorted(random.sample(range(DAYS), 8)):
                day = day_at(number)
                timeline = replay(member, rule_sets, day)
                upcoming = timeline.next_on or LAST_DAY
                for later in self._days_between(random, day, upcoming):
                    now = replay(member, rule_sets, later).now
                    self.assertEqual(
                        (now.measured, now.earned, now.effective, now.values),
                        (
                            timeline.now.measured,
                            timeline.now.earned,
                            timeline.now.effective,
                            timeline.now.values,
                        ),
                        (day, later),
                    )

    @staticmethod
    def _days_between(random, day, upcoming):
        last = (min(upcoming, LAST_DAY) - day).days - 1
        if last < 1:
            return []
        numbers = {1, last, random.randint(1, last)}
        return [day + timedelta(days=number) for number in sorted(numbers)]

    def test_standings_follow_from_each_other_and_change_something(self):
        for _random, member, rule_sets in self.cases():
            last = None
            for one in replay(member, rule_sets, LAST_DAY).standings:
                key = (one.earned, one.effective, one.grant)
                if last:
                    self.assertGreater(one.day, last[0])
                    if one.cause != "kept":
                        self.assertNotEqual(key, last[1])
                last = (one.day, key)

    def test_one_step_never_falls_below_the_measured_tier(self):
        for _random, member, rule_sets in self.cases():
            rules = rule_sets[-1]
            for one in replay(member, rule_sets, LAST_DAY).standings:
                if one.version == rules.version and rules.upgrade == "at_once":
                    self.assertGreaterEqual(
                        rules.rank(one.earned), rules.rank(one.measured)
                    )

    def test_a_downgrade_goes_one_step_at_a_time(self):
        for seed in range(CASES):
            random = Random(seed)
            rules = random_rules(random, downgrade="one_step", joined=False)
            member = replace(random_member(random), spells=None)
            self._seed = seed
            self._check_steps(replay(member, (rules,), LAST_DAY), rules)

    def _check_steps(self, timeline, rules):
        last = 0
        for one in timeline.standings:
            rank = rules.rank(one.earned)
            if one.cause == "expired":
                self.assertGreaterEqual(rank, last - 1, one.day)
            last = rank

    def test_a_floor_lifts_and_an_exact_grant_sets(self):
        for random, member, _rule_sets in self.cases():
            rules = random_rules(random, joined=False)
            day = random_day(random)
            grant = Grant(9, 3, random.choice(("floor", "exact")), day, None)
            granted = replace(member, grants=(grant,), spells=None)
            now = replay(granted, (rules,), LAST_DAY).now
            if grant.kind == "exact":
                self.assertEqual(now.effective, 3)
            else:
                self.assertGreaterEqual(rules.rank(now.effective), 3)

    def test_valid_until_is_the_last_day_without_another_document(self):
        for random, member, rule_sets in self.cases(40):
            day = random_day(random)
            known = tuple(one for one in member.entries if one.known_on <= day)
            member = replace(member, entries=known)
            now = replay(member, rule_sets, day).now
            if not now.valid_until:
                continue
            rules = rule_sets[-1]
            last = replay(member, rule_sets, now.valid_until).now
            after = replay(member, rule_sets, now.valid_until + timedelta(days=1)).now
            if rules.version == after.version == now.version:
                self.assertGreaterEqual(
                    rules.rank(last.effective), rules.rank(now.effective)
                )
                self.assertLess(rules.rank(after.effective), rules.rank(now.effective))
