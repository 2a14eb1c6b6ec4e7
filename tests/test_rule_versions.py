"""Versions of rules: when they are recorded, from when they count, who may touch."""

import json

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

    def test_shared_step_counts_from_today_of_the_active_company(self):
        self._judge()
        stage = self._create_stage("Later Shared Position", company_id=False)
        self.assertEqual(self._versions(stage).date_from, on(self.TODAY))

    def test_module_data_counts_always(self):
        self._judge()
        stages = self.Stage.with_context(customer_retention_rule_always=True)
        stage = stages.create({"name": "Seed", "company_id": self.company.id})
        self.assertFalse(self._versions(stage).date_from)

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

    # What is in force

    def test_highest_number_not_later_than_the_day_is_in_force(self):
        record = self.Version._record
        record(self.stage, {"rule": []}, on("2025-01-10"), None)
        third = record(self.stage, {"rule": []}, on("2025-02-10"), None)
        fourth = record(self.stage, {"rule": []}, on("2025-02-10"), None)
        numbers = {
            day: self.Version._in_force(self.stage, on(day))[self.stage.id].number
            for day in ("2024-01-01", "2025-01-09", "2025-01-10", "2025-02-09")
        }
        self.assertEqual(
            numbers,
            {"2024-01-01": 1, "2025-01-09": 1, "2025-01-10": 2, "2025-02-09": 2},
        )
        self.assertEqual(third.number, 3)
        in_force = self.Version._in_force(self.stage, on("2025-02-10"))
        self.assertEqual(in_force, {self.stage.id: fourth})

    def test_record_without_a_version_yet_is_left_out(self):
        later = self._create_stage("Later")
        self.env.cr.execute(
            "UPDATE customer_rule_version SET date_from = '2025-06-01'"
            " WHERE res_model = %s AND res_id = %s",
            (later._name, later.id),
        )
        both = self.stage + later
        in_force = self.Version._in_force(both, on("2025-05-31"))
        self.assertEqual(set(in_force), {self.stage.id})
        self.assertEqual(self.Version._in_force(self.Stage, on("2025-05-31")), {})

    def test_any_number_of_records_is_one_query(self):
        stages = self.Stage.union(*(self._create_stage(f"S{i}") for i in range(5)))
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.Version._in_force(stages, on(self.TODAY))

    # Append-only

    def test_versions_are_not_rewritten_by_anybody(self):
        version = self._versions(self.stage)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            version.sudo().write({"note": "Forged"})
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
