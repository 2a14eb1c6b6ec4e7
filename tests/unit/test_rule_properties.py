"""What must be true of every rule, tried on random ones."""

import json
from datetime import timedelta
from random import Random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.catalog import FACTS
from ...logic.rule import (
    Not,
    RuleError,
    break_points,
    facts_of,
    holds,
    missing_facts,
    parse,
    serialize,
)
from .random_rules import EPOCH, random_account, random_rule

CLOCKED = sorted(key for key, fact in FACTS.items() if fact.clocked)
DAYS = 1500


class TestRuleProperties(UnitCase):
    """Random rules on random accounts; the seed is in every message."""

    def test_reading_back_gives_the_same_rule(self):
        """Text to tree and back is the identity, also through JSON."""
        for seed in range(500):
            tree = random_rule(Random(seed))
            with self.subTest(seed=seed):
                self.assertEqual(parse(serialize(tree)), tree)
                self.assertEqual(parse(json.dumps(serialize(tree))), tree)

    def test_a_rule_or_its_negation_holds(self):
        """Two values, no third, whatever is unknown."""
        for seed in range(500):
            random = Random(seed)
            tree, values = random_rule(random), random_account(random)
            as_of = EPOCH + timedelta(days=random.randint(0, DAYS))
            with self.subTest(seed=seed):
                self.assertIsNot(
                    holds(tree, values, as_of), holds(Not(tree), values, as_of)
                )

    def test_nothing_changes_between_break_points(self):
        """Walking day by day meets no change that the chain does not announce."""
        changes = 0
        for seed in range(150):
            random = Random(seed)
            tree, values = random_rule(random, CLOCKED, 3), random_account(random)
            announced = self.announced_days(tree, values)
            before = holds(tree, values, EPOCH)
            for number in range(1, DAYS):
                day = EPOCH + timedelta(days=number)
                now = holds(tree, values, day)
                if now != before:
                    self.assertIn(day, announced, f"seed {seed}")
                    changes += 1
                before = now
        self.assertGreater(changes, 100, "the random rules never change")

    def announced_days(self, tree, values):
        """The chain of break points, each strictly later than the one before."""
        days, day = set(), EPOCH
        while following := break_points(tree, values, day):
            self.assertGreater(following, day)
            day = following
            days.add(day)
        return days

    def test_every_comparison_announces_its_own_changes_only(self):
        """For a single comparison each announced day is a real change."""
        for seed in range(300):
            random = Random(seed)
            tree, values = random_rule(random, CLOCKED, 1), random_account(random)
            for day in self.announced_days(tree, values):
                eve = day - timedelta(days=1)
                with self.subTest(seed=seed, day=day):
                    self.assertIsNot(holds(tree, values, eve), holds(tree, values, day))

    def test_exactly_the_absent_facts_are_missing(self):
        """With half of the catalogue the rest is reported, and refused."""
        for seed in range(200):
            random = Random(seed)
            source = serialize(random_rule(random))
            names = random.sample(sorted(FACTS), len(FACTS) // 2)
            half = {name: FACTS[name] for name in names}
            missing = facts_of(parse(source)) - set(half)
            with self.subTest(seed=seed):
                self.assertEqual(missing_facts(source, half), missing)
                if missing:
                    self.assertRaises(RuleError, parse, source, half)

    def test_no_text_breaks_the_reader(self):
        """A damaged text is a rule or a refusal, nothing else."""
        for seed in range(3000):
            random = Random(seed)
            text = list(json.dumps(serialize(random_rule(random))))
            for _damage in range(random.randint(1, 4)):
                position = random.randrange(len(text))
                text[position] = random.choice('[]{}",!&|0-.eN\\x ')
            try:
                parse("".join(text))
            except RuleError:
                continue
