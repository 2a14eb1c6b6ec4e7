from odoo.tests import tagged

from odoo.addons.customer_retention.tests.common import on
from odoo.addons.customer_retention.tests.test_care import CareCommon

from .stock_common import WarehouseMixin


@tagged("post_install", "-at_install")
class TestCareAfterDeliveries(WarehouseMixin, CareCommon):
    """Somebody asks whether what was ordered arrived as it should."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.type = "consu"
        cls.after = cls.plan("delivered", 3)

    def deliver(self, partner, done, **values):
        """Confirm an order and deliver it on a past day."""
        order = self._order(partner, "2025-06-10", **values)
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_picking SET date_done = %s WHERE id = %s", (done, picking.id)
        )
        return picking

    def test_so_many_days_after_the_delivery(self):
        self.deliver(self.regular, "2025-06-27 10:00")
        self._order(self.newcomer, "2025-06-27")
        self.assertFalse(self.work("2025-06-29"))
        self.assertEqual(self.work("2025-06-30"), self.regular)
        self.assertEqual(self.touches().occasion, on("2025-06-27"))
        self.assertFalse(self.work("2025-07-01"))

    def test_what_was_delivered_long_ago_has_passed(self):
        self.deliver(self.regular, "2025-06-20 10:00")
        self.assertFalse(self.work())

    def test_the_day_is_the_local_one(self):
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        self.deliver(self.regular, "2025-06-26 22:00")
        self.assertFalse(self.work("2025-06-29"))
        self.assertEqual(self.work("2025-06-30"), self.regular)

    def test_who_ordered_is_asked_not_who_received_it_elsewhere(self):
        """Goods may go to the customer of a customer."""
        self.deliver(
            self.regular, "2025-06-27 10:00", partner_shipping_id=self.newcomer.id
        )
        self.assertEqual(self.work(), self.regular)

    def test_transfers_that_nobody_ordered_and_returns_do_not_count(self):
        picking = self.deliver(self.regular, "2025-06-27 10:00")
        picking.sale_id = False
        self.env.flush_all()
        self.assertFalse(self.work())

    def test_a_delivery_of_another_company_is_not_ours(self):
        self.deliver(self.regular, "2025-06-27 10:00")
        other = self._create_company("Delivered Elsewhere")
        self.assertFalse(self.due(self.after, other))

    def test_the_seed_is_off(self):
        seed = self.env.ref("customer_retention_stock.customer_care_plan_delivered")
        self.assertEqual((seed.active, seed.trigger), (False, "delivered"))
