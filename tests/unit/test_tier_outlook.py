"""What is missing, what is likely and what one more document does."""

from dataclasses import replace
from datetime import date
from random import Random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.tier import Condition, Entry, Grant, Member, RuleSet, Tier
from ...logic.tier_outlook import effect, gaps, outlook
from ...logic.tier_replay import replay
from ...logic.tier_window import DAY, Window
from .random_tiers import random_day, random_member, random_rules

BASE, SILVER, GOLD = 1, 2, 3
TIERS = (
    Tier(BASE),
    Tier(SILVER, (Condition(1, 1000, 800),)),
    Tier(GOLD, (Condition(1, 5000, 4000),)),
)
YEARLY = RuleSet(1, TIERS, Window("calendar"), validity="period", downgrade="earned")
ROLLING = RuleSet(1, TIERS, Window("rolling", months=12), downgrade="earned")


def bought(day, value):
    """An entry of the only measure."""
    return Entry(1, day, day, float(value))


class TestTierOutlook(UnitCase):
    """Fixed days throughout."""

    def look(self, rules, day, *entries, **values):
        member = Member(entries=entries, **values)
        return outlook(member, (rules,), replay(member, (rules,), day), day)

    def test_missing_to_the_next_tier(self):
        ahead = self.look(YEARLY, date(2024, 6, 1), bought(date(2024, 5, 2), 1250))
        self.assertEqual((ahead.next, ahead.to_next[0].missing), (GOLD, 3750))
        self.assertEqual(ahead.fraction, 0.25)

    def test_missing_to_keep_the_tier_until_the_end_of_its_term(self):
        """Of the year in which the term ends, with what was bought in it so far."""
        ahead = self.look(
            YEARLY,
            date(2024, 6, 1),
            bought(date(2023, 5, 2), 5000),
            bought(date(2024, 3, 2), 2760),
        )
        self.assertEqual(ahead.keep, GOLD)
        self.assertEqual(ahead.to_keep[0].missing, 1240)
        self.assertEqual(ahead.keep_by, date(2024, 12, 31))
        self.assertTrue(ahead.presses)

    def test_in_the_year_a_tier_is_earned_the_next_one_has_to_keep_it(self):
        ahead = self.look(YEARLY, date(2023, 6, 1), bought(date(2023, 5, 2), 5000))
        self.assertEqual(ahead.to_keep[0].missing, 4000)
        self.assertEqual(ahead.keep_by, date(2024, 12, 31))
        self.assertFalse(ahead.presses)

    def test_missing_when_the_first_purchase_leaves_a_rolling_window(self):
        ahead = self.look(
            ROLLING,
            date(2024, 3, 1),
            bought(date(2023, 5, 2), 3000),
            bought(date(2023, 9, 2), 2500),
        )
        self.assertEqual(ahead.keep_by, date(2024, 5, 1))
        self.assertEqual(ahead.to_keep[0].missing, 1500)

    def test_granted_tier_is_kept_by_earning_it(self):
        grant = Grant(7, GOLD, "floor", date(2024, 1, 1), date(2024, 7, 1))
        ahead = self.look(
            YEARLY,
            date(2024, 3, 1),
            bought(date(2024, 2, 2), 1500),
            grants=(grant,),
        )
        self.assertEqual((ahead.keep, ahead.keep_by), (GOLD, date(2024, 6, 30)))
        self.assertEqual(ahead.to_keep[0].missing, 3500)

    def test_missing_in_the_days_of_grace(self):
        """A purchase still keeps the tier: by their last day, in its window."""
        purchases = (bought(date(2023, 5, 2), 5000), bought(date(2025, 1, 3), 1000))
        rolling = (bought(date(2024, 5, 2), 5000), bought(date(2024, 9, 2), 1000))
        for rules, day, entries, by, missing in (
            (YEARLY, date(2025, 1, 10), purchases, date(2025, 1, 30), 3000),
            (ROLLING, date(2025, 5, 10), rolling, date(2025, 5, 31), 3000),
        ):
            rules = replace(rules, grace_days=30)
            with self.subTest(window=rules.window.kind):
                ahead = self.look(rules, day, *entries)
                self.assertEqual((ahead.keep, ahead.keep_by), (GOLD, by))
                self.assertEqual(ahead.to_keep[0].missing, missing)
                self.assertTrue(ahead.presses)
                for late, amount in ((by, missing), (by, missing - 1)):
                    more = (*entries, bought(late, amount))
                    after = replay(Member(entries=more), (rules,), by + DAY).now
                    self.assertEqual(after.effective == GOLD, amount == missing)

    def test_what_keeps_a_tier_in_the_days_of_grace_does_keep_it(self):
        """Of random members: bought on the last day, it is enough for the day after."""
        seen = 0
        for seed in range(400):
            chance = Random(seed)
            rules = random_rules(
                chance, grace_days=90, pending_days=0, joined=False, downgrade="earned"
            )
            day = random_day(chance)
            few = random_member(chance).entries[::4]
            member = Member(entries=tuple(one for one in few if one.known_on <= day))
            timeline = replay(member, (rules,), day)
            if not timeline.due_on or timeline.due_on >= day:
                continue
            ahead = outlook(member, (rules,), timeline, day)
            if any(gap.measure in rules.counted_by_day for gap in ahead.to_keep):
                continue
            if not ahead.to_keep:
                continue
            seen += 1
            by = ahead.keep_by
            more = [Entry(gap.measure, by, by, gap.missing) for gap in ahead.to_keep]
            richer = replace(member, entries=(*member.entries, *more))
            after = replay(richer, (rules,), by + DAY).now
            self.assertGreaterEqual(
                rules.rank(after.earned), rules.rank(ahead.keep), seed
            )
        self.assertGreater(seen, 5)

    def test_nothing_is_missing_at_the_top(self):
        ahead = self.look(
            replace(YEARLY, downgrade="never"),
            date(2024, 3, 1),
            bought(date(2024, 2, 2), 5500),
        )
        self.assertEqual((ahead.next, ahead.fraction, ahead.to_keep), (None, 1.0, ()))

    def test_projection_at_the_pace_of_the_year(self):
        ahead = self.look(YEARLY, date(2023, 3, 14), bought(date(2023, 2, 2), 1000))
        self.assertEqual(ahead.projected_on, date(2023, 12, 31))
        self.assertEqual(ahead.projected_values, {1: 1000 * 365 / 73})
        self.assertEqual(ahead.projected, GOLD)

    def test_nothing_is_projected_from_a_few_days(self):
        ahead = self.look(YEARLY, date(2023, 1, 20), bought(date(2023, 1, 2), 1000))
        self.assertIsNone(ahead.projected_on)

    def test_the_nearest_of_several_ways(self):
        tier = Tier(9, (Condition(1, 1000), Condition(2, 4)), match="any")
        self.assertEqual(gaps(tier, {1: 100.0, 2: 3.0})[0].measure, 2)

    # === ONE MORE DOCUMENT === #

    def test_document_takes_a_customer_up(self):
        day = date(2024, 6, 1)
        member = Member((bought(date(2024, 5, 2), 1250),))
        change = effect(member, (YEARLY,), day, [bought(day, 3750)])
        self.assertTrue(change.rises)
        self.assertEqual(change.after.effective, GOLD)
        self.assertFalse(effect(member, (YEARLY,), day, [bought(day, 3749)]).rises)

    def test_document_keeps_a_tier(self):
        day = date(2024, 6, 1)
        member = Member(
            (bought(date(2023, 5, 2), 5000), bought(date(2024, 3, 2), 2760))
        )
        change = effect(member, (YEARLY,), day, [bought(day, 1240)])
        self.assertTrue(change.lasts_longer)
        self.assertEqual(change.after.valid_until, date(2025, 12, 31))
        change = effect(member, (YEARLY,), day, [bought(day, 1239)])
        self.assertFalse(change.lasts_longer)

    def test_document_shows_with_the_next_period(self):
        day = date(2024, 6, 1)
        rules = replace(YEARLY, upgrade="next_period")
        change = effect(Member(), (rules,), day, [bought(day, 5000)])
        self.assertTrue(change.rises)
        self.assertEqual((change.on, change.after.effective), (date(2025, 1, 1), GOLD))

    def test_what_is_missing_to_the_next_tier_takes_the_customer_there(self):
        """Of every random member under every policy that upgrades at once."""
        for seed in range(60):
            random = Random(seed)
            rules = random_rules(random, upgrade="at_once", joined=False)
            member = replace(random_member(random), grants=(), spells=None)
            day = random_day(random)
            timeline = replay(member, (rules,), day)
            ahead = outlook(member, (rules,), timeline, day)
            if ahead.next is None or not ahead.to_next:
                continue
            entries = [
                Entry(gap.measure, day, day, gap.missing) for gap in ahead.to_next
            ]
            if any(gap.measure in rules.counted_by_day for gap in ahead.to_next):
                continue
            if (
                any(one.known_on <= day for one in member.entries)
                and rules.pending_days
            ):
                continue
            change = effect(member, (rules,), day, entries)
            self.assertGreaterEqual(
                rules.rank(change.after.effective), rules.rank(ahead.next), seed
            )
