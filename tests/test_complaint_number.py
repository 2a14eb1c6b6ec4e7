"""Numbers: unique in a company, never missing, whatever happened to the sequence."""

import re

from odoo.tests import tagged

from ..models.customer_complaint_number import SEQUENCE_CODE
from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintNumbers(ComplaintCommon):
    def _sequence(self, company=None):
        return self.env["ir.sequence"].search(
            [
                ("code", "=", SEQUENCE_CODE),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def test_without_a_number_the_screens_say_new(self):
        """The way back shows what it is about as soon as somebody has typed it."""
        self.assertFalse(self.Complaint.new({}).display_name)
        typed = self.Complaint.new({"subject": "The lamp"})
        self.assertEqual(typed.display_name, "The lamp")
        complaint = self._complain(subject="The lamp")
        self.assertEqual(complaint.display_name, f"{complaint.name} The lamp")

    def test_one_after_the_other_by_year(self):
        first = self._complain(received_at="2026-05-01 00:00:00")
        second = self._complain(received_at="2026-12-31 12:00:00")
        third = self._complain(received_at="2027-01-01 12:00:00")
        self.assertEqual(
            [first.name, second.name, third.name],
            ["C/26/00001", "C/26/00002", "C/27/00001"],
        )

    def test_the_year_is_that_of_the_company(self):
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        complaint = self._complain(received_at="2026-12-31 18:00:00")
        self.assertTrue(complaint.name.startswith("C/27/"))

    def test_every_company_counts_for_itself(self):
        other = self._create_company("Other Company")
        self.assertTrue(self._sequence(other))
        here = self._complain(received_at="2026-05-01 00:00:00")
        there = self._complain(
            company_id=other.id, team_id=False, received_at="2026-05-01 00:00:00"
        )
        self.assertEqual((here.name, there.name), ("C/26/00001", "C/26/00001"))

    def test_a_deleted_sequence_comes_back_behind_the_last_number(self):
        self._complain(received_at="2026-05-01 00:00:00")
        self._sequence().unlink()
        complaint = self._complain(received_at="2026-05-02 00:00:00")
        self.assertEqual(complaint.name, "C/26/00002")
        self.assertEqual(len(self._sequence()), 1)

    def test_numbers_given_before_are_skipped(self):
        self._complain(name="C/26/00001", received_at="2026-05-01 00:00:00")
        sequence = self._sequence()
        sequence.date_range_ids.unlink()
        self._complain(name="C/26/00003", received_at="2026-05-01 00:00:00")
        drawn = [
            self._complain(received_at="2026-05-02 00:00:00").name for _n in range(3)
        ]
        self.assertEqual(len(set(drawn)), 3)
        self.assertTrue({"C/26/00001", "C/26/00003"}.isdisjoint(drawn))

    def test_a_sequence_set_back_gives_no_number_twice(self):
        first = self._complain(received_at="2026-05-01 00:00:00")
        second = self._complain(received_at="2026-05-01 00:00:00")
        self._sequence().date_range_ids.number_next_actual = 1
        third = self._complain(received_at="2026-05-01 00:00:00")
        self.assertEqual(len({first.name, second.name, third.name}), 3)

    def test_a_prefix_nobody_understands(self):
        self._sequence().prefix = "C/%(nonsense)s/"
        complaint = self._complain(received_at="2026-05-01 00:00:00")
        self.assertEqual(complaint.name, "C/26/00001")

    def test_an_own_prefix(self):
        sequence = self._sequence()
        sequence.write({"prefix": "REK-", "use_date_range": False})
        self.assertTrue(re.fullmatch(r"REK-\d{5}", self._complain().name))

    def test_many_at_once(self):
        complaints = self.Complaint.create(
            [{"subject": "x", "team_id": self.team.id} for _number in range(20)]
        )
        self.assertEqual(len(set(complaints.mapped("name"))), 20)

    def test_customers_and_handlers_get_numbers(self):
        for user in (self.handler, self.seller):
            complaint = self.Complaint.with_user(user).create(
                {"subject": "x", "partner_id": self.partner.id}
            )
            self.assertTrue(complaint.name.startswith("C/"))
