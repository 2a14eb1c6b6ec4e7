"""Where a clock stands, and when somebody has to look at it again."""

from datetime import datetime, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic import sla
from ...logic.sla_standing import standing
from ...logic.working_time import AROUND_THE_CLOCK, HOUR

TARGET = sla.Target(
    10 * HOUR, warn_percent=80, pauses=True, pause_limit=5 * HOUR
)  # warns at 17:00, is due at 19:00
BEFORE_BREACH = sla.Rung(1, False, HOUR)
AT_BREACH = sla.Rung(2, True, 0)
AFTER_BREACH = sla.Rung(3, True, 2 * HOUR)
LADDER = (BEFORE_BREACH, AT_BREACH, AFTER_BREACH)


def at(hour, minute=0, second=0):
    return datetime(2026, 3, 2, hour, minute, second)


def stands(now, clock=None, ladder=LADDER, **known):
    return standing(
        clock or sla.start(TARGET, at(9)), AROUND_THE_CLOCK, now, ladder, **known
    )


class TestStanding(UnitCase):
    def test_before_the_warning_nothing_has_happened(self):
        found = stands(at(16, 59, 59))
        self.assertEqual((found.warn_at, found.deadline), (at(17), at(19)))
        self.assertFalse(found.is_warned or found.is_breached)
        self.assertEqual((found.climbs, found.level), ((), 0))
        self.assertEqual(found.next_event_at, at(17))

    def test_is_warned_of_from_the_very_second_on(self):
        found = stands(at(17))
        self.assertTrue(found.is_warned)
        self.assertFalse(found.is_breached)
        self.assertEqual(found.next_event_at, at(18))

    def test_is_broken_a_second_after_the_deadline(self):
        self.assertFalse(stands(at(19)).is_breached)
        self.assertEqual(stands(at(19), level=1).next_event_at, at(19, 0, 1))
        self.assertTrue(stands(at(19, 0, 1)).is_breached)

    def test_rungs_are_climbed_when_their_time_has_come(self):
        self.assertEqual(stands(at(17, 59)).climbs, ())
        self.assertEqual(stands(at(18)).climbs, ((at(18), 1),))
        found = stands(at(20), level=1)
        self.assertEqual(found.climbs, ((at(19), 2),))
        self.assertEqual((found.level, found.next_event_at), (2, at(21)))

    def test_late_looks_climb_every_rung_that_was_missed(self):
        found = stands(at(23))
        self.assertEqual(found.climbs, ((at(18), 1), (at(19), 2), (at(21), 3)))
        self.assertEqual((found.level, found.next_event_at), (3, None))

    def test_no_rung_is_climbed_twice(self):
        found = stands(at(23), level=3)
        self.assertEqual((found.climbs, found.level), ((), 3))

    def test_warned_of_once_is_warned_of_for_good(self):
        """A pause that moved the deadline takes no warning back."""
        clock = sla.resume(
            sla.pause(sla.start(TARGET, at(9)), at(17), AROUND_THE_CLOCK).clock,
            at(20),
            AROUND_THE_CLOCK,
        ).clock
        found = stands(at(20), clock, warned_at=at(17))
        self.assertEqual((found.is_warned, found.warn_at), (True, at(17)))
        self.assertEqual(found.deadline, at(22))

    def test_nobody_is_told_about_a_paused_clock(self):
        clock = sla.pause(sla.start(TARGET, at(9)), at(18, 30), AROUND_THE_CLOCK).clock
        found = stands(at(18, 30), clock, warned_at=at(17))
        self.assertEqual((found.climbs, found.level), ((), 0))
        self.assertEqual(found.next_event_at, at(23, 30))

    def test_a_pause_without_a_limit_is_looked_at_when_it_ends(self):
        target = sla.Target(10 * HOUR, warn_percent=80, pauses=True)
        clock = sla.pause(sla.start(target, at(9)), at(10), AROUND_THE_CLOCK).clock
        found = stands(at(12), clock)
        self.assertEqual((found.deadline, found.warn_at), (None, None))
        self.assertIsNone(found.next_event_at)

    def test_without_a_warning_rungs_that_wait_for_it_are_never_climbed(self):
        clock = sla.start(sla.Target(10 * HOUR), at(9))
        found = stands(at(23), clock, (BEFORE_BREACH,))
        self.assertEqual((found.is_warned, found.warn_at), (False, None))
        self.assertEqual((found.climbs, found.next_event_at), ((), None))

    def test_looking_when_told_to_finds_something(self):
        """From one look to the next the clock gets all the way, and then rests."""
        now, level, warned_at, looks = at(9), 0, None, 0
        while now:
            found = stands(now, level=level, warned_at=warned_at)
            warned_at = found.warn_at if found.is_warned else None
            level, looks = found.level, looks + 1
            self.assertTrue(found.next_event_at is None or found.next_event_at > now)
            now = found.next_event_at
        self.assertEqual((level, looks), (3, 5))
        self.assertEqual(warned_at, at(19) - timedelta(hours=2))
