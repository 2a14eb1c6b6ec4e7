import random
from datetime import date, timedelta

from ...logic.complaint_facts import ComplaintLife, complaint_tracks

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

FIRST = date(2024, 1, 1)


def day(number):
    """A day of the tests, by its number."""
    return FIRST + timedelta(days=number)


class TestComplaintFacts(UnitCase):
    """The course of every fact about complaints follows from dated events."""

    def at(self, lives, as_of):
        return {track.key: track.at(as_of) for track in complaint_tracks(lives)}

    def test_nobody_complained(self):
        facts = self.at([], day(0))
        self.assertEqual(facts["complaint_open_count"], 0)
        self.assertEqual(facts["complaint_count_12m"], 0)
        self.assertIsNone(facts["complaint_last_on"])
        self.assertIsNone(facts["complaint_last_grade"])

    def test_what_is_reopened_on_the_day_it_was_resolved_is_open(self):
        life = ComplaintLife(day(0), ((day(5), False), (day(5), True)))
        self.assertEqual(self.at([life], day(5))["complaint_open_count"], 1)

    def test_what_is_resolved_on_its_first_day_was_never_open_in_the_evening(self):
        life = ComplaintLife(day(3), ((day(3), False),))
        self.assertEqual(self.at([life], day(3))["complaint_open_count"], 0)
        self.assertEqual(self.at([life], day(3))["complaint_count_12m"], 1)

    def test_a_year_is_365_days(self):
        life = ComplaintLife(day(0))
        self.assertEqual(self.at([life], day(364))["complaint_count_12m"], 1)
        self.assertEqual(self.at([life], day(365))["complaint_count_12m"], 0)

    def test_of_two_answers_on_a_day_the_worse_counts(self):
        lives = [
            ComplaintLife(day(0), grades=((day(9), 5),)),
            ComplaintLife(day(1), grades=((day(9), 2),)),
        ]
        self.assertEqual(self.at(lives, day(9))["complaint_last_grade"], 2)

    def test_tracks_say_what_counting_on_each_day_says(self):
        dice = random.Random(5)
        for _round in range(120):
            lives = [self._random_life(dice) for _number in range(dice.randint(1, 5))]
            for number in range(0, 900, 13):
                facts = self.at(lives, day(number))
                known = [life for life in lives if life.received <= day(number)]
                self.assertEqual(
                    facts["complaint_open_count"],
                    sum(self._is_open(life, day(number)) for life in known),
                )
                self.assertEqual(
                    facts["complaint_count_12m"],
                    sum(life.received > day(number - 365) for life in known),
                )

    def _random_life(self, dice):
        received = dice.randint(0, 400)
        days = sorted(
            dice.randint(received, 800) for _step in range(dice.randint(0, 5))
        )
        changes = tuple((day(one), dice.random() < 0.5) for one in days)
        return ComplaintLife(day(received), changes)

    @staticmethod
    def _is_open(life, as_of):
        states = [state for one, state in life.changes if one <= as_of]
        return states[-1] if states else True
