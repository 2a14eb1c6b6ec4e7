from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.customer_retention.tests.recovery_common import RecoveryCommon
from odoo.addons.customer_retention_repair.hooks import uninstall_hook
from odoo.addons.customer_retention_stock.tests.stock_common import WarehouseMixin


@tagged("post_install", "-at_install")
class TestRecoveryRepair(WarehouseMixin, RecoveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types["repair"] = cls.env["customer.recovery.type"].create(
            {"name": "Repair", "kind": "repair"}
        )
        cls.technician = cls._create_user("repair_user", "stock.group_stock_user")
        cls.goods, cls.part = cls.env["product.product"].create(
            [
                {"name": name, "type": "consu", "is_storable": True}
                for name in ("Machine", "Spare Part")
            ]
        )
        cls.part.standard_price = 15
        for product in (cls.goods, cls.part):
            cls.env["stock.quant"]._update_available_quantity(
                product, cls.warehouse.lot_stock_id, 10
            )
        cls.complaint.product_id = cls.goods

    def _repair(self, **values):
        """An approved repair that the handler has carried out."""
        action = self._plan("repair", **{"amount": 20, **values})
        action.action_submit()
        action.action_carry_out()
        return action

    def _repair_of(self, action):
        return action.sudo().repair_order_id.with_user(self.technician)

    def _finish(self, order, parts=0):
        if parts:
            order.move_ids = [
                Command.create(
                    {
                        "product_id": self.part.id,
                        "product_uom_qty": parts,
                        "repair_line_type": "add",
                    }
                )
            ]
        order.action_validate()
        order.action_repair_start()
        for move in order.move_ids:
            move.quantity = move.product_uom_qty
        order.action_repair_end()

    def test_the_type_is_there_in_the_readers_language(self):
        seeded = self.env.ref("customer_retention_repair.customer_recovery_type_repair")
        self.assertEqual(seeded.kind, "repair")
        back = self.env.ref("customer_retention_stock.customer_recovery_type_return")
        self.assertEqual(back.kind, "return")

    def test_carrying_out_makes_a_repair_of_the_customers_goods(self):
        action = self._repair(quantity=2, name="The handle is loose")
        order = action.sudo().repair_order_id
        self.assertRecordValues(
            order,
            [
                {
                    "partner_id": self.partner.id,
                    "product_id": self.goods.id,
                    "product_qty": 2,
                    "company_id": self.company.id,
                    "state": "draft",
                    "under_warranty": True,
                    "user_id": False,
                    "picking_type_id": self.warehouse.repair_type_id.id,
                }
            ],
        )
        self.assertIn(self.complaint.name, order.internal_notes)
        self.assertIn("The handle is loose", order.internal_notes)
        self.assertNotIn(self.handler.partner_id, order.message_partner_ids)
        self.assertEqual(action.state, "approved")
        self.assertEqual(action.document_name, order.display_name)

    def test_it_is_done_when_the_workshop_has_repaired_it(self):
        action = self._repair()
        order = self._repair_of(action)
        self._finish(order, parts=1)
        self.assertEqual(order.state, "done")
        self.assertEqual(action.state, "done")
        self.assertEqual((action.amount, action.cost), (20, 15), "the part's cost")
        with self.assertRaises(UserError):
            action._reverse("Too late")

    def test_without_parts_the_cost_stays_as_planned(self):
        action = self._repair(cost=12)
        self._finish(self._repair_of(action))
        self.assertEqual((action.state, action.cost), ("done", 12))

    def test_a_repair_that_is_cancelled_has_failed(self):
        action = self._repair()
        self._repair_of(action).action_repair_cancel()
        self.assertEqual(action.state, "failed")
        action.action_propose_again()
        action.action_submit()
        action.action_carry_out()
        self.assertEqual(action.state, "approved", "with another repair order")
        self.assertEqual(self._repair_of(action).state, "draft")

    def test_a_repair_that_is_deleted_can_be_made_again(self):
        action = self._repair()
        self._repair_of(action).unlink()
        action.action_carry_out()
        self.assertTrue(action.sudo().repair_order_id)

    def test_taking_it_back_cancels_the_repair(self):
        action = self._repair()
        order = action.sudo().repair_order_id
        action._reverse("They keep it as it is")
        self.assertEqual((action.state, order.state), ("cancelled", "cancel"))

    def test_parts_beyond_what_was_approved_need_an_approval(self):
        action = self._repair()
        order = self._repair_of(action)
        with (
            self.assertRaisesRegex(UserError, self.complaint.name),
            self.env.cr.savepoint(),
        ):
            self._finish(order, parts=2)
        self.assertEqual(order.state, "draft")
        self.assertEqual(action.state, "approved")
        action.cost = 30
        self.assertEqual(action.state, "proposed")
        action.action_submit()
        self.assertEqual(action.state, "approved")
        self._finish(order, parts=2)
        self.assertEqual((action.state, action.cost), ("done", 30))

    def test_only_its_price_changes_while_it_is_repaired(self):
        action = self._repair()
        with self.assertRaises(UserError):
            action.product_id = self.part
        with self.assertRaises(UserError):
            action.write({"cost": 30, "quantity": 2})

    def test_a_handler_reads_who_may_open_it(self):
        action = self._repair()
        with self.assertRaisesRegex(UserError, action.document_name):
            action.action_open_document()
        self.handler.group_ids += self.env.ref("stock.group_stock_user")
        opened = action.action_open_document()
        self.assertEqual(opened["res_id"], action.repair_order_id.id)

    def test_whoever_gets_the_repairs_has_a_to_do(self):
        self.types["repair"].repair_user_id = self.technician
        order = self._repair().sudo().repair_order_id
        self.assertEqual(order.user_id, self.technician)
        self.assertEqual(order.activity_ids.user_id, self.technician)
        self.assertIn(self.complaint.name, order.activity_ids.summary)

    def test_nobody_gets_a_repair_that_he_cannot_open(self):
        self.types["repair"].repair_user_id = self.technician
        self.technician.group_ids -= self.env.ref("stock.group_stock_user")
        order = self._repair().sudo().repair_order_id
        self.assertFalse(order.user_id)
        self.assertFalse(order.activity_ids)

    def test_it_says_what_is_missing(self):
        action = self._plan("repair", product_id=False)
        with self.assertRaises(UserError):
            action.action_submit()
        action.product_id = self.env["product.product"].create(
            {"name": "Advice", "type": "service"}
        )
        with self.assertRaises(UserError):
            action.action_submit()

    def test_a_company_that_repairs_nothing_says_so(self):
        self.warehouse.repair_type_id = False
        self.env["stock.picking.type"].search(
            [("code", "=", "repair_operation"), ("company_id", "=", self.company.id)]
        ).active = False
        action = self._plan("repair", amount=20)
        action.action_submit()
        with self.assertRaisesRegex(UserError, self.company.name):
            action.action_carry_out()

    def test_goods_that_came_back_are_repaired_with_their_number(self):
        self.goods.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"product_id": self.goods.id, "name": "LOT-1"}
        )
        self.env["stock.quant"]._update_available_quantity(
            self.goods, self.warehouse.lot_stock_id, 5, lot_id=lot
        )
        order = self._order(self.partner, "2025-06-01", product=self.goods)
        picking = order.picking_ids
        picking.move_ids.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            Command.create(
                {
                    "product_id": self.goods.id,
                    "lot_id": lot.id,
                    "quantity": 1,
                    "picking_id": picking.id,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        picking.move_ids.picked = True
        picking._action_done()
        complaint = self._complain(
            order_id=order.id, product_id=self.goods.id, user_id=self.handler.id
        )
        delivered = self._repair(complaint_id=complaint.id).sudo().repair_order_id
        self.assertEqual(delivered.lot_id, lot)
        self.types["return"] = self.types["repair"].create(
            {"name": "Return", "kind": "return"}
        )
        back = self._plan("return", complaint=complaint)
        back.action_submit()
        back.action_carry_out()
        returned = self._repair(complaint_id=complaint.id).sudo().repair_order_id
        self.assertEqual(returned.picking_id, back.sudo().return_picking_id)

    def test_the_form_shows_the_goods_of_a_repair(self):
        action = self._plan("repair", amount=20)
        with Form(action.with_user(self.handler)) as form:
            form.quantity = 3
        self.assertEqual(action.quantity, 3)

    def test_what_was_saved_about_repairs_goes_with_the_bridge(self):
        filters = self.env["ir.filters"].create(
            [
                {
                    "name": f"By {name}",
                    "model_id": "customer.recovery.action",
                    "domain": f"[('{name}', '!=', False)]",
                }
                for name in ("repair_order_id", "type_id")
            ]
        )
        export = self.env["ir.exports"].create(
            {
                "name": "Repairs",
                "resource": "customer.recovery.type",
                "export_fields": [
                    Command.create({"name": name})
                    for name in ("name", "repair_user_id/name")
                ],
            }
        )
        uninstall_hook(self.env)
        self.assertEqual(filters.exists().mapped("name"), ["By type_id"])
        self.assertEqual(export.export_fields.mapped("name"), ["name"])
