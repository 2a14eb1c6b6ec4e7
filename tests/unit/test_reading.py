from datetime import date, timedelta
from random import Random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.catalog import FACTS
from ...logic.reading import grounds, read
from ...logic.rule import Compare, holds, parse
from .random_rules import random_account, random_rule

DAY = date(2024, 6, 1)
STORED = {
    "purchase_days": 4,
    "last_purchase_on": DAY - timedelta(days=47),
    "usual_interval": 21.0,
    "fit_need": "yes",
}


def asked(rule, stored=STORED):
    return [
        (one.fact, one.operator, one.bound) for one in grounds(parse(rule), stored, DAY)
    ]


class TestReading(UnitCase):
    def test_every_requirement_that_is_met_is_a_ground(self):
        rule = [["purchase_days", ">=", 3], ["overdue_ratio", ">", 2]]
        self.assertEqual(
            asked(rule), [("purchase_days", ">=", 3), ("overdue_ratio", ">", 2)]
        )

    def test_the_requirement_that_is_not_met_is_the_ground(self):
        rule = [["purchase_days", ">=", 3], ["overdue_ratio", ">", 3]]
        self.assertEqual(asked(rule), [("overdue_ratio", ">", 3)])

    def test_the_alternative_that_is_met_is_the_ground(self):
        rule = ["|", ["purchase_days", ">=", 9], ["fit_need", "in", ["yes"]]]
        self.assertEqual(asked(rule), [("fit_need", "in", ("yes",))])

    def test_a_negation_asks_for_the_opposite(self):
        rule = ["!", "|", ["purchase_days", ">=", 9], ["fit_need", "=", "no"]]
        self.assertEqual(
            asked(rule), [("purchase_days", "<", 9), ("fit_need", "!=", "no")]
        )

    def test_an_empty_rule_has_no_ground(self):
        self.assertEqual(asked([]), [])

    def test_values_on_a_day(self):
        self.assertEqual(read(FACTS["days_since_last"], STORED, DAY), 47)
        self.assertAlmostEqual(read(FACTS["overdue_ratio"], STORED, DAY), 47 / 21)
        self.assertEqual(read(FACTS["purchase_days"], STORED, DAY), 4)

    def test_what_is_not_known_has_no_value(self):
        self.assertIsNone(read(FACTS["days_since_contact"], STORED, DAY))
        self.assertIsNone(read(FACTS["revenue_trend"], {"revenue_12m": 5.0}, DAY))
        no_rhythm = {**STORED, "usual_interval": 0.0}
        self.assertIsNone(read(FACTS["overdue_ratio"], no_rhythm, DAY))

    def test_the_grounds_of_a_rule_that_holds_are_met(self):
        """The grounds alone, without the rest of the rule, decide it."""
        random, seen = Random(5), 0
        for _round in range(300):
            rule = random_rule(random)
            values = random_account(random)
            for one in grounds(rule, values, DAY):
                if one.value is None:
                    continue
                seen += 1
                met = holds(Compare(one.fact, one.operator, one.bound), values, DAY)
                self.assertEqual(met, holds(rule, values, DAY), (rule, values, one))
        self.assertGreater(seen, 200)
