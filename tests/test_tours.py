from odoo.tests import HttpCase, tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestTours(RetentionCommon, HttpCase):
    """What people do with it all day, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regular = cls._create_partner("Harbor Bakery", phone="+32 3 555 47 11")
        cls.newcomer = cls._create_partner("Quay Garage")
        for day in ("2025-04-01", "2025-05-01", "2025-06-01"):
            cls._order(cls.regular, day)
        cls._order(cls.newcomer, "2025-06-15")
        cls._work_queue()

    def test_salesperson_finds_a_caller_and_pins_a_position(self):
        """A number is enough to find, understand and decide about a customer."""
        user = self._create_user("retention_tour_sales")
        self.regular.user_id = user
        self._work_queue()
        self.start_tour("/odoo/caller", "customer_retention_caller", login=user.login)
        pin = self.env["customer.relationship.pin"].search(
            [("partner_id", "=", self.regular.id)]
        )
        self.assertRecordValues(
            pin,
            [
                {
                    "axis": "position",
                    "reason": "Sends us two new customers a month",
                    "user_id": user.id,
                }
            ],
        )
        self.assertEqual(self._relationship(self.regular).stage_id, pin.stage_id)

    def test_administrator_changes_a_rule_after_a_dry_run(self):
        """The dry-run tells who would move; saving makes the next version."""
        stage = self.env["customer.relationship.stage"].search(
            [("company_id", "=", False), ("name", "=", "Repeat")]
        )
        user = self._create_user(
            "retention_tour_admin", groups="customer_retention.group_admin"
        )
        user.lang = "en_US"
        self.start_tour(
            "/odoo/retention-positions", "customer_retention_rule", login=user.login
        )
        self.assertEqual(stage.version_number, 2)
        self.assertEqual(stage.rule, '[["purchase_days", ">=", 1]]')
