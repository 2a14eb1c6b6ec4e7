import random
from datetime import date, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.season import (
    mask_of,
    months_of,
    quiet_days,
    quiet_mask,
    quiet_months,
    seasonal_ratio,
)

TODAY = date(2025, 1, 31)


def every(days, months, years=4, end=TODAY):
    """Purchase days every so many days in some months."""
    start = end - timedelta(365 * years)
    found = (start + timedelta(n) for n in range(0, 365 * years + 1, days))
    return [day for day in found if day.month in months]


class TestQuietMonths(UnitCase):
    def test_summer_business(self):
        summer = {4, 5, 6, 7, 8, 9}
        self.assertEqual(quiet_months(every(7, summer), 7), {10, 11, 12, 1, 2, 3})

    def test_whoever_buys_all_year_has_none(self):
        self.assertFalse(quiet_months(every(20, range(1, 13)), 20))

    def test_two_months_of_holidays_are_no_season(self):
        self.assertFalse(quiet_months(every(7, set(range(1, 13)) - {7, 8}), 7))

    def test_one_year_tells_nothing(self):
        self.assertFalse(quiet_months(every(7, {4, 5, 6}, years=1), 7))

    def test_a_slow_buyer_is_not_taken_for_a_seasonal_one(self):
        """Who buys once a year buys in one month; that is the usual interval."""
        days = [date(year, 11, 20) for year in (2021, 2022, 2023, 2024)]
        self.assertFalse(quiet_months(days, 365))

    def test_whoever_left_does_not_pause(self):
        """Years are counted back from the last purchase."""
        days = every(14, range(1, 13), end=date(2023, 6, 30))
        self.assertFalse(quiet_months(days, 14))

    def test_winter_goes_over_the_turn_of_the_year(self):
        self.assertEqual(
            months_of(quiet_mask(mask_of({3, 4, 5, 6, 7, 8, 9, 10}), 3, 10)),
            {11, 12, 1, 2},
        )

    def test_masks_are_months(self):
        for mask in range(1 << 12):
            self.assertEqual(mask_of(months_of(mask)), mask)

    def test_kept_months_are_quiet_ones_in_a_row(self):
        for active in range(1, 1 << 12):
            kept = quiet_mask(active, 5, 1.0)
            self.assertFalse(kept & active)
            for month in months_of(kept):
                around = [
                    {(month - 1 + n + m) % 12 + 1 for m in range(3)}
                    for n in (-2, -1, 0)
                ]
                self.assertTrue(any(run <= months_of(kept) for run in around))


class TestQuietDays(UnitCase):
    def test_days_are_counted_one_by_one(self):
        dice = random.Random(2)
        for _time in range(300):
            after = date(2020, 1, 1) + timedelta(dice.randint(0, 1500))
            until = after + timedelta(dice.randint(-3, 900))
            quiet = set(dice.sample(range(1, 13), dice.randint(0, 11)))
            days = (after + timedelta(n) for n in range(1, (until - after).days + 1))
            expected = sum(day.month in quiet for day in days)
            self.assertEqual(quiet_days(quiet, after, until), expected)

    def test_quiet_days_never_raise_the_ratio(self):
        last, plain = date(2024, 9, 20), (TODAY - date(2024, 9, 20)).days / 7
        self.assertEqual(seasonal_ratio((), last, TODAY, 7), plain)
        self.assertLess(seasonal_ratio({10, 11, 12}, last, TODAY, 7), plain)
