from odoo.tests import new_test_user, tagged

from .test_complaint_public import PageCommon


@tagged("post_install", "-at_install")
class TestComplaintSpeaker(PageCommon):
    """Who speaks on the pages of customers, and in whose company."""

    def _answer(self, user, address, complaint):
        self.authenticate(user.login, user.login)
        page = self.url_open(address)
        self.assertEqual(page.status_code, 200)
        before = complaint.message_ids
        target = f"{address}/answer" if "/my/" in address else address
        self._post(target, {"text": "I withdraw it"})
        complaint.invalidate_recordset()
        return complaint.message_ids - before

    def test_a_colleague_does_not_speak_as_the_customer(self):
        complaint = self._complain()
        for address in (
            f"/my/complaints/{complaint.id}",
            f"/complaints/status/{complaint.status_token}",
        ):
            for user in (self.seller, self.handler):
                with self.subTest(address=address, user=user.login):
                    self.assertFalse(self._answer(user, address, complaint))

    def test_customers_find_what_they_sent_to_another_company(self):
        other = self.env["res.company"].create({"name": "Another Company"})
        user = new_test_user(self.env, "another_contact", groups="base.group_portal")
        user.partner_id.parent_id = self.partner
        complaint = self._complain(company_id=other.id, team_id=False)
        self.assertNotIn(other, user.company_ids)
        own = complaint.with_user(user)
        self.assertTrue(own.has_access("read"))
        self.assertIn(complaint, own.search([]))
        self.authenticate(user.login, user.login)
        page = self.url_open("/my/complaints")
        self.assertIn(complaint.name, page.text)
        colleague = complaint.with_user(self.handler)
        self.assertFalse(colleague.has_access("read"))
