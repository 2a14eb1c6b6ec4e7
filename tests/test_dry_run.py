"""Trying a rule out before it is saved: who would move, and what to beware of."""

import json

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged, users

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestDryRun(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Stage = cls.env["customer.relationship.stage"]
        cls.Condition = cls.env["customer.relationship.condition"]
        cls._create_user("retention_sales")

    def _stage(self, rule=(), **values):
        values.setdefault("company_id", self.company.id)
        values.setdefault("name", "Tested")
        return self.Stage.create({"rule": json.dumps(rule), **values})

    def _bought(self, *names):
        """Customers who bought twice, evaluated on a ladder of two positions."""
        low = self._stage(name="Low", sequence=1)
        high = self._stage([["purchase_days", ">=", 9]], name="High", sequence=2)
        partners = self.env["res.partner"]
        for name in names:
            partner = self._create_partner(name)
            self._order(partner, "2025-05-01")
            self._order(partner, "2025-06-01")
            partners |= partner
        self.Relationship._sync_and_evaluate(partners.ids)
        return low, high, partners

    def test_preview_shows_who_would_move_and_lists_them(self):
        low, high, partners = self._bought("A", "B")
        values = {"rule": '[["purchase_days", ">=", 2]]'}
        answer = self.Relationship.preview_rule(high._name, high.id, values)
        self.assertEqual(
            answer,
            {
                "total": 2,
                "moved": 2,
                "axis": "position",
                "from": [{"id": low.id, "name": "Low"}],
                "to": [{"id": high.id, "name": "High"}],
                "cells": [[2]],
                "warnings": [
                    "Nobody would get to “Low”: whoever its rule describes (2) also "
                    "meets the rule of a higher position."
                ],
                "company": None,
                "error": None,
            },
        )
        action = self.Relationship.action_open_preview_moves(
            high._name, high.id, values, low.id, high.id
        )
        rows = self.Relationship.search(action["domain"])
        self.assertEqual(rows.partner_id, partners)
        self.assertEqual(rows.stage_id, low)
        self.assertEqual(high.version_number, 1)

    def test_preview_of_a_new_step_names_it(self):
        low, _high, _partners = self._bought("A")
        values = {
            "name": "Middle",
            "rule": '[["purchase_days", ">=", 2]]',
            "sequence": 3,
            "company_id": self.company.id,
        }
        answer = self.Relationship.preview_rule(low._name, False, values)
        self.assertEqual(answer["from"], [{"id": low.id, "name": "Low"}])
        self.assertEqual(answer["to"], [{"id": "new", "name": "Middle"}])
        self.assertEqual(answer["cells"], [[1]])

    def test_preview_warns_of_a_step_that_nobody_reaches(self):
        low, high, _partners = self._bought("A", "B")
        values = {"rule": '[["purchase_days", ">=", 99]]'}
        answer = self.Relationship.preview_rule(high._name, high.id, values)
        self.assertEqual(
            answer["warnings"], ["No customer meets the rule of “High” today."]
        )
        values = {"rule": '[["purchase_days", ">=", 1]]'}
        answer = self.Relationship.preview_rule(low._name, low.id, values)
        self.assertEqual(answer["warnings"], [])

    def test_preview_says_that_a_minimum_stay_makes_it_an_estimate(self):
        low, _high, _partners = self._bought("A", "B")
        values = {"rule": '[["purchase_days", ">=", 1]]', "minimum_days": 3}
        answer = self.Relationship.preview_rule(low._name, low.id, values)
        self.assertEqual(len(answer["warnings"]), 1)
        self.assertIn("minimum stay", answer["warnings"][0])

    def _kept_warnings(self, answer):
        return [text for text in answer["warnings"] if "but keep it" in text]

    def test_preview_says_who_keeps_a_forward_only_position(self):
        """Nobody moves, and the reason is not left to be guessed."""
        _low, high, _partners = self._bought("A", "B")
        high._counting_always().rule = '[["purchase_days", ">=", 2]]'
        self.Relationship._evaluate(cause="rule", company=self.company, force=True)
        values = {"rule": '[["purchase_days", ">=", 9]]'}
        answer = self.Relationship.preview_rule(high._name, high.id, values)
        self.assertEqual((answer["total"], answer["moved"]), (2, 0))
        self.assertEqual(
            self._kept_warnings(answer),
            [
                "Customers who would not meet the rule of their position but keep it: "
                "2. Nobody falls below a forward-only position that was reached; "
                "choose “Forward and back” if rules may lead down."
            ],
        )
        both = {**values, "direction": "both"}
        answer = self.Relationship.preview_rule(high._name, high.id, both)
        self.assertEqual(answer["moved"], 2)
        self.assertEqual(self._kept_warnings(answer), [])

    def test_preview_of_a_condition_speaks_of_no_position(self):
        _low, high, _partners = self._bought("A")
        high._counting_always().rule = '[["purchase_days", ">=", 2]]'
        self.Relationship._evaluate(cause="rule", company=self.company, force=True)
        high.rule = '[["purchase_days", ">=", 9]]'
        values = {"name": "Any", "rule": "[]", "company_id": self.company.id}
        answer = self.Relationship.preview_rule(self.Condition._name, False, values)
        self.assertEqual(self._kept_warnings(answer), [])

    def test_preview_warns_of_a_condition_that_another_one_takes(self):
        conditions = self.Condition.create(
            [
                {
                    "name": name,
                    "company_id": self.company.id,
                    "sequence": number,
                    "rule": f'[["purchase_days", ">=", {days}]]',
                }
                for number, (name, days) in enumerate([("Early", 9), ("Late", 2)])
            ]
        )
        self._bought("A", "B")
        early, late = conditions
        values = {"rule": '[["purchase_days", ">=", 1]]'}
        answer = self.Relationship.preview_rule(early._name, early.id, values)
        self.assertEqual(
            answer["warnings"],
            [
                "Nobody would get to “Late”: whoever its rule describes (2) also meets "
                "the rule of a condition before it."
            ],
        )
        values = {"rule": '[["purchase_days", ">=", 10]]'}
        answer = self.Relationship.preview_rule(late._name, late.id, values)
        self.assertEqual(
            answer["warnings"],
            [
                "Customers who would have no condition any more: 2. No rule describes "
                "them. Let the next condition begin where this one ends.",
                "No customer would meet the rule of “Late” any more (today: 2).",
            ],
        )

    def test_customers_between_two_conditions_are_told_before_and_after_saving(self):
        """Making one narrower opens a hole: whoever falls into it is not forgotten."""
        few, many = self.Condition.create(
            [
                {"name": name, "company_id": self.company.id, "rule": rule}
                for name, rule in (
                    ("Few", '[["purchase_days", "<=", 2]]'),
                    ("Many", '[["purchase_days", ">", 2]]'),
                )
            ]
        )
        self._bought("A", "B")
        self._create_partner("Never bought")
        self.assertFalse(few.hole_warning)
        values = {"rule": '[["purchase_days", "<=", 1]]'}
        answer = self.Relationship.preview_rule(few._name, few.id, values)
        self.assertIn("no condition any more: 2", answer["warnings"][0])
        few.write(values)
        self.env.invalidate_all()
        for condition in (few, many):
            self.assertIn("have no condition: 2.", condition.hole_warning)
        many.rule = '[["purchase_days", ">", 1]]'
        self.env.invalidate_all()
        self.assertFalse(few.hole_warning)

    def test_preview_of_no_rule_says_what_is_wrong(self):
        stage = self._stage()
        answer = self.Relationship.preview_rule(stage._name, stage.id, {"rule": "[["})
        self.assertIn("cannot be read", answer["error"])
        self.assertEqual(answer["cells"], [])

    def test_preview_of_unchanged_rules_moves_nobody(self):
        low, _high, _partners = self._bought("A", "B")
        answer = self.Relationship.preview_rule(low._name, low.id, {})
        self.assertEqual((answer["total"], answer["moved"]), (2, 0))

    def test_preview_is_about_positions_and_conditions_only(self):
        with self.assertRaisesRegex(ValidationError, "Only positions and conditions"):
            self.Relationship.preview_rule("res.partner", self.partner.id, {})

    @users("retention_sales")
    def test_preview_is_for_administrators(self):
        stage = self.Stage.search([], limit=1)
        relationship = self.Relationship.with_user(self.env.user)
        with self.assertRaisesRegex(AccessError, "Only an administrator"):
            relationship.preview_rule(stage._name, stage.id, {})
        with self.assertRaisesRegex(AccessError, "Only an administrator"):
            relationship.action_open_preview_moves(stage._name, stage.id, {}, 1, 2)
