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

    def _words(self, complaint):
        """Return the latest message of the thread as plain text, and its mark."""
        complaint.invalidate_recordset()
        body = complaint.message_ids.sorted("id")[-1:].body
        return str(body), "not signed in" in str(body)

    def test_words_of_somebody_who_is_not_signed_in_are_marked(self):
        """Whoever has the address of the status page may write there."""
        self.partner.email = "ann@example.org"
        complaint = self._complain(email_from="ann@example.org")
        address = f"/complaints/status/{complaint.status_token}"
        self.authenticate(None, None)
        self._post(address, {"text": "Please pay to another account"})
        self.assertEqual(
            complaint.message_ids.sorted("id")[-1:].author_id, self.partner
        )
        body, is_marked = self._words(complaint)
        self.assertIn("another account", body)
        self.assertTrue(is_marked)

    def test_words_of_another_customer_are_marked(self):
        complaint = self._complain()
        self.authenticate(self.portal.login, self.portal.login)
        self._post(
            f"/complaints/status/{complaint.status_token}", {"text": "It is mine"}
        )
        self.assertTrue(self._words(complaint)[1])

    def test_words_of_the_customer_who_is_signed_in_are_theirs(self):
        self.portal.partner_id.parent_id = self.partner
        complaint = self._complain()
        self.authenticate(self.portal.login, self.portal.login)
        for address in (
            f"/complaints/status/{complaint.status_token}",
            f"/my/complaints/{complaint.id}/answer",
        ):
            with self.subTest(address=address):
                self._post(address, {"text": "It is broken again"})
                self.assertFalse(self._words(complaint)[1])
                message = complaint.message_ids.sorted("id")[-1:]
                self.assertEqual(message.author_id, self.portal.partner_id)

    def test_the_mark_does_not_change_what_was_said(self):
        """A thank you is one with the mark, too."""
        complaint = self._complain(user_id=self.handler.id)
        complaint._record_event("closed")
        self._post(
            f"/complaints/status/{complaint.status_token}", {"text": "Thank you!"}
        )
        complaint.invalidate_recordset()
        self.assertEqual(complaint.status, "closed")
        self.assertEqual(complaint.undecided_reply, "Thank you!")

    def test_the_mark_is_in_the_language_of_who_handles_it(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.handler.lang = "vi_VN"
        complaint = self._complain(user_id=self.handler.id)
        self.patch(
            self.env.registry["customer.complaint"],
            "_unverified_words",
            lambda complaint: f"mark {complaint.env.lang}",
        )
        message = complaint._post_from_customer("Hello", is_verified=False)
        self.assertIn("mark vi_VN", message.body)

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
