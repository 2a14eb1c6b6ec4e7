"""Why a customer has a tier, what is missing, and what a quotation does to it."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import on
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierExplanation(TierCommon):
    """A ladder of calendar years, looked at on 30 June 2025."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder._counting_always().write(
            {"window": "calendar", "validity": "period", "downgrade": "earned"}
        )
        cls.gold.condition_ids.keep_at_least = 4000.0
        cls.seller = cls._create_user("tier_reader")
        cls.customer = cls._create_partner("Tier Customer", user_id=cls.seller.id)

    def _member(self, **values):
        """The membership after everything has been evaluated, as its seller sees it."""
        self._work_queue()
        self.env.invalidate_all()
        return self._membership(self.customer).with_user(self.seller)

    def _plain(self, text):
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    def test_documents_conditions_and_rule_are_named(self):
        order = self._order(self.customer, "2025-03-03", 1250.0)
        member = self._member()
        found = member.get_explanation()
        self.assertEqual(found["title"], "Silver")
        self.assertEqual(found["rule"]["id"], self.ladder.id)
        (document,) = found["documents"]
        self.assertEqual((document["model"], document["id"]), ("sale.order", order.id))
        self.assertEqual(document["name"], order.name)
        self.assertIn("1,250", self._plain(document["value_text"]))
        self.assertEqual(
            [(one["text"], one["met"]) for one in found["conditions"]],
            [
                ("Net revenue, to keep Silver", True),
                ("Net revenue, for Gold", False),
            ],
        )
        self.assertIn("01/01/2025", found["lines"][0])
        self.assertTrue(any("3,750" in line for line in found["missing"]))
        self.assertIn("12/31/2026", found["until_text"])

    def test_documents_of_other_companies_are_a_sum(self):
        other = self._create_company("Other Company")
        self.ladder.active = False
        shared = self._create_ladder("Shared", company_id=False)
        order = self._order(self.customer, "2025-03-03", 300.0)
        product = self.env["product.product"].create(
            {"name": "Sold Elsewhere", "type": "service", "taxes_id": [Command.clear()]}
        )
        for day, amount in (("2025-03-04", 700.0), ("2025-03-05", 250.0)):
            self._order(
                self.customer, day, amount, company_id=other.id, product=product
            )
        self._flush_queue()
        self.Relationship._sync_and_evaluate(self.customer.ids, as_of=on(self.TODAY))
        member = self._membership(self.customer, shared).with_user(self.seller)
        found = member.get_explanation()
        self.assertEqual([one["id"] for one in found["documents"]], [order.id])
        self.assertIn("other companies add", found["elsewhere_text"])
        self.assertIn("950", self._plain(found["elsewhere_text"]))
        self.seller.company_ids |= other
        both = {"allowed_company_ids": (self.company | other).ids}
        found = member.with_context(**both).get_explanation()
        self.assertEqual(len(found["documents"]), 3)
        self.assertFalse(found["elsewhere_text"])

    def test_members_of_a_group_are_named_with_what_they_bring(self):
        daughter = self._create_partner("Daughter Company", user_id=self.seller.id)
        self.env["customer.account.group"].create(
            {
                "name": "Tested Group",
                "lead_id": self.customer.id,
                "member_ids": [
                    Command.create({"partner_id": self.customer.id}),
                    Command.create({"partner_id": daughter.id, "share": 50.0}),
                ],
            }
        )
        self._order(self.customer, "2025-03-03", 400.0)
        self._order(daughter, "2025-03-04", 1500.0)
        lines = self._plain(" ".join(self._member().get_explanation()["lines"]))
        self.assertIn("Tier Customer brings", lines)
        self.assertIn("400", lines)
        self.assertRegex(lines, r"Daughter Company brings .*750.*: 50 % of what")

    def test_members_of_other_companies_are_a_sum(self):
        other = self._create_company("Other Company")
        self.ladder.active = False
        shared = self._create_ladder("Shared", company_id=False)
        abroad = self._create_partner("Abroad Company", company_id=other.id)
        farther = self._create_partner("Farther Company", company_id=other.id)
        self.env["customer.account.group"].create(
            {
                "name": "Tested Group",
                "lead_id": self.customer.id,
                "member_ids": [
                    Command.create({"partner_id": partner.id})
                    for partner in (self.customer, abroad, farther)
                ],
            }
        )
        product = self.env["product.product"].create(
            {"name": "Sold Elsewhere", "type": "service", "taxes_id": [Command.clear()]}
        )
        self._order(self.customer, "2025-03-03", 300.0)
        for partner, amount in ((abroad, 700.0), (farther, 250.0)):
            self._order(
                partner, "2025-03-04", amount, company_id=other.id, product=product
            )
        self._flush_queue()
        accounts = self.customer | abroad | farther
        self.Relationship._sync_and_evaluate(accounts.ids, as_of=on(self.TODAY))
        member = self._membership(self.customer, shared).with_user(self.seller)
        lines = self._plain(" ".join(member.get_explanation()["lines"]))
        self.assertRegex(lines, r"Tier Customer brings .*300")
        self.assertNotIn("Abroad", lines)
        self.assertNotIn("Farther", lines)
        self.assertRegex(lines, r"Members of other companies bring .*950")
        self.seller.company_ids |= other
        both = {"allowed_company_ids": (self.company | other).ids}
        found = member.with_context(**both).get_explanation()
        lines = self._plain(" ".join(found["lines"]))
        self.assertRegex(lines, r"Abroad Company brings .*700")
        self.assertNotIn("other companies", lines)

    def test_progress_in_the_words_of_the_reader(self):
        self._order(self.customer, "2025-03-03", 1250.0)
        progress = self._member()._progress()
        self.assertEqual((progress["tier"], progress["next"]), ("Silver", "Gold"))
        self.assertEqual(progress["fraction"], 0.25)
        self.assertIn("3,750", self._plain(progress["missing_text"]))
        self.assertIn("Gold", progress["missing_text"])
        self.assertIn("12/31/2025", progress["projection_text"])

    def test_what_keeps_the_tier_and_by_when(self):
        self._order(self.customer, "2024-05-02", 5000.0)
        self._order(self.customer, "2025-03-02", 2760.0)
        progress = self._member()._progress()
        self.assertEqual(progress["tier"], "Gold")
        self.assertIn("1,240", self._plain(progress["keep_text"]))
        self.assertIn("12/31/2025", progress["keep_text"])
        self.assertIn("keep Gold", progress["keep_text"])

    def test_amounts_of_many_members_take_as_many_queries_as_of_one(self):
        customers = [self._create_partner(f"Customer {number}") for number in range(6)]
        for customer in customers:
            self._order(customer, "2025-03-03", 1250.0)
        self._work_queue()
        members = self.Membership.search([("ladder_id", "=", self.ladder.id)])
        self.assertGreaterEqual(len(members), 6)

        def count(rows):
            self.env.invalidate_all()
            rows._progress_by_id()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows._progress_by_id()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(members), count(members[:1]) + 1)

    # === QUOTATIONS === #

    def _outlook(self, amount):
        quotation = self._quotation(
            self.customer, "2025-06-30", amount, user_id=self.seller.id
        )
        self.env.invalidate_all()
        return self._plain(quotation.with_user(self.seller)._tier_outlook())

    def test_quotation_takes_the_customer_up(self):
        self._order(self.customer, "2025-03-03", 1250.0)
        self._member()
        self.assertEqual(self._outlook(3750.0), "This quotation takes them to Gold.")

    def test_quotation_that_is_too_small_tells_what_is_missing(self):
        self._order(self.customer, "2025-03-03", 1250.0)
        self._member()
        self.assertIn("3,750", self._outlook(100.0))

    def test_quotation_keeps_the_tier(self):
        self._order(self.customer, "2024-05-02", 5000.0)
        self._order(self.customer, "2025-03-02", 2760.0)
        self._member()
        self.assertEqual(
            self._outlook(1240.0), "This quotation keeps Gold until 12/31/2026."
        )

    def test_order_that_is_confirmed_tells_nothing(self):
        order = self._order(self.customer, "2025-03-03", 1250.0)
        self._member()
        self.assertEqual(order._tier_outlook(), "")

    def test_what_does_not_count_takes_nobody_up(self):
        self.ladder._counting_always().excluded_product_ids = self.product
        self.assertEqual(self._outlook(9000.0), "")

    def test_stranger_learns_nothing(self):
        self._order(self.customer, "2025-03-03", 1250.0)
        self._member()
        other = self._create_user("tier_stranger")
        quotation = self._quotation(self.customer, "2025-06-30", 9000.0)
        self.assertEqual(quotation.with_user(other)._tier_outlook(), "")
        self.assertEqual(self.ladder._today(), on(self.TODAY))


@tagged("post_install", "-at_install")
class TestTierToKeep(TierCommon):
    """What the list shows as missing is about the day on which the tier ends."""

    def _missing(self, day):
        self._work_queue()
        self._evaluate_at(day)
        return self._membership(self.partner)

    def test_rolling_window_that_loses_a_purchase(self):
        """Today there is enough of it; on the day it leaves the window there is not."""
        self._order(self.partner, "2024-08-10", 3000.0)
        self._order(self.partner, "2025-02-10", 2500.0)
        member = self._missing("2025-06-30")
        self.assertEqual(member.valid_until, on("2025-08-09"))
        self.assertEqual(member.missing_keep, 2500.0)
        self.assertTrue(member.is_at_risk)

    def test_calendar_year_in_which_a_tier_ends(self):
        self.ladder._counting_always().write(
            {"window": "calendar", "validity": "period"}
        )
        self._order(self.partner, "2024-08-10", 5000.0)
        self._order(self.partner, "2025-02-10", 2500.0)
        member = self._missing("2025-06-30")
        self.assertEqual(member.valid_until, on("2025-12-31"))
        self.assertEqual(member.missing_keep, 2500.0)
        self.assertFalse(member.is_at_risk)

    def test_days_of_grace_are_the_last_chance(self):
        self.ladder._counting_always().grace_days = 30
        self._order(self.partner, "2024-08-10", 3000.0)
        self._order(self.partner, "2025-02-10", 2500.0)
        member = self._missing("2025-08-20")
        self.assertEqual(member.tier_id, self.gold)
        self.assertEqual(member.valid_until, on("2025-09-08"))
        self.assertEqual(member.missing_keep, 2500.0)
        self.assertTrue(member.is_at_risk)
