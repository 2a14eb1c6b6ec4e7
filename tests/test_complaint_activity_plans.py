from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from ..hooks import uninstall_hook
from .complaint_common import NOW, ComplaintCommon

MODULE = "odoo.addons.customer_retention.models.customer_complaint_activity_plan"


@tagged("post_install", "-at_install")
class TestComplaintActivityPlans(ComplaintCommon):
    """What a category says is always to be done is planned once, for the handler."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(freeze_time(NOW))
        cls.plan = cls._create_plan(
            "Somebody may be hurt", "Call at once", "Write down"
        )
        cls.plan.template_ids[1].write(
            {"delay_count": 2, "delay_from": "after_plan_date"}
        )
        cls.danger = cls.env["customer.complaint.category"].create(
            {"name": "Danger", "activity_plan_id": cls.plan.id}
        )
        cls.fire = cls.danger.create({"name": "Fire", "parent_id": cls.danger.id})

    @classmethod
    def _create_plan(cls, name, *summaries, **values):
        return cls.env["mail.activity.plan"].create(
            {
                "name": name,
                "res_model": "customer.complaint",
                "company_id": False,
                "template_ids": [
                    Command.create({"summary": summary, **values})
                    for summary in summaries
                ],
            }
        )

    def _complain_about(self, category, **values):
        """Each of another customer: a second failure would go to the manager."""
        customer = self._create_partner("Customer", email="c@example.com")
        return self._complain(
            category_id=category.id,
            **{
                "partner_id": customer.id,
                "user_id": self.handler.id,
                "received_at": NOW,
                **values,
            },
        )

    def _planned(self, complaint):
        return [
            (activity.summary, activity.user_id, activity.date_deadline)
            for activity in complaint.activity_ids.sorted("date_deadline")
            if activity.summary in self.plan.template_ids.mapped("summary")
        ]

    def test_a_new_complaint_of_the_category_starts_its_plan_for_the_handler(self):
        complaint = self._complain_about(self.danger)
        self.assertEqual(
            self._planned(complaint),
            [
                ("Call at once", self.handler, date(2025, 6, 30)),
                ("Write down", self.handler, date(2025, 7, 2)),
            ],
        )
        self.assertEqual(complaint.started_plan_ids, self.plan)

    def test_categories_below_use_it_unless_they_have_their_own(self):
        self.assertEqual(len(self._planned(self._complain_about(self.fire))), 2)
        self.fire.activity_plan_id = self._create_plan("Fire", "Ask for photos")
        complaint = self._complain_about(self.fire)
        self.assertEqual(complaint.activity_ids.mapped("summary"), ["Ask for photos"])

    def test_it_starts_when_the_category_is_found_later_and_only_once(self):
        other = self.danger.create({"name": "Other"})
        complaint = self._complain_about(other)
        self.assertFalse(self._planned(complaint))
        complaint.with_user(self.handler).category_id = self.danger
        self.assertEqual(len(self._planned(complaint)), 2)
        complaint.activity_ids[0].action_feedback()
        left = self._planned(complaint)
        complaint.category_id = other
        complaint.category_id = self.danger
        complaint.category_id = self.fire
        complaint.user_id = self.second
        self.assertEqual(self._planned(complaint), left)

    def test_it_waits_for_a_handler(self):
        complaint = self._complain_about(self.danger, user_id=False)
        self.assertFalse(self._planned(complaint))
        complaint.user_id = self.second
        self.assertEqual(
            {user for _summary, user, _day in self._planned(complaint)}, {self.second}
        )

    def test_what_is_loaded_from_elsewhere_starts_nothing_later_either(self):
        self.team.assignment = "balanced"
        imported = self.Complaint.with_context(import_file=True).create(
            {
                "subject": "From a file",
                "team_id": self.team.id,
                "category_id": self.danger.id,
                "received_at": NOW,
            }
        )
        self.assertTrue(imported.user_id)
        old = self._complain_about(self.danger, received_at="2025-06-01")
        for complaint in (imported, old):
            complaint.user_id = self.handler
            complaint.user_id = self.second
            self.assertFalse(self._planned(complaint))

    def test_a_merge_and_a_part_repeat_nothing(self):
        first = self._complain_about(self.danger)
        second = self._complain_about(self.danger, partner_id=first.partner_id.id)
        first._merge_into(second)
        planned = len(self._planned(first)) + len(self._planned(second))
        self.assertEqual(planned, 4)
        part = self._complain_about(self.danger, split_from_id=second.id)
        self.assertFalse(self._planned(part))

    def test_only_complaints_that_are_open_have_plans(self):
        praise = self._complain_about(self.danger, kind="praise")
        self.assertFalse(self._planned(praise))
        praise.kind = "complaint"
        self.assertEqual(len(self._planned(praise)), 2)
        closed = self._complain_about(self.danger.create({"name": "Other"}))
        closed._record_event("closed")
        closed.category_id = self.danger
        self.assertFalse(self._planned(closed))

    def test_the_plan_of_another_company_is_not_for_us(self):
        other = self._create_company("Another Company of Plans")
        self.plan.company_id = other
        self.assertFalse(self._planned(self._complain_about(self.danger)))
        self.plan.company_id = self.company
        self.assertEqual(len(self._planned(self._complain_about(self.danger))), 2)

    def test_whoever_it_is_about_gets_nothing_to_do(self):
        self.plan.template_ids.write(
            {"responsible_type": "other", "responsible_id": self.second.id}
        )
        complaint = self._complain_about(self.danger)
        self.assertEqual(
            {user for _summary, user, _day in self._planned(complaint)}, {self.second}
        )
        complaint = self._complain_about(
            self.danger, concerned_user_ids=[Command.set(self.second.ids)]
        )
        self.assertEqual(
            {user for _summary, user, _day in self._planned(complaint)}, {self.handler}
        )

    def test_a_plan_that_cannot_be_started_loses_no_complaint(self):
        templates = type(self.plan.template_ids)
        no_day = ValueError("no such day")
        with (
            patch.object(templates, "_get_date_deadline", side_effect=no_day),
            mute_logger(MODULE),
        ):
            complaint = self._complain_about(self.danger)
        self.assertTrue(complaint.exists())
        self.assertFalse(self._planned(complaint))

    def test_a_customer_who_complains_starts_it_without_seeing_it(self):
        self.portal.partner_id = self.partner
        complaint = (
            self.Complaint.with_user(self.portal)
            .sudo()
            .create(
                {
                    "subject": "It burns",
                    "partner_id": self.partner.id,
                    "team_id": self.team.id,
                    "category_id": self.danger.id,
                    "user_id": self.handler.id,
                    "received_at": NOW,
                }
            )
        )
        self.assertEqual(
            len(self._planned(complaint.sudo(False).with_env(self.env))), 2
        )
        self.assertFalse(
            self.env["mail.activity"].with_user(self.portal).has_access("read")
        )

    def test_a_complaint_manager_chooses_the_plan(self):
        with Form(self.danger.with_user(self.boss)) as form:
            form.activity_plan_id = self._create_plan("Another", "Go there")
        complaint = self._complain_about(self.danger)
        self.assertEqual(complaint.activity_ids.mapped("summary"), ["Go there"])

    def test_some_categories_come_with_a_plan_in_the_handlers_language(self):
        """Only a first installation brings them: whoever deleted one is left alone."""
        seeds = {
            "core_billing": "A Wrong Invoice",
            "core_catastrophe": "Somebody May Be Hurt",
            "encounter": "How People Were Treated",
            "ethics_unsafe": "Somebody May Be Hurt",
        }
        for name, plan in seeds.items():
            category = self.env.ref(
                f"customer_retention.customer_complaint_category_{name}"
            )
            self.assertEqual(category.activity_plan_id.name, plan)
            self.assertEqual(category.activity_plan_id.res_model, "customer.complaint")
        unsafe = self.env.ref(
            "customer_retention.customer_complaint_category_ethics_unsafe"
        )
        step = self.env.ref("customer_retention.mail_activity_type_complaint_warn")
        self.env["res.lang"]._activate_lang("vi_VN")
        step.with_context(lang="vi_VN").name = "Dừng lại và cảnh báo"
        step.with_context(lang="vi_VN").default_note = "<p>Dừng bán.</p>"
        self.handler.lang = "vi_VN"
        complaint = self._complain_about(unsafe)
        planned = complaint.activity_ids.filtered(
            lambda one: one.activity_type_id == step
        )
        self.assertFalse(planned.summary)
        self.assertEqual(planned.note, "<p>Dừng bán.</p>")
        seen = planned.with_user(self.handler).with_context(lang="vi_VN")
        self.assertEqual(seen.display_name, "Dừng lại và cảnh báo")
        # the conversation shows this where there are no other words
        [sent] = Store().add(seen).get_result()["mail.activity"]
        self.assertEqual(sent["display_name"], "Dừng lại và cảnh báo")
        self.assertEqual(
            sorted(complaint.activity_ids.mapped("date_deadline"))[:2],
            [date(2025, 6, 30)] * 2,
        )

    def test_with_the_addon_go_the_activities_that_keep_their_types(self):
        unsafe = self.env.ref(
            "customer_retention.customer_complaint_category_ethics_unsafe"
        )
        complaint = self._complain_about(unsafe)
        types = complaint.activity_ids.activity_type_id
        self.assertTrue(types)
        other = self.partner.activity_schedule(summary="Call them")
        uninstall_hook(self.env)
        self.assertFalse(complaint.activity_ids.exists())
        self.assertTrue(other.exists())
        self.env["mail.activity.plan"].search(
            [("template_ids.activity_type_id", "in", types.ids)]
        ).unlink()
        types.filtered(lambda one: one.res_model == complaint._name).unlink()
        self.assertFalse(types.exists())
