from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CustomerRecoveryAction(models.Model):
    """Goods come back; and goods in their place are done when they are delivered."""

    _inherit = "customer.recovery.action"

    delivery_id = fields.Many2one(
        "stock.picking",
        compute="_compute_delivery_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        help="The delivery that is returned.",
    )
    return_picking_id = fields.Many2one(
        "stock.picking",
        string="Return",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("kind")
    def _compute_delivery_id(self):
        for action in self:
            # sudo: stock.picking - handlers may not open the warehouse
            complaint = action.complaint_id.sudo()
            deliveries = complaint.delivery_id or complaint._order_deliveries()
            done = deliveries.filtered(lambda picking: picking.state == "done")
            action.delivery_id = action.kind == "return" and done[-1:].id

    @api.model
    def _goods_kinds(self):
        return {*super()._goods_kinds(), "return"}

    # === BUSINESS === #

    @api.model
    def _document_fields(self):
        return {**super()._document_fields(), "return_picking_id": "return_picking_id"}

    def _document_state(self):
        if self.kind == "return":
            states = {"done": "done", "cancel": "failed"}
            picking = self.return_picking_id
            return bool(picking) and states.get(picking.state, "pending")
        state = super()._document_state()
        if state == "done" and self.kind == "replacement":
            return "done" if self._is_delivered() else "pending"
        return state

    def _is_delivered(self):
        """Whether the goods in place of others have left; services need no transfer."""
        order = self.order_id
        if not any(line.product_id.type == "consu" for line in order.order_line):
            return True
        states = order.picking_ids.mapped("state")
        return "done" in states and set(states) <= {"done", "cancel"}

    def _check_one_complete(self):
        result = super()._check_one_complete()
        if self.kind == "return" and not self.delivery_id:
            raise UserError(
                self.env._("Choose the delivery of the customer that comes back.")
            )
        return result

    def _carry_out_return(self):
        """Make the return by core's wizard: the product, or everything delivered."""
        # sudo: stock.return.picking - a transfer that the warehouse carries out
        action = self.sudo()
        picking = action.delivery_id
        account = picking.partner_id.commercial_partner_id
        if account != action.complaint_id.account_id:
            raise UserError(self.env._("The delivery is not one of the customer's."))
        wizard = (
            action.env["stock.return.picking"]
            .with_context(active_model=picking._name, active_id=picking.id)
            .create({"picking_id": picking.id})
        )
        if action.product_id:
            action._choose_returned_lines(wizard)
            result = wizard.action_create_returns()
        else:
            result = wizard.action_create_returns_all()
        self._decide({"return_picking_id": result["res_id"]})

    def _choose_returned_lines(self, wizard):
        """Return so many of the product, at most what was delivered of it."""
        left = self.quantity
        values = []
        for line in wizard.product_return_moves:
            quantity = 0.0
            if line.product_id == self.product_id:
                quantity = min(left, line.move_quantity)
                left -= quantity
            values.append(Command.update(line.id, {"quantity": quantity}))
        wizard.product_return_moves = values

    def _take_back_return(self):
        # sudo: stock.picking - a transfer of ours
        picking = self.sudo().return_picking_id
        if picking.state == "done":
            raise UserError(self.env._("The goods are back already."))
        picking.action_cancel()
