"""Working time between moments, and when it is used up."""

from datetime import date, datetime

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.working_time import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    HorizonError,
    WorkingTime,
)
from .working_hours import office, to_utc

BEGINS, ENDS = datetime(2026, 1, 1), datetime(2027, 1, 1)


class TestWorkingTime(UnitCase):
    """Sums of working seconds."""

    def test_nights_and_weekends_do_not_count(self):
        """From Friday afternoon to Monday morning two hours pass."""
        hours = office("UTC", BEGINS, ENDS)
        friday, monday = datetime(2026, 3, 6, 16), datetime(2026, 3, 9, 9)
        self.assertEqual(hours.between(friday, monday), 2 * HOUR)
        self.assertEqual(hours.after(friday, 2 * HOUR), monday)

    def test_time_is_up_at_the_end_of_a_day_not_at_the_start_of_the_next(self):
        """Both are the same working second; the first one is the deadline."""
        hours = office("UTC", BEGINS, ENDS)
        self.assertEqual(
            hours.after(datetime(2026, 3, 6, 16), HOUR), datetime(2026, 3, 6, 17)
        )

    def test_nothing_to_wait_for_is_over_at_once(self):
        """Even on a Sunday."""
        hours = office("UTC", BEGINS, ENDS)
        sunday = datetime(2026, 3, 8, 12)
        self.assertEqual(hours.after(sunday, 0), sunday)
        self.assertEqual(hours.between(sunday, sunday), 0)

    def test_swapped_moments_have_nothing_between_them(self):
        """No time is negative."""
        hours = office("UTC", BEGINS, ENDS)
        self.assertEqual(
            hours.between(datetime(2026, 3, 6, 16), datetime(2026, 3, 6, 9)), 0
        )

    def test_spring_forward_in_berlin(self):
        """Two hours from Friday 16:00 end on Monday at 9:00, an hour earlier in UTC."""
        hours = office("Europe/Berlin", BEGINS, ENDS)
        friday = to_utc(datetime(2026, 3, 27, 16), "Europe/Berlin")
        monday = to_utc(datetime(2026, 3, 30, 9), "Europe/Berlin")
        self.assertEqual((friday.hour, monday.hour), (15, 7))
        self.assertEqual(hours.after(friday, 2 * HOUR), monday)

    def test_fall_back_in_berlin(self):
        """The hour that comes twice is at night and costs nothing."""
        hours = office("Europe/Berlin", BEGINS, ENDS)
        friday = to_utc(datetime(2026, 10, 23, 16), "Europe/Berlin")
        monday = to_utc(datetime(2026, 10, 26, 9), "Europe/Berlin")
        self.assertEqual((friday.hour, monday.hour), (14, 8))
        self.assertEqual(hours.after(friday, 2 * HOUR), monday)

    def test_a_night_shift_is_an_hour_shorter_in_spring(self):
        """Working time is real time, not what the wall clock says."""
        hours = office(
            "Europe/Berlin", BEGINS, ENDS, hours=((0, 6),), weekdays=range(7)
        )
        saturday = to_utc(datetime(2026, 3, 28, 12), "Europe/Berlin")
        sunday = to_utc(datetime(2026, 3, 29, 12), "Europe/Berlin")
        self.assertEqual(hours.between(saturday, sunday), 5 * HOUR)

    def test_no_summer_time_in_saigon(self):
        """Offices open at 1:00 UTC all the year."""
        hours = office("Asia/Ho_Chi_Minh", BEGINS, ENDS)
        for month in (1, 3, 4, 7, 10, 11):
            day = date(2026, month, 4)
            opening = hours.after(datetime(2026, month, day.day), 1)
            self.assertEqual((opening.hour, opening.second), (1, 1))

    def test_holidays_do_not_count(self):
        """Half a day before Tet and half a day after it."""
        tet = {date(2026, 2, day) for day in range(16, 21)}
        hours = office("Asia/Ho_Chi_Minh", BEGINS, ENDS, leaves=tet)
        friday = to_utc(datetime(2026, 2, 13, 13), "Asia/Ho_Chi_Minh")
        monday = to_utc(datetime(2026, 2, 23, 12), "Asia/Ho_Chi_Minh")
        self.assertEqual(hours.after(friday, 8 * HOUR), monday)

    def test_touching_and_overlapping_intervals_are_joined(self):
        """Nothing counts twice; a day ends at midnight, not a microsecond before."""
        hours = WorkingTime.of(
            [
                (datetime(2026, 3, 3), datetime(2026, 3, 3, 12)),
                (datetime(2026, 3, 2, 12), datetime(2026, 3, 2, 23, 59, 59, 999999)),
                (datetime(2026, 3, 3, 11), datetime(2026, 3, 3, 13)),
                (datetime(2026, 3, 3, 15), datetime(2026, 3, 3, 15)),
            ],
            BEGINS,
            ENDS,
        )
        self.assertEqual(
            (hours.starts, hours.stops),
            ((datetime(2026, 3, 2, 12),), (datetime(2026, 3, 3, 13),)),
        )

    def test_outside_the_horizon_there_is_no_answer(self):
        """An error is better than a wrong deadline."""
        hours = office("UTC", BEGINS, ENDS)
        for question in (
            lambda: hours.after(datetime(2026, 12, 31, 16), 2 * HOUR),
            lambda: hours.between(datetime(2025, 12, 31), datetime(2026, 1, 5)),
            lambda: hours.between(datetime(2026, 1, 5), datetime(2027, 1, 2)),
            lambda: hours.closing(datetime(2026, 12, 31), 2),
        ):
            with self.assertRaises(HorizonError):
                question()

    def test_empty_calendar_is_known_as_such(self):
        """And has no answer of its own: whoever asks falls back."""
        nobody = WorkingTime.of([], BEGINS, ENDS)
        self.assertTrue(nobody.is_empty)
        self.assertEqual(nobody.between(BEGINS, ENDS), 0)
        with self.assertRaises(HorizonError):
            nobody.after(BEGINS, 1)

    def test_around_the_clock(self):
        """Every second counts, and days have 24 hours."""
        sunday = datetime(2026, 3, 8, 12)
        self.assertEqual(AROUND_THE_CLOCK.after(sunday, DAY), datetime(2026, 3, 9, 12))
        self.assertEqual(AROUND_THE_CLOCK.closing(sunday, 2), datetime(2026, 3, 10, 12))


class TestClosing(UnitCase):
    """Days as a calendar has them."""

    def test_a_day_is_up_at_the_end_of_the_next_working_day(self):
        """Whether the complaint came early, during or after the day."""
        hours = office("UTC", BEGINS, ENDS)
        for hour in (0, 7, 12, 17):
            with self.subTest(hour=hour):
                self.assertEqual(
                    hours.closing(datetime(2026, 3, 5, hour), 1),
                    datetime(2026, 3, 6, 17),
                )

    def test_who_writes_in_the_evening_waits_as_long_as_in_the_morning(self):
        """The day it came is not counted."""
        hours = office("UTC", BEGINS, ENDS)
        self.assertEqual(
            hours.closing(datetime(2026, 3, 6, 20), 1), datetime(2026, 3, 9, 17)
        )
        self.assertEqual(
            hours.closing(datetime(2026, 3, 8, 12), 1), datetime(2026, 3, 9, 17)
        )

    def test_days_of_different_length_are_days(self):
        """Friday ends at noon: it is a day nevertheless."""
        long_days = office("UTC", BEGINS, ENDS, weekdays=range(4))
        fridays = office("UTC", BEGINS, ENDS, hours=((8, 12),), weekdays=[4])
        hours = WorkingTime.of(
            [
                *zip(long_days.starts, long_days.stops, strict=True),
                *zip(fridays.starts, fridays.stops, strict=True),
            ],
            BEGINS,
            ENDS,
            (*long_days.days, *fridays.days),
        )
        self.assertEqual(
            hours.closing(datetime(2026, 3, 4, 9), 2), datetime(2026, 3, 6, 12)
        )
        self.assertEqual(
            hours.closing(datetime(2026, 3, 6, 9), 1), datetime(2026, 3, 9, 17)
        )
