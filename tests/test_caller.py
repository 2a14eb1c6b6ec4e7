from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestCaller(RetentionCommon):
    """A caller is found by whatever is told, and by nobody who may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.write(
            {
                "name": "Quocviet Trading",
                "city": "Hue",
                "ref": "KH-0815",
                "phone": "+84 901 234 567",
                "email": "office@quocviet.example",
            }
        )
        cls.contact = cls._create_partner(
            "Lanhuong Tester",
            parent_id=cls.partner.id,
            is_company=False,
            phone="0028 3822 9999",
            email="Lan <lan@quocviet.example>",
        )
        cls.stranger = cls._create_partner("Quocviet Supplier", phone="(028) 3999-1111")
        cls.order = cls._order(
            cls.contact, "2025-06-01", name="QV-77001", client_order_ref="Their 4711"
        )
        cls._work_queue()
        cls.row = cls._relationship(cls.partner)

    def test_a_customer_who_must_not_be_profiled_is_named_as_such(self):
        (card,) = self.Relationship.find_caller("KH-0815")
        self.assertFalse(card["excluded"])
        self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "date_from": "2025-01-01",
                "reason": "Asked for it",
            }
        )
        (card,) = self.Relationship.find_caller("KH-0815")
        self.assertEqual(card["name"], "Quocviet Trading")
        self.assertTrue(card["excluded"])
        self.assertFalse(card["stage"])

    def test_a_customer_of_somebody_else_is_said_to_be_theirs(self):
        """A salesperson learns whose customer calls, and nothing about it."""
        owner = self._create_user("caller_owner", name="Olga Ownertest")
        seller = self._create_user("caller_seller")
        self.partner.user_id = owner
        self._work_queue()
        rows = self.Relationship.with_user(seller)
        (card,) = rows.find_caller("KH-0815")
        self.assertEqual(card["owner"], "customer of Olga Ownertest")
        self.assertFalse(card["id"])
        self.assertFalse(card["stage"])
        (card,) = self.Relationship.find_caller("KH-0815")
        self.assertFalse(card["owner"])

    def _found(self, term, **kwargs):
        return [
            card["partner_id"] for card in self.Relationship.find_caller(term, **kwargs)
        ]

    def test_a_number_in_every_way_to_write_it(self):
        for number in (
            "+84 901 234 567",
            "+84901234567",
            "0084 901 234 567",
            "0901.234.567",
            "0901-234-567",
            "(0901) 234 567",
            "84901234567",
            "901234567",
            "234567",
            "+84\N{NO-BREAK SPACE}901 234 567",
        ):
            with self.subTest(number=number):
                self.assertEqual(self._found(number), self.partner.ids)

    def test_the_number_of_a_contact_leads_to_the_customer(self):
        (card,) = self.Relationship.find_caller("028 3822 9999")
        self.assertEqual(card["id"], self.row.id)
        self.assertEqual(card["match"], "0028 3822 9999 of Lanhuong Tester")
        self.assertTrue(card["exact"])

    def test_another_number_is_not_found(self):
        self.assertEqual(self._found("+49 901 234 567"), [])
        self.assertEqual(self._found("0901 234 568"), [])

    def test_the_card_says_what_was_found_and_how_it_stands(self):
        (card,) = self.Relationship.find_caller("+84 901 234 567")
        self.assertEqual(card["name"], "Quocviet Trading")
        self.assertEqual(
            card["detail"], "Hue · +84 901 234 567 · office@quocviet.example"
        )
        self.assertEqual(card["match"], "+84 901 234 567")
        self.assertEqual(card["stage"], self.row.stage_id.name)
        self.assertEqual(card["condition"], self.row.condition_id.name)
        self.assertEqual(card["condition_kind"], self.row.condition_kind)

    def test_by_email_in_any_case_and_by_its_beginning(self):
        self.assertEqual(self._found("OFFICE@Quocviet.example"), self.partner.ids)
        self.assertEqual(self._found("lan@quocviet.example"), self.partner.ids)
        self.assertEqual(self._found("lan@quoc"), self.partner.ids)

    def test_by_order_number_and_by_the_end_of_it(self):
        (card,) = self.Relationship.find_caller("qv-77001")
        self.assertEqual(card["id"], self.row.id)
        self.assertEqual(card["match"], "Order QV-77001 (Their 4711)")
        self.assertTrue(card["exact"])
        self.assertIn(self.partner.id, self._found("77001"))

    def test_by_invoice_number(self):
        invoice = self._invoice_of(self.order, "2025-06-02")
        (card,) = self.Relationship.find_caller(invoice.name)
        self.assertEqual(card["id"], self.row.id)
        self.assertTrue(card["match"].startswith(f"Invoice {invoice.name}"))

    def test_by_references(self):
        self.assertEqual(self._found("kh-0815"), self.partner.ids)
        self.assertEqual(self._found("Their 4711"), self.partner.ids)

    def test_by_the_beginning_of_a_name_then_by_its_parts(self):
        self.assertEqual(self._found("quocviet trading"), self.partner.ids)
        self.assertEqual(
            self._found("quocviet"),
            [self.partner.id, self.stranger.id],
            "customers come before other contacts",
        )
        self.assertEqual(self._found("viet tra"), self.partner.ids)
        self.assertEqual(self._found("lanhuong"), self.partner.ids)

    def test_the_exact_name_comes_first(self):
        exact = self._create_partner("Quocviet")
        self.assertEqual(self._found("quocviet")[0], exact.id)

    def test_a_contact_without_relationship_has_no_id(self):
        (card,) = self.Relationship.find_caller("028 3999 1111")
        self.assertIsNone(card["id"])
        self.assertEqual(card["partner_id"], self.stranger.id)
        self.assertIsNone(card["stage"])

    def test_too_little_finds_nothing(self):
        for term in ("", " ", "q", "%", "_%", None, "12"):
            self.assertEqual(self._found(term), [], term)

    def test_signs_of_patterns_mean_themselves(self):
        self.assertEqual(self._found("%viet%"), [])
        self.assertEqual(self._found("q_ocviet"), [])

    def test_no_more_than_asked_for(self):
        self.assertEqual(len(self._found("quocviet", limit=1)), 1)

    def test_a_customer_who_is_not_profiled_shows_no_verdict(self):
        self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": self.partner.id,
                "reason": "Asked for it",
                "date_from": "2025-06-01",
            }
        )
        self._work_queue()
        (card,) = self.Relationship.find_caller("+84 901 234 567")
        self.assertIsNone(card["condition"])

    # --------------------------------------------------------------------------
    # Access
    # --------------------------------------------------------------------------

    def test_a_salesperson_finds_no_relationship_of_a_colleague(self):
        self.partner.user_id = self._create_user("caller_owner")
        self._work_queue()
        other = self._create_user("caller_other")
        (card,) = self.Relationship.with_user(other).find_caller("+84 901 234 567")
        self.assertIsNone(card["id"], "the contact is open to everybody")
        self.assertIsNone(card["stage"])
        owner = self.partner.user_id
        (card,) = self.Relationship.with_user(owner).find_caller("+84 901 234 567")
        self.assertEqual(card["id"], self.row.id)

    def test_a_salesperson_does_not_find_by_the_order_of_a_colleague(self):
        self.order.user_id = self.env.user
        other = self._create_user("caller_blind")
        self.assertEqual(self.Relationship.with_user(other).find_caller("QV-77001"), [])

    def test_contacts_of_another_company_are_not_found(self):
        company = self._create_company("Another Company")
        self.stranger.company_id = company
        user = self._create_user("caller_here")
        found = self.Relationship.with_user(user).find_caller("028 3999 1111")
        self.assertEqual(found, [])

    def test_who_may_not_see_relationships_may_not_ask(self):
        user = self._create_user("caller_employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.Relationship.with_user(user).find_caller("quocviet")

    # --------------------------------------------------------------------------
    # Cost
    # --------------------------------------------------------------------------

    def test_a_number_costs_the_same_however_many_have_it(self):
        self._create_partner("Twin", phone="0901 234 567")
        self.Relationship.find_caller("0901 234 567")
        one = self._count_queries("0901 234 567")
        for number in range(20):
            self._create_partner(f"Twin {number}", phone="0901 234 567")
        self.env.flush_all()
        self.assertEqual(self._count_queries("0901 234 567"), one)

    def _count_queries(self, term):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.Relationship.find_caller(term)
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestCallerAddress(RetentionCommon, HttpCase):
    """A telephone system opens an address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.phone = "+84 901 234 567"
        cls._order(cls.partner, "2025-06-01")
        cls._work_queue()
        cls.user = cls._create_user(
            "caller_phone", "sales_team.group_sale_manager", password="caller_phone"
        )
        cls.env.flush_all()

    def _open(self, query):
        response = self.url_open(f"/retention/caller?{query}", allow_redirects=False)
        self.assertEqual(response.status_code, 303, response.text[:200])
        return urlsplit(response.headers["Location"])

    def test_one_customer_opens_at_once(self):
        self.authenticate("caller_phone", "caller_phone")
        row = self._relationship(self.partner)
        for number in ("%2B84901234567", "+84901234567", "0901%20234%20567"):
            self.assertEqual(
                self._open(f"number={number}").path, f"/odoo/retention/{row.id}"
            )

    def test_several_or_none_open_the_search(self):
        self.authenticate("caller_phone", "caller_phone")
        for term in ("0999 999 999", "Nobody is called so"):
            address = self._open(f"term={term}")
            self.assertEqual(address.path, "/odoo/caller")
            self.assertEqual(parse_qs(address.query)["term"], [term])

    def test_who_may_not_look_is_led_elsewhere(self):
        for login, group, path in (
            ("caller_portal", "base.group_portal", "/web/login_successful"),
            ("caller_employee", "base.group_user", "/odoo"),
        ):
            self._create_user(login, group, password=login)
            self.authenticate(login, login)
            self.assertEqual(self._open("number=0901234567").path, path)

    def test_a_visitor_has_to_log_in(self):
        self.assertEqual(self._open("number=0901234567").path, "/web/login")
