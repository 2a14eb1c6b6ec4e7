"""The stories of single members: reaching, keeping and losing a tier."""

from dataclasses import replace
from datetime import date

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.tier import Condition, Entry, Grant, Interval, Member, RuleSet, Tier
from ...logic.tier_replay import replay
from ...logic.tier_window import Window

BASE, SILVER, GOLD = 1, 2, 3
TIERS = (
    Tier(BASE),
    Tier(SILVER, (Condition(1, 1000, 800),)),
    Tier(GOLD, (Condition(1, 5000, 4000),)),
)
YEARLY = RuleSet(1, TIERS, Window("calendar"), validity="period", downgrade="earned")
ROLLING = RuleSet(1, TIERS, Window("rolling", months=12))


def bought(day, value, known_on=None):
    """An entry of the only measure."""
    return Entry(1, day, known_on or day, float(value))


def path(timeline):
    """Day, tier and cause of whatever counted."""
    return [(one.day, one.effective, one.cause) for one in timeline.transitions]


class TestTier(UnitCase):
    """Fixed days throughout."""

    def replay(self, rules, until, *entries, **values):
        rule_sets = rules if isinstance(rules, tuple) else (rules,)
        return replay(Member(entries=entries, **values), rule_sets, until)

    # === CALENDAR YEARS === #

    def test_tier_lasts_for_the_rest_of_the_period_and_the_next_one(self):
        timeline = self.replay(YEARLY, date(2025, 3, 1), bought(date(2023, 5, 2), 5000))
        self.assertEqual(
            path(timeline),
            [
                (date(2023, 5, 2), GOLD, "entry"),
                (date(2025, 1, 1), BASE, "expired"),
            ],
        )
        self.assertEqual(timeline.standings[0].valid_until, date(2024, 12, 31))

    def test_who_keeps_it_in_the_next_period_is_renewed(self):
        timeline = self.replay(
            YEARLY,
            date(2025, 3, 1),
            bought(date(2023, 5, 2), 5000),
            bought(date(2024, 9, 9), 4000),
        )
        self.assertEqual(path(timeline)[1:], [(date(2025, 1, 1), GOLD, "kept")])
        self.assertEqual(timeline.now.valid_until, date(2025, 12, 31))

    def test_less_than_keeps_it_but_enough_for_the_tier_below(self):
        timeline = self.replay(
            YEARLY,
            date(2026, 3, 1),
            bought(date(2023, 5, 2), 5000),
            bought(date(2024, 9, 9), 900),
        )
        self.assertEqual(
            path(timeline)[1:],
            [
                (date(2025, 1, 1), SILVER, "expired"),
                (date(2026, 1, 1), BASE, "expired"),
            ],
        )

    def test_soft_landing_takes_one_step_a_term(self):
        timeline = self.replay(
            replace(YEARLY, downgrade="one_step"),
            date(2027, 3, 1),
            bought(date(2023, 5, 2), 5000),
        )
        self.assertEqual(
            path(timeline)[1:],
            [
                (date(2025, 1, 1), SILVER, "expired"),
                (date(2026, 1, 1), BASE, "expired"),
            ],
        )

    def test_grace_days_come_after_the_term(self):
        timeline = self.replay(
            replace(YEARLY, grace_days=30),
            date(2024, 7, 1),
            bought(date(2023, 5, 2), 5000),
        )
        self.assertEqual(timeline.now.valid_until, date(2025, 1, 30))
        self.assertEqual(timeline.due_on, date(2024, 12, 31))

    def test_purchase_within_the_days_of_grace_keeps_the_tier(self):
        timeline = self.replay(
            replace(YEARLY, grace_days=30),
            date(2025, 6, 1),
            bought(date(2023, 5, 2), 5000),
            bought(date(2025, 1, 20), 4500),
        )
        self.assertEqual(path(timeline)[1:], [(date(2025, 1, 20), GOLD, "kept")])

    def test_never_means_never(self):
        timeline = self.replay(
            replace(YEARLY, downgrade="never"),
            date(2040, 1, 1),
            bought(date(2023, 5, 2), 5000),
        )
        self.assertEqual(timeline.now.effective, GOLD)
        self.assertIsNone(timeline.now.valid_until)

    def test_upgrade_waits_for_the_next_period(self):
        timeline = self.replay(
            replace(YEARLY, upgrade="next_period"),
            date(2025, 3, 1),
            bought(date(2023, 5, 2), 5000),
        )
        self.assertEqual(
            path(timeline),
            [
                (date(2023, 5, 2), BASE, "entry"),
                (date(2024, 1, 1), GOLD, "earned"),
                (date(2025, 1, 1), BASE, "expired"),
            ],
        )

    # === ROLLING === #

    def test_tier_that_lasts_as_long_as_it_is_met(self):
        timeline = self.replay(
            replace(ROLLING, downgrade="earned"),
            date(2024, 4, 1),
            bought(date(2023, 5, 2), 5000),
        )
        self.assertEqual(timeline.now.valid_until, date(2024, 5, 1))
        self.assertEqual(timeline.next_on, date(2024, 5, 2))

    def test_soft_landing_without_a_term_is_certain_for_a_month(self):
        timeline = self.replay(
            ROLLING, date(2024, 8, 1), bought(date(2023, 5, 2), 5000)
        )
        self.assertEqual(
            path(timeline)[1:],
            [
                (date(2024, 5, 2), SILVER, "expired"),
                (date(2024, 6, 2), BASE, "expired"),
            ],
        )

    def test_term_of_months_runs_from_the_last_day_it_was_met(self):
        timeline = self.replay(
            replace(YEARLY, validity="months", validity_months=6),
            date(2024, 3, 1),
            bought(date(2023, 5, 2), 5000),
        )
        self.assertEqual(timeline.now.valid_until, date(2024, 6, 30))

    # === RETURN RIGHT AND CREDIT NOTES === #

    def test_purchase_counts_once_it_can_no_longer_be_returned(self):
        rules = replace(YEARLY, pending_days=14)
        timeline = self.replay(rules, date(2023, 5, 15), bought(date(2023, 5, 2), 5000))
        self.assertEqual(timeline.now.effective, None)
        self.assertEqual(timeline.next_on, date(2023, 5, 16))

    def test_purchase_of_december_counts_for_december(self):
        """Though the right to return it ends in January."""
        timeline = self.replay(
            replace(YEARLY, pending_days=14),
            date(2024, 2, 1),
            bought(date(2023, 12, 28), 5000),
        )
        self.assertEqual(path(timeline), [(date(2024, 1, 11), GOLD, "entry")])
        self.assertEqual(timeline.now.qualified_on, date(2023, 12, 28))
        self.assertEqual(timeline.now.valid_until, date(2024, 12, 31))

    def test_bought_and_credited_earns_nothing(self):
        timeline = self.replay(
            replace(YEARLY, grace_days=30, downgrade="one_step"),
            date(2023, 9, 1),
            bought(date(2023, 3, 1), 1200),
            bought(date(2023, 5, 2), 5000),
            bought(date(2023, 5, 2), -5000, known_on=date(2023, 7, 20)),
        )
        self.assertEqual(
            path(timeline),
            [
                (date(2023, 3, 1), SILVER, "entry"),
                (date(2023, 5, 2), GOLD, "earned"),
                (date(2023, 7, 20), SILVER, "revoked"),
            ],
        )
        self.assertEqual(timeline.now.valid_until, date(2025, 1, 30))

    def test_credit_note_after_the_term_changes_nothing(self):
        timeline = self.replay(
            YEARLY,
            date(2026, 1, 1),
            bought(date(2023, 5, 2), 5000),
            bought(date(2023, 5, 2), -5000, known_on=date(2025, 6, 1)),
            since=date(2023, 1, 1),
        )
        self.assertEqual(path(timeline)[-1], (date(2025, 1, 1), BASE, "expired"))

    def test_a_return_of_what_never_counted_takes_nothing_off(self):
        timeline = self.replay(
            replace(YEARLY, pending_days=14),
            date(2023, 5, 10),
            bought(date(2023, 3, 1), 1000),
            bought(date(2023, 5, 2), 300),
            bought(date(2023, 5, 2), -300, known_on=date(2023, 5, 6)),
        )
        self.assertEqual(timeline.now.values, {1: 1000.0})
        self.assertEqual(timeline.now.effective, SILVER)

    # === HOLDS === #

    def test_hold_postpones_a_downgrade_to_its_end(self):
        timeline = self.replay(
            YEARLY,
            date(2025, 6, 1),
            bought(date(2023, 5, 2), 5000),
            holds=(Interval(date(2024, 12, 20), date(2025, 2, 10)),),
        )
        self.assertEqual(path(timeline)[1:], [(date(2025, 2, 10), BASE, "expired")])

    def test_what_is_bought_during_a_hold_may_keep_the_tier(self):
        timeline = self.replay(
            YEARLY,
            date(2025, 6, 1),
            bought(date(2023, 5, 2), 5000),
            bought(date(2025, 2, 1), 4000),
            holds=(Interval(date(2024, 12, 20), date(2025, 2, 10)),),
        )
        self.assertEqual(timeline.now.effective, GOLD)

    def test_open_hold_has_no_end_in_sight(self):
        timeline = self.replay(
            YEARLY,
            date(2025, 6, 1),
            bought(date(2023, 5, 2), 5000),
            holds=(Interval(date(2024, 12, 20)),),
        )
        self.assertEqual(timeline.now.effective, GOLD)
        self.assertIsNone(timeline.now.valid_until)

    # === GRANTS === #

    def test_floor_ends_with_the_grant(self):
        grant = Grant(7, GOLD, "floor", date(2023, 6, 1), date(2023, 9, 1))
        timeline = self.replay(
            YEARLY,
            date(2023, 12, 1),
            bought(date(2023, 5, 2), 1000),
            grants=(grant,),
        )
        self.assertEqual(
            path(timeline),
            [
                (date(2023, 5, 2), SILVER, "entry"),
                (date(2023, 6, 1), GOLD, "granted"),
                (date(2023, 9, 1), SILVER, "grant_ended"),
            ],
        )
        self.assertEqual(timeline.standings[1].earned, SILVER)
        self.assertEqual(timeline.standings[1].valid_until, date(2023, 8, 31))

    def test_exact_grant_counts_below_what_is_earned(self):
        grant = Grant(7, SILVER, "exact", date(2023, 6, 1), date(2023, 9, 1))
        timeline = self.replay(
            YEARLY, date(2023, 7, 1), bought(date(2023, 5, 2), 5000), grants=(grant,)
        )
        now = timeline.now
        self.assertEqual((now.effective, now.earned), (SILVER, GOLD))

    def test_later_grant_counts_above_an_earlier_one(self):
        grants = (
            Grant(7, GOLD, "floor", date(2023, 6, 1), None),
            Grant(8, SILVER, "exact", date(2023, 8, 1), date(2023, 9, 1)),
        )
        timeline = self.replay(YEARLY, date(2023, 10, 1), grants=grants)
        self.assertEqual(
            path(timeline),
            [
                (date(2023, 6, 1), GOLD, "granted"),
                (date(2023, 8, 1), SILVER, "granted"),
                (date(2023, 9, 1), GOLD, "grant_ended"),
            ],
        )

    # === JOINING === #

    def test_only_those_who_joined_have_a_tier(self):
        timeline = self.replay(
            replace(YEARLY, joined=True),
            date(2024, 1, 1),
            bought(date(2023, 3, 1), 5000),
            bought(date(2023, 5, 2), 1000),
            enrolments=(Interval(date(2023, 4, 1), date(2023, 9, 1)),),
        )
        self.assertEqual(
            path(timeline),
            [
                (date(2023, 4, 1), BASE, "enrolled"),
                (date(2023, 5, 2), SILVER, "earned"),
                (date(2023, 9, 1), None, "left"),
            ],
        )

    def test_purchases_before_joining_count_where_the_ladder_says_so(self):
        rules = replace(
            YEARLY,
            joined=True,
            counts_before_joining=True,
            window=Window("anniversary"),
        )
        timeline = self.replay(
            rules,
            date(2023, 5, 1),
            bought(date(2023, 3, 1), 5000),
            enrolments=(Interval(date(2023, 4, 1)),),
        )
        self.assertEqual(timeline.now.effective, GOLD)

    # === VERSIONS === #

    def test_new_version_counts_from_its_day(self):
        harder = replace(
            YEARLY,
            version=2,
            starts=date(2023, 8, 1),
            tiers=(Tier(BASE), Tier(SILVER, (Condition(1, 2000),)), TIERS[2]),
        )
        timeline = self.replay(
            (YEARLY, harder), date(2025, 6, 1), bought(date(2023, 5, 2), 1000)
        )
        self.assertEqual(path(timeline)[1:], [(date(2025, 1, 1), BASE, "expired")])

    def test_easier_version_lifts_on_its_day(self):
        easier = replace(
            YEARLY,
            version=2,
            starts=date(2023, 8, 1),
            tiers=(Tier(BASE), TIERS[1], Tier(GOLD, (Condition(1, 900),))),
        )
        timeline = self.replay(
            (YEARLY, easier), date(2023, 9, 1), bought(date(2023, 5, 2), 1000)
        )
        self.assertEqual(path(timeline)[1:], [(date(2023, 8, 1), GOLD, "rule")])

    def test_tier_that_is_gone_becomes_the_one_below(self):
        fewer = replace(YEARLY, version=2, starts=date(2023, 8, 1), tiers=TIERS[:2])
        timeline = self.replay(
            (YEARLY, fewer), date(2024, 9, 1), bought(date(2023, 5, 2), 5000)
        )
        self.assertEqual(path(timeline)[1:], [(date(2023, 8, 1), SILVER, "rule")])
        self.assertEqual(timeline.now.valid_until, date(2024, 12, 31))
