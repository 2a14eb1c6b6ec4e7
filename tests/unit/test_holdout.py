import random

from ...logic.holdout import (
    Arm,
    Sample,
    held_out,
    mean_effect,
    mean_overall,
    retained_effect,
    retained_overall,
    sample_effect,
    wilson,
)

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestHoldout(UnitCase):
    """Who is left alone, and what can be said afterwards."""

    def test_chance_gives_the_same_answer_again(self):
        for key in range(200):
            first = held_out(str(key), "play-3/2026-11", 0.2)
            self.assertEqual(held_out(str(key), "play-3/2026-11", 0.2), first)

    def test_the_share_left_alone_is_the_one_asked_for(self):
        alone = sum(held_out(str(key), "salt", 0.2) for key in range(20000))
        self.assertAlmostEqual(alone / 20000, 0.2, delta=0.01)
        self.assertFalse(any(held_out(str(key), "salt", 0) for key in range(500)))
        self.assertTrue(all(held_out(str(key), "salt", 1) for key in range(500)))

    def test_another_window_leaves_others_alone(self):
        both = sum(
            held_out(str(key), "one", 0.5) and held_out(str(key), "two", 0.5)
            for key in range(20000)
        )
        self.assertAlmostEqual(both / 20000, 0.25, delta=0.015)

    def test_published_intervals(self):
        """Newcombe 1998, table II, method 10."""
        for treated, control, low, high in (
            (Arm(70, 56), Arm(80, 48), 0.0524, 0.3339),
            (Arm(10, 9), Arm(10, 3), 0.1705, 0.8090),
            (Arm(56, 5), Arm(29, 0), -0.0381, 0.1926),
        ):
            effect = retained_effect(treated, control, fewest=1)
            self.assertAlmostEqual(effect.low, low, 4)
            self.assertAlmostEqual(effect.high, high, 4)

    def test_without_an_effect_hardly_ever_one_is_found(self):
        dice, found = random.Random(3), 0
        for _experiment in range(400):
            treated, control = (
                Arm(200, sum(dice.random() < 0.6 for _one in range(200)))
                for _arm in range(2)
            )
            found += retained_effect(treated, control).code != "unclear"
        self.assertLess(found / 400, 0.09)

    def test_few_customers_say_nothing(self):
        self.assertEqual(retained_effect(Arm(29, 29), Arm(400, 0)).code, "not_enough")
        self.assertEqual(mean_effect([1.0] * 400, [0.0] * 29).code, "not_enough")
        self.assertEqual(mean_effect([], []).code, "not_enough")

    def test_money_that_was_saved_and_money_that_was_burnt(self):
        dice = random.Random(9)
        more = [dice.gauss(120, 30) for _one in range(300)]
        less = [dice.gauss(80, 30) for _one in range(100)]
        self.assertEqual(mean_effect(more, less).code, "helped")
        self.assertEqual(mean_effect(less, more).code, "harmed")
        self.assertEqual(mean_effect(more[:150], more[150:]).code, "unclear")

    def test_a_share_of_nobody_or_everybody_has_an_interval(self):
        self.assertAlmostEqual(wilson(Arm(50, 0))[0], 0, 12)
        self.assertAlmostEqual(wilson(Arm(50, 50))[1], 1, 12)
        self.assertLess(wilson(Arm(50, 50))[0], 0.95)

    def test_several_experiments_are_not_thrown_together(self):
        """Good customers, mostly approached, and bad ones: nothing helped anybody."""
        good, bad = (Arm(900, 810), Arm(100, 90)), (Arm(100, 10), Arm(900, 90))
        together = retained_effect(Arm(1000, 820), Arm(1000, 180))
        self.assertEqual(together.code, "helped")
        overall = retained_overall([good, bad])
        self.assertEqual(overall.code, "unclear")
        self.assertAlmostEqual(overall.difference, 0, 12)

    def test_one_experiment_is_the_same_alone(self):
        pair = (Arm(70, 56), Arm(80, 48))
        self.assertEqual(retained_overall([pair]), retained_effect(*pair))
        nobody = (Arm(40, 12), Arm(0, 0))
        self.assertEqual(retained_overall([pair, nobody]), retained_effect(*pair))
        samples = (Sample(50, 9.0, 4.0), Sample(60, 2.0, 1.0))
        self.assertEqual(mean_overall([samples]), sample_effect(*samples))

    def test_halves_say_what_the_whole_says(self):
        """Splitting customers at random changes next to nothing."""
        dice = random.Random(5)
        for _round in range(50):
            share = dice.random()
            halves = [
                (
                    Arm(400, sum(dice.random() < share for _one in range(400))),
                    Arm(400, sum(dice.random() < share / 2 for _one in range(400))),
                )
                for _half in range(2)
            ]
            whole = retained_effect(
                *(
                    Arm(800, sum(half[arm].retained for half in halves))
                    for arm in (0, 1)
                )
            )
            parts = retained_overall(halves)
            self.assertAlmostEqual(parts.difference, whole.difference, 9)
            self.assertAlmostEqual(parts.low, whole.low, delta=0.01)
            self.assertAlmostEqual(parts.high, whole.high, delta=0.01)

    def test_few_customers_say_nothing_together_either(self):
        self.assertEqual(retained_overall([]).code, "not_enough")
        few = (Arm(10, 9), Arm(10, 1))
        self.assertEqual(retained_overall([few, few]).code, "not_enough")
        self.assertEqual(mean_overall([]).code, "not_enough")
        self.assertNotEqual(retained_overall([few] * 3).code, "not_enough")
