"""What a company decides about loyalty tiers, and what its switch hides."""

from odoo.tests import Form, tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestTierSettings(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user(
            "tier_settings", "base.group_system,customer_retention.group_admin"
        )
        cls.feature = cls.env.ref("customer_retention.group_use_tiers")
        cls.employees = cls.env.ref("base.group_user")

    def _save(self, **values):
        settings = self.env["res.config.settings"].with_user(self.admin)
        form = Form(settings.with_context(allowed_company_ids=self.company.ids))
        for name, value in values.items():
            setattr(form, name, value)
        form.save().execute()

    def test_switch_hides_the_menus(self):
        self.assertIn(self.feature, self.employees.implied_ids)
        self.env["res.company"].search([]).retention_use_tiers = False
        self.assertNotIn(self.feature, self.employees.implied_ids)
        self._save(retention_use_tiers=True)
        self.assertTrue(self.company.retention_use_tiers)
        self.assertIn(self.feature, self.employees.implied_ids)

    def _waiting(self):
        runs = self.env["customer.evaluation.run"].search(
            [("kind", "=", "tier"), ("state", "=", "waiting")]
        )
        return runs.company_id

    def test_switching_on_again_looks_at_everybody(self):
        """What happened in between was looked at by nobody."""
        self.env["customer.evaluation.run"].search([]).unlink()
        branch = self._create_company("Branch", parent_id=self.company.id)
        (self.company | branch).retention_use_tiers = False
        self.assertFalse(self._waiting())
        branch.retention_use_tiers = True
        self.assertFalse(self._waiting())
        self._save(retention_use_tiers=True)
        self.assertEqual(self._waiting(), self.company)

    def test_saving_a_switch_that_is_on_starts_nothing(self):
        self.env["customer.evaluation.run"].search([]).unlink()
        self.company.retention_use_tiers = True
        self.assertFalse(self._waiting())

    def test_policy_of_open_quotations(self):
        self.assertEqual(self.company.tier_open_quotation_policy, "warn")
        self._save(tier_open_quotation_policy="recompute")
        self.assertEqual(self.company.tier_open_quotation_policy, "recompute")
