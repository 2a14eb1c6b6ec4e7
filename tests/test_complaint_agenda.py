"""The calendar of complaints: deadlines, promised updates, follow-ups, remedies."""

from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .clock_common import ClockCommon, at


@tagged("post_install", "-at_install")
class TestComplaintAgenda(ClockCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._complain_at(at(0, 8), user_id=cls.handler.id)

    def _ahead(self, user=None):
        """Return {kind: row} of what is ahead in the complaint."""
        rows = self.env["customer.complaint.agenda"].with_user(user or self.handler)
        found = rows.search([("complaint_id", "=", self.complaint.id)])
        return {row.kind: row for row in found}

    def test_every_deadline_is_there_until_it_is_kept(self):
        self.assertEqual(
            self._ahead().keys(), {"acknowledge", "answer", "decision", "resolution"}
        )
        row = self._ahead()["answer"]
        self.assertEqual((row.start, row.is_all_day), (at(0, 16), False))
        self.assertEqual(row.user_id, self.handler)
        self.assertEqual(row.display_name, f"First Answer · {self.partner.name}")
        self._happen(self.complaint, at(0, 9), "answered")
        self.assertEqual(self._ahead().keys(), {"decision", "resolution"})

    def test_a_promised_update_is_there(self):
        self._happen(self.complaint, at(0, 9), "answered")
        self._happen(self.complaint, at(0, 9), "promised", until=at(2, 10))
        row = self._ahead()["update"]
        self.assertEqual(row.start, at(2, 10))
        self.assertEqual(row.display_name, f"Promised Update · {self.partner.name}")

    def test_follow_ups_remedies_and_answers_to_others_are_there_on_their_day(self):
        self.complaint.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=date(2025, 7, 10),
            summary="Is it good now?",
            user_id=self.second.id,
        )
        with freeze_time(at(0, 9)):
            kind = self.env["customer.recovery.type"].search(
                [("kind", "=", "call"), ("company_id", "=", False)], limit=1
            )
            self.env["customer.recovery.action"].with_user(self.handler).create(
                {
                    "complaint_id": self.complaint.id,
                    "type_id": kind.id,
                    "date_due": date(2025, 7, 11),
                }
            )
        self.env["customer.complaint.recourse"].create(
            {
                "complaint_id": self.complaint.id,
                "kind": "ombudsman",
                "name": "17 C",
                "deadline": date(2025, 7, 14),
                "user_id": False,
            }
        )
        ahead = self._ahead()
        self.assertEqual(ahead["recourse"].start, datetime(2025, 7, 14, 12))
        self.assertEqual(ahead["action"].start, datetime(2025, 7, 11, 12))
        calls = self.env["customer.complaint.agenda"].search(
            [("complaint_id", "=", self.complaint.id), ("user_id", "=", self.second.id)]
        )
        self.assertEqual(calls.start, datetime(2025, 7, 10, 12))
        self.assertTrue(calls.is_all_day)
        self.assertIn("Is it good now?", calls.display_name)
        self.assertEqual(calls.action_open_complaint()["res_id"], self.complaint.id)

    def test_what_is_archived_is_not_ahead(self):
        self.complaint.active = False
        self.assertFalse(self._ahead())

    def test_it_is_as_visible_as_the_complaint(self):
        self.assertTrue(self._ahead(self.seller))
        self.complaint.is_kept_from_salesperson = True
        self.assertFalse(self._ahead(self.seller))
        stranger = self._create_user("agenda_stranger")
        self.assertFalse(self._ahead(stranger))

    def test_it_costs_no_more_with_more_in_it(self):
        fields = {"display_name": {}, "start": {}, "kind": {}, "user_id": {}}
        rows = self.env["customer.complaint.agenda"].with_user(self.handler)
        counts = []
        for size in (1, 20):
            for _complaint in range(size):
                self._complain_at(at(0, 8), user_id=self.handler.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.web_search_read([("user_id", "=", self.handler.id)], fields)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
