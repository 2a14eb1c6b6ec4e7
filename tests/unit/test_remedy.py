"""What comparable customers get."""

import random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.remedy import Advice, Case, Row, Situation, advise, compare

LATE = ("service", "late")
TABLE = (
    Row("apology", 0, 0),
    Row("discount", 5, 15, category="service"),
    Row("refund", 50, 100, category="late", severity="high"),
    Row("refund", 20, 40, category="late", value_from=1000),
)


class TestRemedy(UnitCase):
    """Examples and properties."""

    def test_the_most_precise_line_of_the_table_counts(self):
        for situation, kind, high in (
            (Situation(("price",), "high", 100), "apology", 0),
            (Situation(LATE, "low", 100), "discount", 15),
            (Situation(LATE, "high", 100), "refund", 100),
            (Situation(LATE, "low", 1000), "refund", 400),
        ):
            advice = advise([], TABLE, situation)
            self.assertEqual((advice.kind, advice.high), (kind, high))

    def test_nothing_known_is_no_advice(self):
        self.assertIsNone(advise([], [], Situation(LATE)))
        self.assertIsNone(compare(100, None))

    def test_history_replaces_the_table_when_there_is_enough(self):
        cases = [Case("coupon", 10, 100, LATE, "low")] * 9
        situation = Situation(LATE, "low", 200)
        self.assertEqual(advise(cases, TABLE, situation).source, "table")
        advice = advise([*cases, cases[0]], TABLE, situation)
        self.assertEqual(advice, Advice("coupon", 20, 20, 20, "history", 10))

    def test_severity_then_cause_is_given_up_to_find_enough(self):
        cases = [Case("coupon", 10, 100, LATE, "high")] * 5
        cases += [Case("refund", 10, 100, ("service", "rude"), "low")] * 7
        found = advise(cases, TABLE, Situation(LATE, "low", 100), enough=5)
        self.assertEqual((found.kind, found.count), ("coupon", 5))
        found = advise(cases, TABLE, Situation(LATE, "low", 100), enough=6)
        self.assertEqual((found.kind, found.count), ("refund", 7))

    def test_much_larger_cases_are_not_comparable(self):
        cases = [Case("refund", 10, 100, LATE, "low")] * 20
        for value, source in ((301, "table"), (299, "history"), (0, "table")):
            advice = advise(cases, TABLE, Situation(LATE, "low", value))
            self.assertEqual(advice.source, source)

    def test_the_range_is_ordered_and_its_inside_is_usual(self):
        rng = random.Random(4)
        for _round in range(300):
            cases = [
                Case("refund", rng.uniform(0, 150), rng.uniform(50, 150), LATE, "low")
                for _case in range(rng.randrange(10, 40))
            ]
            situation = Situation(LATE, "low", rng.uniform(60, 140))
            advice = advise(cases, TABLE, situation)
            self.assertLessEqual(advice.low, advice.usual)
            self.assertLessEqual(advice.usual, advice.high)
            inside = rng.uniform(advice.low, advice.high)
            self.assertIsNone(compare(inside, advice))

    def test_the_order_of_cases_does_not_matter(self):
        rng = random.Random(5)
        cases = [
            Case("refund", rng.uniform(0, 150), 100, LATE, "low") for _case in range(30)
        ]
        situation = Situation(LATE, "low", 100)
        expected = advise(cases, TABLE, situation)
        for _round in range(20):
            rng.shuffle(cases)
            self.assertEqual(advise(cases, TABLE, situation), expected)
