import base64
import contextlib
import hashlib
import io
import zipfile

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.tests import tagged

from .recovery_common import RecoveryCommon


@tagged("post_install", "-at_install")
class TestRecoveryRecourse(RecoveryCommon):
    """What others look into is neither lost nor changed."""

    def _recourse(self, **values):
        values.setdefault("complaint_id", self.complaint.id)
        values.setdefault("kind", "court")
        return (
            self.env["customer.complaint.recourse"]
            .with_user(self.handler)
            .create(values)
        )

    def test_a_hold_keeps_the_complaint_and_its_papers(self):
        recourse = self._recourse(name="17 C 3/25")
        self.assertTrue(recourse.is_legal_hold)
        self.assertTrue(self.complaint.is_on_hold)
        paper = self.env["ir.attachment"].create(
            {
                "name": "letter.txt",
                "raw": b"text",
                "res_model": "customer.complaint",
                "res_id": self.complaint.id,
            }
        )
        message = self.complaint.message_post(body="Hello")
        for refused in (
            self.complaint.unlink,
            paper.unlink,
            message.unlink,
            recourse.unlink,
            lambda: self.complaint.write({"active": False}),
            lambda: self.complaint.write({"merged_into_id": self._complain().id}),
        ):
            with self.assertRaises(UserError):
                refused()
        held = self.Complaint.search([("is_on_hold", "=", True)])
        self.assertIn(self.complaint, held)
        self.assertNotIn(
            self.complaint, self.Complaint.search([("is_on_hold", "=", False)])
        )

    def test_nothing_closes_by_itself_people_may(self):
        self._recourse()
        self.complaint.with_user(SUPERUSER_ID)._record_event("closed")
        self.assertNotEqual(self.complaint.status, "closed")
        self.complaint.with_user(self.boss)._record_event("closed")
        self.assertEqual(self.complaint.status, "closed")

    def test_only_a_manager_lifts_a_hold(self):
        recourse = self._recourse()
        with self.assertRaises(UserError):
            recourse.is_legal_hold = False
        recourse.with_user(self.boss).is_legal_hold = False
        self.assertFalse(self.complaint.is_on_hold)
        self.complaint.with_user(self.boss).legal_hold = True
        self.assertTrue(self.complaint.is_on_hold)

    def test_no_detour_lifts_a_hold(self):
        recourse = self._recourse()
        other = self._complain()
        for values in (
            {"kind": "consumer_body"},
            {"is_legal_hold": 0},
            {"is_legal_hold": None},
            {"complaint_id": other.id},
        ):
            with self.subTest(values=values):
                with contextlib.suppress(UserError), self.env.cr.savepoint():
                    recourse.write(values)
                recourse.invalidate_recordset()
                self.assertTrue(recourse.is_legal_hold)
                self.assertTrue(self.complaint.is_on_hold)
        for values in ({"active": 0}, {"active": None}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.complaint.with_user(self.handler).write(values)

    def test_what_was_said_and_sent_stays_as_it_was(self):
        complaint = self.complaint.with_user(self.handler)
        recourse = self._recourse()
        for record in (complaint, recourse):
            message = record.message_post(
                body="We admit it",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachments=[("letter.txt", b"text")],
            )
            paper = message.attachment_ids
            for refused in (
                lambda record=record, message=message: record._message_update_content(
                    message, body=""
                ),
                lambda message=message: message.write({"body": ""}),
                lambda message=message: message.write({"res_id": 0}),
                lambda paper=paper: paper.write({"raw": b"other"}),
                lambda paper=paper: paper.write({"res_model": False, "res_id": 0}),
                lambda paper=paper: paper.unlink(),
                lambda message=message: message.sudo().unlink(),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    refused()
            self.assertIn("We admit it", message.body)
            self.assertEqual(paper.raw, b"text")

    def test_a_consumer_body_is_no_hold_by_itself(self):
        self._recourse(kind="consumer_body")
        self.assertFalse(self.complaint.is_on_hold)

    def test_the_deadline_of_the_others_is_an_activity(self):
        recourse = self._recourse(deadline="2030-01-31")
        [activity] = self.complaint.activity_ids.filtered(
            lambda one: str(one.date_deadline) == "2030-01-31"
        )
        self.assertEqual(activity.user_id, self.handler)
        recourse.state = "answered"
        self.assertFalse(activity.exists())
        warnings = self.complaint._closing_warnings()[self.complaint]
        self.assertTrue(any(recourse.display_name in text for text in warnings))

    def test_the_bundle_holds_story_papers_and_fingerprints(self):
        self.complaint.message_post(
            body="To the customer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("photo.txt", b"picture")],
        )
        self.complaint.message_post(
            body="Secret thought",
            subtype_xmlid="mail.mt_note",
            attachments=[("inside.txt", b"inside")],
        )
        self._plan(amount=10).action_submit()
        self._recourse(name="17 C 3/25")
        wizard = (
            self.env["customer.complaint.evidence"]
            .with_user(self.handler)
            .create({"complaint_id": self.complaint.id})
        )
        files = self._unpacked(wizard)
        story = files["complaint.html"].decode()
        self.assertIn("To the customer", story)
        self.assertNotIn("Secret thought", story)
        self.assertIn("17 C 3/25", story)
        self.assertIn(b"picture", files.values())
        self.assertNotIn(b"inside", files.values())
        for line in files["sha256.txt"].decode().splitlines():
            fingerprint, name = line.split("  ")
            self.assertEqual(fingerprint, hashlib.sha256(files[name]).hexdigest())
        wizard.with_notes = True
        files = self._unpacked(wizard)
        self.assertIn("Secret thought", files["complaint.html"].decode())
        self.assertIn(b"inside", files.values())

    def _unpacked(self, wizard):
        wizard.action_bundle()
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(wizard.file))) as bundle:
            self.assertFalse(bundle.testzip())
            return {name: bundle.read(name) for name in bundle.namelist()}

    def test_the_story_can_be_printed(self):
        wizard = self.env["customer.complaint.evidence"].create(
            {"complaint_id": self.complaint.id}
        )
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "customer_retention.customer_complaint_evidence", wizard.ids
        )
        self.assertIn(self.complaint.name, html.decode())

    def test_the_story_names_the_zone_and_what_is_overdue(self):
        self.handler.tz = "Asia/Ho_Chi_Minh"
        complaint = self._complain(received_at="2025-06-30 08:00:00")
        self.assertIn("running", complaint.clock_ids.mapped("state"))
        wizard = (
            self.env["customer.complaint.evidence"]
            .with_user(self.handler)
            .create({"complaint_id": complaint.id})
        )
        with freeze_time("2025-08-30 08:00:00"):
            story = self._unpacked(wizard)["complaint.html"].decode()
        self.assertIn("Asia/Ho_Chi_Minh", story)
        self.assertRegex(story, r"06/30/2025,? 0?3:00\sPM|06/30/2025 15:00")
        self.assertNotRegex(story, r"\d:\d\d:\d\d")
        self.assertIn("Running, overdue", story)

    def test_the_story_is_in_the_order_of_what_happened(self):
        """What came by a merger has other numbers than its moments."""
        later = self.complaint.message_post(
            body="And then", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        earlier = self.complaint.message_post(
            body="At first", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        later.date, earlier.date = "2025-06-12 09:00:00", "2025-06-11 09:00:00"
        wizard = self.env["customer.complaint.evidence"].create(
            {"complaint_id": self.complaint.id}
        )
        story = wizard._story_page().decode()
        self.assertLess(story.index("At first"), story.index("And then"))

    def test_columns_have_names_and_dates_are_those_of_the_reader(self):
        self._recourse(name="17 C 3/25", date="2025-06-21", deadline="2025-07-09")
        complaint = self.complaint
        complaint._record_event("acknowledged", at=complaint.received_at)
        wizard = self.env["customer.complaint.evidence"].create(
            {"complaint_id": complaint.id}
        )
        story = wizard._story_page().decode()
        self.assertNotIn("2025-07-09", story)
        self.assertIn("07/09/2025", story)
        for name in ("Promise", "Due", "Done", "Answer Due"):
            self.assertIn(f"<th>{name}</th>", story)

    def test_whoever_cannot_read_it_gets_no_evidence(self):
        wizard = self.env["customer.complaint.evidence"].create(
            {"complaint_id": self.complaint.id}
        )
        self.complaint.team_id.member_ids = self.second
        self.complaint.user_id = self.second
        with self.assertRaises(UserError):
            wizard.with_user(self.handler).action_bundle()
