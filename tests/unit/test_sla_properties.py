"""What holds for every clock, whatever the calendar and whatever happens."""

from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic import sla
from ...logic.sla import RESUMED, WAITING, Target
from ...logic.working_time import AROUND_THE_CLOCK, HOUR
from .working_hours import random_office

BEGINS, ENDS = datetime(2025, 9, 1), datetime(2031, 9, 1)
CASES = 200
VERBS = {WAITING: sla.pause, RESUMED: sla.resume}


def random_target(random, pauses=True):
    """A promise of minutes or of weeks."""
    return Target(
        seconds=random.choice((1, 600, 7 * HOUR, random.randint(1, 80 * HOUR))),
        warn_percent=random.choice((0, 50, 75, 100)),
        pauses=pauses,
        pause_limit=random.choice((0, HOUR, random.randint(1, 60 * HOUR))),
    )


def random_events(random, since):
    """Waiting and resuming, sometimes twice in a row."""
    events = []
    for _number in range(random.randint(0, 6)):
        since += timedelta(seconds=random.randint(0, 5 * 86400))
        events.append((since, random.choice((WAITING, RESUMED))))
    return events


@lru_cache
def offices():
    """A dozen calendars, each different, and one for who never closes."""
    return [
        *(random_office(Random(number), BEGINS, ENDS) for number in range(12)),
        AROUND_THE_CLOCK,
    ]


def cases(seed, pauses=True):
    """Random calendars, promises and lives."""
    for number in range(CASES):
        random = Random(f"{seed} {number}")
        time = random.choice(offices())
        started = datetime(2026, 1, 1) + timedelta(
            seconds=random.randint(0, 250 * 86400)
        )
        yield (
            random,
            time,
            random_target(random, pauses),
            started,
            random_events(random, started),
        )


def ended(target, started, events, time):
    """The life of a clock until the last of its events is over."""
    return sla.replay(
        target, started, [*events, (last(started, events), RESUMED)], time
    )


def last(started, events):
    """The moment of the last event."""
    return events[-1][0] if events else started


class TestProperties(UnitCase):
    """Laws of clocks."""

    def test_a_pause_never_shortens_a_deadline(self):
        """Nor a second one, nor one that is too long."""
        for _random, time, target, started, events in cases("shortens"):
            without = sla.deadline(sla.start(target, started), time)
            life = ended(target, started, events, time)
            self.assertGreaterEqual(sla.deadline(life.clock, time), without)

    def test_a_longer_pause_never_shortens_a_deadline(self):
        """Whoever waits longer is due later, or at the same time."""
        for random, time, target, started, _events in cases("longer"):
            begin = started + timedelta(seconds=random.randint(0, 86400))
            ends = [
                begin + timedelta(seconds=random.randint(0, 20 * 86400))
                for _number in range(2)
            ]
            deadlines = [
                sla.deadline(
                    ended(
                        target, started, [(begin, WAITING), (end, RESUMED)], time
                    ).clock,
                    time,
                )
                for end in sorted(ends)
            ]
            self.assertLessEqual(*deadlines)

    def test_looking_changes_nothing(self):
        """A clock that a job looked at all the time ends like one left alone."""
        for random, time, target, started, events in cases("looking"):
            step = sla.Step(sla.start(target, started))
            segments = []
            for at, name in events:
                for _look in range(random.randint(0, 3)):
                    span = max(int((at - step.clock.since).total_seconds()), 0)
                    look = step.clock.since + timedelta(seconds=random.randint(0, span))
                    step = sla.settle(step.clock, min(look, at), time)
                    segments += step.segments
                step = VERBS[name](step.clock, at, time)
                segments += step.segments
            replayed = sla.replay(target, started, events, time)
            self.assertEqual(step.clock, replayed.clock)
            self.assertEqual(tuple(segments), replayed.segments)

    def test_parts_are_the_whole(self):
        """Seamless, and their seconds are those of the clock."""
        for _random, time, target, started, events in cases("parts"):
            life = ended(target, started, events, time)
            since = started
            for part in life.segments:
                self.assertEqual(part.started_at, since)
                self.assertLess(part.started_at, part.stopped_at)
                since = part.stopped_at
            self.assertEqual(since, life.clock.since)
            for is_paused, total in (
                (False, life.clock.elapsed),
                (True, life.clock.paused),
            ):
                parts = [
                    part.seconds
                    for part in life.segments
                    if part.is_paused == is_paused
                ]
                self.assertEqual(sum(parts), total)
                self.assertIsInstance(total, int)
            self.assertEqual(
                life.clock.elapsed + life.clock.paused,
                time.between(started, life.clock.since),
            )

    def test_pauses_never_exceed_their_limit(self):
        """All of them together."""
        for _random, time, target, started, events in cases("limit"):
            life = ended(target, started, events, time)
            if target.pause_limit:
                self.assertLessEqual(life.clock.paused, target.pause_limit)

    def test_clock_that_does_not_pause_is_due_when_it_was_due(self):
        """Waiting is no excuse that was not agreed on."""
        for _random, time, target, started, events in cases("steady", pauses=False):
            life = ended(target, started, events, time)
            self.assertEqual(
                sla.deadline(life.clock, time),
                sla.deadline(sla.start(target, started), time),
            )
            self.assertEqual(life.clock.paused, 0)

    def test_time_used_until_the_deadline_is_the_target(self):
        """To the second."""
        for _random, time, target, started, events in cases("used"):
            life = ended(target, started, events, time)
            if life.clock.due_at:
                continue
            deadline = sla.deadline(life.clock, time)
            self.assertEqual(sla.elapsed(life.clock, deadline, time), target.seconds)
            warn_at = sla.warn_at(life.clock, time)
            if warn_at:
                self.assertLessEqual(warn_at, deadline)

    def test_kept_until_the_deadline_and_broken_after_it(self):
        """There is no moment between."""
        second = timedelta(seconds=1)
        for _random, time, target, started, events in cases("kept"):
            life = ended(target, started, events, time)
            deadline = sla.deadline(life.clock, time)
            if deadline < life.clock.since:
                continue
            self.assertTrue(sla.stop(life.clock, deadline, time).is_kept)
            self.assertFalse(sla.stop(life.clock, deadline + second, time).is_kept)

    def test_a_stricter_policy_is_never_due_later(self):
        """Under the same life."""
        for random, time, target, started, events in cases("policy"):
            less = Target(
                random.randint(1, target.seconds),
                pauses=target.pauses,
                pause_limit=target.pause_limit,
            )
            deadlines = [
                sla.deadline(ended(one, started, events, time).clock, time)
                for one in (less, target)
            ]
            self.assertLessEqual(*deadlines)

    def test_working_time_is_the_same_forward_and_back(self):
        """What lies between is what passes."""
        for random, time, _target, started, _events in cases("inverse"):
            seconds = random.randint(1, 80 * HOUR)
            deadline = time.after(started, seconds)
            self.assertEqual(time.between(started, deadline), seconds)
            just_before = deadline - timedelta(seconds=1)
            self.assertEqual(time.between(started, just_before), seconds - 1)
