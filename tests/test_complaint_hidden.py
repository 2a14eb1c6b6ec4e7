from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintHidden(ComplaintCommon):
    """What is made of a complaint is hidden from those it is hidden from."""

    def setUp(self):
        super().setUp()
        self.secret = self._complain(user_id=self.second.id)
        self.secret.with_user(self.boss).concerned_user_ids = self.handler
        self.secret.is_kept_from_salesperson = True

    def _assert_hidden(self, complaint):
        self.assertEqual(complaint.concerned_user_ids, self.handler)
        self.assertTrue(complaint.is_kept_from_salesperson)
        self.assertNotEqual(complaint.user_id, self.handler)
        for user in (self.handler, self.seller):
            self.assertFalse(complaint.with_user(user).has_access("read"))

    def test_a_part_is_hidden_from_them(self):
        dialog = self.env["customer.complaint.split"].with_user(self.second)
        dialog = dialog.create(
            {
                "complaint_id": self.secret.id,
                "subject": "Part",
                "description": "About the handler",
            }
        )
        part = self.Complaint.browse(dialog.action_split()["res_id"])
        self._assert_hidden(part)

    def test_a_copy_is_hidden_from_them(self):
        copy = self.secret.with_user(self.second).copy({"subject": "Again"})
        self.assertEqual(copy.subject, "Again")
        self._assert_hidden(copy.with_env(self.env))

    def test_what_it_is_merged_into_is_hidden_from_them(self):
        target = self._complain(user_id=self.handler.id)
        self.secret.message_post(
            body="The handler stole it",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        (target | self.secret).with_user(self.boss)._merge_into(target)
        self._assert_hidden(target)
        self.assertNotIn(self.handler.partner_id, target.message_partner_ids)

    def test_what_follows_up_is_hidden_from_them(self):
        long_ago = fields.Datetime.now() - timedelta(days=400)
        self.secret._record_event("closed", at=long_ago)
        self.secret._post_from_customer("The same person did it again")
        follow_up = self.Complaint.search([("follow_up_of_id", "=", self.secret.id)])
        self.assertEqual(len(follow_up), 1)
        self._assert_hidden(follow_up)
