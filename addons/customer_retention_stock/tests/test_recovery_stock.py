from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.customer_retention.tests.recovery_common import RecoveryCommon

from ..hooks import uninstall_hook
from .stock_common import WarehouseMixin

NOTICING_LOGGER = "odoo.addons.customer_retention.models.customer_complaint_noticing"


@tagged("post_install", "-at_install")
class TestRecoveryStock(WarehouseMixin, RecoveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a job commits after each piece of work; a test may not
        cls.classPatch(
            type(cls.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60.0
        )
        cls.types["return"] = cls.env["customer.recovery.type"].create(
            {"name": "Return", "kind": "return"}
        )
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Goods",
                "type": "consu",
                "is_storable": True,
                "list_price": 10.0,
            }
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.goods, cls.warehouse.lot_stock_id, 100
        )
        cls.order = cls._order(cls.partner, "2025-06-01", product=cls.goods, quantity=3)
        cls.picking = cls.order.picking_ids
        cls.Notice = cls.env["customer.complaint.notice"]

    def _deliver(self, quantity=3, late=False):
        now = fields.Datetime.now()
        self.picking.move_ids.date_deadline = now + timedelta(days=-3 if late else 3)
        self.picking.move_ids.quantity = quantity
        self.picking.move_ids.picked = True
        self.picking._action_done()
        return self.picking

    def _noticed(self):
        return self.Notice.search([("partner_id", "=", self.partner.id)])

    def test_in_time_and_complete_is_nothing_to_notice(self):
        self._deliver()
        self.assertFalse(self._noticed())

    def test_a_late_delivery_is_noticed_once(self):
        self._deliver(late=True)
        notice = self._noticed()
        self.assertEqual(
            (notice.reason, notice.order_id), ("late_delivery", self.order)
        )
        self.picking._notice_failures()
        self.assertEqual(self._noticed(), notice)

    def test_late_is_what_is_done_on_a_later_day_there(self):
        promised = fields.Datetime.to_datetime("2025-06-02 16:00:00")  # 23:00 there
        done = promised + timedelta(minutes=90)
        self._deliver()
        self.picking.write({"date_deadline": promised, "date_done": done})
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        self.assertTrue(self.picking._was_late())
        self.company.retention_tz = "America/New_York"
        self.assertFalse(self.picking._was_late())

    def test_a_replacement_after_a_complaint_is_not_noticed_again(self):
        complaint = self._complain(order_id=self.order.id)
        # sudo: customer.recovery.action - as carrying it out links it
        self._plan("replacement", complaint=complaint).sudo()._decide(
            {"order_id": self.order.id}
        )
        self.assertEqual(self.picking._of_recovery(), self.picking)

    def test_a_defect_in_noticing_does_not_hold_goods_back(self):
        def fail(_picking):
            raise ValueError("Tested objection")

        self.patch(type(self.picking), "_failure", fail)
        with self.assertLogs(NOTICING_LOGGER, "ERROR"):
            self._deliver(late=True)
        self.assertEqual(self.picking.state, "done")

    def test_a_short_delivery_is_noticed(self):
        self._deliver(quantity=2)
        self.assertEqual(self._noticed().reason, "short_delivery")

    def test_what_has_not_left_yet_is_noticed_by_the_job(self):
        self.picking.move_ids.date_deadline = fields.Datetime.now() - timedelta(days=3)
        self.env["stock.picking"]._cron_notice_late_deliveries()
        self.env["stock.picking"]._cron_notice_late_deliveries()
        self.assertEqual(self._noticed().reason, "late_delivery")

    def test_a_return_of_the_plan_is_done_when_the_goods_are_back(self):
        self._deliver()
        complaint = self._complain(order_id=self.order.id, product_id=self.goods.id)
        action = self._plan("return", complaint=complaint, quantity=2)
        self.assertEqual(action.sudo().delivery_id, self.picking)
        action.action_submit()
        action.action_carry_out()
        back = action.sudo().return_picking_id
        self.assertEqual(back.return_id, self.picking)
        self.assertEqual(back.move_ids.product_uom_qty, 2)
        self.assertEqual(action.state, "approved")
        back.move_ids.quantity = 2
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(action.state, "done")
        self.assertFalse(self._noticed(), "our own return is no new complaint")
        with self.assertRaises(UserError):
            action._reverse("Too late")

    def test_a_return_that_is_called_off(self):
        self._deliver()
        complaint = self._complain(order_id=self.order.id)
        action = self._plan("return", complaint=complaint)
        action.action_submit()
        action.action_carry_out()
        back = action.sudo().return_picking_id
        self.assertEqual(back.move_ids.product_uom_qty, 3)
        action._reverse("They keep it")
        self.assertEqual((action.state, back.state), ("cancelled", "cancel"))

    def test_a_replacement_is_done_when_it_is_delivered(self):
        action = self._approved("replacement", product_id=self.goods.id)
        action.with_user(self.handler).action_accepted()
        action.with_user(self.handler).action_carry_out()
        order = action.order_id
        order.action_confirm()
        self.assertEqual(action.state, "approved")
        order.picking_ids.move_ids.quantity = 1
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        self.assertEqual(action.state, "done")
        self.assertFalse(self._noticed())

    def test_what_was_saved_about_it_goes_with_the_bridge(self):
        self._assert_filters_go(uninstall_hook, ("delivery_id", "return_picking_id"))
