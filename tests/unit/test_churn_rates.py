import random
from datetime import date, timedelta

from ...logic.churn_rates import (
    Counted,
    age,
    due_months,
    is_provisional,
    month_end,
    month_of,
    months,
    months_before,
    quarter_of,
    rates,
    spans,
)

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestRates(UnitCase):
    """Shares of the last period, and none where there was nobody."""

    def test_retention_and_churn_make_one(self):
        dice = random.Random(1)
        for _company in range(200):
            customers = dice.randint(1, 500)
            kept = dice.randint(0, customers)
            found = rates(Counted(customers, kept, 10.0, 5.0, 4.0))
            self.assertAlmostEqual(found.retention + found.churn, 1)
            self.assertTrue(0 <= found.retention <= 1)

    def test_who_had_nobody_has_no_rate(self):
        found = rates(Counted(0, 0, 0.0, 0.0, 0.0))
        self.assertIsNone(found.retention)
        self.assertIsNone(found.churn)
        self.assertIsNone(found.revenue_retention)

    def test_growth_can_make_up_for_losses(self):
        found = rates(Counted(10, 5, 100.0, 130.0, 60.0))
        self.assertEqual(found.revenue_retention, 1.3)
        self.assertEqual(found.kept_revenue, 0.6)


class TestMonths(UnitCase):
    """Periods meet; months are recorded once they are over."""

    def random_days(self, number=300):
        dice = random.Random(4)
        for _day in range(number):
            yield date(2015, 1, 1) + timedelta(dice.randint(0, 5000))

    def test_two_periods_meet_without_a_gap(self):
        for day in self.random_days():
            for length in (1, 3, 6, 12):
                now, before = spans(day, length)
                self.assertEqual(now.last, day)
                self.assertEqual(before.last + timedelta(1), now.first)
                self.assertLess(before.first, before.last)

    def test_a_year_of_a_month_end_is_twelve_months(self):
        now, before = spans(date(2024, 2, 29), 12)
        self.assertEqual(now.first, date(2023, 3, 1))
        self.assertEqual(before.first, date(2022, 3, 1))

    def test_months_there_and_back(self):
        for day in self.random_days():
            first = month_of(day)
            self.assertEqual(months_before(months_before(first, 7), -7), first)
            self.assertEqual(month_of(month_end(first)), first)
            self.assertEqual(month_of(month_end(first) + timedelta(1)).day, 1)

    def test_every_month_is_due_at_first(self):
        due = due_months(date(2024, 11, 20), date(2025, 2, 3), {}, 24)
        self.assertEqual([day.month for day in due], [2, 1, 12, 11])

    def test_no_more_than_so_many(self):
        due = due_months(date(2001, 1, 1), date(2025, 2, 3), {}, 24)
        self.assertEqual(len(due), 24)
        self.assertEqual(due[-1], date(2023, 3, 1))

    def test_a_month_is_closed_once(self):
        today = date(2025, 2, 3)
        recorded = {
            date(2024, 12, 1): today,
            date(2025, 1, 1): date(2025, 1, 31),
            date(2025, 2, 1): date(2025, 2, 2),
        }
        due = due_months(date(2024, 12, 5), today, recorded, 24)
        self.assertEqual(due, [date(2025, 2, 1), date(2025, 1, 1)])

    def test_a_month_whose_documents_move_is_due_every_week_and_then_once(self):
        month, day = date(2025, 1, 1), date(2025, 2, 1)
        recorded = {month: day}
        again = []
        while day < date(2025, 12, 1):
            recorded[month_of(day)] = day
            if month in due_months(month, day, recorded, 24):
                recorded[month] = day
                again.append(day)
            day += timedelta(1)
        self.assertEqual(again[:2], [date(2025, 2, 8), date(2025, 2, 15)])
        self.assertEqual(
            {later - one for later, one in zip(again[1:], again[:-1], strict=True)},
            {timedelta(7)},
        )
        self.assertTrue(is_provisional(month, again[-2]))
        self.assertFalse(is_provisional(month, again[-1]))

    def test_recording_what_is_due_leaves_the_present_month(self):
        for today in self.random_days(60):
            first = today - timedelta(200)
            due = due_months(first, today, {}, 24)
            again = due_months(first, today, dict.fromkeys(due, today), 24)
            self.assertEqual(again, [month_of(today)])

    def test_ages_count_from_the_cohort(self):
        for day in self.random_days(60):
            cohort = month_of(day)
            every = list(months(cohort, cohort + timedelta(900)))
            self.assertEqual(
                [age(cohort, month) for month in every], list(range(len(every)))
            )
            quarters = sorted({quarter_of(month) for month in every})
            self.assertEqual(
                [age(quarters[0], one, step=3) for one in quarters],
                list(range(len(quarters))),
            )
