from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon
from .guarded_values import hostile_values


@tagged("post_install", "-at_install")
class TestComplaintGuard(ComplaintCommon):
    """What follows from what happens is written by nobody from outside."""

    def setUp(self):
        super().setUp()
        self.complaint = self._complain(user_id=self.handler.id)
        self.other = self._complain()

    def test_what_is_read_only_on_the_screen_is_so_for_every_call(self):
        values = hostile_values(self.Complaint, self.other.id)
        self.assertLess(
            {"status", "severity_proposed", "split_from_id", "merged_into_id"},
            values.keys(),
        )
        complaint = self.complaint.with_user(self.boss)
        for name, value in values.items():
            with self.subTest(field=name):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    complaint.write({name: value})
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    complaint.create({"subject": "New", name: value})
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    complaint.with_context(customer_complaint_event=True).write(
                        {name: value}
                    )

    def test_no_default_brings_it_along(self):
        Complaint = self.Complaint.with_user(self.handler)
        self.env["ir.default"].with_user(self.handler).set(
            "customer.complaint", "answered_at", "2020-01-01 00:00:00", user_id=True
        )
        partner = self._create_partner("Somebody New")
        for records in (Complaint, Complaint.sudo()):
            complaint = records.with_context(
                default_status="closed",
                default_closed_at="2020-01-01 00:00:00",
                default_split_from_id=self.other.id,
                default_severity_proposed="critical",
                default_account_id=self.company.partner_id.id,
                default_team_id=self.team.id,
            ).create({"subject": "New", "partner_id": partner.id})
            complaint = complaint.sudo()
            self.assertEqual(complaint.status, "open")
            self.assertEqual(complaint.account_id, partner)
            self.assertNotEqual(complaint.severity_proposed, "critical")
            self.assertFalse(complaint.answered_at)
            self.assertFalse(complaint.closed_at)
            self.assertFalse(complaint.split_from_id)

    def test_an_import_closes_nothing_behind_the_clocks(self):
        columns = ["subject", "status", "answered_at"]
        loaded = self.Complaint.with_user(self.boss).load(
            columns, [["Imported", "Closed", "2020-01-01 00:00:00"]]
        )
        self.assertFalse(loaded["ids"])
        self.assertTrue(loaded["messages"])

    def test_a_new_complaint_is_made_of_what_people_enter(self):
        complaint = self.Complaint.with_user(self.handler).create(
            {"subject": "New", "received_at": datetime(2025, 6, 1), "severity": "high"}
        )
        self.assertTrue(complaint.severity_set_by_person)
        complaint.action_follow_severity()
        self.assertFalse(complaint.severity_set_by_person)
