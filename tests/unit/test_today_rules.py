from datetime import date

from ...logic import today

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestListOfTheDay(UnitCase):
    """As much as the team can do, and who is next."""

    def test_the_list_is_as_long_as_the_week_allows(self):
        for capacity, customers, done, size in (
            (25, 10_000, 0, 25),
            (25, 10_000, 20, 5),
            (25, 10_000, 40, 0),
            (25, 30, 0, 6),
            (25, 1, 0, 1),
            (0, 10_000, 0, 0),
        ):
            with self.subTest(capacity=capacity, customers=customers, done=done):
                self.assertEqual(today.list_size(capacity, customers, done), size)

    def test_the_most_pressing_step_comes_first(self):
        everything = {
            "complaints": 1,
            "planned": True,
            "quotations": 2,
            "purchase_days": 1,
            "change": -0.5,
            "overdue": 3.0,
        }
        order = ("complaint", "planned", "quotation", "first", "shrinking", "overdue")
        for (name, _value), code in zip(list(everything.items()), order, strict=True):
            self.assertEqual(today.next_step(today.Situation(**everything)), code)
            everything.pop(name)
        self.assertEqual(today.next_step(today.Situation()), "due")

    def test_growth_is_no_reason(self):
        self.assertEqual(today.next_step(today.Situation(change=0.4)), "due")

    def test_a_result_decides_how_long_somebody_rests(self):
        self.assertEqual(today.rest_days("reached"), today.USUAL_REST)
        self.assertEqual(today.rest_days("promised", usual=10), 10)
        self.assertLess(today.rest_days("unreached"), today.rest_days("message"))
        self.assertLess(today.rest_days("unhappy"), today.rest_days("reached"))
        self.assertGreater(today.rest_days("refused"), today.rest_days("reached"))

    def test_weeks_begin_on_monday(self):
        for day in range(1, 8):
            self.assertEqual(today.week_start(date(2024, 7, day)), date(2024, 7, 1))
