"""Who gets a complaint, and who never does."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintAssignment(ComplaintCommon):
    def setUp(self):
        super().setUp()
        self.team.acknowledgement_template_id = False

    def _on_leave(self, user):
        now = fields.Datetime.now()
        resource = self.env["resource.resource"].create(
            {"name": user.name, "user_id": user.id, "company_id": self.company.id}
        )
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource.id,
                "date_from": now - timedelta(days=1),
                "date_to": now + timedelta(days=1),
            }
        )

    def test_by_hand(self):
        self.assertFalse(self._complain().user_id)

    def test_balanced_by_open_load(self):
        self._complain(user_id=self.handler.id)
        self.team.assignment = "balanced"
        complaints = self.Complaint.create(
            [{"subject": "x", "team_id": self.team.id} for _number in range(5)]
        )
        loads = [
            len(complaints.filtered(lambda one, user=user: one.user_id == user))
            for user in (self.handler, self.second)
        ]
        self.assertEqual(loads, [2, 3])

    def test_what_is_over_or_waits_for_the_customer_is_no_load(self):
        busy = self._complain(user_id=self.handler.id)
        busy |= self._complain(user_id=self.handler.id)
        busy[0]._record_event("resolved")
        busy[1]._record_event("waiting")
        self._complain(user_id=self.second.id)
        self.team.assignment = "balanced"
        self.assertEqual(self._complain().user_id, self.handler)

    def test_whoever_is_given_stays(self):
        self.team.assignment = "balanced"
        self.assertEqual(self._complain(user_id=self.boss.id).user_id, self.boss)

    def test_people_on_leave_are_skipped(self):
        self.team.assignment = "balanced"
        leave = self._on_leave(self.handler)
        self.assertEqual(self._complain().user_id, self.second)
        self.assertEqual(self._complain().user_id, self.second)
        leave.unlink()
        self.assertEqual(self._complain().user_id, self.handler)

    def test_when_all_are_away_it_stays_open_to_all(self):
        self.team.assignment = "balanced"
        self._on_leave(self.handler)
        self.second.active = False
        self.assertFalse(self._complain().user_id)

    def test_members_of_other_companies_are_skipped(self):
        other = self._create_company("Other Company")
        stranger = self._create_user(
            "complaint_stranger",
            "customer_retention.group_complaint_user",
            company_id=other.id,
        )
        self.team.write(
            {"assignment": "balanced", "member_ids": [Command.set(stranger.ids)]}
        )
        self.assertFalse(self._complain().user_id)

    def test_to_the_account_manager(self):
        self.team.assignment = "salesperson"
        self.assertEqual(self._complain().user_id, self.seller)

    def test_not_if_it_is_kept_from_the_salesperson(self):
        self.team.assignment = "salesperson"
        complaint = self._complain(is_kept_from_salesperson=True)
        self.assertIn(complaint.user_id, self.handler | self.second)

    def test_by_category_and_those_above(self):
        category = self.env["customer.complaint.category"].create(
            {"name": "Above", "user_id": self.second.id}
        )
        below = category.create({"name": "Below", "parent_id": category.id})
        self.team.assignment = "category"
        self.assertEqual(self._complain(category_id=below.id).user_id, self.second)
        self.second.active = False
        complaint = self._complain(category_id=below.id, partner_id=False)
        self.assertEqual(complaint.user_id, self.handler)

    def test_many_at_once_are_one_message(self):
        self.team.assignment = "balanced"
        self.second.active = False
        complaints = self.Complaint.with_context(
            tracking_disable=False, mail_notrack=False
        )
        before = self._told(self.handler)
        complaints.create([{"subject": "x", "team_id": self.team.id}] * 7)
        self.assertEqual(len(self._told(self.handler) - before), 1)
        before = self._told(self.handler)
        complaints.create([{"subject": "x", "team_id": self.team.id}] * 2)
        self.assertEqual(len(self._told(self.handler) - before), 2)

    def _told(self, user):
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids)]
        )

    def test_the_team_of_the_category(self):
        special = self.team.copy({"name": "Special", "assignment": "manual"})
        category = self.env["customer.complaint.category"].create(
            {"name": "Above", "team_id": special.id}
        )
        below = category.create({"name": "Below", "parent_id": category.id})
        complaint = self.Complaint.create({"subject": "x", "category_id": below.id})
        self.assertEqual(complaint.team_id, special)

    def test_the_team_of_the_company_or_of_the_one_above(self):
        branch = self._create_company("Branch", parent_id=self.company.id)
        other = self._create_company("Other Company")
        for company, team in (
            (self.company, self.team),
            (branch, self.team),
            (other, self.team.browse()),
        ):
            with self.subTest(company=company.name):
                complaint = self.Complaint.create(
                    {"subject": "x", "company_id": company.id}
                )
                self.assertEqual(complaint.team_id, team)
                self.assertEqual(complaint.company_id, company)

    def test_a_team_brings_its_company(self):
        other = self._create_company("Other Company")
        team = self.team.copy({"name": "There", "company_id": other.id})
        complaint = self.Complaint.create({"subject": "x", "team_id": team.id})
        self.assertEqual(complaint.company_id, other)


@tagged("post_install", "-at_install")
class TestPersonConcerned(ComplaintCommon):
    def test_neither_assigned_nor_taking_it(self):
        self.team.assignment = "balanced"
        complaint = self.Complaint.with_user(self.boss).create(
            {
                "subject": "x",
                "team_id": self.team.id,
                "concerned_user_ids": [Command.link(self.handler.id)],
            }
        )
        self.assertEqual(complaint.user_id, self.second)
        self.assertFalse(complaint._can_handle(self.handler))
        with self.assertRaisesRegex(ValidationError, "Choose somebody else"):
            complaint.user_id = self.handler

    def test_naming_takes_it_away(self):
        self.team.assignment = "balanced"
        complaint = self._complain(user_id=self.handler.id)
        complaint.message_subscribe(self.handler.partner_id.ids)
        complaint.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.handler.id
        )
        complaint.with_user(self.boss).concerned_user_ids = self.handler
        self.assertEqual(complaint.user_id, self.second)
        self.assertNotIn(self.handler.partner_id, complaint.message_partner_ids)
        self.assertFalse(complaint.activity_ids)

    def test_never_a_follower_again(self):
        complaint = self._complain()
        complaint.with_user(self.boss).concerned_user_ids = self.handler
        both = (self.handler | self.second).partner_id
        complaint.message_subscribe(both.ids)
        self.assertIn(self.second.partner_id, complaint.message_partner_ids)
        self.assertNotIn(self.handler.partner_id, complaint.message_partner_ids)


@tagged("post_install", "-at_install")
class TestPraise(ComplaintCommon):
    def _heard(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("model", "=", "customer.complaint"),
            ]
        )

    def test_it_reaches_the_praised_once(self):
        praise = self._complain(
            kind="praise",
            description="<p>So friendly!</p>",
            praised_user_ids=[Command.set(self.second.ids)],
        )
        self.assertIn("So friendly!", self._heard(self.second).body)
        praise.praised_user_ids |= self.handler
        praise.subject = "Thank you"
        self.assertEqual(len(self._heard(self.second)), 1)
        self.assertEqual(len(self._heard(self.handler)), 1)

    def test_other_kinds_praise_nobody(self):
        complaint = self._complain(praised_user_ids=[Command.set(self.second.ids)])
        self.assertFalse(self._heard(self.second))
        complaint.kind = "praise"
        self.assertEqual(len(self._heard(self.second)), 1)
