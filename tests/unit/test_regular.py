"""By when customers hear from us again, again and again."""

import random
from datetime import datetime, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.regular import next_update
from ...logic.working_time import AROUND_THE_CLOCK, HOUR
from .working_hours import office, random_office

BEGINS, ENDS = datetime(2026, 1, 1), datetime(2027, 1, 1)
FRIDAY = datetime(2026, 3, 6, 15)


class TestRegularUpdates(UnitCase):
    """Updates every so many working hours or days."""

    def test_hours_are_working_hours_from_the_last_word(self):
        """Two hours of Friday are left; lunch does not count."""
        hours = office("UTC", BEGINS, ENDS)
        self.assertEqual(
            next_update(FRIDAY, 4, "hours", hours), datetime(2026, 3, 9, 10)
        )

    def test_days_end_with_the_close_of_business(self):
        """Every day, told on Friday: by the end of Monday."""
        hours = office("UTC", BEGINS, ENDS)
        self.assertEqual(
            next_update(FRIDAY, 1, "days", hours), datetime(2026, 3, 9, 17)
        )

    def test_holidays_are_passed_over(self):
        """Nobody works on that Monday."""
        hours = office("UTC", BEGINS, ENDS, leaves={datetime(2026, 3, 9).date()})
        self.assertEqual(
            next_update(FRIDAY, 4, "hours", hours), datetime(2026, 3, 10, 10)
        )

    def test_without_working_hours_the_clock_on_the_wall_counts(self):
        """Four hours are four hours, a day is a day."""
        self.assertEqual(
            next_update(FRIDAY, 4, "hours", AROUND_THE_CLOCK),
            FRIDAY + timedelta(hours=4),
        )
        self.assertEqual(
            next_update(FRIDAY, 1, "days", AROUND_THE_CLOCK), FRIDAY + timedelta(days=1)
        )

    def test_never_and_nonsense(self):
        """0 stands for no repetition; other units are a mistake of ours."""
        self.assertIsNone(next_update(FRIDAY, 0, "hours", AROUND_THE_CLOCK))
        with self.assertRaises(ValueError):
            next_update(FRIDAY, 1, "weeks", AROUND_THE_CLOCK)

    def test_it_is_always_still_to_come_and_never_sooner_for_more(self):
        """At any office, from any moment on."""
        dice = random.Random(20260306)
        for _round in range(200):
            hours = random_office(dice, BEGINS, ENDS)
            told = BEGINS + timedelta(minutes=dice.randrange(60 * 24 * 200))
            for unit in ("hours", "days"):
                moments = [next_update(told, n, unit, hours) for n in range(1, 6)]
                self.assertEqual(moments, sorted(moments))
                self.assertGreater(moments[0], told)
            four = next_update(told, 4, "hours", hours)
            self.assertEqual(hours.between(told, four), 4 * HOUR)
