import random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.renewal import (
    Fates,
    Renewal,
    fit_renewal,
    log_likelihood,
    renews,
    survival,
)

# Fader and Hardie 2007: customers of two offers who were left after each year.
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]


class TestRenewal(UnitCase):
    """The published figures of the shifted beta-geometric model."""

    def test_published_parameters(self):
        for left, alpha, beta, likelihood in (
            (HIGH_END, 0.668, 3.806, -1611.16),
            (REGULAR, 0.704, 1.182, -1680.27),
        ):
            fates = Fates.of_cohort(left)
            found = fit_renewal(fates)
            self.assertAlmostEqual(found.alpha, alpha, 3)
            self.assertAlmostEqual(found.beta, beta, 3)
            self.assertAlmostEqual(log_likelihood(found, fates), likelihood, 2)

    def test_published_survival(self):
        for left, expected in (
            (HIGH_END, [46.0, 43.6, 41.4, 39.5, 37.8]),
            (REGULAR, [22.0, 20.4, 19.1, 18.0, 17.0]),
        ):
            found = fit_renewal(Fates.of_cohort(left))
            shares = [round(100 * survival(found, year), 1) for year in range(8, 13)]
            self.assertEqual(shares, expected)

    def test_those_who_are_left_renew_ever_more_often(self):
        found = Renewal(0.7, 1.2)
        chances = [renews(found, years) for years in range(20)]
        self.assertEqual(chances, sorted(chances))
        self.assertAlmostEqual(
            survival(found, 5) * renews(found, 5), survival(found, 6), 12
        )

    def test_a_cohort_shrinks(self):
        for left in ([], [5], [5, 6], [0, 0]):
            with self.assertRaises(ValueError):
                Fates.of_cohort(left)

    def test_two_cohorts_tell_as_much_as_the_one_they_were(self):
        """Who began later has been watched for a shorter time."""
        whole = fit_renewal(Fates.of_cohort(HIGH_END))
        young = Fates.of_cohort(HIGH_END[:4])
        both = Fates(
            [*(2 * gone for gone in young.ended), 60, 42, 34, 26],
            [0, 0, 0, 653, 0, 0, 0, 491],
        )
        found = fit_renewal(both)
        for times in range(8):
            self.assertAlmostEqual(
                survival(found, times), survival(whole, times), delta=0.02
            )

    def test_what_is_told_takes_two_renewals_and_both_outcomes(self):
        for ended, running, telling in (
            ([5, 2], [0, 15, 10], True),
            ([5], [0, 30], False),
            ([5, 0], [0, 24, 0], False),
            ([0, 0], [0, 20, 20], False),
            ([40, 0], [0], False),
            ([20, 10], [0], True),
            ([], [100], False),
        ):
            with self.subTest(ended=ended, running=running):
                self.assertIs(Fates(ended, running).is_telling(), telling)

    def test_whatever_tells_has_a_model(self):
        dice = random.Random(3)
        for _round in range(50):
            fates = Fates(
                [dice.randint(0, 40) for _n in range(dice.randint(2, 6))],
                [dice.randint(0, 40) for _n in range(dice.randint(1, 6))],
            )
            if not fates.is_telling():
                continue
            found = fit_renewal(fates)
            chances = [renews(found, times) for times in range(10)]
            self.assertEqual(chances, sorted(chances), fates)
            self.assertTrue(0 < chances[0] <= chances[-1] < 1, fates)
