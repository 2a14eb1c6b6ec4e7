"""Windows and periods on the days on which they are easy to get wrong."""

from datetime import date, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.tier_window import Window, period_of


class TestTierWindow(UnitCase):
    """What counts as of a day, and from which day on it no longer does."""

    def test_fiscal_year_begins_on_its_day(self):
        fiscal = Window("calendar", year_month=4, year_day=6)
        self.assertEqual(fiscal.bounds(date(2024, 4, 5)).first, date(2023, 4, 6))
        self.assertEqual(fiscal.bounds(date(2024, 4, 6)).first, date(2024, 4, 6))

    def test_fiscal_quarters_follow_the_beginning_of_the_year(self):
        quarters = Window("calendar", period="quarter", year_month=2)
        span = quarters.turn(date(2024, 1, 31))
        self.assertEqual(
            (span.first, span.last), (date(2023, 11, 1), date(2024, 1, 31))
        )

    def test_half_years_hold_six_months(self):
        span = period_of(date(2024, 8, 1), 6)
        self.assertEqual(
            (span.first, span.last), (date(2024, 7, 1), date(2024, 12, 31))
        )

    def test_year_that_begins_on_29_february(self):
        leap = Window("calendar", year_month=2, year_day=29)
        self.assertEqual(leap.bounds(date(2024, 2, 28)).first, date(2023, 2, 28))
        self.assertEqual(leap.bounds(date(2024, 2, 29)).first, date(2024, 2, 29))
        self.assertEqual(leap.bounds(date(2025, 2, 28)).first, date(2025, 2, 28))

    def test_membership_year_of_who_joined_on_29_february(self):
        yearly, joined = Window("anniversary"), date(2024, 2, 29)
        self.assertEqual(yearly.turn(date(2025, 2, 27), joined).first, joined)
        self.assertEqual(
            yearly.turn(date(2025, 2, 28), joined).first, date(2025, 2, 28)
        )
        self.assertEqual(
            yearly.turn(date(2028, 2, 28), joined).first, date(2027, 2, 28)
        )
        self.assertEqual(
            yearly.turn(date(2028, 2, 29), joined).first, date(2028, 2, 29)
        )

    def test_periods_follow_each_other_without_gap(self):
        for month, day in ((1, 1), (2, 29), (4, 6), (5, 31)):
            for months in (1, 3, 6, 12):
                today = date(2023, 1, 1)
                while today < date(2028, 6, 1):
                    span = period_of(today, months, month, day)
                    self.assertTrue(span.holds(today), (today, span))
                    following = period_of(
                        span.last + timedelta(days=1), months, month, day
                    )
                    self.assertEqual(following.first, span.last + timedelta(days=1))
                    today += timedelta(days=9)

    def test_rolling_window_loses_a_day_exactly_when_it_leaves(self):
        for months in (1, 2, 12):
            window, day = Window("rolling", months=months), date(2023, 12, 25)
            while day < date(2024, 4, 5):
                leaves = window.leaves_on(day)
                before = leaves - timedelta(days=1)
                self.assertTrue(window.bounds(before).holds(day), (day, months))
                self.assertFalse(window.bounds(leaves).holds(day), (day, months))
                day += timedelta(days=1)

    def test_everything_counts_for_a_lifetime(self):
        self.assertTrue(
            Window("lifetime").bounds(date(2024, 1, 1)).holds(date(1990, 1, 1))
        )
