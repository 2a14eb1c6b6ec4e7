"""The mail gateway: raw messages in, complaints out, whatever is mis-set."""

from email.message import EmailMessage
from unittest.mock import patch

import psycopg2.errors

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon

GATEWAY = "odoo.addons.mail.models.mail_thread"
INTAKE = "odoo.addons.customer_retention.models.customer_complaint_mail"
MEGABYTE = 1024 * 1024


class GatewayCommon(ComplaintCommon):
    """An alias of a team, and a hand that throws raw messages at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "complaints.example", "company_ids": [(4, cls.company.id)]}
        )
        cls.company.alias_domain_id = cls.domain
        cls.team.alias_id.write(
            {"alias_name": "complaints", "alias_domain_id": cls.domain.id}
        )
        cls.address = "complaints@complaints.example"
        cls.sent = 0

    @classmethod
    def _raw(cls, subject="It broke", text="It broke yesterday.", **options):
        """Return a message as it comes from the wire."""
        cls.sent += 1
        mail = EmailMessage()
        mail["Message-Id"] = options.pop("msgid", f"<{cls.sent}.raw@example.com>")
        mail["From"] = options.pop("sender", "Customer <customer@example.com>")
        mail["To"] = options.pop("to", cls.address)
        mail["Date"] = "Mon, 30 Jun 2025 09:00:00 +0000"
        if subject is not None:
            mail["Subject"] = subject
        if options.get("reply_to_message"):
            mail["In-Reply-To"] = options["reply_to_message"].message_id
            mail["References"] = options.pop("reply_to_message").message_id
        mail.set_content(text)
        if options.get("html"):
            mail.add_alternative(options.pop("html"), subtype="html")
        for name, content in options.pop("attachments", ()):
            mail.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        for name, value in options.pop("headers", {}).items():
            mail[name] = value
        return bytes(mail)

    @classmethod
    def _receive(cls, **options):
        """Let the gateway process a message; return the complaint it led to."""
        with mute_logger(GATEWAY):
            res_id = cls.env["mail.thread"].message_process(None, cls._raw(**options))
        cls.env.flush_all()
        return cls.Complaint.browse(res_id or [])

    def _said(self, complaint):
        """Return the customer's own messages in the thread."""
        return complaint.message_ids.filtered(
            lambda message: message.message_type == "email"
        )

    def _our_answer(self, complaint, user=None):
        """Return an answer to the customer, as the composer posts it."""
        return complaint.with_user(user or self.handler)._post_to_customer(
            "We look into it."
        )


@tagged("post_install", "-at_install")
class TestComplaintGateway(GatewayCommon):
    # --- who and where ---

    def test_known_customer(self):
        complaint = self._receive()
        self.assertRecordValues(
            complaint,
            [
                {
                    "subject": "It broke",
                    "channel": "email",
                    "kind": "complaint",
                    "partner_id": self.partner.id,
                    "account_id": self.partner.id,
                    "team_id": self.team.id,
                    "company_id": self.company.id,
                    "email_normalized": "customer@example.com",
                    "status": "open",
                }
            ],
        )
        self.assertNotEqual(complaint.name, "It broke")
        self.assertIn("It broke yesterday.", complaint.description)
        self.assertEqual(len(self._said(complaint)), 1)

    def test_acknowledged_once_after_the_customers_own_words(self):
        complaint = self._receive()
        acknowledgement = self._acknowledgements(complaint)
        self.assertEqual(len(acknowledgement), 1)
        self.assertGreater(acknowledgement.id, self._said(complaint).id)
        self.assertTrue(complaint.acknowledged_at)
        self.assertFalse(complaint.answered_at)

    def test_what_the_start_fills_in_is_not_told_in_the_thread(self):
        told = self.env["mail.thread"].with_context(
            tracking_disable=False, mail_notrack=False
        )
        complaint = self.Complaint.browse(told.message_process(None, self._raw()))
        self.env.cr.flush()
        self.assertEqual(complaint.stage_id, self.stages["acknowledged"])
        self.assertFalse(complaint.message_ids.tracking_value_ids)

    def test_unknown_sender(self):
        partners = self.env["res.partner"].search_count([])
        complaint = self._receive(sender="Ann Lee <ann@nowhere.example>")
        self.assertFalse(complaint.partner_id)
        self.assertEqual(complaint.partner_name, "Ann Lee")
        self.assertEqual(complaint.email_normalized, "ann@nowhere.example")
        self.assertEqual(len(self._acknowledgements(complaint)), 1)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_shared_address_leads_to_who_has_bought(self):
        buyer = self._create_partner("Buyer", email="shared@example.com")
        self._create_partner("Namesake", email="shared@example.com").flush_recordset()
        buyer = self._create_partner("Real Buyer", email="shared@example.com")
        self._order(buyer, "2025-05-01")
        complaint = self._receive(sender="shared@example.com")
        self.assertEqual(complaint.partner_id, buyer)

    def test_contact_of_a_company_belongs_to_that_customer(self):
        person = self._create_partner(
            "Person",
            is_company=False,
            parent_id=self.partner.id,
            email="person@example.com",
        )
        complaint = self._receive(sender="person@example.com")
        self.assertEqual(complaint.partner_id, person)
        self.assertEqual(complaint.account_id, self.partner)

    def test_alias_of_another_company(self):
        other = self._create_company("Other Company")
        theirs = self.env["mail.alias.domain"].create(
            {"name": "other.example", "company_ids": [(4, other.id)]}
        )
        team = self.env["customer.complaint.team"].create(
            {"name": "Other Team", "company_id": other.id}
        )
        team.alias_id.write({"alias_name": "complaints", "alias_domain_id": theirs.id})
        stranger = self._create_partner(
            "Ours Alone", email="ours@example.com", company_id=self.company.id
        )
        complaint = self._receive(
            sender="ours@example.com", to="complaints@other.example"
        )
        self.assertEqual(complaint.company_id, other)
        self.assertEqual(complaint.team_id, team)
        self.assertFalse(complaint.partner_id & stranger)

    def test_forwarded_by_a_colleague(self):
        self.handler.partner_id.email = "handler@ours.example"
        complaint = self._receive(
            sender="Handler <handler@ours.example>",
            subject="Fwd: broken",
            text="See below\n\n---------- Forwarded message ---------\n"
            "From: Customer <customer@example.com>\nDate: today\n\nIt broke.",
        )
        self.assertEqual(complaint.partner_id, self.partner)
        self.assertEqual(complaint.email_normalized, "customer@example.com")
        acknowledgement = self._acknowledgements(complaint)
        self.assertEqual(acknowledgement.partner_ids, self.partner)
        self.assertFalse(complaint.answered_at)
        said = self._said(complaint)
        self.assertTrue(said.is_internal)
        self.assertNotIn(self.partner, said.notified_partner_ids)
        self.assertNotIn(said, complaint._customer_messages())

    # --- whatever is mis-set ---

    def test_no_subject_no_text(self):
        complaint = self._receive(subject=None, text="")
        self.assertTrue(complaint.exists())
        self.assertTrue(complaint.subject)

    def test_archived_team(self):
        self.team.active = False
        spare = self.env["customer.complaint.team"].create(
            {"name": "Spare", "company_id": self.company.id}
        )
        complaint = self._receive()
        self.assertEqual(complaint.team_id, spare)
        self.assertEqual(complaint.company_id, self.company)

    def test_alias_that_knows_no_team(self):
        self.team.alias_id.alias_defaults = "{}"
        complaint = self._receive()
        self.assertTrue(complaint.exists())
        self.assertTrue(complaint.company_id)

    def test_alias_with_nonsense(self):
        self.team.alias_id.alias_defaults = repr(
            {"team_id": 0, "company_id": "x", "no_such_field": 1, "kind": "rumor"}
        )
        with mute_logger(INTAKE):
            complaint = self._receive()
        self.assertTrue(complaint.exists())
        self.assertEqual(complaint.subject, "It broke")

    def test_without_stages_calendar_and_sequence(self):
        self.env["customer.complaint.stage"].search([]).active = False
        self.company.resource_calendar_id = False
        self.team.calendar_id = False
        self.env["ir.sequence"].search([("code", "=", "customer.complaint")]).unlink()
        complaint = self._receive()
        self.assertTrue(complaint.exists())
        self.assertEqual(complaint.status, "open")

    def test_without_policies(self):
        if "customer.complaint.policy" in self.env:
            self.env["customer.complaint.policy"].search([]).active = False
        self.assertTrue(self._receive().exists())

    @mute_logger(INTAKE)
    def test_what_fails_loses_no_mail(self):
        """Whatever breaks in placing a complaint: it arrives, bare."""
        for step in ("_propose_severity", "_assign", "_start_clocks"):
            with (
                self.subTest(step=step),
                patch.object(
                    type(self.Complaint), step, side_effect=ValueError("mis-set")
                ),
            ):
                self._check_bare(self._receive(sender=f"{step}@example.org"), step)

    def test_a_lost_race_is_tried_again_and_no_setting_is_blamed(self):
        """The server repeats what lost a race; a bare complaint would be worse."""

        def lose(*_args, **_kwargs):
            raise psycopg2.errors.SerializationFailure("could not serialize access")

        with patch.object(type(self.Complaint), "_assign", lose):
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self.Complaint._create_safely(
                    {"subject": "It broke", "team_id": self.team.id}
                )

    def _check_bare(self, complaint, step):
        self.assertEqual(complaint.subject, "It broke")
        self.assertEqual(complaint.email_normalized, f"{step}@example.org")
        self.assertEqual(complaint.company_id, self.company)
        self.assertEqual(len(self._said(complaint)), 1)
        self.assertEqual(self._log(complaint)[:1], ["received"])

    # --- machines ---

    def test_automatic_mail_is_not_acknowledged(self):
        machines = (
            {"Auto-Submitted": "auto-replied"},
            {"Auto-Submitted": "auto-generated"},
            {"X-Autoreply": "yes"},
            {"Precedence": "bulk"},
            {"Precedence": "junk"},
            {"Return-Path": "<>"},
        )
        quiet = (
            {"X-Auto-Response-Suppress": "All"},
            {"Precedence": "list"},
            {"List-Id": "<news.example.com>"},
        )
        for number, headers in enumerate((*machines, *quiet)):
            with self.subTest(headers=headers):
                complaint = self._receive(
                    sender=f"robot{number}@example.org", headers=headers
                )
                self.assertTrue(complaint.exists())
                self.assertTrue(complaint.is_automatic)
                self.assertFalse(self._acknowledgements(complaint))

    def test_auto_submitted_no_is_a_person(self):
        complaint = self._receive(headers={"Auto-Submitted": "no"})
        self.assertFalse(complaint.is_automatic)
        self.assertEqual(len(self._acknowledgements(complaint)), 1)

    def test_out_of_office_joins_the_latest_complaint(self):
        complaint = self._receive()
        number = self.Complaint.search_count([])
        self._receive(
            subject="Out of office", headers={"Auto-Submitted": "auto-replied"}
        )
        self.assertEqual(self.Complaint.search_count([]), number)
        self.assertEqual(len(self._said(complaint)), 2)
        self.assertEqual(len(self._acknowledgements(complaint)), 1)

    def test_ping_pong_ends(self):
        """A robot that answers everything gets nothing to answer."""
        for number in range(30):
            self._receive(
                sender="robot@example.org",
                subject=f"Automatic {number}",
                headers={"Auto-Submitted": "auto-replied"},
            )
        found = self.Complaint.search([("email_normalized", "=", "robot@example.org")])
        self.assertEqual(len(found), 1)
        self.assertFalse(self._acknowledgements(found))

    def test_core_stops_a_robot_that_looks_like_a_person(self):
        for number in range(25):
            self._receive(sender="loop@example.org", subject=f"Loop {number}")
        found = self.Complaint.search([("email_normalized", "=", "loop@example.org")])
        self.assertLessEqual(len(found), 20)

    def test_bounce_creates_nothing(self):
        complaint = self._receive()
        answer = self._our_answer(complaint)
        number = self.Complaint.search_count([])
        with mute_logger(GATEWAY):
            self.env["mail.thread"].message_process(
                None,
                self._raw(
                    sender="MAILER-DAEMON@example.com",
                    subject="Undelivered Mail Returned to Sender",
                    text="No such mailbox",
                    reply_to_message=answer,
                ),
            )
        self.assertEqual(self.Complaint.search_count([]), number)
        self.assertEqual(len(self._said(complaint)), 1)

    def test_the_same_mail_twice(self):
        self._receive(msgid="<once@example.com>")
        number = self.Complaint.search_count([])
        self._receive(msgid="<once@example.com>")
        self.assertEqual(self.Complaint.search_count([]), number)

    # --- content ---

    def test_html_with_scripts(self):
        complaint = self._receive(
            html="<p>Broken</p><script>alert(1)</script>"
            "<img src=x onerror=alert(2)><a href='javascript:alert(3)'>x</a>"
            "<iframe src='https://evil.example'></iframe>"
        )
        for text in (complaint.description, self._said(complaint).body):
            self.assertIn("Broken", text)
            for evil in ("<script", "onerror", "javascript:", "<iframe"):
                self.assertNotIn(evil, text)

    def test_25_megabytes(self):
        complaint = self._receive(
            attachments=[
                ("small.bin", b"s" * MEGABYTE),
                ("huge.bin", b"h" * (25 * MEGABYTE)),
                ("last.bin", b"l" * MEGABYTE),
            ]
        )
        names = self._said(complaint).attachment_ids.mapped("name")
        self.assertEqual(sorted(names), ["last.bin", "small.bin"])
        notes = complaint.message_ids.filtered(lambda one: "huge.bin" in one.body)
        self.assertEqual(len(notes), 1)
        self.assertTrue(notes.subtype_id.internal)

    def test_copies_are_kept(self):
        complaint = self._receive(headers={"Cc": "Lawyer <lawyer@example.net>"})
        self.assertIn("lawyer@example.net", complaint.email_cc)
        followers = complaint.message_partner_ids.filtered("partner_share")
        self.assertLessEqual(followers, self.partner)


@tagged("post_install", "-at_install")
class TestComplaintReplies(GatewayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls._receive()
        cls.complaint.user_id = cls.handler
        cls.answer = cls.complaint.with_user(cls.handler)._post_to_customer("Hello")

    def _reply(self, text="It is still broken, please help", **options):
        return self._receive(
            subject="Re: It broke",
            text=text,
            reply_to_message=options.pop("answer_to", self.answer),
            **options,
        )

    def test_reply_joins_the_thread(self):
        number = self.Complaint.search_count([])
        self.assertEqual(self._reply(), self.complaint)
        self.assertEqual(self.Complaint.search_count([]), number)

    def test_replies_come_to_the_team(self):
        self.assertIn(self.address, self.answer.reply_to)

    def test_reply_resumes_waiting(self):
        self.complaint._record_event("waiting")
        self._reply()
        self.assertEqual(self.complaint.status, "open")

    def test_out_of_office_does_not_resume(self):
        self.complaint._record_event("waiting")
        self._reply("I am away", headers={"Auto-Submitted": "auto-replied"})
        self.assertEqual(self.complaint.status, "waiting")

    def test_reply_to_an_internal_note_stays_visible(self):
        note = self.complaint.with_user(self.handler).message_post(
            body="Careful", subtype_xmlid="mail.mt_note"
        )
        self.complaint._record_event("waiting")
        self._reply(answer_to=note)
        said = self._said(self.complaint)[:1]
        self.assertFalse(said.is_internal or said.subtype_id.internal)
        self.assertEqual(self.complaint.status, "open")

    def test_reply_within_the_window_reopens(self):
        self.complaint._record_event("resolved")
        self.complaint._record_event("closed")
        self._reply()
        self.assertEqual(self.complaint.status, "open")
        self.assertEqual(self.complaint.reopen_count, 1)
        self.assertFalse(self.complaint.undecided_message_id)

    def test_thank_you_does_not_reopen(self):
        self.complaint._record_event("resolved")
        self._reply("Thank you so much, great service!")
        self.assertEqual(self.complaint.status, "resolved")
        self.assertTrue(self.complaint.undecided_message_id)
        self.assertIn("Thank you so much", self.complaint.undecided_reply)

    def test_thank_you_without_a_handler_is_read_by_the_manager(self):
        self.complaint.user_id = False
        self.complaint._record_event("resolved")
        self._reply("Thanks!")
        self.assertEqual(self.complaint.undecided_activity_id.user_id, self.boss)

    def test_an_answer_to_the_survey_comes_into_the_thread(self):
        self.complaint._record_event("resolved")
        self.complaint.survey_ids._send(fields.Datetime.now())
        mail = self.env["mail.mail"].search(
            [("model", "=", "customer.complaint.survey")], limit=1
        )
        self.assertIn(self.address, mail.reply_to)
        res_id = self._receive(
            subject="Re: did we put it right?",
            text="No, it is broken again",
            headers={"References": mail.references},
        )
        self.assertEqual(res_id, self.complaint)
        self.assertEqual(self.complaint.status, "open")

    def test_the_handler_decides_with_one_click(self):
        self.complaint._record_event("resolved")
        self._reply("Thanks!")
        self.complaint.with_user(self.handler).action_leave_closed()
        self.assertEqual(self.complaint.status, "resolved")
        self.assertFalse(self.complaint.undecided_message_id)
        self._reply("Thanks!!")
        self.complaint.with_user(self.handler).action_reopen_for_reply()
        self.assertEqual(self.complaint.status, "open")
        self.assertFalse(self.complaint.undecided_message_id)
        self.assertFalse(self.complaint.activity_ids)

    def test_out_of_office_does_not_reopen(self):
        self.complaint._record_event("resolved")
        self._reply("I am away", headers={"X-Autoreply": "yes"})
        self.assertEqual(self.complaint.status, "resolved")
        self.assertFalse(self.complaint.undecided_message_id)

    def test_late_reply_starts_a_follow_up(self):
        self.complaint._record_event("resolved")
        self.complaint.resolved_at = fields.Datetime.subtract(
            fields.Datetime.now(), days=30
        )
        self._reply()
        self.assertEqual(self.complaint.status, "resolved")
        follow_up = self.Complaint.search([("follow_up_of_id", "=", self.complaint.id)])
        self.assertRecordValues(
            follow_up,
            [
                {
                    "partner_id": self.partner.id,
                    "team_id": self.team.id,
                    "status": "open",
                    "channel": "email",
                }
            ],
        )
        self.assertEqual(len(self._said(follow_up)), 1)
        self._reply("One more thing is wrong")
        found = self.Complaint.search([("follow_up_of_id", "=", self.complaint.id)])
        self.assertEqual(found, follow_up)
        self.assertEqual(len(self._said(follow_up)), 2)

    def test_reply_to_a_merged_complaint_reaches_the_other(self):
        other = self._receive(subject="Again", text="It broke again")
        self.complaint._merge_into(other)
        self.assertEqual(self._reply(), other)
        self.assertTrue(any("still broken" in one.body for one in self._said(other)))


@tagged("post_install", "-at_install")
class TestFirstAnswer(GatewayCommon):
    """What stops the clock of the first answer, and what does not."""

    def setUp(self):
        super().setUp()
        self.complaint = self._receive()
        self.complaint.user_id = self.handler
        self.assertFalse(self.complaint.answered_at)

    def test_a_persons_message_is_an_answer(self):
        self._our_answer(self.complaint)
        self.assertTrue(self.complaint.answered_at)

    def test_the_composer_is_an_answer(self):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.handler)
            .with_context(
                default_model="customer.complaint",
                default_res_ids=self.complaint.ids,
                default_composition_mode="comment",
            )
            .create({"body": "<p>Sorry</p>", "partner_ids": self.partner.ids})
        )
        composer._action_send_mail()
        self.assertTrue(self.complaint.answered_at)

    def test_an_answer_by_mail_is_an_answer(self):
        self.handler.partner_id.email = "handler@ours.example"
        self.complaint.message_subscribe(self.partner.ids)
        self._receive(
            sender="handler@ours.example",
            text="Sorry, we look into it",
            reply_to_message=self._said(self.complaint),
        )
        self.assertTrue(self.complaint.answered_at)

    def _call(self, xmlid="mail.mail_activity_data_call"):
        activity = self.complaint.activity_schedule(xmlid, user_id=self.handler.id)
        activity.with_user(self.handler).action_feedback("Talked to the customer")

    def test_a_call_that_was_made_is_an_answer(self):
        self._call()
        self.assertTrue(self.complaint.answered_at)

    def test_another_activity_that_was_done_is_none(self):
        self._call("mail.mail_activity_data_todo")
        self.assertFalse(self.complaint.answered_at)

    def _decide(self, message):
        self.env["customer.complaint.decision"].with_user(self.handler).create(
            {
                "complaint_ids": self.complaint.ids,
                "outcome": "accepted",
                "message": message,
            }
        ).action_communicate()

    def test_a_decision_told_in_another_way_is_an_answer(self):
        self._decide(False)
        self.assertTrue(self.complaint.answered_at)
        self.assertTrue(self.complaint.decided_at)

    def test_out_of_office_of_the_handler_is_none(self):
        self.handler.partner_id.email = "handler@ours.example"
        self.complaint.message_subscribe(self.partner.ids)
        self._receive(
            sender="handler@ours.example",
            text="I am away",
            reply_to_message=self._said(self.complaint),
            headers={"Auto-Submitted": "auto-replied"},
        )
        self.assertFalse(self.complaint.answered_at)

    def test_internal_note_is_none(self):
        self.complaint.with_user(self.handler).message_post(
            body="I call them",
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=self.second.partner_id.ids,
        )
        self.assertFalse(self.complaint.answered_at)

    def test_odoobot_is_none(self):
        self.complaint.with_user(self.env.ref("base.user_root"))._post_to_customer("Hi")
        self.assertFalse(self.complaint.answered_at)

    def test_a_template_sent_by_itself_is_none(self):
        template = self._template()
        self.complaint.with_user(self.handler).message_post_with_source(
            template, partner_ids=self.partner.ids, subtype_xmlid="mail.mt_comment"
        )
        template.with_user(self.boss).send_mail(self.complaint.id)
        self.assertFalse(self.complaint.answered_at)

    def test_what_does_not_reach_the_customer_is_none(self):
        self.complaint.message_unsubscribe(self.partner.ids)
        self.complaint.with_user(self.handler).message_post(
            body="For you, colleague",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.second.partner_id.ids,
        )
        self.assertFalse(self.complaint.answered_at)

    def test_the_customers_own_words_are_none(self):
        self._receive(reply_to_message=self._said(self.complaint), text="And?")
        self.complaint.sudo()._post_from_customer("Hello?")
        self.assertFalse(self.complaint.answered_at)

    def test_a_promise_is_kept_by_a_persons_message(self):
        until = fields.Datetime.add(fields.Datetime.now(), days=2)
        self.complaint._record_event("promised", until=until)
        self.complaint.with_user(self.handler).message_post(
            body="Note", subtype_xmlid="mail.mt_note"
        )
        self.assertTrue(self.complaint.promised_at)
        self._our_answer(self.complaint)
        self.assertFalse(self.complaint.promised_at)

    def test_who_will_read_it(self):
        self.complaint.email_cc = "Lawyer <lawyer@example.net>"
        text = self.complaint.with_user(self.handler).readers_text
        self.assertIn(self.partner.display_name, text)
        self.assertIn("lawyer@example.net", text)
        self.assertNotIn(self.handler.name, text)
