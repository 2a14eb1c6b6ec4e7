"""Handlers without access to orders and invoices say what a complaint is about."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintDocumentChoice(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._order(cls.partner, "2025-05-01", 80)
        cls.new = cls._order(cls.partner, "2025-06-01", 120)
        cls.invoice = cls._invoice(cls.partner, "2025-06-02", 120)
        cls._order(cls._create_partner("Somebody Else"), "2025-06-03")
        cls._quotation(cls.partner, "2025-06-04")
        cls._invoice(cls.partner, "2025-06-05", post=False)

    def _choices(self, record, user):
        choices = record.with_user(user).document_choices or []
        return {
            one["field"]: [document["id"] for document in one["documents"]]
            for one in choices
        }

    def test_handlers_are_offered_the_latest_of_the_customer(self):
        """Number, day and total; no quotation, no draft, nobody else's."""
        complaint = self._complain(user_id=self.handler.id)
        with self.assertRaises(AccessError):
            self.new.with_user(self.handler).read(["name"])
        self.assertEqual(
            self._choices(complaint, self.handler),
            {"order_id": [self.new.id, self.old.id], "move_id": self.invoice.ids},
        )
        orders = complaint.with_user(self.handler).document_choices[0]
        self.assertEqual(set(orders["documents"][0]), {"id", "name", "text"})
        for part in (self.new.name, "06/01/2025", "120.00"):
            self.assertIn(part, orders["documents"][0]["text"])

    def test_whoever_reads_the_documents_chooses_among_all(self):
        both = self._create_user(
            "choice_sales",
            "sales_team.group_sale_salesman,customer_retention.group_complaint_user",
        )
        complaint = self._complain(user_id=both.id)
        self.assertNotIn("order_id", self._choices(complaint, both))

    def test_it_is_for_handlers_only(self):
        complaint = self._complain()
        with self.assertRaises(AccessError):
            complaint.with_user(self.seller).read(["document_choices"])

    def test_nothing_is_offered_without_a_customer(self):
        complaint = self._complain(partner_id=False, user_id=self.handler.id)
        self.assertFalse(complaint.with_user(self.handler).document_choices)

    def test_what_is_chosen_is_kept(self):
        """As the browser does it: into the field, which is read without access."""
        complaint = self._complain(user_id=self.handler.id).with_user(self.handler)
        specification = {"order_id": {"fields": {"display_name": {}}}}
        [saved] = complaint.web_save({"order_id": self.new.id}, specification)
        self.assertEqual(saved["order_id"]["display_name"], self.new.name)
        self.assertEqual(complaint.sudo().order_id, self.new)

    def test_on_the_phone(self):
        quick = self.env["customer.complaint.quick"].with_user(self.handler)
        quick = quick.create({"partner_id": self.partner.id, "what": "It is torn"})
        self.assertEqual(
            self._choices(quick, self.handler)["order_id"], [self.new.id, self.old.id]
        )
        quick.web_save({"order_id": self.old.id}, {"order_id": {}})
        quick.action_create_complaint()
        self.assertEqual(quick.sudo().complaint_id.order_id, self.old)

    def test_the_form_of_a_handler_without_sales_rights_opens(self):
        form = Form(self.env["customer.complaint"].with_user(self.handler))
        form.partner_id = self.partner
        form.subject = "By hand"
        self.assertTrue(form.document_choices)
