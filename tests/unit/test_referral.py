from datetime import date, timedelta

from ...logic.referral import Brought, referral_tracks
from ...logic.tier_rank import Span, Step, rank_track

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

FIRST = date(2025, 1, 1)


def day(number):
    return FIRST + timedelta(days=number)


class TestReferralFacts(UnitCase):
    def at(self, brought, when):
        return {track.key: track.at(when) for track in referral_tracks(brought)}

    def test_a_customer_counts_from_the_first_purchase(self):
        brought = [Brought(day(0), ((day(5), 10.0, True), (day(9), 5.0, True)))]
        self.assertEqual(self.at(brought, day(4))["referral_count"], 0)
        self.assertEqual(self.at(brought, day(5))["referral_count"], 1)
        self.assertEqual(self.at(brought, day(9))["referral_count"], 1)

    def test_a_credit_note_alone_is_no_purchase(self):
        brought = [Brought(day(0), ((day(5), -10.0, False),))]
        facts = self.at(brought, day(6))
        self.assertEqual(facts["referral_count"], 0)
        self.assertEqual(facts["referral_revenue_12m"], -10.0)

    def test_what_was_bought_before_the_referral_does_not_count(self):
        brought = [Brought(day(10), ((day(5), 10.0, True), (day(10), 3.0, True)))]
        self.assertEqual(self.at(brought, day(9))["referral_revenue_12m"], 0.0)
        self.assertEqual(self.at(brought, day(10))["referral_revenue_12m"], 3.0)

    def test_revenue_leaves_the_window_after_365_days(self):
        brought = [Brought(day(0), ((day(0), 0.1, True), (day(1), 0.2, True)))]
        self.assertEqual(self.at(brought, day(364))["referral_revenue_12m"], 0.3)
        self.assertEqual(self.at(brought, day(365))["referral_revenue_12m"], 0.2)
        self.assertEqual(self.at(brought, day(366))["referral_revenue_12m"], 0.0)

    def test_nobody_brought_is_nothing(self):
        self.assertEqual(
            self.at([], day(0)), {"referral_count": 0, "referral_revenue_12m": 0.0}
        )


class TestTierRank(UnitCase):
    own = (Step(day(10), 1, 2), Step(day(20), 1, 0))
    head = (Step(day(0), 1, 3),)

    def test_it_is_the_tier_of_the_evening_before(self):
        track = rank_track(self.own)
        self.assertEqual([track.at(day(n)) for n in (10, 11, 20, 21)], [0, 2, 2, 0])

    def test_of_several_ladders_the_highest_counts(self):
        track = rank_track((*self.own, Step(day(15), 2, 1)))
        self.assertEqual([track.at(day(n)) for n in (15, 16, 21)], [2, 2, 1])

    def test_of_several_changes_on_a_day_the_last_counts(self):
        track = rank_track((Step(day(1), 1, 3), Step(day(1), 1, 1)))
        self.assertEqual(track.at(day(2)), 1)

    def test_members_enjoy_the_tier_of_the_head_on_their_days_alone(self):
        track = rank_track(self.own, [Span(day(12), day(14), self.head)])
        self.assertEqual([track.at(day(n)) for n in (12, 13, 15, 16)], [2, 3, 3, 2])

    def test_a_member_without_an_end_goes_on(self):
        track = rank_track((), [Span(None, None, self.head)])
        self.assertEqual([track.at(day(n)) for n in (0, 1, 999)], [0, 3, 3])

    def test_a_ladder_that_counts_everybody_alone_ignores_groups(self):
        own = (Step(day(1), 1, 1, rolls_up=False),)
        head = (Step(day(1), 1, 3, rolls_up=False),)
        self.assertEqual(rank_track(own, [Span(None, None, head)]).at(day(2)), 1)

    def test_a_shared_ladder_knows_shared_groups_only(self):
        own = (Step(day(1), 1, 1, everywhere=True),)
        head = (Step(day(1), 1, 3, everywhere=True),)
        for everywhere, rank in ((False, 1), (True, 3)):
            span = Span(None, None, head, everywhere=everywhere)
            self.assertEqual(rank_track(own, [span]).at(day(2)), rank)
