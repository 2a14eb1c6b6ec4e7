"""A clock: running, paused, kept, broken."""

from datetime import datetime, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic import sla
from ...logic.sla import RESUMED, WAITING, Rung, Target
from ...logic.working_time import AROUND_THE_CLOCK, HOUR
from .working_hours import office

HOURS = office("UTC", datetime(2026, 1, 1), datetime(2027, 1, 1), hours=((8, 16),))


def at(day, hour, minute=0):
    """A moment in the week of Monday, 2 March 2026."""
    return datetime(2026, 3, day, hour, minute)


def clock_of(hours, **values):
    """A clock that started on Monday at 8:00."""
    return sla.start(Target(hours * HOUR, **values), at(2, 8))


class TestDeadline(UnitCase):
    """When a promise is broken."""

    def test_deadline_counts_working_time(self):
        """Ten hours from Monday morning end on Tuesday."""
        self.assertEqual(sla.deadline(clock_of(10), HOURS), at(3, 10))

    def test_in_its_very_second_a_deadline_has_not_passed(self):
        """Nor is the promise broken then."""
        clock = clock_of(2)
        self.assertFalse(sla.is_breached(clock, at(2, 10), HOURS))
        self.assertTrue(sla.is_breached(clock, at(2, 10, 1), HOURS))
        self.assertTrue(sla.stop(clock, at(2, 10), HOURS).is_kept)
        late = at(2, 10) + timedelta(seconds=1)
        self.assertFalse(sla.stop(clock, late, HOURS).is_kept)

    def test_after_work_it_is_too_late(self):
        """No working second has passed, yet the day was over."""
        self.assertFalse(sla.stop(clock_of(8), at(2, 20), HOURS).is_kept)

    def test_promised_moment_is_the_deadline(self):
        """Whatever the working hours say; it does not pause."""
        clock = sla.start(Target(0, pauses=True, fixed=at(2, 20)), at(2, 8))
        self.assertEqual(sla.deadline(clock, HOURS), at(2, 20))
        paused = sla.pause(clock, at(2, 9), HOURS).clock
        self.assertFalse(paused.is_paused)
        self.assertTrue(sla.stop(paused, at(2, 20), HOURS).is_kept)
        self.assertFalse(sla.stop(paused, at(2, 21), HOURS).is_kept)

    def test_warning_comes_at_a_share_of_the_time(self):
        """Three quarters of eight hours are six."""
        self.assertEqual(sla.warn_at(clock_of(8, warn_percent=75), HOURS), at(2, 14))
        self.assertIsNone(sla.warn_at(clock_of(8), HOURS))

    def test_used_time(self):
        """Nights do not use any, pauses neither."""
        clock = clock_of(20, pauses=True)
        self.assertEqual(sla.elapsed(clock, at(3, 9), HOURS), 9 * HOUR)
        clock = sla.pause(clock, at(3, 9), HOURS).clock
        self.assertEqual(sla.elapsed(clock, at(4, 9), HOURS), 9 * HOUR)


class TestDivide(UnitCase):
    """What has run has been counted, whatever the hours become."""

    def test_dividing_changes_nothing_under_the_same_hours(self):
        for moment in (at(2, 7), at(2, 8), at(2, 12), at(3, 9), at(4, 20)):
            clock = clock_of(12)
            step = sla.divide(clock, moment, HOURS)
            self.assertEqual(
                sla.deadline(step.clock, HOURS), sla.deadline(clock, HOURS)
            )
            self.assertEqual(
                sla.is_breached(step.clock, at(5, 9), HOURS),
                sla.is_breached(clock, at(5, 9), HOURS),
            )

    def test_longer_hours_count_from_the_division_on(self):
        """Nine of twelve hours have run; three are left, from then."""
        step = sla.divide(clock_of(12), at(3, 9), HOURS)
        self.assertEqual(step.clock.elapsed, 9 * HOUR)
        self.assertEqual(sla.deadline(step.clock, AROUND_THE_CLOCK), at(3, 12))

    def test_a_pause_stays_a_pause(self):
        paused = sla.pause(clock_of(12, pauses=True), at(2, 10), HOURS).clock
        step = sla.divide(paused, at(2, 12), HOURS)
        self.assertTrue(step.clock.is_paused)
        self.assertEqual((step.clock.elapsed, step.clock.paused), (2 * HOUR, 2 * HOUR))


class TestPause(UnitCase):
    """Waiting for the customer."""

    def test_pause_moves_the_deadline_by_its_working_time(self):
        """Not by the night in it."""
        clock = clock_of(4, pauses=True)
        clock = sla.pause(clock, at(2, 10), HOURS).clock
        self.assertIsNone(sla.deadline(clock, HOURS))
        clock = sla.resume(clock, at(3, 9), HOURS).clock
        self.assertEqual(sla.deadline(clock, HOURS), at(3, 11))

    def test_pause_is_credited_before_the_deadline_is_judged(self):
        """Stopped while paused, a day after the deadline it had before: kept."""
        clock = sla.pause(clock_of(2, pauses=True), at(2, 9), HOURS).clock
        step = sla.stop(clock, at(3, 14), HOURS)
        self.assertTrue(step.is_kept)
        self.assertEqual(step.clock.elapsed, HOUR)

    def test_pause_outside_working_hours_changes_nothing(self):
        """Nobody would have worked then anyway."""
        clock = clock_of(10, pauses=True)
        paused = sla.pause(clock, at(2, 17), HOURS).clock
        resumed = sla.resume(paused, at(3, 7), HOURS).clock
        self.assertEqual(sla.deadline(resumed, HOURS), sla.deadline(clock, HOURS))

    def test_late_stays_late(self):
        """A pause after the deadline does not repair it."""
        clock = sla.pause(clock_of(2, pauses=True), at(2, 11), HOURS).clock
        self.assertEqual(sla.deadline(clock, HOURS), at(2, 10))
        clock = sla.resume(clock, at(2, 15), HOURS).clock
        self.assertEqual(sla.deadline(clock, HOURS), at(2, 10))
        self.assertFalse(sla.stop(clock, at(2, 15), HOURS).is_kept)

    def test_pause_recorded_late_still_counts(self):
        """What the job called late was waiting all along."""
        clock = clock_of(2, pauses=True)
        late = sla.settle(clock, at(2, 12), HOURS).clock
        paused = sla.pause(late, at(2, 9), HOURS).clock
        self.assertIsNone(sla.deadline(paused, HOURS))

    def test_pause_ends_at_its_limit(self):
        """And the clock runs on from that moment, whenever somebody looks."""
        clock = clock_of(2, pauses=True, pause_limit=4 * HOUR)
        clock = sla.pause(clock, at(2, 9), HOURS).clock
        self.assertEqual(sla.pause_ends_at(clock, HOURS), at(2, 13))
        self.assertEqual(sla.deadline(clock, HOURS), at(2, 14))
        step = sla.settle(clock, at(4, 9), HOURS)
        self.assertEqual(
            (step.clock.is_paused, step.clock.since, step.clock.reason),
            (False, at(2, 13), sla.LIMIT),
        )
        self.assertEqual(step.segments[-1].stopped_at, at(2, 13))
        self.assertTrue(sla.is_breached(step.clock, at(2, 15), HOURS))

    def test_limit_holds_for_all_pauses_together(self):
        """Waiting twice does not buy twice the time."""
        clock = clock_of(8, pauses=True, pause_limit=2 * HOUR)
        clock = sla.pause(clock, at(2, 9), HOURS).clock
        clock = sla.resume(clock, at(2, 10), HOURS).clock
        clock = sla.pause(clock, at(2, 11), HOURS).clock
        self.assertEqual(sla.pause_ends_at(clock, HOURS), at(2, 12))
        clock = sla.resume(clock, at(2, 15), HOURS).clock
        self.assertEqual(clock.paused, 2 * HOUR)
        self.assertFalse(sla.pause(clock, at(2, 15), HOURS).clock.is_paused)

    def test_clock_that_does_not_pause_runs_on(self):
        """Its parts tell of the waiting nevertheless."""
        step = sla.pause(clock_of(2), at(2, 9), HOURS)
        self.assertFalse(step.clock.is_paused)
        self.assertEqual(step.clock.reason, WAITING)
        self.assertEqual(sla.deadline(step.clock, HOURS), at(2, 10))

    def test_waiting_twice_and_resuming_twice_is_the_same_as_once(self):
        """Events may be repeated."""
        clock = clock_of(8, pauses=True)
        paused = sla.pause(clock, at(2, 9), HOURS).clock
        self.assertEqual(sla.pause(paused, at(2, 10), HOURS), sla.Step(paused))
        running = sla.resume(paused, at(2, 11), HOURS).clock
        self.assertEqual(sla.resume(running, at(2, 12), HOURS), sla.Step(running))
        self.assertEqual(sla.resume(clock, at(2, 12), HOURS), sla.Step(clock))

    def test_nothing_happens_before_the_open_part_began(self):
        """What arrives late in the log does not turn time back."""
        clock = sla.pause(clock_of(8, pauses=True), at(2, 12), HOURS).clock
        step = sla.resume(clock, at(2, 10), HOURS)
        self.assertEqual((step.clock.since, step.segments), (at(2, 12), ()))

    def test_seconds_are_whole(self):
        """However often a clock pauses."""
        clock = clock_of(8, pauses=True)
        for minute in range(0, 58, 2):
            clock = sla.pause(clock, at(2, 8, minute + 1), HOURS).clock
            clock = sla.resume(clock, at(2, 8, minute + 2), HOURS).clock
        self.assertEqual((clock.elapsed, clock.paused), (29 * 60, 29 * 60))
        self.assertIsInstance(clock.elapsed, int)
        self.assertEqual(sla.deadline(clock, HOURS), at(3, 8, 29))


class TestLadder(UnitCase):
    """When somebody is told."""

    def test_rung_counts_from_what_it_waits_for(self):
        """In working time."""
        self.assertEqual(
            sla.rung_at(Rung(1, True, 2 * HOUR), None, at(2, 15), HOURS), at(3, 9)
        )
        self.assertEqual(
            sla.rung_at(Rung(1, False, 0), at(2, 15), None, HOURS), at(2, 15)
        )

    def test_rung_without_its_reason_is_not_climbed(self):
        """No breach, no call to the manager."""
        self.assertIsNone(sla.rung_at(Rung(1, True, 0), at(2, 15), None, HOURS))


class TestReplay(UnitCase):
    """The past of a clock under another promise."""

    def test_pauses_count_under_the_new_promise(self):
        """Nobody is suddenly late who waited for the customer."""
        events = [(at(2, 9), WAITING), (at(4, 9), RESUMED)]
        step = sla.replay(Target(4 * HOUR, pauses=True), at(2, 8), events, HOURS)
        self.assertEqual(sla.deadline(step.clock, HOURS), at(4, 12))
        self.assertEqual([part.is_paused for part in step.segments], [False, True])

    def test_a_stricter_promise_may_be_broken_already(self):
        """At the moment when it was."""
        step = sla.replay(Target(HOUR), at(2, 8), [(at(2, 12), WAITING)], HOURS)
        self.assertEqual(step.clock.due_at, at(2, 9))

    def test_around_the_clock(self):
        """The same life without an office."""
        events = [(at(2, 9), WAITING), (at(3, 9), RESUMED)]
        step = sla.replay(
            Target(4 * HOUR, pauses=True), at(2, 8), events, AROUND_THE_CLOCK
        )
        self.assertEqual(sla.deadline(step.clock, AROUND_THE_CLOCK), at(3, 12))
