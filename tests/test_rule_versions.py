"""Versions of rules: when they are recorded, from when they count, who may touch."""

import json
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import RetentionCommon, on


@tagged("post_install", "-at_install")
class TestRuleVersions(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Stage = cls.env["customer.relationship.stage"]
        cls.Version = cls.env["customer.rule.version"]
        cls.stage = cls._create_stage("Tested Position", [["purchase_days", ">=", 3]])
        cls.admin = cls._create_user(
            "retention_admin", "customer_retention.group_admin"
        )
        cls.salesperson = cls._create_user("retention_sales")

    @classmethod
    def _create_stage(cls, name, rule=(), **values):
        values.setdefault("company_id", cls.company.id)
        return cls.Stage.create({"name": name, "rule": json.dumps(rule), **values})

    def _versions(self, record):
        return self.Version.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)],
            order="number",
        )

    def _judge(self):
        """Evaluate a customer, so that there is a past with verdicts."""
        self._order(self.partner, "2025-06-01")
        self.Relationship._sync_and_evaluate(self.partner.ids)
        self.assertTrue(self._relationship(self.partner).evaluated_on)

    # What is recorded

    def test_new_step_is_version_one_and_counts_always(self):
        version = self._versions(self.stage)
        self.assertRecordValues(
            version, [{"number": 1, "date_from": False, "company_id": self.company.id}]
        )
        self.assertEqual(
            version.definition,
            {
                "rule": [["purchase_days", ">=", 3]],
                "manual_only": False,
                "minimum_days": 0,
                "sequence": self.stage.sequence,
                "active": True,
                "direction": "forward",
            },
        )
        self.assertEqual(self.stage.version_number, 1)

    def test_step_of_a_company_with_verdicts_counts_from_today(self):
        self._judge()
        stage = self._create_stage("Later Position")
        self.assertEqual(self._versions(stage).date_from, on(self.TODAY))

    def _shared_version(self, name="Later Shared Position"):
        return self._versions(self._create_stage(name, company_id=False))

    def _set_evaluation_dates(self, days):
        """Let the main companies be evaluated as of these days, all others not used."""
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        roots.retention_use_stages = False
        for company, day in days.items():
            company.write(
                {"retention_use_stages": True, "retention_evaluation_date": day}
            )

    def test_shared_step_counts_from_the_real_today(self):
        """The evaluation date of whoever edits is nothing to the other companies."""
        self._judge()
        real = self._create_company(
            "Real", retention_evaluation_date=False, retention_tz="Pacific/Kiritimati"
        )
        self._set_evaluation_dates({self.company: self.TODAY, real: False})
        with freeze_time("2026-03-01 12:00:00"):  # already tomorrow over there
            self.assertEqual(self._shared_version().date_from, on("2026-03-02"))

    def test_shared_step_counts_from_today_of_the_editor_without_a_setting(self):
        self._judge()
        east = self._create_company(
            "East", retention_evaluation_date=False, retention_tz="Pacific/Kiritimati"
        )
        self._set_evaluation_dates({self.company: False, east: False})
        with freeze_time("2026-03-01 12:00:00"):
            self.assertEqual(self._shared_version().date_from, on("2026-03-01"))
            stages = self.Stage.with_company(east)
            version = self._versions(stages.create({"name": "From the East"}))
            self.assertEqual(version.date_from, on("2026-03-02"))

    def test_shared_step_counts_from_the_earliest_setting_if_all_have_one(self):
        self._judge()
        earlier = self._create_company("Earlier")
        self._set_evaluation_dates({self.company: self.TODAY, earlier: "2025-02-01"})
        self.assertEqual(self._shared_version().date_from, on("2025-02-01"))

    def test_step_of_a_company_counts_from_its_evaluation_date(self):
        self._judge()
        self._create_company("Real", retention_evaluation_date=False)
        stage = self._create_stage("Own")
        self.assertEqual(self._versions(stage).date_from, on(self.TODAY))

    def test_module_code_may_let_a_definition_count_always(self):
        self._judge()
        stages = self.Stage._counting_always()
        stage = stages.create({"name": "Seed", "company_id": self.company.id})
        self.assertFalse(self._versions(stage).date_from)

    def test_no_context_from_outside_backdates_a_rule(self):
        self._judge()
        context = {
            "customer_retention_rule_always": True,
            "customer_retention_rule_run": False,
            "install_mode": True,
        }
        self._runs()
        self.stage.with_context(**context).rule = '[["purchase_days", ">=", 4]]'
        self.assertEqual(self._versions(self.stage)[-1].date_from, on(self.TODAY))
        self.assertEqual(self._runs().company_id, self.company)

    def test_loading_module_data_starts_no_run(self):
        self._runs()
        with patch.object(self.registry, "ready", False):
            self.stage.with_context(install_mode=True).minimum_days = 3
        self.assertFalse(self._runs())
        with patch.object(self.registry, "ready", False):
            self.stage.minimum_days = 4
        self.assertEqual(self._runs().company_id, self.company)

    def test_measuring_a_segment_starts_no_run(self):
        segment = self.env["customer.segment"].create({"name": "Measured"})
        self._runs()
        segment._write_measured({"usual_interval": 12.0})
        self.assertFalse(self._runs())
        self.assertEqual(segment.version_number, 2)

    def test_shipped_definitions_have_counted_always(self):
        for model in ("relationship_stage", "relationship_condition", "segment"):
            seeds = self.env["ir.model.data"].search(
                [("module", "=", "customer_retention")]
                + [("model", "=", f"customer.{model.replace('_', '.')}")]
            )
            first = self.Version.search(
                [("res_model", "=", seeds[0].model), ("number", "=", 1)]
                + [("res_id", "in", seeds.mapped("res_id"))]
            )
            self.assertEqual(set(first.mapped("date_from")), {False})

    def test_change_before_the_first_verdict_counts_always(self):
        self.stage.rule = '[["purchase_days", ">=", 4]]'
        self.assertEqual(self._versions(self.stage).mapped("date_from"), [False, False])

    def test_change_after_the_first_verdict_counts_from_today(self):
        self._judge()
        self.stage.rule = '[["purchase_days", ">=", 4]]'
        versions = self._versions(self.stage)
        self.assertEqual(versions.mapped("number"), [1, 2])
        self.assertEqual(versions[1].date_from, on(self.TODAY))
        self.assertEqual(versions[1].definition["rule"], [["purchase_days", ">=", 4]])
        self.assertEqual(self.stage.version_number, 2)

    def test_each_part_of_the_definition_makes_a_version(self):
        changes = [
            {"rule": '[["purchase_days", ">", 9]]'},
            {"manual_only": True},
            {"minimum_days": 30},
            {"sequence": 77},
            {"direction": "both"},
            {"active": False},
        ]
        for number, change in enumerate(changes, start=2):
            self.stage.write(change)
            self.assertEqual(self.stage.version_number, number, change)

    def test_kind_of_a_condition_is_part_of_its_definition(self):
        condition = self.env["customer.relationship.condition"].create(
            {"name": "Quiet", "kind": "cooling", "company_id": self.company.id}
        )
        condition.kind = "dormant"
        kinds = [v.definition["kind"] for v in self._versions(condition)]
        self.assertEqual(kinds, ["cooling", "dormant"])

    def test_nothing_is_recorded_when_nothing_that_decides_changes(self):
        self.stage.write(
            {
                "name": "Other Name",
                "color": 3,
                "description": "Other text",
                "rule": '[["purchase_days",  ">=",   3.0]]',
            }
        )
        self.assertEqual(self.stage.version_number, 1)

    def test_usual_interval_of_a_segment_is_versioned(self):
        segment = self.env["customer.segment"].create(
            {"name": "Tested Segment", "company_id": self.company.id}
        )
        segment.usual_interval = 45.5
        segment.name = "Renamed"
        intervals = [v.definition["usual_interval"] for v in self._versions(segment)]
        self.assertEqual(intervals, [60.0, 45.5])

    # Append-only

    def test_versions_are_not_rewritten_by_anybody(self):
        version = self._versions(self.stage)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            version.sudo().write({"date_from": False})
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            version.sudo().unlink()

    @users("retention_admin")
    def test_versions_are_only_read_through_access_rights(self):
        version = self.Version.with_user(self.env.user).browse(
            self._versions(self.stage).id
        )
        self.assertEqual(version.number, 1)
        for operation in ("write", "create", "unlink"):
            with self.assertRaises(AccessError):
                version.check_access(operation)

    @users("retention_admin")
    def test_administrator_records_versions_by_changing_a_rule(self):
        stage = self.stage.with_user(self.env.user)
        stage.rule = "[]"
        self.assertEqual(self._versions(self.stage)[-1].create_uid, self.env.user)

    @users("retention_sales")
    def test_salesperson_changes_no_rule(self):
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.stage.with_user(self.env.user).write({"rule": "[]"})

    def test_versions_outlive_the_step(self):
        stage_id, version = self.stage.id, self._versions(self.stage)
        self.stage.unlink()
        self.assertEqual(version.exists().res_id, stage_id)
        self.assertEqual(version.subject, "(deleted)")

    # Words

    def test_version_says_what_it_decides(self):
        self.stage.write({"minimum_days": 30, "direction": "both"})
        version = self._versions(self.stage)[-1]
        self.assertEqual(version.sentence, "purchase days ≥ 3")
        self.assertEqual(version.details, "stays at least 30 days · forward and back")
        self.assertEqual(version.subject, "Tested Position")
        self.stage.active = False
        self.assertIn("archived", self._versions(self.stage)[-1].details)

    def test_version_of_a_segment_says_its_interval(self):
        segment = self.env["customer.segment"].create(
            {"name": "Weekly", "usual_interval": 7, "company_id": self.company.id}
        )
        self.assertEqual(self._versions(segment).sentence, "a purchase every 7 days")

    def test_smart_button_lists_the_versions(self):
        action = self.stage.action_open_versions()
        self.assertEqual(
            self.Version.search(action["domain"]), self._versions(self.stage)
        )

    # Evaluation that follows

    def _runs(self):
        """Runs that a commit would start for changed rules."""
        self.env["customer.evaluation.run"].search([]).unlink()
        self.env.cr.precommit.run()
        return self.env["customer.evaluation.run"].search([("kind", "=", "rule")])

    def test_many_changes_start_one_run_of_the_company(self):
        self._runs()
        self.stage.minimum_days = 10
        self._create_stage("One More")
        self.stage.rule = "[]"
        self.assertEqual(self._runs().company_id, self.company)

    def test_shared_change_starts_one_run_of_every_company(self):
        self._runs()
        self._create_stage("Shared", company_id=False)
        self.stage.minimum_days = 10
        run = self._runs()
        self.assertEqual(len(run), 1)
        self.assertFalse(run.company_id)

    def test_other_changes_start_no_run(self):
        self._runs()
        self.stage.write({"name": "Other", "color": 4})
        self.assertFalse(self._runs())

    def test_deletion_of_an_unused_step_starts_a_run(self):
        self._runs()
        self.stage.unlink()
        self.assertEqual(self._runs().company_id, self.company)

    def test_membership_of_a_segment_starts_a_run_without_a_version(self):
        segment = self.env["customer.segment"].create(
            {"name": "Tested Segment", "company_id": self.company.id}
        )
        self._runs()
        segment.account_kind = "company"
        self.assertEqual(self._runs().company_id, self.company)
        self.assertEqual(segment.version_number, 1)

    def test_dragging_a_step_versions_the_ones_that_move(self):
        first, second = self._create_stage("One"), self._create_stage("Two")
        (second + first).web_resequence({}, offset=first.sequence)
        self.assertLess(second.sequence, first.sequence)
        self.assertEqual((first + second).mapped("version_number"), [2, 2])
