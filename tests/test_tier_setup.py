"""Ladders set up from what a company's own customers bought."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RetentionCommon

TIERS = [["Bronze", 0], ["Silver", 500], ["Gold", 2000]]


@tagged("post_install", "-at_install")
class TestTierSetup(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user("tier_setup", "customer_retention.group_admin")
        cls.Setup = cls.env["customer.tier.setup"].with_user(cls.admin)
        cls.env["customer.tier.ladder"].search([]).active = False
        cls.small = cls._create_partner("Small Shop")
        cls.big = cls._create_partner("Big Store")
        cls._order(cls.small, "2025-05-01", 123.45)
        cls._order(cls.big, "2025-05-02", 1000.0)
        cls._order(cls.big, "2025-05-02", 234.0)
        cls._order(cls.big, "2023-05-01", 9000.0)
        cls._work_queue()

    def _buckets(self, **choices):
        return self.Setup.get_distribution(**choices)["buckets"]

    def test_figures_keep_their_three_leading_digits(self):
        self.assertEqual(self._buckets(), [[123.0, 1, 123.45], [1230.0, 1, 1234.0]])

    def test_purchases_and_purchase_days(self):
        self.assertEqual(
            self._buckets(metric="purchases"), [[1.0, 1, 123.45], [2.0, 1, 1234.0]]
        )
        self.assertEqual(self._buckets(metric="purchase_days"), [[1.0, 2, 1357.45]])

    def test_the_window_decides_what_counts(self):
        self.assertEqual(self._buckets(months=1), [])
        self.assertEqual(self._buckets(window="calendar"), [])
        self.assertEqual(self._buckets(window="lifetime")[1][0], 10200.0)

    def test_a_single_customer_and_nobody(self):
        self.small.active = False
        self.assertEqual(self._buckets(), [[1230.0, 1, 1234.0]])
        self.big.active = False
        answer = self.Setup.get_distribution()
        self.assertEqual((answer["buckets"], answer["members"]), ([], 0))

    def test_who_bought_before_the_window_is_told_apart(self):
        """A tier from 0 has them, so the set-up has to say so."""
        self._order(self._create_partner("Old Friend"), "2023-05-01", 50.0)
        self._work_queue()
        answer = self.Setup.get_distribution()
        self.assertEqual((answer["members"], answer["idle"]), (2, 1))
        self.assertEqual(self.Setup.get_distribution(months=1)["idle"], 3)
        self.assertEqual(self.Setup.get_distribution("purchases")["idle"], 1)
        self.assertEqual(self.Setup.get_distribution(window="lifetime")["idle"], 0)

        ladder_id = self.Setup.create_ladder(
            {"metric": "revenue", "window": "rolling", "months": 12, "tiers": TIERS}
        )
        memberships = self.env["customer.tier.membership"]
        memberships._evaluate()
        memberships = memberships.search(
            [("ladder_id", "=", ladder_id), ("tier_id", "!=", False)]
        )
        self.assertEqual(len(memberships), answer["members"] + answer["idle"])

    def test_purchases_of_a_group_count_together(self):
        members = [self.small, self.big]
        self.env["customer.account.group"].create(
            {
                "name": "Both",
                "company_id": self.company.id,
                "lead_id": self.big.id,
                "member_ids": [
                    Command.create({"partner_id": one.id}) for one in members
                ],
            }
        )
        self.assertEqual(self._buckets(), [[1350.0, 1, 1357.45]])

    def test_other_companies_stay_out(self):
        other = self._create_company("Elsewhere")
        self.admin.company_ids |= other
        setup = self.Setup.with_context(allowed_company_ids=other.ids)
        self.assertEqual(setup.get_distribution()["buckets"], [])

    def test_the_ladder_is_as_it_was_chosen(self):
        ladder_id = self.Setup.create_ladder(
            {
                "name": " Club ",
                "metric": "revenue",
                "window": "rolling",
                "months": 6,
                "keep_percent": 80,
                "tiers": TIERS,
            }
        )
        ladder = self.env["customer.tier.ladder"].browse(ladder_id)
        self.assertRecordValues(
            ladder,
            [
                {
                    "name": "Club",
                    "company_id": self.company.id,
                    "window": "rolling",
                    "window_months": 6,
                }
            ],
        )
        self.assertEqual(ladder.measure_ids.mapped("metric"), ["revenue"])
        self.assertRecordValues(
            ladder.tier_ids.sorted(),
            [
                {"name": "Bronze", "threshold": 0.0, "keep_threshold": 0.0},
                {"name": "Silver", "threshold": 500.0, "keep_threshold": 400.0},
                {"name": "Gold", "threshold": 2000.0, "keep_threshold": 1600.0},
            ],
        )
        self.assertEqual(ladder.version_number, 1)

    def test_what_makes_no_ladder_is_refused(self):
        values = {"metric": "revenue", "window": "rolling", "months": 12}
        for tiers in (
            [],
            [["Bronze", 100], ["Silver", 100]],
            [["Bronze", -1]],
            [["", 0]],
            [["Bronze", float("nan")]],
        ):
            with self.assertRaises(UserError):
                self.Setup.create_ladder({**values, "tiers": tiers})
        for choices in ({"metric": "x"}, {"window": "x"}, {"months": 0}):
            with self.assertRaises(UserError):
                self.Setup.get_distribution(**choices)

    def test_only_who_configures_ladders(self):
        manager = self._create_user(
            "tier_setup_manager", "customer_retention.group_manager"
        )
        setup = self.Setup.with_user(manager)
        with self.assertRaises(AccessError):
            setup.get_distribution()
        with self.assertRaises(AccessError):
            setup.create_ladder({"tiers": TIERS})
