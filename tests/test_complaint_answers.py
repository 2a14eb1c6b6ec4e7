from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..models.customer_complaint_answer import GAP
from .complaint_common import ComplaintCommon

ANSWERS = (
    "received",
    "apology",
    "documents",
    "update",
    "decision",
    "refused",
    "solved",
)


@tagged("post_install", "-at_install")
class TestComplaintAnswers(ComplaintCommon):
    """Prepared answers: offered, in the customer's language, and sent by people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.answers = {
            key: cls.env.ref(f"customer_retention.mail_template_complaint_answer_{key}")
            for key in ANSWERS
        }
        cls.complaint = cls._complain(user_id=cls.handler.id)

    def _composer(self, answer, user=None, complaint=None):
        complaint = (complaint or self.complaint).with_user(user or self.handler)
        action = complaint.action_answer()
        composer = self.env[action["res_model"]].with_user(complaint.env.user)
        form = Form(composer.with_context(**action["context"]))
        form.template_id = self.answers[answer]
        return form.save()

    def _translate(self, answer, lang, old, new):
        template = self.answers[answer]
        body = template.with_context(lang="en_US").body_html
        self.assertIn(old, body)
        template.with_context(lang=lang).body_html = body.replace(old, new)

    def test_the_composer_offers_them_and_not_what_is_sent_automatically(self):
        offered = self.Complaint.with_user(self.handler)._answer_templates()
        for answer in self.answers.values():
            self.assertIn(answer.with_env(offered.env), offered)
        self.assertNotIn(self._template().with_env(offered.env), offered)
        composer = self.env["mail.compose.message"].with_user(self.handler)
        domain = [("model", "=", "customer.complaint"), ("user_id", "=", False)]
        listed = composer.env["mail.template"].search(domain)
        self.assertLessEqual(set(offered.ids), set(listed.ids))

    def test_every_answer_names_the_complaint_its_customer_and_its_author(self):
        self.complaint.promised_at = "2025-07-02 10:00:00"
        for key in ANSWERS:
            with self.subTest(answer=key):
                composer = self._composer(key)
                self.assertIn(self.complaint.name, composer.subject)
                self.assertIn(self.partner.name, composer.body)
                self.assertIn(self.handler.name, composer.body)
                outside = composer.partner_ids.filtered("partner_share")
                self.assertEqual(outside, self.partner)
        self.assertIn("2025", self._composer("update").body)

    def test_it_is_written_in_the_customers_language_not_in_the_handlers(self):
        self._translate("received", "fr_FR", "simply reply", "répondez simplement")
        self.partner.lang = "fr_FR"
        self.handler.lang = "en_US"
        self.assertIn("répondez simplement", self._composer("received").body)
        english = self._complain(partner_id=self._create_partner("E", lang="en_US").id)
        english.partner_id.email = "english@example.com"
        self.handler.lang = "fr_FR"
        body = self._composer("received", complaint=english).body
        self.assertIn("simply reply", body)

    def test_a_person_who_sends_it_has_answered(self):
        composer = self._composer("received")
        composer.action_send_mail()
        message = self.complaint.message_ids[:1]
        self.assertEqual(message.author_id, self.handler.partner_id)
        self.assertIn(self.partner, message.notified_partner_ids)
        self.assertTrue(self.complaint.answered_at)
        self.assertNotIn("o_mail_signature", message.body)

    def test_nothing_is_sent_with_gaps(self):
        for key in ("apology", "documents", "update", "decision", "refused"):
            with self.subTest(answer=key), self.assertRaisesRegex(UserError, "gaps"):
                self._composer(key).action_send_mail()
        self.assertFalse(self.complaint.answered_at)
        composer = self._composer("apology")
        composer.body = composer.body.replace(GAP, "We lost your parcel.")
        composer.action_send_mail()
        self.assertTrue(self.complaint.answered_at)

    def test_notes_and_customers_may_write_what_they_like(self):
        self.complaint.with_user(self.handler).message_post(
            body=f"Still {GAP}", subtype_xmlid="mail.mt_note"
        )
        self.complaint.with_user(self.handler).message_post(
            body="All is said.", subtype_xmlid="mail.mt_comment"
        )
        self.partner.user_ids = self.portal
        self.complaint.with_context(customer_complaint_by_customer=True).with_user(
            self.portal
        ).message_post(body=f"What is {GAP}?", subtype_xmlid="mail.mt_comment")

    def test_a_decision_starts_from_no_answer_that_decides_nothing(self):
        dialog = self.env["customer.complaint.decision"].with_user(self.handler)
        [(_field, _operator, offered)] = dialog._domain_answer_id()
        for answer, is_decision in (
            ("received", False),
            ("documents", False),
            ("update", False),
            ("solved", False),
            ("decision", True),
            ("refused", True),
        ):
            with self.subTest(answer=answer):
                self.assertEqual(self.answers[answer].id in offered, is_decision)

    def test_the_decision_starts_from_a_prepared_answer(self):
        self._translate("refused", "fr_FR", "These are the reasons", "Les raisons")
        self.partner.lang = "fr_FR"
        context = self.complaint.with_user(self.handler).action_communicate_decision()
        dialog = Form(
            self.env["customer.complaint.decision"]
            .with_user(self.handler)
            .with_context(**context["context"])
        )
        dialog.outcome = "refused"
        dialog.answer_id = self.answers["refused"]
        self.assertIn("Les raisons", dialog.message)
        record = dialog.save()
        with self.assertRaisesRegex(UserError, "gaps"):
            record.action_communicate()
        self.assertFalse(self.complaint.decided_at)
        record.message = record.message.replace(GAP, "It was used for years.")
        record.action_communicate()
        self.assertEqual(self.complaint.outcome, "refused")
        self.assertIn("It was used for years.", self.complaint.message_ids[:1].body)

    def test_an_unknown_complainer_is_answered_at_the_address_given(self):
        complaint = self._complain(
            partner_id=False,
            partner_name="Somebody",
            email_from="somebody@example.com",
            user_id=self.handler.id,
        )
        composer = self._composer("received", complaint=complaint)
        self.assertIn("Somebody", composer.body)
        outside = composer.partner_ids.filtered("partner_share")
        self.assertEqual(outside.mapped("email_normalized"), ["somebody@example.com"])
        composer.action_send_mail()
        self.assertTrue(complaint.answered_at)
