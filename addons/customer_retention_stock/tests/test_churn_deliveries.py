from odoo.tests import tagged

from odoo.addons.customer_retention.logic.health import SIGNALS
from odoo.addons.customer_retention.tests.common import RetentionCommon, on

from .stock_common import WarehouseMixin


@tagged("post_install", "-at_install")
class TestLateDeliveries(WarehouseMixin, RetentionCommon):
    """Deliveries that came late cost health, and a sentence says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order(cls.partner, "2025-06-01")
        cls._work_queue()

    def deliver(self, promised, done, code="outgoing", **values):
        """Record a delivery of the past."""
        types = self.env["stock.picking.type"]
        picking_type = types.search(
            [("code", "=", code), ("warehouse_id", "=", self.warehouse.id)], limit=1
        )
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": picking_type.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                **values,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE stock_picking SET state = 'done', date_deadline = %s,
               date_done = %s WHERE id = %s""",
            (self._noon(promised), self._noon(done), picking.id),
        )
        return picking

    def signal(self):
        signals = self.env["customer.churn.signal"]
        signals._read_accounts(self.company, on(self.TODAY), self.partner.ids)
        return signals.search([("partner_id", "=", self.partner.id)])

    def test_part_of_the_deliveries_that_came_late(self):
        self.deliver("2025-03-01", "2025-03-01")
        self.deliver("2025-04-01", "2025-04-03")
        self.deliver("2025-05-01", "2025-05-02")
        self.deliver("2025-05-11", "2025-05-09")
        self.assertAlmostEqual(self.signal().late_share, 0.5)

    def test_one_delivery_is_no_habit(self):
        self.deliver("2025-04-01", "2025-04-03")
        self.assertFalse(self.signal().late_share)

    def test_days_are_those_of_the_company(self):
        """Past midnight in Vietnam: delivered the day after, which is tomorrow."""
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        self.deliver("2025-04-01", "2025-04-03")
        evening = self.deliver("2025-05-01", "2025-05-01")
        self.env.cr.execute(
            "UPDATE stock_picking SET date_done = %s WHERE id = %s",
            (f"{self.TODAY} 22:00:00", evening.id),
        )
        self.assertFalse(self.signal().late_share, "one delivery is no habit")

    def test_receipts_and_what_is_older_do_not_count(self):
        self.deliver("2024-04-01", "2024-04-03")
        self.deliver("2024-05-01", "2024-05-03")
        self.deliver("2025-04-01", "2025-04-03", code="incoming")
        self.deliver("2025-05-01", "2025-05-03", code="incoming")
        self.assertFalse(self.signal().late_share)

    def test_health_in_the_database_is_that_of_the_logic(self):
        for _time in range(2):
            self.deliver("2025-04-01", "2025-04-03")
        self.signal()
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        score = self.env["customer.churn.score"].search(
            [("partner_id", "=", self.partner.id)]
        )
        points = self.env["customer.churn.weighing"]._points(self.company)
        self.assertEqual(set(points), set(SIGNALS))
        self.assertEqual(sum(points.values()), 100)
        found = score._health(points)
        self.assertAlmostEqual(score.health, found.score)
        self.assertEqual(found.costs["late"], points["late"])
        self.assertIn("100 % of the year's deliveries came late", score.reasons)
