"""What contacts and quotations show of the relationship with their account."""

from odoo.tests import tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestPartnerFields(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user(
            "fields_seller", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        cls.contact = cls._create_partner(
            "Contact", parent_id=cls.partner.id, is_company=False
        )
        cls.stranger = cls._create_partner("Never Bought")
        cls.partner.user_id = cls.seller
        for day in ("2025-03-01", "2025-03-22", "2025-04-12", "2025-05-14"):
            cls._order(cls.partner, day, 250.0)
        cls._work_queue()
        cls.relationship = cls._relationship(cls.partner)
        cls.Partner = cls.env["res.partner"].with_user(cls.seller)

    def test_account_and_contact_show_the_relationship(self):
        for partner in (self.partner, self.contact):
            with self.subTest(partner=partner.name):
                partner = partner.with_user(self.seller)
                self.assertEqual(partner.relationship_id, self.relationship)
                self.assertEqual(
                    partner.relationship_stage_id, self.relationship.stage_id
                )
                self.assertEqual(
                    partner.relationship_condition_id, self.relationship.condition_id
                )
                self.assertEqual(
                    partner.relationship_condition_kind,
                    self.relationship.condition_kind,
                )
                self.assertEqual(partner.relationship_revenue_12m, 1000.0)

    def test_nothing_for_who_never_bought(self):
        stranger = self.stranger.with_user(self.seller)
        self.assertFalse(stranger.relationship_id)
        self.assertFalse(stranger.relationship_stage_id)
        self.assertFalse(stranger.relationship_condition_kind)
        self.assertFalse(stranger.relationship_last_purchase)
        self.assertFalse(stranger.relationship_condition_explanation)

    def test_new_records_have_none(self):
        partner = self.Partner.new({"name": "New", "parent_id": self.partner.id})
        self.assertEqual(partner.relationship_id, self.relationship)
        self.assertFalse(self.Partner.new({"name": "New"}).relationship_id)

    def test_nothing_in_another_company(self):
        company = self._create_company("Second Company")
        self.seller.company_ids |= company
        partner = self.partner.with_user(self.seller).with_context(
            allowed_company_ids=company.ids
        )
        self.assertFalse(partner.relationship_id)

    def test_the_branch_shows_the_relationship_of_its_root(self):
        branch = self._create_company("Branch", parent_id=self.company.id)
        user = self._create_user(
            "fields_branch",
            "sales_team.group_sale_salesman_all_leads",
            company_id=branch.id,
        )
        partner = self.partner.with_user(user).with_context(
            allowed_company_ids=branch.ids
        )
        self.assertEqual(partner.relationship_id, self.relationship)

    def test_nothing_where_stages_are_switched_off(self):
        self.company.retention_use_stages = False
        self.env.invalidate_all()
        self.assertFalse(self.partner.with_user(self.seller).relationship_id)

    # --------------------------------------------------------------------------
    # Search
    # --------------------------------------------------------------------------

    def _found(self, *domain):
        family = self.partner | self.contact | self.stranger
        return self.Partner.search([("id", "in", family.ids), *domain]).sudo()

    def test_search_by_kind_and_condition(self):
        kind = self.relationship.condition_kind
        customers = self.partner | self.contact
        for term in (
            ("relationship_condition_kind", "=", kind),
            ("relationship_condition_kind", "in", [kind, "lost"]),
            ("relationship_condition_kind", "!=", False),
            ("relationship_condition_id", "=", self.relationship.condition_id.id),
            ("relationship_condition_id", "ilike", self.relationship.condition_id.name),
            ("relationship_stage_id", "=", self.relationship.stage_id.id),
            ("relationship_stage_id.name", "=", self.relationship.stage_id.name),
            ("relationship_id", "!=", False),
            ("relationship_id.purchase_count", "=", 4),
            ("relationship_id", "=", self.relationship.id),
        ):
            with self.subTest(term=term):
                self.assertEqual(self._found(term), customers)

    def test_search_negations(self):
        kind = self.relationship.condition_kind
        for term in (
            ("relationship_condition_kind", "!=", kind),
            ("relationship_condition_kind", "not in", [kind]),
            ("relationship_condition_kind", "=", False),
            (
                "relationship_condition_id",
                "not ilike",
                self.relationship.condition_id.name,
            ),
            ("relationship_stage_id", "=", False),
            ("relationship_stage_id", "!=", self.relationship.stage_id.id),
            ("relationship_id", "=", False),
        ):
            with self.subTest(term=term):
                self.assertEqual(self._found(term), self.stranger)
        self.assertEqual(
            self._found(("relationship_condition_kind", "in", [kind, False])),
            self.partner | self.contact | self.stranger,
        )

    # --------------------------------------------------------------------------
    # Sentences
    # --------------------------------------------------------------------------

    def test_last_purchase_in_words(self):
        partner = self.partner.with_user(self.seller)
        self.assertEqual(
            partner.relationship_last_purchase,
            "Last purchase 47 days ago, usually every 21 days",
        )

    def test_days_in_words(self):
        describe = self.relationship._describe_days
        self.assertEqual(describe(0), "Last purchase today")
        self.assertEqual(describe(1), "Last purchase yesterday")
        self.assertEqual(describe(2), "Last purchase 2 days ago")

    def test_hint_of_a_quotation(self):
        quotation = self._quotation(self.contact, "2025-06-30", user_id=self.seller.id)
        order = quotation.with_user(self.seller)
        row = self.relationship
        self.assertEqual(
            order.relationship_hint,
            f"{row.stage_id.name} · {row.condition_id.name} "
            "— last purchase 47 days ago, usually every 21 days",
        )
        action = order.action_open_relationship()
        self.assertEqual(action["res_id"], self.relationship.id)

    def test_hint_follows_the_customer_of_a_new_quotation(self):
        order = self.env["sale.order"].new({"company_id": self.company.id})
        self.assertFalse(order.relationship_hint)
        order.partner_id = self.partner
        self.assertIn("47 days", order.relationship_hint)
        order.partner_id = self.stranger
        self.assertFalse(order.relationship_hint)

    # --------------------------------------------------------------------------
    # Salesperson
    # --------------------------------------------------------------------------

    def test_new_salesperson_sees_the_customer_at_once(self):
        colleague = self._create_user("fields_colleague")
        self.partner.user_id = colleague
        self.env.invalidate_all()
        self.assertFalse(self.partner.with_user(self.seller).relationship_id)
        self.assertEqual(
            self.partner.with_user(colleague).relationship_id, self.relationship
        )
