try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.renewal import Renewal, fit_renewal, log_likelihood, renews, survival

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
            found = fit_renewal(left)
            self.assertAlmostEqual(found.alpha, alpha, 3)
            self.assertAlmostEqual(found.beta, beta, 3)
            self.assertAlmostEqual(log_likelihood(found, left), likelihood, 2)

    def test_published_survival(self):
        for left, expected in (
            (HIGH_END, [46.0, 43.6, 41.4, 39.5, 37.8]),
            (REGULAR, [22.0, 20.4, 19.1, 18.0, 17.0]),
        ):
            found = fit_renewal(left)
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
                fit_renewal(left)
