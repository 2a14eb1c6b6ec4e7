import random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.health import usual_points
from ...logic.weighing import (
    LARGEST,
    LEAST_GAIN,
    SMALLEST,
    Case,
    can_learn,
    compare,
    weigh,
)

CODES = ("rhythm", "complaint", "price")


def world(number, effects, seed=1, base=-1.5):
    """Customers who stop buying with log odds by their signals."""
    dice = random.Random(seed)
    cases = []
    for _customer in range(number):
        bad = tuple(dice.choice([0, 0, dice.random()]) for _effect in effects)
        odds = base + sum(e * x for e, x in zip(effects, bad, strict=True))
        cases.append(Case(bad, dice.random() < 1 / (1 + 2.718281828**-odds)))
    return cases


class TestWeighing(UnitCase):
    def test_what_really_drives_customers_away_is_found(self):
        cases = world(20_000, (2.0, 1.0, 0.0))
        found = weigh(CODES, cases)
        for code, truth in zip(CODES, (2.0, 1.0, 0.0), strict=True):
            one = found.evidence[code]
            self.assertLess(abs(one.weight - truth), 0.15, code)
            self.assertLess(one.error, 0.2)
        self.assertGreater(found.points["rhythm"], found.points["complaint"])
        self.assertLess(found.points["price"], 6)

    def test_few_customers_hardly_move_the_usual_weights(self):
        usual = usual_points(CODES)
        few = weigh(CODES, world(30, (3.0, 0.0, 3.0), seed=2)).points
        many = weigh(CODES, world(8000, (3.0, 0.0, 3.0), seed=2)).points

        def distance(points):
            return sum(abs(points[code] - usual[code]) for code in CODES)

        self.assertLess(distance(few), distance(many))

    def test_weights_are_bounded(self):
        """Also when a signal tells everything, or speaks for a customer."""
        certain = [Case((1.0, 0.0, 0.0), True), Case((0.0, 1.0, 0.0), False)] * 2000
        found = weigh(CODES, certain)
        for one in found.evidence.values():
            self.assertTrue(SMALLEST <= one.weight <= LARGEST)
        self.assertEqual(found.evidence["complaint"].weight, SMALLEST)
        self.assertEqual(sum(found.points.values()), 100)

    def test_a_signal_that_nobody_shows_keeps_its_usual_weight(self):
        cases = [
            Case((one.severities[0], 0.0, 0.0), one.lost)
            for one in world(500, (1.0, 0, 0))
        ]
        found = weigh(CODES, cases)
        self.assertEqual(found.evidence["price"].customers, 0)
        usual = weigh(CODES, world(1, (0, 0, 0))).evidence
        self.assertAlmostEqual(
            found.evidence["price"].weight, usual["price"].weight, delta=0.3
        )

    def test_evidence_counts_customers(self):
        cases = [
            Case((0.5, 0.0, 0.0), True),
            Case((0.2, 0.0, 0.0), False),
            Case((0.0, 0.0, 0.0), False),
        ]
        one = weigh(CODES, cases).evidence["rhythm"]
        self.assertEqual((one.customers, one.lost_with, one.lost_without), (2, 0.5, 0))

    def test_the_order_of_customers_does_not_matter(self):
        cases = world(900, (1.0, 0.5, 0.2))
        self.assertEqual(weigh(CODES, cases).points, weigh(CODES, cases[::-1]).points)

    def test_enough_is_needed_of_everything(self):
        stopped, stayed = Case((0.0,), True), Case((0.0,), False)
        self.assertTrue(can_learn([stopped] * 20 + [stayed] * 80))
        self.assertFalse(can_learn([stopped] * 20 + [stayed] * 79))
        self.assertFalse(can_learn([stopped] * 19 + [stayed] * 100))
        self.assertFalse(can_learn([stopped] * 100 + [stayed] * 19))
        with self.assertRaises(ValueError):
            weigh(CODES, [])


class TestComparing(UnitCase):
    """Learned points count where they are clearly better on another day."""

    USUAL = {"rhythm": 40, "complaint": 30, "price": 30}
    LEARNED = {"rhythm": 90, "complaint": 5, "price": 5}

    def test_what_is_right_counts(self):
        found = compare(self.LEARNED, self.USUAL, CODES, world(4000, (3.0, 0.0, 0.0)))
        self.assertGreater(found.learned - found.usual, 3 * found.error)
        self.assertTrue(found.is_better)

    def test_what_is_wrong_does_not_count(self):
        found = compare(self.LEARNED, self.USUAL, CODES, world(4000, (0.0, 2.0, 2.0)))
        self.assertLess(found.learned, found.usual)
        self.assertFalse(found.is_better)

    def test_equal_points_are_no_better(self):
        cases = world(500, (2.0, 1.0, 1.0))
        found = compare(self.USUAL, self.USUAL, CODES, cases)
        self.assertEqual((found.learned, found.error), (found.usual, 0))
        self.assertFalse(found.is_better)

    def test_a_gain_that_nobody_would_notice_is_none(self):
        """However many customers prove it."""
        usual = {"rhythm": 50, "complaint": 30, "price": 20}
        learned = {"rhythm": 52, "complaint": 29, "price": 19}
        found = compare(learned, usual, CODES, world(30_000, (3.0, 1.5, 0.5)))
        self.assertGreater(found.learned - found.usual, 2 * found.error)
        self.assertLess(found.learned - found.usual, LEAST_GAIN)
        self.assertFalse(found.is_better)

    def test_a_gain_within_what_chance_brings_about_is_none(self):
        """Weights that are worth nothing rarely count, be there few or many customers.

        Their true gain is nothing: signals and losses have nothing to do with each
        other.
        """
        for number, most in ((120, 0.25), (600, 0.25)):
            accepted = sum(
                compare(
                    self.LEARNED,
                    self.USUAL,
                    CODES,
                    world(number, (0.0, 0.0, 0.0), seed=seed),
                ).is_better
                for seed in range(60)
            )
            self.assertLess(accepted / 60, most, number)

    def test_nobody_to_compare_with_is_refused(self):
        for lost in (True, False):
            with self.assertRaises(ValueError):
                compare(
                    self.LEARNED, self.USUAL, CODES, [Case((1.0, 0.0, 0.0), lost)] * 9
                )
