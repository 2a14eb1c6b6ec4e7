"""One message of an incident to very many customers: in slices, to nobody twice."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .recovery_common import RecoveryCommon

MODELS = "odoo.addons.customer_retention.models."
REACH = "odoo.addons.customer_retention.wizards.customer_complaint_incident_reach"


@tagged("post_install", "-at_install")
class TestComplaintLetters(RecoveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.incident = cls.env["customer.complaint.incident"].create(
            {
                "name": "Bad batch",
                "company_id": cls.company.id,
                "product_ids": cls.product.ids,
            }
        )
        cls.silent = cls.env["res.partner"]
        for number in range(5):
            cls.silent |= cls._create_partner(
                f"Silent {number}", email=f"silent{number}@example.com"
            )
        for partner in cls.silent:
            cls._order(partner, "2025-06-10")

    def setUp(self):
        super().setUp()
        for module in ("customer_complaint_letter", "customer_complaint_letter_job"):
            self.startPatcher(patch(f"{MODELS}{module}.SLICE_SIZE", 2))
        self.commits = []
        self.startPatcher(
            patch.object(
                self.registry["ir.cron"],
                "_commit_progress",
                lambda _cron, done, remaining: (
                    self.commits.append((done, remaining)) or self.time_left()
                ),
            )
        )

    def time_left(self):
        return 99

    def _dialog(self, **values):
        dialogs = self.env["customer.complaint.incident.reach"]
        return dialogs.with_user(self.handler).create(
            {"incident_id": self.incident.id, "body": "<p>Stop using it</p>", **values}
        )

    def _send(self, **values):
        self._dialog(**values).action_send()
        return self.incident.letter_ids[:1]

    def _work(self):
        self.env["customer.complaint.letter"]._cron_write_letters()
        self.env.invalidate_all()

    def _heard(self):
        return self.incident.complaint_ids.partner_id

    def test_few_are_written_to_at_once(self):
        dialog = self._dialog()
        dialog.line_ids[2:].is_chosen = False
        dialog.action_send()
        self.assertEqual(self._heard(), dialog.line_ids[:2].partner_id)
        self.assertEqual(self.incident.letter_ids.state, "done")

    def test_many_are_written_to_by_the_job(self):
        letter = self._send()
        self.assertFalse(self._heard())
        self.assertEqual((letter.state, letter.progress), ("sending", 0))
        self._work()
        self.assertEqual(self._heard(), self.silent)
        self.assertEqual(len(self.incident.complaint_ids), 5)
        self.assertEqual(self.commits[:3], [(2, 3), (2, 1), (1, 0)])
        self.assertEqual((letter.state, letter.progress), ("done", 100))
        self.assertIn("Sent to 5 customers", self.incident.message_ids[:1].body)

    def test_two_letters_at_once_wait_for_each_other(self):
        """Both change one row: the later one starts over and sees the first one."""
        first, second = self._dialog(), self._dialog()
        for dialog in (first, second):
            dialog.line_ids[1:].is_chosen = False
        keys = []
        tally = self.registry["customer.recovery.tally"]
        with patch.object(tally, "_touch", lambda self, found: keys.append(found)):
            first.action_send()
        self.assertEqual(keys, [{f"incident,{self.incident.id}"}])
        second.action_send()
        self.assertEqual(len(self.incident.complaint_ids), 1)

    def test_handlers_see_how_far_it_is(self):
        self._send()
        with patch.object(type(self), "time_left", lambda _self: 0):
            self._work()
        letter = self.incident.with_user(self.second).letter_ids
        counts = letter.read(["sent_count", "total_count", "progress"], load=None)
        self.assertEqual(
            counts,
            [{"id": letter.id, "sent_count": 2, "total_count": 5, "progress": 40}],
        )

    def test_everybody_reads_the_message_of_the_sender(self):
        self._send()
        self._work()
        for complaint in self.incident.complaint_ids:
            message = complaint.message_ids.filtered(
                lambda one: "Stop using it" in one.body
            )
            self.assertEqual(len(message), 1)
            self.assertEqual(message.author_id, self.handler.partner_id)
            self.assertEqual(message.partner_ids, complaint.partner_id)

    def test_it_goes_on_where_it_stopped(self):
        letter = self._send()
        with patch.object(type(self), "time_left", lambda _self: 0):
            self._work()
        self.assertEqual(len(self._heard()), 2)
        self.assertEqual((letter.state, letter.progress), ("sending", 40))
        self._work()
        self._work()
        self.assertEqual(len(self.incident.complaint_ids), 5)

    def test_who_is_going_to_be_written_to_is_not_listed_again(self):
        self._send()
        self.assertFalse(self._dialog().line_ids)

    def test_who_has_complained_meanwhile_is_left_out(self):
        letter = self._send()
        own = self._complain(partner_id=self.silent[2].id, incident_id=self.incident.id)
        self._work()
        self.assertEqual(len(self.incident.complaint_ids), 5)
        self.assertFalse(own.message_ids.filtered(lambda one: "Stop" in one.body))
        self.assertEqual((letter.sent_count, letter.total_count), (4, 5))
        self.assertIn("1 had been written", self.incident.message_ids[:1].body)

    def test_a_customer_who_cannot_be_written_to_does_not_stop_the_others(self):
        letter = self._send()
        bad = self.silent[3]
        Complaint = self.registry["customer.complaint"]
        post = Complaint._post_to_customer

        def fail(complaint, *args, **kwargs):
            if complaint.partner_id == bad:
                reason = "No way"
                raise UserError(reason)
            return post(complaint, *args, **kwargs)

        with patch.object(Complaint, "_post_to_customer", fail):
            self._work()
        self.assertEqual(self._heard(), self.silent - bad)
        self.assertEqual((letter.state, letter.failed_count), ("done", 1))
        self.assertIn("No way", self.incident.message_ids[:1].body)
        letter.with_user(self.handler).action_go_on()
        self._work()
        self.assertEqual(self._heard(), self.silent)
        self.assertEqual(len(self.incident.complaint_ids), 5)

    @mute_logger("odoo.addons.customer_retention.models.customer_complaint_letter_job")
    def test_an_error_of_the_program_is_logged_and_the_others_hear(self):
        letter = self._send()
        bad = self.silent[3]
        Line = self.registry["customer.complaint.letter.line"]
        prepare = Line._prepare_complaint_values

        def fail(line):
            if line.partner_id == bad:
                raise ValueError("bug")
            return prepare(line)

        with patch.object(Line, "_prepare_complaint_values", fail):
            self._work()
        self.assertEqual(self._heard(), self.silent - bad)
        self.assertEqual(letter.failed_count, 1)

    def test_somebody_stops_it(self):
        letter = self._send()
        with self.assertRaisesRegex(UserError, "Ask who sent it"):
            letter.with_user(self.second).action_stop()
        letter.with_user(self.handler).action_stop()
        self._work()
        self.assertFalse(self._heard())
        self.assertEqual(self._dialog().line_ids.partner_id, self.silent)
        letter.with_user(self.boss).action_go_on()
        self._work()
        self.assertEqual(self._heard(), self.silent)

    def test_nothing_is_sent_for_somebody_who_has_left(self):
        letter = self._send()
        self.handler.active = False
        self._work()
        self.assertFalse(self._heard())
        self.assertEqual(letter.state, "stopped")
        self.assertIn("handles no complaints", self.incident.message_ids[:1].body)

    def test_a_sender_who_works_elsewhere_now_writes_to_nobody(self):
        letter = self._send()
        elsewhere = self._create_company("Elsewhere")
        self.handler.write({"company_ids": elsewhere.ids, "company_id": elsewhere.id})
        self._work()
        self.assertFalse(self._heard())
        self.assertEqual((letter.state, letter.total_count), ("stopped", 5))

    def test_limits_of_the_sender_hold_in_the_job(self):
        self._send(remedy_type_id=self.types["goodwill"].id, remedy_amount=120)
        self._work()
        actions = self.incident.complaint_ids.action_ids
        self.assertEqual(len(actions), 5)
        self.assertEqual(set(actions.mapped("state")), {"waiting"})
        self.assertIn("5 waiting for approval", self.incident.message_ids[:1].body)

    def test_an_answer_to_many_is_written_by_the_job(self):
        complaints = self.Complaint
        for partner in self.silent:
            complaints |= self._complain(
                partner_id=partner.id, incident_id=self.incident.id
            )
        self.env["customer.complaint.incident.answer"].with_user(self.handler).create(
            {
                "incident_id": self.incident.id,
                "body": "<p>Sorry</p>",
                "event": "resolved",
            }
        ).action_send()
        self.assertFalse(any(complaints.mapped("answered_at")))
        moved = complaints[0]
        moved.incident_id = False
        self._work()
        self.assertEqual(complaints.filtered("answered_at"), complaints - moved)
        self.assertEqual(complaints.filtered("resolved_at"), complaints - moved)
        self.assertEqual(len(self.incident.complaint_ids), 4)

    def test_more_customers_than_the_list_shows(self):
        with patch(f"{REACH}.MOST_LISTED", 3):
            dialog = self._dialog()
            self.assertEqual((len(dialog.line_ids), dialog.more_count), (3, 2))
            dialog.line_ids[0].is_chosen = False
            left = dialog.line_ids[0].partner_id
            dialog.with_more = True
            dialog.action_send()
        self._work()
        self.assertEqual(self._heard(), self.silent - left)

    def test_more_than_the_list_shows_are_not_written_to_unasked(self):
        with patch(f"{REACH}.MOST_LISTED", 3):
            self._send()
        self._work()
        self.assertEqual(len(self._heard()), 3)
