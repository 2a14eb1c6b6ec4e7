from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import file_open

from .common import RetentionCommon, on


@tagged("post_install", "-at_install")
class TestSettings(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["customer.evaluation.run"]
        cls.admin = cls._create_user(
            "settings_admin", "base.group_system,customer_retention.group_admin"
        )

    def setUp(self):
        super().setUp()
        self.Run.search([("state", "=", "waiting")]).unlink()

    def _waiting(self, kind):
        return self.Run.search_count(
            [
                ("kind", "=", kind),
                ("state", "=", "waiting"),
                ("company_id", "=", self.company.id),
            ]
        )

    def _save(self, company=None, **values):
        """Save the settings page after typing these values."""
        company = company or self.company
        Settings = self.env["res.config.settings"].with_user(self.admin)
        form = Form(Settings.with_context(allowed_company_ids=company.ids))
        for name, value in values.items():
            setattr(form, name, value)
        form.save().execute()

    def test_settings_that_change_the_past_start_a_run(self):
        for values in (
            {"retention_purchase_source": "invoice"},
            {"retention_tz": "Asia/Ho_Chi_Minh"},
            {"retention_evaluation_date": on("2025-01-31")},
            {"retention_condition_months": 12},
        ):
            with self.subTest(values=values):
                self.Run.search([("state", "=", "waiting")]).unlink()
                self._save(**values)
                self.assertEqual(self._waiting("setting"), 1)
                for name, value in values.items():
                    self.assertEqual(self.company[name], value)

    def test_numbers_of_the_settings_have_bounds(self):
        for name in ("retention_side_effects_cap", "retention_condition_months"):
            for number in (-1, 10**9):
                with self.subTest(name=name), self.assertRaises(ValidationError):
                    self.company[name] = number

    def test_other_settings_do_not(self):
        self._save(retention_side_effects_cap=7, retention_side_effects_from=False)
        self.assertEqual(self.company.retention_side_effects_cap, 7)
        self.assertFalse(self.company.retention_side_effects_from)
        self.assertFalse(self._waiting("setting"))

    def test_saving_without_a_change_does_not(self):
        self._save()
        self.assertFalse(self._waiting("setting"))

    def test_writing_what_is_set_does_not(self):
        """However a call spells it."""
        self.company.write(
            {"retention_evaluation_date": self.TODAY, "retention_use_stages": 1}
        )
        self.assertFalse(self._waiting("setting"))
        self.company.write({"retention_evaluation_date": "2025-06-29"})
        self.assertEqual(self._waiting("setting"), 1)

    def test_a_branch_changes_the_settings_of_its_root(self):
        branch = self._create_company("Branch", parent_id=self.company.id)
        self.admin.company_ids |= branch
        self._save(company=branch, retention_condition_months=6)
        self.assertEqual(self.company.retention_condition_months, 6)
        self.assertEqual(self._waiting("setting"), 1)

    def test_the_page_says_what_is_being_evaluated(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.retention_run_text)
        settings.action_retention_evaluate()
        self.assertEqual(self._waiting("full"), 1)
        settings.invalidate_recordset()
        self.assertIn("about to be evaluated", settings.retention_run_text)
        run = self.Run.search([("kind", "=", "full")], limit=1)
        run.write({"state": "running", "done_count": 3, "total_count": 8})
        settings.invalidate_recordset()
        self.assertIn("3 of 8", settings.retention_run_text)

    def test_more_calls_rank_everybody_anew(self):
        triggers = self.env["ir.cron.trigger"]
        own = [("cron_id", "=", self.env.ref("customer_retention.ir_cron_churn").id)]
        before = triggers.search_count(own)
        self._save(retention_use_churn=True)
        self.assertEqual(triggers.search_count(own), before)
        self._save(churn_capacity=self.company.churn_capacity + 7)
        self.assertGreater(triggers.search_count(own), before)

    def test_feature_switch_hides_the_menus(self):
        employees = self.env.ref("base.group_user")
        feature = self.env.ref("customer_retention.group_use_stages")
        companies = self.env["res.company"].search([("parent_id", "=", False)])
        self.assertIn(feature, employees.implied_ids)
        companies.retention_use_stages = False
        self.assertNotIn(feature, employees.implied_ids)
        self._save(retention_use_stages=True)
        self.assertIn(feature, employees.implied_ids)

    def test_names_bridges_that_cannot_be_found(self):
        bridges = {
            "customer_retention_of_sales": {"sale"},
            "customer_retention_of_nothing": {"an_application_nobody_installed"},
            "sale": {"base"},
        }
        settings = self.env["res.config.settings"]
        with patch.object(type(settings), "_shipped_bridges", lambda self: bridges):
            self.assertEqual(
                settings.create({}).retention_missing_bridges,
                "customer_retention_of_sales",
            )

    def test_shipped_bridges_are_read_from_their_manifests(self):
        for name, depends in self.env["res.config.settings"]._shipped_bridges().items():
            self.assertTrue(name.startswith("customer_retention_"))
            self.assertTrue(depends)

    def test_copies_plan_nothing(self):
        self.company.retention_side_effects_from = "2025-01-01"
        self.env.flush_all()
        path = "customer_retention/data/neutralize.sql"
        with file_open(path) as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.company.retention_side_effects_from)
