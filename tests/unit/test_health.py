import random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.health import (
    ALL_POINTS,
    SIGNALS,
    health,
    scaled,
    severity,
    usual_points,
)


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
