"""What people do with tiers, in a browser."""

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierTours(TierCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("tier_tour_sales")
        cls.user.group_ids |= cls.env.ref("sales_team.group_sale_salesman")
        cls.customer = cls._create_partner("Harbor Bakery", user_id=cls.user.id)
        cls.silver.benefit_ids = [Command.create({"name": "Free delivery"})]
        cls._order(cls.customer, "2025-06-01", 4000.0)
        cls._work_queue()

    def test_consultant_sets_up_a_ladder_from_the_distribution(self):
        """Thresholds are moved and typed; what they mean is seen before saving."""
        self.ladder.active = False
        for number in range(1, 8):
            partner = self._create_partner(f"Customer {number}")
            self._order(partner, "2025-05-01", 100.0 * number)
        self._order(self._create_partner("The Best"), "2025-05-01", 9000.0)
        self._work_queue()
        admin = self._create_user(
            "tier_tour_admin", groups="customer_retention.group_admin"
        )
        self.start_tour(
            "/odoo/retention-tier-setup",
            "customer_retention_tier_setup",
            login=admin.login,
        )
        ladder = self.env["customer.tier.ladder"].search([("name", "=", "Harbor Club")])
        self.assertEqual(
            ladder.tier_ids.sorted().mapped("name"), ["Bronze", "Silver", "Gold"]
        )
        self.assertEqual(ladder.tier_ids.sorted()[-1].threshold, 5000.0)

    def test_salesperson_sees_what_a_quotation_does_and_why(self):
        """Four thousand so far, Gold from five: this quotation takes them there."""
        quotation = self._quotation(self.customer, "2025-06-30", 1500.0)
        quotation.user_id = self.user
        self.start_tour(
            f"/odoo/sale.order/{quotation.id}",
            "customer_retention_tier_quotation",
            login=self.user.login,
        )

    def test_customer_reads_the_membership(self):
        buyer = new_test_user(
            self.env,
            "tier_tour_buyer",
            groups="base.group_portal",
            company_id=self.company.id,
        )
        buyer.partner_id.parent_id = self.customer
        self.start_tour("/my", "customer_retention_tier_portal", login=buyer.login)
