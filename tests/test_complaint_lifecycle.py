"""Events, stages and status: what happens to a complaint, and when."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .complaint_common import NOW, ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintEvents(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False

    def test_a_new_complaint_is_received_and_open(self):
        complaint = self._complain(received_at="2025-06-01 08:00:00")
        self.assertEqual(complaint.status, "open")
        self.assertEqual(complaint.stage_id.event, "received")
        self.assertEqual(self._log(complaint), ["received"])
        self.assertEqual(complaint.event_ids.at, datetime(2025, 6, 1, 8))

    def test_each_event_dates_the_complaint_and_moves_it_on(self):
        complaint = self._complain()
        for event, field in (
            ("acknowledged", "acknowledged_at"),
            ("investigating", "investigating_at"),
            ("decided", "decided_at"),
            ("resolved", "resolved_at"),
            ("closed", "closed_at"),
        ):
            with self.subTest(event=event):
                complaint._record_event(event, at=NOW)
                self.assertEqual(complaint[field], NOW)
                self.assertEqual(complaint.stage_id, self.stages[event])
        self.assertEqual(complaint.status, "closed")

    def test_an_event_is_recorded_once(self):
        complaint = self._complain()
        complaint._record_event("acknowledged", at=NOW)
        self.assertFalse(
            complaint._record_event("acknowledged", at=NOW + timedelta(hours=1))
        )
        self.assertEqual(complaint.acknowledged_at, NOW)
        self.assertEqual(self._log(complaint).count("acknowledged"), 1)

    def test_an_event_never_moves_back(self):
        complaint = self._complain()
        complaint._record_event("decided", at=NOW)
        complaint._record_event("acknowledged", at=NOW)
        complaint._record_event("answered", at=NOW)
        self.assertEqual(complaint.stage_id, self.stages["decided"])
        self.assertEqual(complaint.answered_at, NOW)

    def test_an_answer_acknowledges(self):
        complaint = self._complain()
        complaint._record_event("answered", at=NOW)
        self.assertEqual(complaint.acknowledged_at, NOW)
        self.assertEqual(complaint.stage_id, self.stages["acknowledged"])

    def test_a_stage_the_team_does_not_have_is_passed_over(self):
        self.stages["acknowledged"].team_ids = self.team.copy({"name": "Other"})
        complaint = self._complain()
        complaint._record_event("acknowledged", at=NOW)
        self.assertEqual(complaint.acknowledged_at, NOW)
        self.assertEqual(complaint.stage_id, self.stages["received"])

    def test_events_in_batch(self):
        complaints = self._complain() | self._complain() | self._complain()
        complaints[0]._record_event("acknowledged", at=NOW)
        later = NOW + timedelta(hours=1)
        news = complaints._record_event("acknowledged", at=later)
        self.assertEqual(news, complaints[1:])
        self.assertEqual(complaints.mapped("acknowledged_at"), [NOW, later, later])
        self.assertEqual(complaints.stage_id, self.stages["acknowledged"])

    def test_waiting_is_over_before_anything_is_judged(self):
        complaint = self._complain()
        complaint._record_event("waiting", at=NOW, reason="the serial number")
        self.assertEqual(complaint.status, "waiting")
        self.assertEqual(complaint.waiting_since, NOW)
        self.assertEqual(complaint.waiting_reason, "the serial number")
        complaint._record_event("resolved", at=NOW + timedelta(hours=2))
        self.assertEqual(
            self._log(complaint), ["received", "waiting", "resumed", "resolved"]
        )
        self.assertFalse(complaint.waiting_since)
        self.assertEqual(complaint.status, "resolved")

    def test_a_promise_ends_with_the_update(self):
        complaint = self._complain()
        self.assertFalse(complaint._record_event("updated", at=NOW))
        complaint._record_event("promised", at=NOW, until=NOW + timedelta(days=1))
        self.assertEqual(complaint.promised_at, NOW + timedelta(days=1))
        complaint._record_event("updated", at=NOW)
        self.assertFalse(complaint.promised_at)

    def test_a_refusal_is_a_decision_that_stays_open(self):
        complaint = self._complain()
        complaint._record_event("refused", at=NOW)
        self.assertEqual(complaint.outcome, "refused")
        self.assertEqual(complaint.decided_at, NOW)
        self.assertEqual(complaint.status, "open")
        self.assertEqual(complaint.stage_id, self.stages["decided"])
        self.assertEqual(self._log(complaint), ["received", "decided", "refused"])
        self.assertFalse(complaint._record_event("refused", at=NOW))

    def test_reopening_keeps_history_in_the_log(self):
        complaint = self._complain()
        complaint._record_event("resolved", at=NOW)
        complaint._record_event("closed", at=NOW + timedelta(days=1))
        complaint._record_event("reopened", at=NOW + timedelta(days=2), reason="again")
        self.assertEqual(complaint.status, "open")
        self.assertEqual(complaint.stage_id, self.stages["investigating"])
        self.assertFalse(complaint.resolved_at or complaint.closed_at)
        self.assertEqual(complaint.reopen_count, 1)
        complaint._record_event("resolved", at=NOW + timedelta(days=3))
        resolutions = complaint.event_ids.filtered(lambda one: one.event == "resolved")
        self.assertEqual(resolutions.mapped("at"), [NOW, NOW + timedelta(days=3)])

    def test_only_what_is_over_reopens(self):
        complaint = self._complain()
        self.assertFalse(complaint._record_event("reopened"))
        self.assertFalse(complaint.reopen_count)

    def test_created_in_a_later_stage(self):
        with freeze_time(NOW):
            complaint = self._complain(stage_id=self.stages["resolved"].id)
        self.assertEqual(complaint.status, "resolved")
        self.assertEqual(complaint.resolved_at, NOW)

    def test_clocks_hear_of_every_event(self):
        heard = []

        def hear(complaints, event, at, **details):
            if complaints and event != "dropped":
                heard.append((event, details))

        self.patch(self.registry["customer.complaint"], "_clocks_on_event", hear)
        complaint = self._complain()
        complaint._record_event("waiting", at=NOW, reason="x")
        complaint._record_event("refused", at=NOW)
        self.assertEqual(
            heard,
            [
                ("waiting", {"reason": "x"}),
                ("resumed", {}),
                ("decided", {"outcome": "refused"}),
                ("refused", {}),
            ],
        )


@tagged("post_install", "-at_install")
class TestComplaintMoves(ComplaintCommon):
    """What a drag on the board means."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False

    def _drag(self, complaint, event):
        complaint.with_user(self.handler).write({"stage_id": self.stages[event].id})

    def test_forward_records_the_event(self):
        complaint = self._complain()
        with freeze_time(NOW):
            self._drag(complaint, "resolved")
        self.assertEqual(complaint.resolved_at, NOW)
        self.assertEqual(complaint.status, "resolved")
        self.assertEqual(self._log(complaint), ["received", "resolved"])
        self.assertEqual(complaint.event_ids[-1].user_id, self.handler)

    def test_back_from_the_end_reopens_in_that_stage(self):
        complaint = self._complain()
        complaint._record_event("closed")
        self._drag(complaint, "acknowledged")
        self.assertEqual(complaint.status, "open")
        self.assertEqual(complaint.stage_id, self.stages["acknowledged"])
        self.assertIn("reopened", self._log(complaint))

    def test_from_closed_to_resolved_keeps_the_resolution(self):
        complaint = self._complain()
        complaint._record_event("resolved", at=NOW)
        complaint._record_event("closed", at=NOW)
        self._drag(complaint, "resolved")
        self.assertEqual(complaint.status, "resolved")
        self.assertEqual(complaint.resolved_at, NOW)
        self.assertFalse(complaint.closed_at)

    def test_back_among_open_stages_says_nothing_new(self):
        complaint = self._complain()
        complaint._record_event("acknowledged", at=NOW)
        complaint._record_event("decided", at=NOW)
        self._drag(complaint, "acknowledged")
        self.assertEqual(complaint.stage_id, self.stages["acknowledged"])
        self.assertEqual(complaint.decided_at, NOW)
        self.assertEqual(complaint.status, "open")

    def test_a_stage_without_meaning(self):
        stage = self.env["customer.complaint.stage"].create({"name": "Parked"})
        complaint = self._complain()
        complaint.stage_id = stage
        self.assertEqual(self._log(complaint), ["received"])
        complaint._record_event("resolved")
        self.assertEqual(complaint.stage_id, self.stages["resolved"])

    def test_all_at_once(self):
        complaints = self._complain() | self._complain() | self._complain()
        complaints[0]._record_event("resolved", at=NOW)
        complaints.write({"stage_id": self.stages["investigating"].id})
        self.assertEqual(set(complaints.mapped("status")), {"open"})
        self.assertEqual(complaints.mapped("reopen_count"), [1, 0, 0])
        self.assertTrue(all(complaints.mapped("investigating_at")))

    def test_another_team_keeps_the_meaning_of_the_stage(self):
        other = self.env["customer.complaint.team"].create(
            {"name": "Other", "company_id": self.company.id, "assignment": "manual"}
        )
        self.stages["investigating"].team_ids = self.team
        own = self.env["customer.complaint.stage"].create(
            {"name": "Looking", "event": "investigating", "team_ids": other.ids}
        )
        complaint = self._complain()
        complaint._record_event("investigating", at=NOW)
        complaint.team_id = other
        self.assertEqual(complaint.stage_id, own)
        self.assertEqual(self._log(complaint), ["received", "investigating"])

    def test_columns_of_the_board_are_those_of_the_team(self):
        parked = self.env["customer.complaint.stage"].create(
            {
                "name": "Parked",
                "team_ids": self.team.copy({"name": "Other"}).ids,
            }
        )
        complaints = self.Complaint.with_context(default_team_id=self.team.id)
        columns = complaints._read_group_stage_ids(self.stages["closed"], [])
        self.assertNotIn(parked, columns)
        self.assertIn(self.stages["closed"], columns)


@tagged("post_install", "-at_install")
class TestComplaintButtons(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._complain(email_from=False)

    def _as(self, user):
        return self.complaint.with_user(user)

    def _dialog(self, action, **values):
        """Fill in the dialog that a button opens."""
        return (
            self.env[action["res_model"]]
            .with_user(self.handler)
            .with_context(**action["context"])
            .create(values)
        )

    def test_investigating_takes_what_nobody_has(self):
        self._as(self.handler).action_investigate()
        self.assertEqual(self.complaint.user_id, self.handler)
        self.assertTrue(self.complaint.investigating_at)
        self._as(self.second).action_investigate()
        self.assertEqual(self.complaint.user_id, self.handler)

    def test_waiting_and_going_on(self):
        self._as(self.handler).action_wait_for_customer("a photo")
        self.assertEqual(self.complaint.waiting_reason, "a photo")
        self._as(self.handler).action_resume()
        self.assertEqual(self.complaint.status, "open")

    def test_resolve_close_reopen(self):
        self.complaint.write({"answered_at": NOW, "decided_at": NOW})
        self.assertFalse(self._as(self.handler).action_resolve())
        self.assertEqual(self.complaint.status, "resolved")
        self.assertFalse(self._as(self.handler).action_close())
        self.assertEqual(self.complaint.status, "closed")
        self._as(self.handler).action_reopen()
        self.assertEqual(self.complaint.status, "open")

    def test_closing_says_what_is_open_and_goes_on(self):
        self.assertIn("Nobody has answered", self.complaint.closing_warning)
        action = self._as(self.handler).action_close()
        self.assertEqual(self.complaint.status, "open")
        dialog = self._dialog(action)
        self.assertIn("Nobody has answered", dialog.warning)
        dialog.action_close()
        self.assertEqual(self.complaint.status, "closed")

    def test_resolving_says_what_the_customer_was_not_told_and_goes_on(self):
        action = self._as(self.handler).action_resolve()
        self.assertEqual(self.complaint.status, "open")
        dialog = self._dialog(action)
        self.assertIn("Nobody has answered", dialog.warning)
        self.assertIn("No decision has been communicated", dialog.warning)
        self.assertTrue(dialog.may_decide)
        decision = dialog.action_decide()
        self.assertEqual(decision["res_model"], "customer.complaint.decision")
        self.assertEqual(self.complaint.status, "open")
        dialog.action_close()
        self.assertEqual(self.complaint.status, "resolved")

    def _catch_notifications(self):
        """Return the list that notifications on the screen are added to."""
        told = []
        self.patch(
            self.env.registry["res.users"],
            "_bus_send",
            lambda user, kind, values, **options: told.append((user, kind, values)),
        )
        return told

    def test_resolving_on_the_board_says_what_the_customer_was_not_told(self):
        told = self._catch_notifications()
        self._as(self.handler).stage_id = self.stages["resolved"]
        (user, kind, values) = told[0]
        self.assertEqual((user, kind), (self.handler, "simple_notification"))
        self.assertEqual(values["title"], self.complaint.name)
        self.assertIn("No decision has been communicated", values["message"])
        self.assertEqual(self.complaint.status, "resolved")

    def test_closing_on_the_board_says_what_is_still_open(self):
        self.complaint.remedy_sought_ids = self.env.ref(
            "customer_retention.customer_complaint_remedy_speed"
        )
        asked = self._as(self.handler).closing_warning
        self.assertIn("no action of the plan answers that", asked)
        told = self._catch_notifications()
        self._as(self.handler).stage_id = self.stages["closed"]
        (user, kind, values) = told[0]
        self.assertEqual((user, kind), (self.handler, "simple_notification"))
        self.assertEqual(values["title"], self.complaint.name)
        self.assertEqual(values["message"], " ".join(asked.splitlines()))
        self.assertEqual(self.complaint.status, "closed")

    def test_closing_on_the_board_is_quiet_when_nothing_is_open(self):
        self.complaint.answered_at = NOW
        told = self._catch_notifications()
        self._as(self.handler).stage_id = self.stages["closed"]
        self.assertEqual(told, [])

    def test_nothing_is_asked_when_the_customer_knows_or_does_not_wait(self):
        self.complaint.write({"answered_at": NOW, "decided_at": NOW})
        noticed = self._complain(channel="noticed")
        question = self._complain(kind="question")
        question.answered_at = NOW
        complaints = self.complaint + noticed + question
        self.assertFalse(complaints.with_user(self.handler).action_resolve())
        self.assertEqual(set(complaints.mapped("status")), {"resolved"})

    def test_promise(self):
        action = self._as(self.handler).action_promise_update()
        with self.assertRaisesRegex(UserError, "still to come"):
            self._dialog(action, until="2020-01-01 00:00:00").action_promise()
        self._dialog(action, until="2050-01-01 00:00:00").action_promise()
        self.assertEqual(self.complaint.promised_at, datetime(2050, 1, 1))

    def test_decision_is_written_to_the_customer(self):
        self.complaint.email_from = "customer@example.com"
        action = self._as(self.handler).action_communicate_decision()
        self._dialog(
            action, outcome="accepted", message="<p>You are right.</p>"
        ).action_communicate()
        self.assertEqual(self.complaint.outcome, "accepted")
        self.assertTrue(self.complaint.decided_at)
        message = self.complaint.message_ids.filtered(
            lambda one: "You are right" in (one.body or "")
        )
        self.assertEqual(message.partner_ids, self.partner)

    def test_refusing_by_decision(self):
        action = self._as(self.handler).action_communicate_decision()
        self._dialog(action, outcome="refused").action_communicate()
        self.assertEqual(self.complaint.outcome, "refused")
        self.assertEqual(self.complaint.status, "open")
        self.assertIn("refused", self.complaint.closing_warning)

    def test_waiting_asks_what_for(self):
        complaint = self._as(self.handler)
        action = complaint.action_wait_for_customer()
        self.assertEqual(complaint.status, "open")
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.handler)
            .with_context(**action["context"])
            .create({"reason": "The serial number"})
        )
        self.assertEqual(dialog.complaint_ids, complaint)
        dialog.action_wait()
        self.assertEqual(complaint.status, "waiting")
        self.assertEqual(complaint.waiting_reason, "The serial number")

    def test_buttons_need_the_right_to_write(self):
        reader = self._as(self.seller)
        self.assertTrue(reader.subject)
        for button in (
            "action_acknowledge",
            "action_investigate",
            "action_resolve",
            "action_close",
            "action_reopen",
            "action_wait_for_customer",
            "action_resume",
            "action_follow_severity",
        ):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(reader, button)()

    def test_guidance_of_stage_and_category(self):
        self.complaint.category_id = self.env["customer.complaint.category"].create(
            {"name": "Colors", "guidance": "<p>Ask for a photo.</p>"}
        )
        self.stages["received"].guidance = "<p>Read first.</p>"
        self.assertEqual(
            self.complaint.guidance, "<p>Read first.</p><p>Ask for a photo.</p>"
        )


@tagged("post_install", "-at_install")
class TestComplaintPassOn(ComplaintCommon):
    def _pass_on(self, complaint, user=None, **values):
        action = complaint.with_user(user or self.handler).action_pass_on()
        dialog = (
            self.env[action["res_model"]]
            .with_user(user or self.handler)
            .with_context(**action["context"])
            .create(values)
        )
        return dialog.action_pass_on()

    def test_nothing_begins_anew(self):
        complaint = self._complain(user_id=self.handler.id, channel="email")
        complaint._record_event("investigating", at=NOW)
        before = (complaint.stage_id, complaint.acknowledged_at, self._log(complaint))
        mails = self._acknowledgements(complaint)
        self._pass_on(complaint, user_id=self.second.id, summary="Wants a new one.")
        self.assertEqual(complaint.user_id, self.second)
        self.assertEqual(
            (complaint.stage_id, complaint.acknowledged_at, self._log(complaint)),
            before,
        )
        self.assertEqual(self._acknowledgements(complaint), mails)
        note = complaint.message_ids.filtered(lambda m: "new one" in (m.body or ""))
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(note.partner_ids, self.second.partner_id)

    def test_to_another_team_which_finds_somebody(self):
        helper = self._create_user(
            "complaint_helper", "customer_retention.group_complaint_user"
        )
        other = self.env["customer.complaint.team"].create(
            {
                "name": "Other",
                "company_id": self.company.id,
                "assignment": "balanced",
                "member_ids": helper.ids,
            }
        )
        complaint = self._complain(user_id=self.handler.id)
        self._pass_on(complaint, team_id=other.id)
        self.assertEqual((complaint.team_id, complaint.user_id), (other, helper))

    def test_whoever_passes_on_to_nobody_is_told_what_to_do(self):
        complaint = self._complain(user_id=self.handler.id)
        for assignment in ("balanced", "manual"):
            self.team.assignment = assignment
            with self.subTest(assignment=assignment):
                with self.assertRaisesRegex(UserError, "Choose a colleague"):
                    self._pass_on(complaint, summary="Take it, please")
                self.assertEqual(complaint.user_id, self.handler)
        self.assertNotIn("Take it", str(complaint.message_ids.mapped("body")))

    def test_who_left_it_to_a_team_is_told_when_nobody_has_it(self):
        helper = self._create_user(
            "complaint_helper", "customer_retention.group_complaint_user"
        )
        for assignment, members in (("manual", helper), ("balanced", helper.browse())):
            other = self.env["customer.complaint.team"].create(
                {
                    "name": "By Hand",
                    "company_id": self.company.id,
                    "assignment": assignment,
                    "member_ids": members.ids,
                }
            )
            complaint = self._complain(user_id=self.handler.id)
            with self.subTest(assignment=assignment):
                answer = self._pass_on(complaint, team_id=other.id)
                self.assertEqual(
                    (complaint.team_id, complaint.user_id.ids), (other, [])
                )
                self.assertEqual(answer["tag"], "display_notification")
                self.assertIn(complaint.name, answer["params"]["message"])
                self.assertIn("By Hand", answer["params"]["message"])

    def test_not_to_whom_it_is_about_and_without_saying_why(self):
        complaint = self._complain(user_id=self.handler.id)
        complaint.with_user(self.boss).concerned_user_ids = self.second
        with self.assertRaisesRegex(UserError, "Choose somebody else"):
            self._pass_on(complaint, user_id=self.second.id)
