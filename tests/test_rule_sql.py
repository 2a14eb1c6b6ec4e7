"""The three compilations of a rule agree, in a real database, on random input."""

import json
from datetime import date, timedelta
from random import Random

from odoo.tests import TransactionCase
from odoo.tools import SQL

from ..logic.catalog import FACTS
from ..logic.rule import (
    ALWAYS,
    Compare,
    Not,
    break_points,
    break_points_sql,
    holds,
    to_sql,
)
from .unit.random_rules import (
    CHOICES,
    DATE_KEYS,
    EPOCH,
    NUMBER_KINDS,
    random_account,
    random_rule,
)

CLOCKED = sorted(key for key, fact in FACTS.items() if fact.clocked)
# The columns as Odoo makes them for the fields of these kinds.
KIND_TYPES = {
    "integer": "integer",
    "days": "integer",
    "decimal": "double precision",
    "money": "numeric",
}
COLUMNS = {
    "number": "integer",
    "as_of": "date",
    **{key: "date" for key in DATE_KEYS},
    **{key: KIND_TYPES[kind] for key, kind in NUMBER_KINDS.items()},
    **{key: "varchar" for key in CHOICES},
}


class TestRuleSql(TransactionCase):
    """Random rules on a relation of random accounts, each with its own day."""

    @classmethod
    def setUpClass(cls):
        """Draw the accounts once."""
        super().setUpClass()
        random = Random(20_24)
        cls.accounts = [random_account(random) for _number in range(60)]
        cls.days = [
            EPOCH + timedelta(days=random.randint(-100, 1500)) for _ in cls.accounts
        ]

    def select(self, fragment):
        """What an expression gives on each account, in their order."""
        rows = [
            {"number": number, "as_of": day, **values}
            for number, (day, values) in enumerate(
                zip(self.days, self.accounts, strict=True)
            )
        ]
        text, parameters = fragment
        query = SQL(
            "SELECT %s FROM json_to_recordset(%s) AS account(%s) ORDER BY number",
            SQL(text, *parameters),
            json.dumps(rows, default=str),
            SQL(", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())),
        )
        return [result for (result,) in self.env.execute_query(query)]

    def assert_same_decisions(self, tree):
        """The database and Python decide alike on every account."""
        expected = [
            holds(tree, values, day)
            for day, values in zip(self.days, self.accounts, strict=True)
        ]
        fragment = to_sql(tree, "account.{}".format, "account.as_of")
        self.assertEqual(self.select(fragment), expected, tree)
        return expected

    def assert_same_break_points(self, tree):
        """The database and Python name the same next day for every account."""
        expected = [
            break_points(tree, values, day)
            for day, values in zip(self.days, self.accounts, strict=True)
        ]
        fragment = break_points_sql(tree, "account.{}".format, "account.as_of")
        self.assertEqual(self.select(fragment), expected, tree)
        return expected

    def test_random_rules_decide_alike(self):
        """Whole trees, over every fact."""
        answers = []
        for seed in range(150):
            with self.subTest(seed=seed):
                answers += self.assert_same_decisions(random_rule(Random(seed)))
        self.assertGreater(answers.count(True), 500)
        self.assertGreater(answers.count(False), 500)

    def test_every_operator_of_every_fact_decides_alike(self):
        """Single comparisons, with the negation of each."""
        for fact in FACTS.values():
            for operator in fact.operators:
                value = fact.choices[0] if fact.choices else 1
                if operator in ("in", "not in"):
                    value = (value,)
                tree = Compare(fact.key, operator, value)
                with self.subTest(tree):
                    decisions = self.assert_same_decisions(tree)
                    opposite = self.assert_same_decisions(Not(tree))
                    self.assertEqual(opposite, [not one for one in decisions])

    def test_doubles_are_compared_to_the_last_bit(self):
        """A constant equal to the stored value, or to the ratio, is no more or less."""
        for key in ("revenue_12m", "average_basket", "usual_interval"):
            for values in self.accounts[:20]:
                if values[key] is not None:
                    for operator in ("<", "<=", ">", ">="):
                        tree = Compare(key, operator, float(values[key]))
                        self.assert_same_decisions(tree)

    def test_an_empty_rule_selects_everybody(self):
        """And the negation nobody."""
        self.assertEqual(set(self.assert_same_decisions(ALWAYS)), {True})
        self.assertEqual(set(self.assert_same_decisions(Not(ALWAYS))), {False})

    def test_random_rules_break_on_the_same_days(self):
        """Rules of clocked facts, from shallow to deep."""
        found = []
        for seed in range(150):
            tree = random_rule(Random(seed), CLOCKED, 1 + seed % 3)
            with self.subTest(seed=seed):
                found += self.assert_same_break_points(tree)
        self.assertGreater(len(set(found)), 500)

    def test_constants_may_stand_for_columns(self):
        """The planner then works everything out beforehand, and must not stumble."""
        known = {"last_purchase_on": "DATE '2024-01-01'", "usual_interval": "21.0"}
        last = (date.max - date(2024, 1, 1)).days
        for tree, expected in (
            (Compare("days_since_last", ">", 10**15), None),
            (Compare("overdue_ratio", ">", -(10**15)), None),
            (Compare("days_since_last", ">", last), None),
            (Compare("days_since_last", ">=", last), date.max),
            (Compare("overdue_ratio", ">=", 2), date(2024, 2, 12)),
        ):
            fragment = break_points_sql(tree, known.get, "DATE '2024-02-01'")
            self.assertEqual(set(self.select(fragment)), {expected})

    def test_unknown_constants_never_flip(self):
        """A relation that has no such fact gives null for it."""
        columns = "CAST(NULL AS {0})".format
        for key in CLOCKED:
            fragment = break_points_sql(
                Compare(key, ">", 10**15),
                lambda name: columns(COLUMNS[name]),
                "DATE '2024-02-01'",
            )
            self.assertEqual(set(self.select(fragment)), {None})

    def test_no_break_point_beyond_the_calendar(self):
        """Far days are null instead of an error."""
        for value in (10**15, -(10**15), 2_900_000, 2_950_000):
            for key in CLOCKED:
                for operator in ("<", ">"):
                    self.assert_same_break_points(Compare(key, operator, value))
