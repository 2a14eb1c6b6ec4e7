"""A dry-run tells what the evaluation will do, on random customers and rules."""

import json
from collections import Counter
from random import Random

from odoo.tests import tagged

from ..logic.rule import serialize
from .random_documents import RandomDocuments
from .unit.random_rules import random_rule

# Facts that tell these customers apart; a rule over the others holds of nobody.
FACTS = (
    "purchase_count",
    "purchase_days",
    "revenue_12m",
    "usual_interval",
    "overdue_ratio",
    "days_since_last",
    "open_quotation_count",
)
RULES = 16


@tagged("post_install", "-at_install")
class TestPreviewProperties(RandomDocuments):
    """Without minimum stays: with them a dry-run is an estimate, and says so."""

    SEED = 41

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages.write({"minimum_days": 0})
        # Of the company: what all companies share changes on the day of the clock.
        shared = cls.env["customer.relationship.condition"].search([])
        cls.conditions = shared.copy({"company_id": cls.company.id, "minimum_days": 0})
        cls.env["customer.evaluation.run"].search([]).unlink()

    def test_a_dry_run_tells_what_the_evaluation_does(self):
        """For every step in turn: who would move from where to where, does."""
        self._keep_segments()
        self._install()
        random, told = Random(self.SEED), 0
        for number in range(RULES):
            steps = self.stages if number % 2 else self.conditions
            step = random.choice(steps)
            rule = json.dumps(serialize(random_rule(random, FACTS, depth=3)))
            with self.subTest(step=step.name, rule=rule), self._undone():
                told += self._assert_preview(step, rule)
        self.assertGreater(told, RULES)

    def _assert_preview(self, step, rule):
        """Compare what is told with what happens; return the number of moves."""
        column = {"customer.relationship.stage": "rule_stage_id"}.get(
            step._name, "rule_condition_id"
        )
        axis = "position" if column == "rule_stage_id" else "condition"
        company, changes = self.Relationship._preview_changes(
            step._name, step.id, {"rule": rule}
        )
        told = self.Relationship.sudo()._preview(company, changes)[axis]
        before = self._steps(column, axis)
        step.rule = rule
        self.env["customer.evaluation.run"].search([])._work_off()
        after = self._steps(column, axis)
        moves = Counter(
            (before[row_id], after[row_id])
            for row_id in before
            if before[row_id] != after[row_id]
        )
        self.assertEqual(told, dict(moves))
        return sum(moves.values())

    def _steps(self, column, axis):
        """Return {row: step by the rules} of those nobody has decided about."""
        self.env.flush_all()
        pin = "stage_pin_id" if axis == "position" else "condition_pin_id"
        self.env.cr.execute(
            f"""SELECT id, {column} FROM customer_relationship
                 WHERE company_id = %s AND active AND {pin} IS NULL""",
            [self.company.id],
        )
        return dict(self.env.cr.fetchall())
