from datetime import date, timedelta
from random import Random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.outlook import Move, Option, Stay, next_move
from ...logic.rule import holds, parse

BOUGHT = date(2024, 1, 1)
FACTS = {"last_purchase_on": BOUGHT, "usual_interval": 20.0, "purchase_days": 4}
LADDER = (
    Option("lost", parse('[["overdue_ratio", ">", 6]]')),
    Option("dormant", parse('[["overdue_ratio", ">", 4]]')),
    Option("at_risk", parse('[["overdue_ratio", ">", 2]]')),
    Option("cooling", parse('[["overdue_ratio", ">", 1.2]]')),
    Option("active", parse('[["purchase_days", ">=", 1]]')),
)


class TestOutlook(UnitCase):
    def test_next_is_the_first_threshold_ahead(self):
        self.assertEqual(
            next_move(LADDER, "active", FACTS, BOUGHT),
            Move("cooling", BOUGHT + timedelta(days=25)),
        )
        self.assertEqual(
            next_move(LADDER, "at_risk", FACTS, date(2024, 2, 20)),
            Move("dormant", BOUGHT + timedelta(days=81)),
        )

    def test_the_last_condition_has_no_next(self):
        self.assertIsNone(next_move(LADDER, "lost", FACTS, date(2025, 1, 1)))

    def test_nothing_moves_without_a_purchase_date(self):
        self.assertIsNone(next_move(LADDER, None, {}, BOUGHT))

    def test_a_threshold_that_changes_nothing_is_passed_over(self):
        ladder = (
            Option("lost", parse([
                ["purchase_days", ">", 9], ["days_since_last", ">", 10]
            ])),
            Option("dormant", parse('[["days_since_last", ">", 50]]')),
            Option("active", parse("[]")),
        )
        self.assertEqual(
            next_move(ladder, "active", FACTS, BOUGHT),
            Move("dormant", BOUGHT + timedelta(days=51)),
        )

    def test_a_minimum_stay_delays(self):
        stay = Stay(since=BOUGHT, minimum_days=60)
        self.assertEqual(
            next_move(LADDER, "active", FACTS, BOUGHT, stay),
            Move("at_risk", BOUGHT + timedelta(days=60)),
        )

    def test_a_minimum_stay_that_is_over_does_not(self):
        stay = Stay(since=BOUGHT, minimum_days=5)
        self.assertEqual(
            next_move(LADDER, "active", FACTS, date(2024, 1, 20), stay),
            Move("cooling", BOUGHT + timedelta(days=25)),
        )

    def test_a_stay_beyond_the_calendar_never_ends(self):
        stay = Stay(since=date(9999, 1, 1), minimum_days=10**6)
        self.assertEqual(stay.free_on, date.max)

    def test_equals_asking_the_rules_every_day(self):
        random = Random(19)
        for _round in range(60):
            options, values = self._random_case(random)
            as_of = BOUGHT + timedelta(days=random.randrange(40))
            current = self._said(options, values, as_of)
            stay = Stay(as_of - timedelta(days=3), random.randrange(30))
            self.assertEqual(
                next_move(options, current, values, as_of, stay),
                self._every_day(options, current, values, as_of, stay),
            )

    def _random_case(self, random):
        options = tuple(
            Option(key, parse([
                random.choice("&|"),
                [random.choice(["days_since_last", "days_since_contact"]),
                 random.choice(["<", ">=", ">", "="]), random.randrange(90)],
                ["overdue_ratio", random.choice(["<=", ">"]), random.randrange(1, 5)],
            ]))
            for key in "abc"
        )
        values = {
            "last_purchase_on": BOUGHT,
            "last_contact_on": BOUGHT - timedelta(days=random.randrange(30)),
            "usual_interval": random.uniform(5, 30),
        }
        return options, values

    def _said(self, options, values, day):
        keys = (one.key for one in options if holds(one.rule, values, day))
        return next(keys, None)

    def _every_day(self, options, current, values, as_of, stay):
        for days in range(1, 400):
            day = as_of + timedelta(days=days)
            if (day - stay.since).days < stay.minimum_days:
                continue
            key = self._said(options, values, day)
            if key is not None and key != current:
                return Move(key, day)
        return None
