from odoo.exceptions import AccessError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintAnswersOfReaders(ComplaintCommon):
    """Salespeople answer their customers: they read complaints, and write messages."""

    def setUp(self):
        super().setUp()
        self.complaint = self._complain(user_id=self.handler.id)

    def test_whoever_may_only_read_answers_the_customer_nevertheless(self):
        complaint = self.complaint.with_user(self.seller)
        self.assertFalse(complaint.has_access("write"))
        message = complaint.message_post(
            body="We look into it",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner.ids,
        )
        self.assertEqual(message.author_id, self.seller.partner_id)
        self.assertIn(self.partner, self.complaint.message_partner_ids)
        self.assertTrue(self.complaint.answered_at)
        action = complaint.action_answer()
        composer = self.env[action["res_model"]].with_user(self.seller)
        composer = composer.with_context(**action["context"])
        composer.create({"body": "<p>Tomorrow</p>"}).action_send_mail()
        self.assertIn("Tomorrow", self.complaint.message_ids[0].body)

    def test_whoever_may_not_read_answers_nobody(self):
        self.complaint.is_kept_from_salesperson = True
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.seller).message_post(
                body="I know",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.partner.ids,
            )
        self.assertFalse(self.complaint.answered_at)
