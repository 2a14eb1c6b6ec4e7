from unittest.mock import patch

from odoo.tests import tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestCompaniesLookedAt(RetentionCommon):
    """Facts are gathered only in companies that know the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Another Company")
        cls._forget_queue()

    def looked_at(self, *partners):
        """Evaluate customers; return the test's companies that were looked at."""
        model = type(self.Relationship)
        original, companies = model._evaluate_company, self.env["res.company"]

        def evaluate_company(engine, company, *arguments):
            nonlocal companies
            companies |= company
            return original(engine, company, *arguments)

        with patch.object(model, "_evaluate_company", evaluate_company):
            self.Relationship._sync_and_evaluate([one.id for one in partners])
        return companies.with_env(self.env) & (self.company | self.other)

    def test_a_customer_of_one_company_is_looked_at_there(self):
        self._order(self.partner, "2025-06-20")
        self.assertEqual(self.looked_at(self.partner), self.company)
        self.assertEqual(len(self._relationship(self.partner)), 1)

    def test_customers_of_two_companies_are_looked_at_in_both(self):
        neighbour = self._create_partner("Neighbour")
        self._order(self.partner, "2025-06-20")
        order = self._quotation(neighbour, "2025-06-20", company_id=self.other.id)
        self.assertEqual(order.company_id, self.other)
        both = self.company | self.other
        self.assertEqual(self.looked_at(self.partner, neighbour), both)
        self.assertTrue(self._relationship(neighbour, self.other))

    def test_a_stranger_is_looked_at_nowhere(self):
        self.assertFalse(self.looked_at(self.partner))

    def test_a_company_that_knew_a_customer_is_looked_at(self):
        """Whose last document is gone is still known there."""
        order = self._order(self.partner, "2025-06-20")
        self._work_queue()
        order._action_cancel()
        order.unlink()
        self.assertEqual(self.looked_at(self.partner), self.company)
        self.assertFalse(self._relationship(self.partner).purchase_count)

    def test_a_decision_makes_a_company_look(self):
        """Also one about somebody who is a contact of the customer by now."""
        stage = self.env["customer.relationship.stage"].search([], limit=1)
        decisions = {
            "customer.fit": {"need": "yes", "date": "2025-06-01"},
            "customer.profiling.exclusion": {"date_from": "2025-06-01", "reason": "X"},
            "customer.relationship.pin": {
                "axis": "position",
                "stage_id": stage.id,
                "date_from": "2025-06-01",
                "reason": "X",
            },
        }
        for model, values in decisions.items():
            customer = self._create_partner(f"Customer of {model}")
            contact = self._create_partner("Contact", is_company=False)
            values |= {"partner_id": contact.id, "company_id": self.other.id}
            self.env[model].create(values)
            contact.parent_id = customer
            self._forget_queue()
            with self.subTest(model=model):
                self.assertEqual(self.looked_at(customer), self.other)

    def test_an_exclusion_everywhere_makes_every_company_look(self):
        self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": self.partner.id,
                "company_id": False,
                "date_from": "2025-06-01",
                "reason": "Decided",
            }
        )
        both = self.company | self.other
        self.assertEqual(self.looked_at(self.partner), both)


@tagged("post_install", "-at_install")
class TestCompaniesWatching(RetentionCommon):
    """Churn is followed in the companies that know the customer, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_company("Another Company", retention_use_churn=True)
        cls.company.retention_use_churn = True
        cls._forget_queue()

    def followed(self, *partners):
        """Evaluate customers; return the test's companies where churn followed."""
        model = type(self.Relationship)
        original, companies = model._follow_returns, self.env["res.company"]

        def follow_returns(engine, company, *arguments):
            nonlocal companies
            companies |= company
            return original(engine, company, *arguments)

        with patch.object(model, "_follow_returns", follow_returns):
            self.Relationship._sync_and_evaluate([one.id for one in partners])
        return companies.with_env(self.env) & (self.company | self.other)

    def test_a_customer_of_one_company_is_followed_there(self):
        self._order(self.partner, "2025-06-20")
        self.assertEqual(self.followed(self.partner), self.company)

    def test_customers_of_two_companies_are_followed_in_both(self):
        neighbour = self._create_partner("Neighbour")
        self._order(self.partner, "2025-06-20")
        self._quotation(neighbour, "2025-06-20", company_id=self.other.id)
        both = self.company | self.other
        self.assertEqual(self.followed(self.partner, neighbour), both)

    def test_a_company_that_does_not_watch_churn_follows_nobody(self):
        self._order(self.partner, "2025-06-20")
        self.company.retention_use_churn = False
        self.assertFalse(self.followed(self.partner))

    def test_a_company_that_only_remembers_a_customer_follows(self):
        """A score is to go with the last purchase; losses and cases may end."""
        strangers = {
            "customer.churn.score": {},
            "customer.churn.event": {
                "date": "2025-06-01",
                "decided_by": "customer",
            },
            "customer.retention.case": {"user_id": self.env.uid},
        }
        for model, values in strangers.items():
            stranger = self._create_partner(f"Stranger of {model}")
            self._forget_queue()
            about = {"partner_id": stranger.id, "company_id": self.other.id}
            self.env[model].create(about | values)
            with self.subTest(model=model):
                self.assertEqual(self.followed(stranger), self.other)
        self.assertFalse(
            self.env["customer.churn.score"].search(
                [("company_id", "=", self.other.id)]
            )
        )
