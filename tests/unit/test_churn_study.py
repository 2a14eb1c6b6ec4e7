import random
from datetime import timedelta

from ...logic.churn import Process, buys_within
from ...logic.churn_study import FEWEST, Grade, Look, is_useful, study
from . import cdnow
from .test_churn import known, played

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


def look(customers, age, horizon):
    """Customers as known at an age, and who buys within the horizon after it."""
    return Look(
        tuple(known(days, age) for days in customers),
        tuple(any(age < day <= age + horizon for day in days) for days in customers),
    )


class TestChurnStudy(UnitCase):
    """A forecast is graded on the past before anybody is called because of it."""

    def setUp(self):
        super().setUp()
        self.dice = random.Random(31)

    def studied(self, process, customers=400, horizon=12.0):
        people = list(played(self.dice, process, customers, 90))
        self.looks = look(people, 66, horizon), look(people, 78, horizon)
        today = [known(days, 90) for days in people]
        return study(*self.looks, today, horizon)

    def test_few_customers_are_not_studied(self):
        process = Process("mbg", 1, 5, 1, 3)
        self.assertIsNone(self.studied(process, customers=FEWEST - 1))
        self.assertIsNotNone(self.studied(process, customers=FEWEST))

    def test_regular_purchases_are_found_out(self):
        found = self.studied(Process("mbg", 4, 6, 1, 6, regularity=4))
        self.assertGreater(found.process.regularity, 1)
        self.assertEqual(found.ranks_by, "model")
        self.assertGreater(found.model.auc, found.recency.auc)

    def test_random_purchases_are_not_taken_for_regular_ones(self):
        found = self.studied(Process("mbg", 1, 6, 0.8, 2.5), customers=900)
        self.assertEqual(found.process.regularity, 1)

    def test_forecasts_are_better_than_one_share_for_all(self):
        found = self.studied(Process("mbg", 0.8, 5, 0.8, 2.5), customers=700)
        self.assertLess(found.model.brier, found.base_brier)
        self.assertLess(found.model.calibration_error, 0.05)

    def test_a_shuffled_future_cannot_be_foretold(self):
        """Whatever is known of the past must not tell who bought by lot."""
        self.studied(Process("mbg", 0.8, 5, 0.8, 2.5), customers=900)
        shuffled = []
        for one in self.looks:
            bought = list(one.bought)
            self.dice.shuffle(bought)
            shuffled.append(Look(one.habits, tuple(bought)))
        found = study(*shuffled, self.looks[1].habits, 12.0)
        self.assertAlmostEqual(found.model.auc, 0.5, delta=0.05)
        self.assertAlmostEqual(found.recency.auc, 0.5, delta=0.05)
        self.assertEqual(found.ranks_by, "rhythm")

    def test_a_forecast_must_beat_chance_and_one_probability_for_all(self):
        self.assertTrue(is_useful(Grade(0.70, 0.18, 0.02, ()), base_brier=0.21))
        self.assertFalse(is_useful(Grade(0.70, 0.209, 0.02, ()), base_brier=0.21))
        self.assertFalse(is_useful(Grade(0.50, 0.18, 0.02, ()), base_brier=0.21))
        self.assertFalse(is_useful(Grade(None, 0.18, 0.02, ()), base_brier=0.21))


class TestMusicShop(UnitCase):
    """The published log: 13 weeks foretold from two past days."""

    def test_the_correction_beats_recency_and_process(self):
        customers, looks = cdnow.purchases(), []
        horizon = timedelta(weeks=13)
        for origin in (cdnow.CALIBRATED, cdnow.CALIBRATED + horizon):
            habits = cdnow.habits(customers, origin)
            bought = [
                any(origin < day <= origin + horizon for day in customers[one])
                for one in habits
            ]
            looks.append(Look(tuple(habits.values()), tuple(bought)))
        found = study(*looks, looks[1].habits, 13.0)
        raw = [buys_within(found.process, one, 13.0) for one in looks[1].habits]
        self.assertEqual(found.ranks_by, "model")
        self.assertGreaterEqual(round(found.recency.auc, 3), 0.79)
        self.assertGreaterEqual(round(found.model.auc, 3), 0.805)
        self.assertLess(found.model.brier, found.base_brier)
        self.assertEqual(len(raw), found.customers)
