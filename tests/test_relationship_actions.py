from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestRelationshipActions(RetentionCommon):
    """Where the buttons of a relationship lead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("retention_actions_seller")
        cls.partner.write({"user_id": cls.seller.id, "city": "Ghent"})
        cls.contact = cls._create_partner(
            "Tested Contact", is_company=False, parent_id=cls.partner.id
        )
        cls.other = cls._create_partner("Other Customer", user_id=cls.seller.id)
        cls.order = cls._order(cls.partner, "2025-05-01")
        cls.by_contact = cls._order(cls.contact, "2025-06-01")
        cls.quotation = cls._quotation(cls.contact, "2025-06-20")
        cls._order(cls.other, "2025-06-01")
        cls._work_queue()
        cls.row = cls._relationship(cls.partner)

    def _documents(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    @users("retention_actions_seller")
    def test_documents_of_the_account_and_its_contacts(self):
        """Orders, quotations and purchases of this customer, and of nobody else."""
        row = self.row.with_user(self.env.user)
        documents = self.order | self.by_contact | self.quotation
        self.assertEqual(self._documents(row.action_open_orders()), documents)
        self.assertEqual(self._documents(row.action_open_quotations()), self.quotation)
        purchases = self._documents(row.action_open_purchases())
        self.assertEqual(purchases.partner_id, self.partner)
        self.assertEqual(len(purchases), 2)

    def test_invoices_of_the_account(self):
        """Credit notes are shown beside the invoices; other documents are not."""
        invoice = self._invoice(self.contact, "2025-06-02")
        self._invoice(self.other, "2025-06-02")
        credit = self._credit(invoice, "2025-06-03")
        found = self._documents(self.row.action_open_invoices())
        self.assertEqual(found, invoice | credit)

    def test_credit_note_opens_for_who_may_not_read_payments(self):
        """Core's form would refuse: they see what the customer sees."""
        credit = self._credit(self._invoice_of(self.order, "2025-06-02"), "2025-06-03")
        self._work_queue()
        row = self.env["customer.purchase"].search([("res_id", "=", credit.id)])
        self.assertEqual(row.source, "credit")
        action = row.with_user(self.seller).action_open_document()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn(f"/my/invoices/{credit.id}", action["url"])
        accountant = self._create_user(
            "retention_actions_accountant",
            "sales_team.group_sale_manager,account.group_account_invoice",
        )
        action = row.with_user(accountant).action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("account.move", credit.id)
        )
        stranger = self._create_user("retention_actions_stranger")
        with self.assertRaises(AccessError):
            row.with_user(stranger).action_open_document()

    @users("retention_actions_seller")
    def test_contact(self):
        """The card leads to the contact and shows its city."""
        row = self.row.with_user(self.env.user)
        self.assertEqual(row.partner_city, "Ghent")
        self.assertEqual(row.action_open_partner()["res_id"], self.partner.id)

    @users("retention_actions_seller")
    def test_pin_wizard_keeps_what_was_proposed(self):
        """A card dropped on a column proposes that column, and nothing foreign."""
        loyal = self.env["customer.relationship.stage"].search([], limit=1)
        row = self.row.with_user(self.env.user).with_context(
            default_axis="position", default_stage_id=loyal.id, default_name="x"
        )
        self.assertEqual(
            row.action_open_pin_wizard()["context"],
            {
                "default_axis": "position",
                "default_stage_id": loyal.id,
                "default_relationship_ids": row.ids,
            },
        )

    @users("retention_actions_seller")
    def test_decisions_are_those_of_the_account(self):
        """Decisions for here and for everywhere are listed, those on others are not."""
        row = self.row.with_user(self.env.user)
        action = row.action_assess_fit()
        fit = self.env["customer.fit"].with_context(**action["context"]).create({})
        excluded = (
            self.env["customer.profiling.exclusion"]
            .with_context(**row.action_exclude()["context"])
            .create({"reason": "Asked for it"})
        )
        self.env["customer.fit"].create({"partner_id": self.other.id})
        row.invalidate_recordset()
        self.assertEqual(row.fit_ids, fit)
        self.assertEqual(row.exclusion_ids, excluded)
        self.assertFalse(row.pin_ids)

    @users("retention_actions_seller")
    def test_transition_leads_to_the_relationship(self):
        """A line of the analysis opens the customer."""
        line = self.env["customer.relationship.transition.report"].search(
            [("partner_id", "=", self.partner.id)], limit=1
        )
        action = line.action_open_relationship()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("customer.relationship", self.row.id),
        )
