import random

from ...logic.repurchase import Tally, point, speed_of, wilson_interval

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestRepurchase(UnitCase):
    """Shares of customers who bought again, beside those of comparable ones."""

    def test_a_group_that_is_too_small_shows_nothing_but_its_size(self):
        shown = point(Tally(9, 9, 9, 0.5), fewest=10)
        self.assertEqual((shown.count, shown.bought, shown.low), (9, None, None))
        self.assertIsNone(shown.matched)

    def test_a_group_without_complaints_has_no_share(self):
        self.assertIsNone(point(Tally(), fewest=0).bought)

    def test_the_share_of_matches_needs_as_many_complaints(self):
        shown = point(Tally(10, 5, 10, 0.6))
        self.assertEqual((shown.bought, shown.matched), (0.5, 0.6))
        self.assertIsNone(point(Tally(10, 5, 9, 0.6)).matched)

    def test_speeds_meet_at_their_last_day(self):
        days = [0, 1, 2, 3, 4, 7, 8, 30, 31]
        speeds = "day day three three week week month month longer".split()
        self.assertEqual([speed_of(one) for one in days], speeds)

    def test_the_interval_holds_the_share_and_narrows_with_more_cases(self):
        dice = random.Random(3)
        for _round in range(200):
            trials = dice.randint(1, 400)
            successes = dice.randint(0, trials)
            low, high = wilson_interval(successes, trials)
            self.assertLessEqual(0, low)
            self.assertLessEqual(low, successes / trials + 1e-12)
            self.assertGreaterEqual(high, successes / trials - 1e-12)
            self.assertLessEqual(high, 1)
            wider = wilson_interval(successes, trials)
            narrow = wilson_interval(successes * 4, trials * 4)
            self.assertLess(narrow[1] - narrow[0], wider[1] - wider[0])
