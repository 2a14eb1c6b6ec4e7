from odoo.fields import Command
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

    def test_customers_complain_where_they_find_it_again(self):
        other = self._create_company("Another Company")
        self.assertNotIn(other, self.company)
        user = new_test_user(
            self.env,
            "another_contact",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        user.partner_id.write({"parent_id": self.partner.id, "company_id": False})
        here, there = (
            self.env["sale.order"].create(
                {
                    "partner_id": self.partner.id,
                    "company_id": company.id,
                    "state": "sale",
                }
            )
            for company in (self.company, other)
        )
        self.authenticate(user.login, user.login)
        page = self.url_open("/my/complaints/new")
        self.assertIn(here.name, page.text)
        self.assertNotIn(there.name, page.text)
        self._post("/my/complaints/new", {"text": "It is broken", "order_id": there.id})
        complaint = self.Complaint.search([("partner_id", "=", user.partner_id.id)])
        self.assertEqual(complaint.company_id, self.company)
        self.assertFalse(complaint.order_id)
        self.assertTrue(complaint.with_user(user).has_access("read"))
