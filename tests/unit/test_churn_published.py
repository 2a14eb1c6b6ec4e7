from ...logic import churn, churn_fit, grading, spend
from . import cdnow

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestPublishedResults(UnitCase):
    """The figures of the literature, from the log they were worked out from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cdnow.purchases()
        cls.habits = cdnow.habits(cls.customers)
        cls.bought = [
            any(cdnow.CALIBRATED < day <= cdnow.END for day in cls.customers[one])
            for one in cls.habits
        ]
        cls.bg = cls.fitted("bg")
        cls.mbg = cls.fitted("mbg")

    @classmethod
    def fitted(cls, kind):
        return churn_fit.fit(cls.habits.values(), kind, prior_deviation=None)

    def assertParameters(self, process, digits, *expected):
        found = (process.r, process.alpha, process.a, process.b)
        for value, wanted in zip(found, expected, strict=True):
            self.assertAlmostEqual(value, wanted, digits)

    def test_bg_nbd(self):
        """Fader, Hardie and Lee 2005, section 7."""
        self.assertParameters(self.bg.process, 3, 0.243, 4.414, 0.793, 2.426)
        self.assertAlmostEqual(self.bg.log_likelihood, -9582.429, 3)

    def test_mbg_nbd(self):
        """Batislam and others 2007; the parameters that BTYDplus finds."""
        self.assertParameters(self.mbg.process, 3, 0.525, 6.183, 0.891, 1.614)
        self.assertAlmostEqual(self.mbg.log_likelihood, -9582.136, 3)

    def test_a_likelihood_is_the_sum_of_its_customers(self):
        for found in (self.bg, self.mbg):
            total = sum(
                churn.log_likelihood(found.process, habit)
                for habit in self.habits.values()
            )
            self.assertAlmostEqual(total, found.log_likelihood, 6)

    def test_the_second_half_is_foretold_as_published(self):
        total = sum(
            churn.expected(self.bg.process, habit, 39) for habit in self.habits.values()
        )
        self.assertAlmostEqual(total, 1653, 0)

    def test_ranking_of_the_customers_who_come_back(self):
        recency = [habit.last - habit.age for habit in self.habits.values()]
        self.assertAlmostEqual(grading.auc(recency, self.bought), 0.771, 3)
        self.assertAlmostEqual(self.graded(churn.alive, self.bg), 0.316, 3)
        self.assertAlmostEqual(self.graded(churn.alive, self.mbg), 0.687, 3)
        self.assertAlmostEqual(self.graded(self.buys, self.mbg), 0.760, 3)

    def test_probabilities_are_near_what_happened(self):
        forecasts = [self.buys(self.mbg.process, one) for one in self.habits.values()]
        groups = grading.reliability(forecasts, self.bought)
        self.assertAlmostEqual(grading.brier(forecasts, self.bought), 0.161, 3)
        self.assertAlmostEqual(grading.calibration_error(groups), 0.055, 3)

    def test_a_weak_prior_hardly_moves_so_many_customers(self):
        prior = churn_fit.fit(self.habits.values())
        for habit in self.habits.values():
            moved = self.buys(prior.process, habit) - self.buys(self.mbg.process, habit)
            self.assertLess(abs(moved), 0.005)

    def test_what_is_spent(self):
        """Fader and Hardie 2013: 946 customers who came back."""
        spent = []
        for one, habit in self.habits.items():
            days = sorted(day for day in self.customers[one] if day <= cdnow.CALIBRATED)
            if habit.x:
                total = sum(self.customers[one][day] for day in days[1:])
                spent.append((habit.x, total / habit.x))
        self.assertEqual(len(spent), 946)
        found = spend.fit_spend(spent, prior_deviation=None)
        self.assertAlmostEqual(found.p, 6.25, 2)
        self.assertAlmostEqual(found.q, 3.74, 2)
        self.assertAlmostEqual(found.v, 15.44, 2)
        total = sum(spend.log_likelihood(found, *one) for one in spent)
        self.assertAlmostEqual(total, -4055.918, 3)

    def graded(self, forecast, found):
        values = [forecast(found.process, habit) for habit in self.habits.values()]
        return grading.auc(values, self.bought)

    @staticmethod
    def buys(process, habit):
        return churn.buys_within(process, habit, 39)


class TestPublishedCustomers(UnitCase):
    """Single customers of the literature, from published parameters."""

    CDNOW = churn.Process("bg", 0.24259, 4.41353, 0.79289, 2.42575)

    def test_two_purchases_the_last_one_lately(self):
        customer = churn.Habit(2, 30.43, 38.86)
        self.assertAlmostEqual(churn.expected(self.CDNOW, customer, 39), 1.226, 3)
        self.assertAlmostEqual(churn.alive(self.CDNOW, customer), 0.7266, 4)

    def test_customer_1516_with_26_purchases(self):
        customer = churn.Habit(26, 30.86, 31)
        self.assertAlmostEqual(churn.expected(self.CDNOW, customer, 52), 25.76, 2)
        self.assertAlmostEqual(churn.alive(self.CDNOW, customer), 0.9689, 4)
