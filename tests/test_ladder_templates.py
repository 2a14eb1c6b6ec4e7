"""Ladders to choose from, and loading one in place of another."""

import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from .common import RetentionCommon, on

TEMPLATES = {
    "default": "Prospect → First-time → Repeat → Loyal → Advocate",
    "relationship": "Awareness → Exploration → Building → Expansion → Commitment",
    "cultivation": "Potential → Target → First-time → Repeat → Secured → Advocate",
}


@tagged("post_install", "-at_install")
class TestLadderTemplates(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Stage = cls.env["customer.relationship.stage"]
        cls.template = cls.env["customer.ladder.template"].create(
            {
                "name": "Tested Ladder",
                "step_ids": [
                    Command.create({"name": "Second", "sequence": 20, "color": 4}),
                    Command.create(
                        {
                            "name": "First",
                            "sequence": 10,
                            "rule": '[["purchase_days",">=",1.0]]',
                            "minimum_days": 5,
                            "direction": "both",
                        }
                    ),
                ],
            }
        )
        cls._create_user("retention_admin", "customer_retention.group_admin")
        cls._create_user("retention_manager", "customer_retention.group_manager")

    def _load(self, company=None, applies="today", template=None):
        load = self.env["customer.ladder.load"].create(
            {
                "template_id": (template or self.template).id,
                "company_id": company and company.id,
                "applies": applies,
            }
        )
        load.action_load()
        return load

    def _own_ladder(self):
        return self.Stage.search([("company_id", "=", self.company.id)])

    def _versions(self, stages):
        return self.env["customer.rule.version"].search(
            [("res_model", "=", stages._name), ("res_id", "in", stages.ids)],
            order="res_id, number",
        )

    def _judge(self):
        self._order(self.partner, "2025-06-01")
        self.Relationship._sync_and_evaluate(self.partner.ids)

    # Templates

    def _offered(self, key):
        return self.env.ref(f"customer_retention.customer_ladder_template_{key}")

    def test_three_ladders_are_offered(self):
        for key, names in TEMPLATES.items():
            template = self._offered(key)
            self.assertEqual(template.step_names, names)
            self.assertTrue(template.description)

    def test_every_offered_ladder_can_be_loaded(self):
        for key, names in TEMPLATES.items():
            template = self._offered(key)
            self._load(self.company, template=template)
            self.assertEqual(" → ".join(self._own_ladder().mapped("name")), names)

    def test_default_template_is_the_ladder_that_comes_with_the_app(self):
        template = self.env.ref("customer_retention.customer_ladder_template_default")
        for step in template.step_ids:
            key = step.get_external_id()[step.id].rpartition("template_default_")[2]
            seed = self.env.ref(f"customer_retention.customer_relationship_stage_{key}")
            first = self._versions(seed)[0]
            self.assertEqual(json.loads(step.rule), first.definition["rule"])

    def test_rule_of_a_template_is_checked_and_read_as_a_sentence(self):
        first = self.template.step_ids.sorted()[0]
        self.assertEqual(first.rule, '[["purchase_days", ">=", 1]]')
        self.assertEqual(first.rule_sentence, "purchase days ≥ 1")
        with self.assertRaisesRegex(ValidationError, "no fact about a customer"):
            first.rule = '[["shoe_size", ">", 1]]'

    # Loading

    def test_company_gets_the_positions_in_their_order(self):
        self._load(self.company)
        self.assertRecordValues(
            self._own_ladder(),
            [
                {
                    "name": "First",
                    "rule": '[["purchase_days", ">=", 1]]',
                    "minimum_days": 5,
                    "direction": "both",
                    "color": 0,
                },
                {
                    "name": "Second",
                    "rule": "[]",
                    "minimum_days": 0,
                    "direction": "forward",
                    "color": 4,
                },
            ],
        )
        self.assertEqual(self.Stage._ladder(self.company), self._own_ladder())

    def test_former_ladder_is_archived(self):
        self._load(self.company)
        former = self._own_ladder()
        self._load(self.company)
        self.assertEqual(former.mapped("active"), [False, False])
        self.assertFalse(former & self._own_ladder())

    def test_shared_ladder_is_replaced_for_everybody_else(self):
        shared = self.Stage.search([("company_id", "=", False)])
        self._load()
        self.assertFalse(any(shared.mapped("active")))
        self.assertEqual(
            self.Stage._ladder(self.company).mapped("name"), ["First", "Second"]
        )

    def test_other_companies_keep_their_ladder(self):
        shared = self.Stage.search([("company_id", "=", False)])
        self._load(self.company)
        self.assertTrue(all(shared.mapped("active")))

    def test_ladder_counts_from_today(self):
        self._load(self.company)
        self._judge()
        former = self._own_ladder()
        self._load(self.company)
        self.assertEqual(
            set(self._versions(self._own_ladder()).mapped("date_from")),
            {on(self.TODAY)},
        )
        self.assertEqual(
            self._versions(former[0]).mapped("date_from"), [False, on(self.TODAY)]
        )

    def test_ladder_counts_for_the_past_if_wanted(self):
        self._load(self.company)
        self._judge()
        former = self._own_ladder()
        self._load(self.company, applies="always")
        versions = self._versions(former + self._own_ladder())
        self.assertEqual(set(versions.mapped("date_from")), {False})

    def test_names_come_in_every_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        first = self.template.step_ids.sorted()[0]
        first.with_context(lang="vi_VN").name = "Thứ nhất"
        self._load(self.company)
        stage = self._own_ladder()[0]
        self.assertEqual(stage.with_context(lang="vi_VN").name, "Thứ nhất")
        self.assertEqual(stage.with_context(lang="en_US").name, "First")

    def test_template_without_positions_is_refused(self):
        empty = self.env["customer.ladder.template"].create({"name": "Empty"})
        with self.assertRaisesRegex(UserError, "“Empty” has no positions"):
            self._load(self.company, template=empty)

    # Shown first

    def test_wizard_shows_what_will_happen(self):
        self._load(self.company)
        self._judge()
        form = Form(
            self.env["customer.ladder.load"].with_context(
                default_template_id=self.template.id
            )
        )
        form.company_id = self.company
        self.assertEqual(form.archived_ids[:], self._own_ladder())
        self.assertIn("2 positions are archived and 2 are created", form.summary)
        self.assertIn("in the background: 1.", form.summary)

    def _previewed(self, **values):
        load = self.env["customer.ladder.load"].new(
            {
                "template_id": self.template.id,
                "company_id": self.company.id,
                "applies": "today",
                **values,
            }
        )
        return load.preview

    def test_wizard_shows_who_would_move_from_where_to_where(self):
        template = self._offered("default")
        self._load(self.company, template=template)
        self._judge()
        self._quotation(self._create_partner("Curious"), "2025-06-02")
        self._work_queue()
        preview = self._previewed()
        self.assertEqual((preview["total"], preview["moved"]), (2, 2))
        self.assertEqual(
            [step["name"] for step in preview["from"]], ["Prospect", "First-time"]
        )
        self.assertEqual([step["name"] for step in preview["to"]], ["Second"])
        self.assertEqual(preview["cells"], [[1], [1]])
        self.assertEqual(preview["warnings"], [])

    def test_what_is_shown_first_is_what_happens(self):
        """Customers by their new position, counted before and after."""
        self._load(self.company)
        self._judge()
        for number, days in enumerate((1, 2, 3, 6)):
            partner = self._create_partner(f"Customer {number}")
            for day in range(days):
                self._order(partner, f"2025-0{day + 1}-15")
        self._quotation(self._create_partner("Curious"), "2025-06-02")
        self._work_queue()
        template = self._offered("cultivation")
        preview = self._previewed(template_id=template.id)
        told = {
            step["name"]: sum(row[number] for row in preview["cells"])
            for number, step in enumerate(preview["to"])
        }
        self._load(self.company, template=template)
        self.Relationship._evaluate(cause="rule", company=self.company, force=True)
        counts = self.Relationship._read_group(
            [("company_id", "=", self.company.id)], ["stage_id"], ["__count"]
        )
        self.assertEqual(told, {stage.name: count for stage, count in counts})

    def test_shared_ladder_is_tried_out_on_every_company_that_uses_it(self):
        self._judge()
        other = self._create_company("Other Test Company")
        own = self._create_company("Company With Its Own Ladder")
        self._load(own)
        shared = self._previewed(company_id=False)
        rows = self.Relationship.search(
            [("company_id", "!=", own.id), ("is_excluded", "=", False)]
        )
        self.assertEqual(shared["total"], len(rows))
        self.assertEqual(self._previewed(company_id=other.id)["total"], 0)

    def test_wizard_warns_before_the_ladder_in_force_is_loaded_again(self):
        self._load(self.company)
        self.assertEqual(
            self._previewed()["warnings"],
            [
                "“Tested Ladder” is the ladder in force. Loading it again archives its "
                "positions and creates the same ones anew."
            ],
        )

    def test_wizard_warns_that_the_past_is_judged_again(self):
        (warning,) = self._previewed(applies="always")["warnings"]
        self.assertIn("The whole history is judged again.", warning)

    def test_wizard_says_whom_it_did_not_count(self):
        self._load(self.company, template=self._offered("default"))
        self._judge()
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "axis": "position",
                "stage_id": self._own_ladder()[-1].id,
                "reason": "Recommends us",
            }
        )
        self._work_queue()
        preview = self._previewed()
        self.assertEqual(preview["moved"], 0)
        self.assertEqual(
            preview["warnings"],
            [
                "Not counted: customers whose position a person decided, 1. They stay "
                "where they are until the decision ends."
            ],
        )

    def test_wizard_tells_when_a_company_leaves_the_shared_ladder(self):
        load = self.env["customer.ladder.load"].create(
            {"template_id": self.template.id, "company_id": self.company.id}
        )
        self.assertIn("no longer uses the shared ladder", load.summary)
        self.assertFalse(load.archived_ids)

    def test_wizard_proposes_nothing_and_names_the_ladder_in_force(self):
        form = Form(self.env["customer.ladder.load"])
        self.assertFalse(form.template_id)
        self.assertIn("Choose a ladder", form.summary)
        default = self.env.ref("customer_retention.customer_ladder_template_default")
        names = " → ".join(default.step_ids.sorted().mapped("name"))
        self.assertEqual(form.in_force, f"{default.name}: {names}")
        self.Stage._ladder(self.env["res.company"])[:1].name = "Mine"
        changed = self.env["customer.ladder.load"].new({})
        self.assertTrue(changed.in_force.startswith("Mine → "))

    def test_button_of_a_template_opens_the_wizard_with_it(self):
        context = self.template.action_load()["context"]
        load = self.env["customer.ladder.load"].with_context(**context).new({})
        self.assertEqual(load.template_id, self.template)

    # Access

    @users("retention_admin")
    def test_administrator_loads_a_ladder(self):
        load = (
            self.env["customer.ladder.load"]
            .with_user(self.env.user)
            .create({"template_id": self.template.id, "company_id": self.company.id})
        )
        load.action_load()
        self.assertEqual(self._own_ladder().mapped("name"), ["First", "Second"])

    @users("retention_manager")
    def test_manager_does_not(self):
        with self.assertRaises(AccessError):
            self.env["customer.ladder.load"].with_user(self.env.user).create(
                {"template_id": self.template.id}
            )
