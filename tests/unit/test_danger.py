import random

from ...logic.danger import SCALE, bands, value_at_risk

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestDanger(UnitCase):
    """Bands that hold as many customers as a team can call."""

    def setUp(self):
        super().setUp()
        dice = random.Random(4)
        self.values = [dice.choice((0, dice.expovariate(0.001))) for _n in range(2000)]

    def test_what_burns_worst_can_be_called_this_week(self):
        for capacity in (1, 5, 20, 60):
            found = bands(self.values, capacity)
            self.assertEqual(found.count("extreme"), capacity)
            self.assertEqual(found.count("very_high"), capacity)
            self.assertEqual(found.count("high"), 2 * capacity)

    def test_more_at_risk_is_never_a_milder_band(self):
        found = bands(self.values, 12)
        pairs = sorted(zip(self.values, map(SCALE.index, found), strict=True))
        ranks = [rank for _value, rank in pairs]
        self.assertEqual(ranks, sorted(ranks))

    def test_nothing_at_risk_is_low_however_few_there_are(self):
        self.assertEqual(bands([0.0, 0.0, 0.0], 50), ("low",) * 3)
        self.assertEqual(bands([], 50), ())

    def test_without_capacity_nobody_is_called(self):
        self.assertEqual(set(bands(self.values, 0)), {"low"})

    def test_in_a_small_company_not_everything_burns(self):
        found = bands([float(10 - n) for n in range(10)], 100)
        self.assertEqual(found.count("extreme"), 2)
        self.assertEqual(found.count("very_high"), 2)
        self.assertEqual(found.count("high"), 4)
        self.assertEqual(found.count("moderate"), 2)

    def test_equal_values_are_in_one_band(self):
        self.assertEqual(len(set(bands([500.0] * 40, 3))), 1)

    def test_somebody_who_costs_more_than_brings_is_no_loss(self):
        self.assertEqual(value_at_risk(-300.0, 0.9), 0.0)
        self.assertEqual(value_at_risk(1000.0, 0.25), 250.0)
