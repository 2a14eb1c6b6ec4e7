import random

from ...logic.grading import (
    auc,
    auc_gain,
    brier,
    calibration_error,
    reliability,
)
from ...logic.recalibration import (
    corrected,
    fit_correction,
    logistic,
    logit,
    signals,
    solve,
)

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestGrading(UnitCase):
    """Figures about forecasts, from their definitions."""

    def setUp(self):
        super().setUp()
        self.dice = random.Random(6)
        self.forecasts = [round(self.dice.random(), 2) for _one in range(400)]
        self.outcomes = [self.dice.random() < p for p in self.forecasts]

    def test_auc_is_the_share_of_pairs_in_the_right_order(self):
        won = pairs = 0.0
        for p, happened in zip(self.forecasts, self.outcomes, strict=True):
            for q, other in zip(self.forecasts, self.outcomes, strict=True):
                if happened and not other:
                    pairs += 1
                    won += (p > q) + (p == q) / 2
        self.assertAlmostEqual(auc(self.forecasts, self.outcomes), won / pairs, 12)

    def test_there_is_nothing_to_rank_when_all_are_alike(self):
        self.assertIsNone(auc([0.1, 0.9], [True, True]))
        self.assertIsNone(auc([0.1, 0.9], [False, False]))
        self.assertIsNone(auc([], []))

    def test_shuffled_forecasts_are_worth_nothing(self):
        forecasts = [self.dice.random() for _one in range(20000)]
        outcomes = [self.dice.random() < 0.3 for _one in range(20000)]
        self.assertAlmostEqual(auc(forecasts, outcomes), 0.5, delta=0.02)

    def test_the_gain_is_the_difference_of_the_areas(self):
        others = [min(1.0, p + self.dice.random()) for p in self.forecasts]
        for first, second in (
            (self.forecasts, others),
            (others, self.forecasts),
            (self.forecasts, self.forecasts),
        ):
            found = auc_gain(first, second, self.outcomes)
            self.assertAlmostEqual(
                found.gain,
                auc(first, self.outcomes) - auc(second, self.outcomes),
                12,
            )
        self.assertEqual(found.error, 0)
        self.assertIsNone(auc_gain([0.1, 0.9], [0.2, 0.3], [True, True]))

    def test_the_error_of_a_gain_is_its_spread_over_samples(self):
        """Seen by drawing many samples of the same world."""
        gains, errors = [], []
        for _sample in range(300):
            outcomes, first, second = [], [], []
            for _customer in range(150):
                true = self.dice.gauss(0, 1)
                outcomes.append(self.dice.random() < logistic(true - 1))
                first.append(true + self.dice.gauss(0, 0.5))
                second.append(true + self.dice.gauss(0, 1.5))
            found = auc_gain(first, second, outcomes)
            gains.append(found.gain)
            errors.append(found.error)
        mean = sum(gains) / len(gains)
        spread = (sum((gain - mean) ** 2 for gain in gains) / len(gains)) ** 0.5
        self.assertAlmostEqual(sum(errors) / len(errors), spread, delta=0.1 * spread)

    def test_brier_of_certainty(self):
        self.assertEqual(brier([1, 0], [True, False]), 0)
        self.assertEqual(brier([0, 1], [True, False]), 1)
        with self.assertRaises(ValueError):
            brier([], [])

    def test_groups_hold_everybody_once_and_equal_forecasts_together(self):
        groups = reliability(self.forecasts, self.outcomes)
        self.assertEqual(sum(group.customers for group in groups), 400)
        self.assertEqual(len(reliability([0.5] * 50, [True] * 50)), 1)
        self.assertEqual(reliability([], []), ())

    def test_honest_forecasts_have_little_calibration_error(self):
        honest = calibration_error(reliability(self.forecasts, self.outcomes))
        boasting = [min(1.0, p * 1.8) for p in self.forecasts]
        worse = calibration_error(reliability(boasting, self.outcomes))
        self.assertLess(honest, 0.08)
        self.assertGreater(worse, 2 * honest)


class TestRecalibration(UnitCase):
    """What an earlier forecast got wrong is put right."""

    def test_a_boasting_forecast_is_corrected(self):
        dice, rows, outcomes, truth = random.Random(7), [], [], []
        for _customer in range(6000):
            p = dice.random()
            boast = logistic(logit(p) + 1)
            rows.append(signals(boast, dice.expovariate(0.1), 3, 50))
            outcomes.append(dice.random() < p)
            truth.append(p)
        found = fit_correction(rows, outcomes)
        errors = [
            abs(corrected(found, row) - p) for row, p in zip(rows, truth, strict=True)
        ]
        self.assertLess(sum(errors) / len(errors), 0.02)

    def test_complete_separation_stays_finite(self):
        rows = [[float(n)] for n in range(20)]
        found = fit_correction(rows, [n >= 10 for n in range(20)])
        self.assertLess(abs(found.weights[0]), 100)
        self.assertGreater(corrected(found, [19.0]), 0.9)

    def test_nothing_to_learn_from_is_refused(self):
        with self.assertRaises(ValueError):
            fit_correction([], [])

    def test_equations(self):
        answer = solve([[0.0, 2.0], [1.0, 1.0]], [4.0, 5.0])
        self.assertEqual([round(one, 9) for one in answer], [3, 2])
        with self.assertRaises(ValueError):
            solve([[0.0, 0.0], [0.0, 1.0]], [1.0, 1.0])
