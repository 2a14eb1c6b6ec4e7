from datetime import date, timedelta
from random import Random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.ladder import Conditions, Ladder, Step
from ...logic.outlook import Upcoming, next_move
from ...logic.rule import holds, parse

BOUGHT = date(2024, 1, 1)
FACTS = {"last_purchase_on": BOUGHT, "usual_interval": 20.0, "purchase_days": 4}
ACTIVE, COOLING, AT_RISK, DORMANT, LOST = range(1, 6)


def conditions(minimum_days=0):
    return Conditions(
        (
            Step(LOST, rule=parse([["overdue_ratio", ">", 6]])),
            Step(DORMANT, rule=parse([["overdue_ratio", ">", 4]])),
            Step(AT_RISK, rule=parse([["overdue_ratio", ">", 2]])),
            Step(COOLING, rule=parse([["overdue_ratio", ">", 1.2]])),
            Step(
                ACTIVE,
                rule=parse([["purchase_days", ">=", 1]]),
                minimum_days=minimum_days,
            ),
        )
    )


def after(days):
    return BOUGHT + timedelta(days=days)


class TestOutlook(UnitCase):
    def test_next_is_the_first_threshold_ahead(self):
        self.assertEqual(
            next_move(conditions(), ACTIVE, FACTS, BOUGHT), Upcoming(COOLING, after(25))
        )
        self.assertEqual(
            next_move(conditions(), AT_RISK, FACTS, after(50)),
            Upcoming(DORMANT, after(81)),
        )

    def test_the_last_condition_has_no_next(self):
        self.assertIsNone(next_move(conditions(), LOST, FACTS, after(400)))

    def test_nothing_moves_without_a_purchase_date(self):
        self.assertIsNone(next_move(conditions(), None, {}, BOUGHT))

    def test_a_threshold_that_changes_nothing_is_passed_over(self):
        loud = parse([["purchase_days", ">", 9], ["days_since_last", ">", 10]])
        quiet = Conditions(
            (
                Step(LOST, rule=loud),
                Step(DORMANT, rule=parse([["days_since_last", ">", 50]])),
                Step(ACTIVE, rule=parse([])),
            )
        )
        self.assertEqual(
            next_move(quiet, ACTIVE, FACTS, BOUGHT), Upcoming(DORMANT, after(51))
        )

    def test_a_minimum_stay_delays(self):
        self.assertEqual(
            next_move(conditions(60), ACTIVE, FACTS, BOUGHT, since=BOUGHT),
            Upcoming(AT_RISK, after(60)),
        )

    def test_a_minimum_stay_that_is_over_does_not(self):
        self.assertEqual(
            next_move(conditions(5), ACTIVE, FACTS, after(19), since=BOUGHT),
            Upcoming(COOLING, after(25)),
        )

    def test_a_position_that_is_kept_has_no_next(self):
        fresh = parse([["days_since_last", "<", 30]])
        steps = (Step(1, rule=parse([])), Step(2, rule=fresh))
        self.assertIsNone(next_move(Ladder(steps), 2, FACTS, BOUGHT))
        both_ways = (steps[0], Step(2, rule=fresh, forward_only=False))
        self.assertEqual(
            next_move(Ladder(both_ways), 2, FACTS, BOUGHT), Upcoming(1, after(30))
        )

    def test_equals_asking_the_rules_every_day(self):
        random = Random(19)
        moved = 0
        for _round in range(80):
            ladder, values = self._random_case(random)
            as_of = BOUGHT + timedelta(days=random.randrange(40))
            current = ladder.entitled(values, as_of, holds)
            key = None if current is None else ladder.steps[current].key
            since = as_of - timedelta(days=3)
            expected = self._every_day(ladder, current, values, as_of, since)
            moved += expected is not None
            self.assertEqual(next_move(ladder, key, values, as_of, since), expected)
        self.assertGreater(moved, 20)

    def _random_case(self, random):
        steps = tuple(
            Step(
                key,
                rule=parse(
                    [
                        random.choice("&|"),
                        [
                            random.choice(["days_since_last", "days_since_contact"]),
                            random.choice(["<", ">=", ">", "="]),
                            random.randrange(90),
                        ],
                        [
                            "overdue_ratio",
                            random.choice(["<=", ">"]),
                            random.randrange(1, 5),
                        ],
                    ]
                ),
                forward_only=random.random() < 0.3,
                minimum_days=random.randrange(30),
            )
            for key in range(1, 4)
        )
        values = {
            "last_purchase_on": BOUGHT,
            "last_contact_on": BOUGHT - timedelta(days=random.randrange(30)),
            "usual_interval": random.uniform(5, 30),
        }
        return random.choice([Ladder, Conditions])(steps), values

    def _every_day(self, ladder, current, values, as_of, since):
        minimum = 0 if current is None else ladder.steps[current].minimum_days
        for days in range(1, 400):
            day = as_of + timedelta(days=days)
            if (day - since).days < minimum:
                continue
            target = ladder.target(current, ladder.entitled(values, day, holds))
            if target is not None and target != current:
                return Upcoming(ladder.steps[target].key, day)
        return None
