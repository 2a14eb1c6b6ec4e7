"""Whose customer somebody is, each company decides for itself."""

from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from .test_access import UsersCommon

# Models with a row for each company of a customer.
OF_A_COMPANY = (
    "customer.relationship",
    "customer.relationship.transition",
    "customer.relationship.transition.report",
    "customer.relationship.pin",
    "customer.fit",
    "customer.profiling.exclusion",
    "customer.purchase",
    "customer.quotation",
)


class TwoCompaniesCommon(UsersCommon):
    """A customer without salesperson, who buys from one person in each company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Other Company")
        cls.both = cls.company | cls.other
        users = cls.seller | cls.colleague | cls.leader | cls.all_documents
        (users | cls.manager | cls.admin).company_ids = [Command.set(cls.both.ids)]
        cls.env["crm.team"].create(
            {
                "name": "Team of the Leader",
                "user_id": cls.leader.id,
                "company_id": False,
                "member_ids": [Command.link(cls.seller.id)],
            }
        )
        cls.customer = cls._create_partner("Customer of Two")
        for company, user in ((cls.company, cls.seller), (cls.other, cls.colleague)):
            documents = {"company_id": company.id, "user_id": user.id}
            cls._order(cls.customer, "2025-05-01", **documents)
            cls._quotation(cls.customer, "2025-06-20", **documents)
        cls._work_queue()
        for company in cls.both:
            cls._record_decisions(cls.customer, company)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _record_decisions(cls, partner, company):
        recorded = {"partner_id": partner.id, "company_id": company.id}
        stage = cls.env["customer.relationship.stage"].search([], limit=1)
        cls.env["customer.relationship.pin"].create(
            {**recorded, "stage_id": stage.id, "reason": "Test"}
        )
        cls.env["customer.fit"].create(recorded)
        cls.env["customer.profiling.exclusion"].create(
            {**recorded, "reason": "Test", "date_from": "2030-01-01"}
        )

    def _as(self, user, model):
        self.env.invalidate_all()
        return (
            self.env[model]
            .with_user(user)
            .with_context(
                allowed_company_ids=(self.both & user.company_ids).ids,
                active_test=False,
            )
        )

    def _seen(self, user, model, partner=None):
        """Return the companies whose rows of a customer a user sees."""
        partner = partner or self.customer
        found = self._as(user, model).search([("partner_id", "=", partner.id)])
        return found.sudo().company_id


@tagged("post_install", "-at_install")
class TestAccessCompanies(TwoCompaniesCommon):
    def test_each_company_decides_who_sees_a_customer(self):
        expected = {
            self.seller: self.company,
            self.leader: self.company,
            self.colleague: self.other,
            self.all_documents: self.both,
            self.manager: self.both,
            self.admin: self.both,
        }
        for model in OF_A_COMPANY:
            for user, companies in expected.items():
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self._seen(user, model), companies)

    def test_what_is_listed_can_be_read_and_nothing_else(self):
        """The condition of the list is that of the single record."""
        for model in OF_A_COMPANY:
            rows = self._as(self.env.user, model).search(
                [("partner_id", "=", self.customer.id)]
            )
            for user in (self.seller, self.leader, self.colleague):
                listed = self._as(user, model).search([("id", "in", rows.ids)])
                with self.subTest(model=model, user=user.login):
                    readable = rows.with_env(listed.env)._filtered_access("read")
                    self.assertEqual(readable, listed)

    def test_decisions_are_made_in_the_own_company(self):
        Fit = self._as(self.seller, "customer.fit")
        values = {"partner_id": self.customer.id}
        self.assertTrue(Fit.create({**values, "company_id": self.company.id}))
        with self.assertRaises(AccessError):
            Fit.create({**values, "company_id": self.other.id})

    def test_exclusion_everywhere_is_seen_from_each_company(self):
        exclusions = self.env["customer.profiling.exclusion"]
        exclusion = exclusions.create(
            {
                "partner_id": self.customer.id,
                "company_id": False,
                "reason": "Asked",
                "date_from": "2030-01-01",
            }
        )
        for user in (self.seller, self.leader, self.colleague, self.manager):
            with self.subTest(user=user.login):
                seen = self._as(user, exclusions._name).search([])
                self.assertIn(exclusion.id, seen.ids)
        stranger = self._create_user("companies_stranger")
        self.assertNotIn(
            exclusion.id, self._as(stranger, exclusions._name).search([]).ids
        )

    def test_log_of_a_former_account_is_its_account_s(self):
        """Whoever became a contact of a customer has no row: nobody's it is not."""
        group = self._create_partner("Group", user_id=self.colleague.id)
        former = self._create_partner("Former", user_id=self.colleague.id)
        self._order(former, "2025-05-01", user_id=self.colleague.id)
        self._work_queue()
        former.write({"parent_id": group.id, "is_company": False, "user_id": False})
        self._work_queue()
        self.assertFalse(self._relationship(former))
        for model in (
            "customer.relationship.transition",
            "customer.relationship.transition.report",
        ):
            with self.subTest(model=model):
                self.assertFalse(self._seen(self.seller, model, former))
                self.assertEqual(
                    self._seen(self.colleague, model, former), self.company
                )

    def test_visibility_is_searched_both_ways(self):
        for model in OF_A_COMPANY[1:]:
            if "is_own_customer" not in self.env[model]._fields:
                continue
            rows = self._as(self.manager, model)
            ours = Domain("partner_id", "=", self.customer.id)
            everything = rows.search(ours)
            for name in ("is_own_customer", "is_profiled"):
                found = [
                    rows.search(ours & Domain(name, operator, value))
                    for operator, value in (
                        ("=", True),
                        ("!=", True),
                        ("in", [True, False]),
                        ("not in", [True, False]),
                    )
                ]
                with self.subTest(model=model, field=name):
                    self.assertEqual(found[0] | found[1], everything)
                    self.assertFalse(found[0] & found[1])
                    self.assertEqual(found[2], everything)
                    self.assertFalse(found[3])

    def test_days_of_contact_are_seen_where_the_customer_is(self):
        """They have no company: whoever sees the customer in one sees them."""
        self.customer.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.seller.partner_id.id,
        )
        self._work_queue()
        stranger = self._create_user("companies_stranger")
        model = "customer.contact.day"
        ours = [("partner_id", "=", self.customer.id)]
        for user in (self.seller, self.leader, self.colleague, self.manager):
            with self.subTest(user=user.login):
                self.assertTrue(self._as(user, model).search(ours))
        self.assertFalse(self._as(stranger, model).search(ours))
        third = self._create_company("Third Company")
        outsider = self._create_user(
            "companies_outsider",
            "sales_team.group_sale_salesman_all_leads",
            company_id=third.id,
        )
        found = self.env[model].with_user(outsider)
        self.assertFalse(found.with_context(allowed_company_ids=third.ids).search(ours))
