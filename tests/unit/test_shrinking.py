import random
from datetime import date, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.shrinking import Purchase, basket_change, lost_categories

TODAY = date(2025, 6, 30)


def bought(ages, amount=100.0, categories=()):
    """Purchases so many days ago."""
    return [Purchase(TODAY - timedelta(age), amount, categories) for age in ages]


class TestBasket(UnitCase):
    def test_the_mean_purchase_against_the_year_before(self):
        purchases = bought([400, 500, 600], 90.0) + bought([10, 20], 60.0)
        self.assertAlmostEqual(basket_change(purchases, TODAY), -1 / 3)

    def test_buying_more_often_is_no_smaller_basket(self):
        purchases = bought([400, 500]) + bought([10, 20, 30, 40])
        self.assertEqual(basket_change(purchases, TODAY), 0)

    def test_one_purchase_is_no_habit(self):
        for before, recent in (([400], [10, 20]), ([400, 500], [10]), ([], [])):
            purchases = bought(before) + bought(recent, 5.0)
            self.assertIsNone(basket_change(purchases, TODAY))

    def test_years_are_365_days_and_end_today(self):
        year = bought([365, 729])
        for ages, change in (([0, 364], -0.9), ([-1, 10], None), ([364, 365], None)):
            found = basket_change(year + bought(ages, 10.0), TODAY)
            if change is None:
                self.assertIsNone(found)
            else:
                self.assertAlmostEqual(found, change)
        self.assertIsNone(basket_change(bought([730, 729]) + bought([1, 2]), TODAY))


class TestLostCategories(UnitCase):
    def test_a_habit_that_ended(self):
        purchases = bought([400, 500], categories={"paper", "ink"})
        purchases += bought([600], categories={"ink"})
        purchases += bought([10], categories={"paper"})
        found = lost_categories(purchases, TODAY)
        self.assertEqual((found.known, found.lost), (2, ("ink",)))
        self.assertEqual(found.share, 0.5)

    def test_once_is_no_habit(self):
        found = lost_categories(bought([400], categories={"paper"}), TODAY)
        self.assertEqual((found.known, found.lost, found.share), (0, (), None))

    def test_new_categories_do_not_make_up_for_lost_ones(self):
        purchases = bought([400, 500], categories={"paper"})
        purchases += bought([10, 20], categories={"ink"})
        self.assertEqual(lost_categories(purchases, TODAY).share, 1)

    def test_the_most_usual_one_comes_first(self):
        dice = random.Random(3)
        for _time in range(100):
            names = dice.sample("abcdefgh", 5)
            purchases, times = [], {}
            for name in names:
                times[name] = dice.randint(1, 5)
                purchases += bought(
                    [dice.randint(365, 729) for _one in range(times[name])],
                    categories={name},
                )
            dice.shuffle(purchases)
            found = lost_categories(purchases, TODAY)
            habits = {name for name in names if times[name] >= 2}
            self.assertEqual(set(found.lost), habits)
            order = [(-times[name], name) for name in found.lost]
            self.assertEqual(order, sorted(order))
