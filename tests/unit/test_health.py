import random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.health import (
    ALL_POINTS,
    LARGEST,
    SIGNALS,
    SMALLEST,
    Case,
    can_learn,
    health,
    scaled,
    severity,
    usual_points,
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


class TestHealth(UnitCase):
    def test_nothing_is_wrong_with_whom_nothing_is_known_of(self):
        found = health(usual_points(SIGNALS), {})
        self.assertEqual(found.score, ALL_POINTS)
        self.assertEqual(found.worst(), [])

    def test_costs_add_up_exactly(self):
        dice = random.Random(3)
        for _time in range(200):
            points = scaled({code: dice.random() for code in SIGNALS})
            values = {
                code: dice.choice([None, dice.uniform(-400, 400)]) for code in SIGNALS
            }
            found = health(points, values)
            self.assertAlmostEqual(found.score + sum(found.costs.values()), 100, 9)
            self.assertTrue(0 <= found.score <= 100 + 1e-9)

    def test_worse_values_never_raise_health(self):
        for signal in SIGNALS.values():
            direction = 1 if signal.full > signal.none else -1
            steps = [signal.none + direction * n * 0.07 for n in range(-300, 300)]
            severities = [severity(signal, value) for value in steps]
            self.assertEqual(severities, sorted(severities), signal.code)
            self.assertEqual(severity(signal, signal.none), 0)
            self.assertEqual(severity(signal, signal.full), 1)

    def test_points_are_100_together(self):
        dice = random.Random(5)
        for _time in range(300):
            weights = {n: dice.choice([0, dice.random(), 40]) for n in range(9)}
            if any(weights.values()):
                points = scaled(weights)
                self.assertEqual(sum(points.values()), 100)
                for code, weight in weights.items():
                    exact = 100 * weight / sum(weights.values())
                    self.assertLess(abs(points[code] - exact), 1)
        self.assertEqual(sum(usual_points(SIGNALS).values()), 100)

    def test_points_of_nothing_are_refused(self):
        for weights in ({}, {"rhythm": 0.0}, {"rhythm": 1.0, "price": -0.5}):
            with self.assertRaises(ValueError):
                scaled(weights)


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
