import random
from datetime import timedelta

from ...logic.churn import Habit, Process, buys_within
from ...logic.churn_study import (
    FEWEST,
    Grade,
    Look,
    foretold,
    is_useful,
    learning_spans,
    study,
)
from ...logic.grading import auc, brier, calibration_error, reliability
from ...logic.recalibration import Correction
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

    def test_a_short_history_foretells_as_far_as_itself(self):
        """39 weeks foretell the next 39: who buys better than recency (AUC .771), how
        likely better than the process alone (Brier .161).
        """
        customers, horizon = cdnow.purchases(), 39.0
        weeks = timedelta(days=learning_spans(39 * 7, 39 * 7)[0])
        span = weeks.days / 7
        looks = []
        for origin in (cdnow.CALIBRATED - 2 * weeks, cdnow.CALIBRATED - weeks):
            habits = cdnow.habits(customers, origin)
            bought = [
                any(origin < day <= origin + weeks for day in customers[one])
                for one in habits
            ]
            looks.append(Look(tuple(habits.values()), tuple(bought)))
        today = cdnow.habits(customers)
        found = study(*looks, list(today.values()), span)
        forecasts = [
            foretold(
                found.correction, found.ranks_by, found.process, one, horizon, span
            )
            for one in today.values()
        ]
        outcomes = [
            any(cdnow.CALIBRATED < day <= cdnow.END for day in customers[one])
            for one in today
        ]
        self.assertEqual(found.ranks_by, "model")
        self.assertGreater(auc(forecasts, outcomes), 0.771)
        self.assertLess(brier(forecasts, outcomes), 0.161)
        error = calibration_error(reliability(forecasts, outcomes))
        self.assertLess(error, 0.06)


class TestCarriedOn(UnitCase):
    """What was learned over a shorter time is carried on by the process itself."""

    correction = Correction(0.3, (0.8, -0.1, 0.2, 0.0))
    process = Process("mbg", 0.8, 5, 0.8, 2.5)

    def foretold(self, horizon, learned=None):
        habit = Habit(3, 20.0, 30.0)
        return foretold(self.correction, "model", self.process, habit, horizon, learned)

    def test_over_the_same_time_nothing_is_added(self):
        self.assertEqual(self.foretold(12.0), self.foretold(12.0, 12.0))

    def test_a_longer_time_is_never_less_likely(self):
        found = [self.foretold(horizon, 8.0) for horizon in (8.0, 9.0, 20.0, 80.0)]
        self.assertEqual(found, sorted(found))
        self.assertLess(found[0], found[-1])
        self.assertLess(found[-1], 1)

    def test_what_is_learned_over_fits_into_the_history(self):
        for history in (0, 41, 42, 100, 179, 180, 5000):
            for span in learning_spans(history, 60):
                self.assertLessEqual(3 * span, max(history, 1) + 1)
                self.assertLessEqual(span, 60)
        self.assertEqual(learning_spans(30, 60), ())
        self.assertEqual(learning_spans(5000, 60)[0], 60)
