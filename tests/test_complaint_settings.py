"""What a company starts with, its settings, and seeds that stay away."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import convert_file

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintSettings(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user(
            "complaint_settings", "base.group_system,customer_retention.group_admin"
        )

    def _settings(self, company=None):
        company = company or self.company
        self.admin.company_ids |= company
        settings = self.env["res.config.settings"].with_user(self.admin)
        return settings.with_context(allowed_company_ids=company.ids)

    def test_switch_hides_the_menus(self):
        employees = self.env.ref("base.group_user")
        feature = self.env.ref("customer_retention.group_use_complaints")
        self.assertIn(feature, employees.implied_ids)
        self.env["res.company"].search([]).retention_use_complaints = False
        self.assertNotIn(feature, employees.implied_ids)
        form = Form(self._settings())
        form.retention_use_complaints = True
        form.save().execute()
        self.assertTrue(self.company.retention_use_complaints)
        self.assertIn(feature, employees.implied_ids)

    def test_limits_of_severity(self):
        form = Form(self._settings())
        form.complaint_money_high = 77.0
        form.complaint_repeat_days = 5
        form.save().execute()
        limits = self.company._complaint_limits()
        self.assertEqual((limits.high, limits.days), (77.0, 5))

    def test_limits_of_signs_of_abuse(self):
        form = Form(self._settings())
        form.complaint_abuse_complaints = 5
        form.complaint_abuse_per_order = 0.8
        form.complaint_abuse_refund_percent = 45.0
        form.save().execute()
        limits = self.company._abuse_thresholds()
        self.assertEqual(limits.complaints, 5)
        self.assertEqual(limits.complaints_per_order, 0.8)
        self.assertAlmostEqual(limits.refund_share, 0.45)
        self.assertEqual((limits.refunds, limits.identities), (2, 1))

    def test_numbers_below_nought_say_what_to_enter(self):
        for name in ("complaint_abuse_refunds", "complaint_reopen_days"):
            form = Form(self._settings())
            form[name] = -1
            with self.subTest(name), self.assertRaisesRegex(ValidationError, "Enter 0"):
                form.save().execute()

    def test_a_company_without_team_is_offered_one(self):
        company = self._create_company("New Company")
        settings = self._settings(company).create({})
        self.assertFalse(settings.complaint_has_team)
        action = settings.action_create_complaint_team()
        team = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(team.company_id, company)
        self.assertTrue(team.acknowledgement_template_id)
        settings.invalidate_recordset()
        self.assertTrue(settings.complaint_has_team)
        complaint = self.Complaint.create({"subject": "x", "company_id": company.id})
        self.assertEqual(complaint.team_id, team)

    def test_the_alias_of_a_team_creates_its_complaints(self):
        defaults = f"{{'team_id': {self.team.id}, 'company_id': {self.company.id}}}"
        self.assertEqual(self.team.alias_id.alias_defaults, defaults)
        self.assertEqual(self.team.alias_id.alias_model_id.model, "customer.complaint")
        other = self._create_company("Other Company")
        self.team.write({"company_id": other.id})
        self.assertIn(f"'company_id': {other.id}", self.team.alias_id.alias_defaults)


@tagged("post_install", "-at_install")
class TestComplaintSeeds(ComplaintCommon):
    def _xmlids(self, model):
        return self.env["ir.model.data"].search(
            [("model", "=", model), ("module", "=", "customer_retention")]
        )

    def _load(self, file, mode):
        convert_file(
            self.env,
            "customer_retention",
            f"data/{file}",
            {},
            mode=mode,
            noupdate=True,
        )

    def test_every_event_has_a_stage_with_guidance(self):
        stages = self.env["customer.complaint.stage"].search(
            [("id", "in", self._xmlids("customer.complaint.stage").mapped("res_id"))]
        )
        self.assertEqual(
            stages.mapped("event"),
            ["received", "acknowledged", "investigating", "decided", "resolved"]
            + ["closed"],
        )
        self.assertTrue(all(stages.mapped("guidance")))

    def test_the_eight_drivers_with_what_belongs_to_them(self):
        ids = self._xmlids("customer.complaint.category").mapped("res_id")
        categories = self.env["customer.complaint.category"].browse(ids)
        top = categories.filtered(lambda one: not one.parent_id)
        drivers = [
            key
            for key, _label in top._fields["driver"]._description_selection(self.env)
        ]
        self.assertEqual(sorted(top.mapped("driver")), sorted(drivers))
        for category in categories - top:
            self.assertEqual(category.driver, category.parent_id.driver)
        self.assertTrue(all(len(one.child_ids) for one in top))
        unsafe = categories.filtered("is_safety")
        self.assertEqual(unsafe.parent_id.driver, "ethics")

    def test_the_eight_things_complainers_want(self):
        self.assertEqual(len(self._xmlids("customer.complaint.remedy")), 8)

    def test_what_was_deleted_stays_away(self):
        remedy = self.env.ref("customer_retention.customer_complaint_remedy_respect")
        stage = self.env.ref("customer_retention.customer_complaint_stage_closed")
        category = self.env.ref(
            "customer_retention.customer_complaint_category_pricing_high"
        )
        self.Complaint.search([("stage_id", "=", stage.id)]).stage_id = False
        team = self.env.ref("customer_retention.customer_complaint_team_main")
        remedy.unlink()
        category.unlink()
        stage.unlink()
        team.unlink()
        self._template().unlink()
        names = (
            "customer_complaint_stage_data.xml",
            "customer_complaint_category_data.xml",
            "customer_complaint_template_data.xml",
            "customer_complaint_data.xml",
        )
        for name in names:
            self._load(name, "update")
        for record in (remedy, stage, category, team):
            self.assertFalse(record.exists())
        for xmlid in (
            "customer_complaint_remedy_respect",
            "customer_complaint_stage_closed",
            "customer_complaint_category_pricing_high",
            "mail_template_complaint_acknowledgement",
            "customer_complaint_team_main",
        ):
            self.assertFalse(
                self.env.ref(f"customer_retention.{xmlid}", raise_if_not_found=False)
            )

    def test_everything_works_without_any_seed(self):
        self.Complaint.search([]).stage_id = False
        self.env["customer.complaint.stage"].search([]).unlink()
        self._template().unlink()
        complaint = self.Complaint.create(
            {
                "subject": "x",
                "partner_id": self.partner.id,
                "company_id": self._create_company("New Company").id,
                "channel": "email",
            }
        )
        self.assertFalse(complaint.stage_id)
        complaint._record_event("resolved")
        self.assertEqual(complaint.status, "resolved")
        complaint._record_event("reopened")
        self.assertEqual(complaint.status, "open")
