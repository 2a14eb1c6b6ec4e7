import random

from ...logic.effect import Rate, chance_of_so_few, judge

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestEffect(UnitCase):
    """Whether a corrective action helped, from two counts and their occasions."""

    def test_half_as_many_may_be_chance_when_there_were_few(self):
        self.assertEqual(judge(Rate(6, 500), Rate(3, 500)).code, "unclear")

    def test_half_as_many_is_an_effect_when_there_were_many(self):
        self.assertEqual(judge(Rate(60, 5000), Rate(30, 5000)).code, "effective")

    def test_a_small_reduction_is_not_what_was_wanted(self):
        self.assertEqual(judge(Rate(600, 5000), Rate(500, 5000)).code, "unclear")

    def test_more_sales_are_no_excuse_and_no_blame(self):
        """The rate counts: twice the complaints of three times the sales is less."""
        effect = judge(Rate(60, 1000), Rate(60, 3000))
        self.assertEqual(effect.code, "effective")
        self.assertEqual(judge(Rate(60, 3000), Rate(60, 1000)).code, "ineffective")

    def test_nothing_is_said_about_few_complaints_or_no_sales(self):
        self.assertEqual(judge(Rate(4, 1000), Rate(0, 1000)).code, "too_few")
        self.assertEqual(judge(Rate(40, 1000), Rate(0, 0)).code, "no_occasions")

    def test_doubt_is_the_binomial_tail(self):
        # 3 of 10 at one half: (1 + 10 + 45 + 120) / 1024
        self.assertAlmostEqual(chance_of_so_few(Rate(7, 100), Rate(3, 100)), 176 / 1024)

    def test_fewer_complaints_afterwards_never_judge_worse(self):
        ranks = {"ineffective": 0, "unclear": 1, "effective": 2}
        dice = random.Random(11)
        for _round in range(300):
            before = Rate(dice.randint(5, 80), dice.randint(100, 3000))
            occasions = dice.randint(100, 3000)
            verdicts = [
                ranks[judge(before, Rate(events, occasions)).code]
                for events in range(dice.randint(1, 90), -1, -1)
            ]
            self.assertEqual(verdicts, sorted(verdicts))
