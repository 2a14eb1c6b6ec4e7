"""Every event of the ERP that can change a customer's relationship is noticed."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import RetentionCommon

DOCUMENT = "document"


@tagged("post_install", "-at_install")
class TestHooks(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_partner("Other Customer")
        cls.seller = cls._create_user(
            "hooks_seller", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        cls._order(cls.partner, "2025-05-01")
        cls._order(cls.other, "2025-05-02")
        cls._work_queue()

    def setUp(self):
        super().setUp()
        self._forget_queue()

    def assertQueued(self, *partners, reason=DOCUMENT, reasons=()):
        """Exactly these partners are waiting, for this reason or all of these."""
        self.assertEqual(
            self._queued(),
            {(one.id, why) for one in partners for why in reasons or (reason,)},
        )

    # --------------------------------------------------------------------------
    # Orders
    # --------------------------------------------------------------------------

    def test_quotation_made(self):
        self._quotation(self.partner, "2025-06-01")
        self.assertQueued(self.partner)

    def test_quotation_deleted(self):
        quotation = self._quotation(self.partner, "2025-06-01")
        self._forget_queue()
        quotation.unlink()
        self.assertQueued(self.partner, reason="deletion")

    def test_order_confirmed(self):
        quotation = self._quotation(self.partner, "2025-06-01")
        self._forget_queue()
        quotation.action_confirm()
        self.assertQueued(self.partner)

    def test_order_cancelled(self):
        order = self._order(self.partner, "2025-06-01")
        self._forget_queue()
        order._action_cancel()
        self.assertQueued(self.partner)

    def test_order_reset_to_draft(self):
        order = self._order(self.partner, "2025-06-01")
        order._action_cancel()
        self._forget_queue()
        order.action_draft()
        self.assertQueued(self.partner)

    def test_order_changes_hands(self):
        order = self._order(self.partner, "2025-06-01")
        self._forget_queue()
        order.partner_id = self.other
        self.assertQueued(self.partner, self.other, reasons=(DOCUMENT, "contact"))

    def test_dates_and_salesperson_of_an_order(self):
        order = self._order(self.partner, "2025-06-01")
        for values in (
            {"date_order": self._noon("2025-06-02")},
            {"validity_date": "2025-07-01"},
            {"user_id": self.seller.id},
        ):
            with self.subTest(values=values):
                self._forget_queue()
                order.write(values)
                self.assertQueued(self.partner)

    def test_irrelevant_values_of_an_order(self):
        order = self._order(self.partner, "2025-06-01")
        self._forget_queue()
        order.write({"client_order_ref": "ABC", "note": "A note"})
        self.assertQueued()

    def test_line_of_a_confirmed_order(self):
        order = self._order(self.partner, "2025-06-01")
        line = order.order_line
        for values in (
            {"price_unit": 7.0},
            {"product_uom_qty": 3.0},
            {"discount": 5.0},
        ):
            with self.subTest(values=values):
                self._forget_queue()
                line.write(values)
                self.assertQueued(self.partner)

    def test_line_added_and_removed(self):
        order = self._quotation(self.partner, "2025-06-01")
        self._forget_queue()
        line = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.product.id}
        )
        self.assertQueued(self.partner)
        self._forget_queue()
        line.unlink()
        self.assertQueued(self.partner)

    def test_irrelevant_values_of_a_line(self):
        order = self._order(self.partner, "2025-06-01")
        self._forget_queue()
        order.order_line.write({"name": "Another text", "sequence": 3})
        self.assertQueued()

    # --------------------------------------------------------------------------
    # Invoices
    # --------------------------------------------------------------------------

    def test_draft_invoices_do_not_matter(self):
        invoice = self._invoice(self.partner, "2025-06-01", post=False)
        invoice.invoice_line_ids.price_unit = 5.0
        self.assertQueued()

    def test_invoice_posted(self):
        self._invoice(self.partner, "2025-06-01")
        self.assertQueued(self.partner)

    def test_receipt_posted(self):
        self._invoice(self.partner, "2025-06-01", move_type="out_receipt")
        self.assertQueued(self.partner)

    def test_invoice_reset_to_draft(self):
        invoice = self._invoice(self.partner, "2025-06-01")
        self._forget_queue()
        invoice.button_draft()
        self.assertQueued(self.partner)
        self._forget_queue()
        invoice.button_cancel()
        self.assertQueued()

    def test_invoice_reversed(self):
        invoice = self._invoice(self.partner, "2025-06-01")
        self._forget_queue()
        self._credit(invoice, "2025-06-05", 40.0)
        self.assertQueued(self.partner)

    def test_posted_invoice_changes_hands(self):
        invoice = self._invoice(self.partner, "2025-06-01")
        self._forget_queue()
        invoice.with_context(skip_readonly_check=True).partner_id = self.other
        self.assertQueued(self.partner, self.other, reasons=(DOCUMENT, "contact"))

    def test_entries_do_not_matter(self):
        journal = self.env["account.journal"].create(
            {"name": "Entries", "code": "RENT", "type": "general"}
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "partner_id": self.partner.id,
            }
        )
        entry.write({"ref": "x", "date": "2025-06-01"})
        self.assertQueued()

    # --------------------------------------------------------------------------
    # Partners
    # --------------------------------------------------------------------------

    def test_reparenting_marks_old_and_new_account(self):
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.partner.id
        )
        self._forget_queue()
        contact.parent_id = self.other
        self.assertQueued(contact, self.partner, self.other, reason="reparent")

    def test_contacts_of_a_deleted_company_are_accounts_of_their_own(self):
        company = self._create_partner("Deleted Company")
        contacts = self._create_partner(
            "Contact", is_company=False, parent_id=company.id
        )
        contacts |= self._create_partner(
            "Archived", is_company=False, parent_id=company.id, active=False
        )
        self._forget_queue()
        company.unlink()
        self.assertEqual(contacts[0].commercial_partner_id, contacts[0])
        self.assertQueued(*contacts, reason="reparent")

    def test_contact_becomes_a_company(self):
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.partner.id
        )
        self._forget_queue()
        contact.is_company = True
        self.assertQueued(contact, self.partner, reason="reparent")

    def test_attributes_that_decide_the_segment(self):
        for values in (
            {"country_id": self.env.ref("base.vn").id},
            {"industry_id": self.env["res.partner.industry"].create({"name": "X"}).id},
            {"active": False},
        ):
            with self.subTest(values=values):
                self._forget_queue()
                self.partner.write(values)
                self.assertQueued(self.partner, reason="partner")

    def test_irrelevant_values_of_a_partner(self):
        self.partner.write({"phone": "123", "comment": "x"})
        self.assertQueued()

    def test_merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        result = wizard._merge((self.partner | self.other).ids, self.partner)
        self.assertIsNone(result)
        self.assertIn((self.partner.id, "merge"), self._queued())

    def test_merge_of_rows_in_two_companies(self):
        """The customer who stays has everything, in both companies."""
        company = self._create_company("Second Company")
        for partner, amount in ((self.partner, 100.0), (self.other, 50.0)):
            self._order(partner, "2025-06-01", amount, company_id=company.id)
        self._work_queue()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | self.other).ids, self.partner)
        self._work_queue()
        relationships = self.Relationship.sudo().search(
            [("partner_id", "=", self.partner.id)], order="company_id"
        )
        self.assertRecordValues(
            relationships,
            [
                {"company_id": self.company.id, "purchase_count": 2},
                {"company_id": company.id, "purchase_count": 2},
            ],
        )
        self.assertEqual(relationships[1].revenue_total, 150.0)

    # --------------------------------------------------------------------------
    # Salesperson and archiving: at once, not with the next evaluation
    # --------------------------------------------------------------------------

    def test_salesperson_follows_at_once(self):
        self.partner.user_id = self.seller
        self.assertEqual(self._relationship(self.partner).user_id, self.seller)

    def test_without_salesperson_the_evaluation_decides(self):
        self.partner.user_id = self.seller
        self._order(self.partner, "2025-06-03", user_id=self.seller.id)
        self._work_queue()
        self.partner.user_id = False
        self.assertEqual(self._relationship(self.partner).user_id, self.seller)
        self.assertIn((self.partner.id, "partner"), self._queued())

    def test_archiving_follows_at_once(self):
        self.partner.active = False
        self.assertFalse(self._relationship(self.partner).active)
        self.partner.active = True
        self.assertTrue(self._relationship(self.partner).active)

    # --------------------------------------------------------------------------
    # Contact
    # --------------------------------------------------------------------------

    def test_message_to_a_customer(self):
        order = self._order(self.partner, "2025-06-01")
        invoice = self._invoice(self.partner, "2025-06-01")
        for record in (self.partner, order, invoice):
            with self.subTest(model=record._name):
                self._forget_queue()
                record.message_post(
                    author_id=self.seller.partner_id.id,
                    body="Hello",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
                self.assertQueued(self.partner, reason="contact")

    def test_mail_from_a_customer(self):
        self.partner.message_post(
            body="Hi",
            message_type="email",
            author_id=self.partner.id,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertQueued(self.partner, reason="contact")

    def test_done_activity(self):
        activity = self.partner.with_user(self.seller).activity_schedule(
            "mail.mail_activity_data_call", user_id=self.seller.id
        )
        self._forget_queue()
        activity.action_feedback(feedback="Talked")
        self.assertQueued(self.partner, reason="contact")

    def test_what_is_no_contact(self):
        robot = self.env.ref("base.partner_root")
        self.partner.message_post(body="Note")
        self.partner.message_post(body="Changed", message_type="notification")
        self.partner.message_post(
            body="I am a robot",
            message_type="comment",
            author_id=robot.id,
            subtype_xmlid="mail.mt_comment",
        )
        self.company.partner_id.message_post(
            body="Not a customer",
            message_type="comment",
            author_id=self.seller.partner_id.id,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertQueued()

    def test_message_about_a_document_that_is_gone(self):
        quotation = self._quotation(self.partner, "2025-06-01")
        quotation_id = quotation.id
        quotation.unlink()
        partner_ids = self.env["mail.message"]._contact_partner_ids(
            "sale.order", {quotation_id}
        )
        self.assertEqual(partner_ids, [])

    # --------------------------------------------------------------------------
    # Our own overrides keep what core promises
    # --------------------------------------------------------------------------

    def test_results_of_core_are_kept(self):
        order = self._quotation(self.partner, "2025-06-01")
        self.assertIs(order.write({"validity_date": "2025-07-01"}), True)
        self.assertIs(order.order_line.write({"price_unit": 3.0}), True)
        self.assertIs(self.partner.write({"country_id": False}), True)
        orders = self.env["sale.order"].create(
            [
                {"partner_id": self.partner.id, "order_line": [Command.clear()]},
                {"partner_id": self.other.id},
            ]
        )
        self.assertEqual(orders.partner_id, self.partner | self.other)
        self.assertIs(orders.unlink(), True)
