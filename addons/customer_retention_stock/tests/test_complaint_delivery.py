from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.customer_retention.tests.recovery_common import RecoveryCommon

from .stock_common import WarehouseMixin


@tagged("post_install", "-at_install")
class TestComplaintDelivery(WarehouseMixin, RecoveryCommon):
    """Which delivery a complaint is about, and who got goods of the same lot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a job commits after each piece of work; a test may not
        cls.classPatch(
            type(cls.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60.0
        )
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Goods",
                "type": "consu",
                "is_storable": True,
                "tracking": "lot",
                "list_price": 10.0,
            }
        )
        cls.good, cls.bad = (
            cls.env["stock.lot"].create(
                {"name": name, "product_id": cls.goods.id, "company_id": cls.company.id}
            )
            for name in ("GOOD", "BAD")
        )
        cls.other = cls._create_partner("Other Customer", email="other@example.com")
        cls.order = cls._delivered(cls.partner, cls.bad)

    @classmethod
    def _delivered(cls, partner, lot, quantity=2):
        """Return an order of which that many of a lot have been delivered."""
        cls.env["stock.quant"]._update_available_quantity(
            cls.goods, cls.warehouse.lot_stock_id, quantity, lot_id=lot
        )
        order = cls._order(partner, "2025-06-01", product=cls.goods, quantity=3)
        move = order.picking_ids.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": cls.goods.id,
                    "lot_id": lot.id,
                    "quantity": quantity,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                }
            )
        ]
        move.picked = True
        order.picking_ids._action_done()
        return order

    def _done(self, order):
        return order.picking_ids.filtered(lambda one: one.state == "done")

    def test_the_delivery_of_the_order_is_proposed(self):
        self.assertEqual(len(self.order.picking_ids), 2, "the rest is to be delivered")
        complaint = self._complain(order_id=self.order.id)
        self.assertEqual(complaint.delivery_id, self._done(self.order))
        complaint.order_id = False
        self.assertEqual(complaint.delivery_id, self._done(self.order), "still theirs")

    def test_what_is_on_its_way_is_proposed_when_nothing_was_delivered(self):
        order = self._order(self.partner, "2025-06-02", product=self.goods, quantity=1)
        complaint = self._complain(order_id=order.id)
        self.assertEqual(complaint.delivery_id, order.picking_ids)

    def test_it_follows_the_order_and_the_customer(self):
        complaint = self._complain(order_id=self.order.id)
        another = self._delivered(self.partner, self.good)
        complaint.order_id = another
        self.assertEqual(complaint.delivery_id, self._done(another))
        complaint.write({"partner_id": self.other.id, "order_id": False})
        self.assertFalse(complaint.delivery_id)

    def test_nobody_elses_delivery(self):
        theirs = self._done(self._delivered(self.other, self.good))
        with self.assertRaises(ValidationError):
            self._complain(delivery_id=theirs.id)
        complaint = self._complain(order_id=self.order.id)
        with self.assertRaises(ValidationError):
            complaint.with_user(self.handler).delivery_id = theirs

    def test_a_handler_sees_which_one_it_is_and_opens_none(self):
        complaint = self._complain(order_id=self.order.id, user_id=self.handler.id)
        seen = complaint.with_user(self.handler)
        self.assertFalse(seen.may_open_delivery)
        read = seen.web_read({"delivery_id": {"fields": {"display_name": {}}}})
        self.assertEqual(
            read[0]["delivery_id"]["display_name"], self._done(self.order).name
        )
        with Form(seen) as form:
            form.subject = "Two of three arrived"
        self.assertEqual(complaint.delivery_id, self._done(self.order))

    def test_a_return_of_the_plan_is_of_that_delivery(self):
        self.types["return"] = self.env["customer.recovery.type"].create(
            {"name": "Return", "kind": "return"}
        )
        another = self._delivered(self.partner, self.good)
        complaint = self._complain(delivery_id=self._done(another).id)
        action = self._plan("return", complaint=complaint)
        self.assertEqual(action.delivery_id, self._done(another))

    def test_what_a_late_transfer_tells_of_is_about_that_transfer(self):
        picking = self.order.picking_ids - self._done(self.order)
        picking.move_ids.date_deadline = fields.Datetime.subtract(
            fields.Datetime.now(), days=3
        )
        self.env["stock.picking"]._cron_notice_late_deliveries()
        notice = self.env["customer.complaint.notice"].search(
            [("res_model", "=", "stock.picking"), ("res_id", "=", picking.id)]
        )
        self.assertEqual(notice._prepare_values()["delivery_id"], picking.id)

    def test_who_else_got_goods_of_the_lot(self):
        third = self._create_partner("Third", email="third@example.com")
        self._delivered(self.other, self.bad)
        self._delivered(third, self.good)
        complaint = self._complain(order_id=self.order.id, product_id=self.goods.id)
        incident = self.env["customer.complaint.incident"].create(
            {
                "name": "Bad lot",
                "company_id": self.company.id,
                "complaint_ids": complaint.ids,
                "lot_ids": self.bad.ids,
            }
        )
        reach = (
            self.env["customer.complaint.incident.reach"]
            .with_user(self.boss)
            .create({"incident_id": incident.id, "body": "We take it back"})
        )
        self.assertEqual(reach.line_ids.partner_id, self.other)
        reach.sudo().lot_ids = False
        self.assertEqual(reach.line_ids.partner_id, self.other | third)

    def test_without_a_product_the_lots_say_which_it_is(self):
        self._delivered(self.other, self.bad)
        incident = self.env["customer.complaint.incident"].create(
            {
                "name": "Bad lot",
                "company_id": self.company.id,
                "lot_ids": self.bad.ids,
            }
        )
        self.assertEqual(incident._failed_products(), self.goods)
