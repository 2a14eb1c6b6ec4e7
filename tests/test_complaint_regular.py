from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .clock_common import ClockCommon, at


@tagged("post_install", "-at_install")
class TestComplaintRegularUpdates(ClockCommon):
    """Every so many working hours the customer hears from us, until the decision."""

    def setUp(self):
        super().setUp()
        self.complaint = self._complain_at(at(0, 8), user_id=self.handler.id)

    def _promise(self, moment, every=4, unit="hours", complaint=None):
        complaint = (complaint or self.complaint).with_user(self.handler)
        action = complaint.action_promise_update()
        with freeze_time(moment):
            form = Form(
                self.env[action["res_model"]]
                .with_user(self.handler)
                .with_context(**action["context"])
            )
            form.unit = unit
            form.every = every
            form.save().action_promise()

    def _answer(self, moment, complaint=None):
        with freeze_time(moment):
            (complaint or self.complaint).with_user(self.handler).message_post(
                body="This is how far we are.",
                partner_ids=self.partner.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _updates(self, complaint=None):
        clocks = (complaint or self.complaint).clock_ids.sorted("id")
        return [
            (clock.state, clock.deadline) for clock in clocks if clock.kind == "update"
        ]

    def test_nothing_is_said_where_nothing_is_promised_regularly(self):
        self.assertIs(self.complaint.update_text, False)

    def test_the_dialog_proposes_the_first_moment(self):
        self._promise(at(0, 14))
        self.assertEqual(self.complaint.promised_at, at(1, 10))
        self.assertEqual(self._updates(), [("running", at(1, 10))])
        self.assertIn("4", self.complaint.update_text)

    def test_each_answer_promises_the_next_one(self):
        self._promise(at(0, 8))
        self._answer(at(0, 11))
        self._answer(at(0, 15))
        self.assertEqual(
            self._updates(),
            [
                ("kept", at(0, 12)),
                ("kept", at(0, 15)),
                ("running", at(1, 11)),
            ],
        )
        self.assertEqual(self.complaint.promised_at, at(1, 11))

    def test_an_answer_that_is_late_is_late_and_the_next_one_is_promised(self):
        self._promise(at(0, 8))
        self._answer(at(0, 13))
        self.assertEqual(
            self._updates(), [("broken", at(0, 12)), ("running", at(1, 9))]
        )

    def test_days_end_with_the_close_of_business(self):
        self._promise(at(0, 9), every=2, unit="days")
        self.assertEqual(self.complaint.promised_at, at(2, 16))
        self._answer(at(2, 10))
        self.assertEqual(self.complaint.promised_at, at(4, 16))

    def test_notes_and_messages_of_the_system_promise_nothing(self):
        self._promise(at(0, 8))
        with freeze_time(at(0, 9)):
            self.complaint.with_user(self.handler).message_post(
                body="For us", subtype_xmlid="mail.mt_note"
            )
            self.complaint._message_log(body="For us")
        self.assertEqual(self._updates(), [("running", at(0, 12))])

    def test_the_decision_is_the_last_update(self):
        for event in ("decided", "refused", "resolved", "closed"):
            with self.subTest(event=event):
                complaint = self._complain_at(at(0, 8), user_id=self.handler.id)
                self._promise(at(0, 8), complaint=complaint)
                complaint._record_event(event, at=at(0, 10))
                self.assertFalse(complaint.promised_at)
                self.assertFalse(complaint.update_every)
                self.assertNotIn("running", dict(self._updates(complaint)))
                self._answer(at(0, 11), complaint)
                self.assertFalse(complaint.promised_at)
        kept = [state for state, _deadline in self._updates()]
        self.assertNotIn("broken", kept)

    def test_a_promise_of_its_own_takes_the_place_of_regular_ones(self):
        self._promise(at(0, 8))
        with freeze_time(at(0, 9)):
            self.complaint._record_event("promised", until=at(3, 12))
        self.assertFalse(self.complaint.update_every)
        self._answer(at(1, 9))
        self.assertFalse(self.complaint.promised_at)

    def test_the_dialog_knows_what_is_promised_so_far(self):
        self._promise(at(0, 8), every=3, unit="days")
        action = self.complaint.action_promise_update()
        dialog = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual((dialog.every, dialog.unit), (3, "days"))

    def test_it_also_runs_while_we_wait_for_the_customer(self):
        self._promise(at(0, 8))
        self.complaint._record_event("waiting", at=at(0, 9))
        self._answer(at(0, 10))
        self.assertEqual(self.complaint.promised_at, at(0, 14))

    def test_many_are_promised_at_once_each_by_its_own_hours(self):
        early = self._create_calendar("Early Birds", hours=(4, 12))
        team = self.team.copy({"name": "Early Team", "calendar_id": early.id})
        team.member_ids |= self.handler
        other = self._complain_at(at(0, 8), team_id=team.id, user_id=self.handler.id)
        both = self.complaint | other
        with freeze_time(at(0, 8)):
            both._record_event("promised", until=at(0, 12), every=(6, "hours"))
        both._record_event("updated", at=at(0, 10))
        self.assertEqual(self.complaint.promised_at, at(0, 16))
        self.assertEqual(other.promised_at, at(1, 8))

    def test_nonsense_is_refused(self):
        for every in (-1, 1000):
            dialog = self.env["customer.complaint.promise"].create(
                {
                    "complaint_ids": self.complaint.ids,
                    "every": every,
                    "until": "2099-01-01 08:00:00",
                }
            )
            with self.assertRaises(UserError):
                dialog.action_promise()
