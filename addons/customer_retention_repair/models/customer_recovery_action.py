from __future__ import annotations

from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError

# What may change while the thing is in the workshop: what it turns out to be worth.
PRICES = frozenset({"amount", "cost"})


class CustomerRecoveryAction(models.Model):
    """The thing is put in order: a repair that is done when the workshop says so."""

    _inherit = "customer.recovery.action"

    repair_order_id = fields.Many2one(
        "repair.order",
        string="Repair",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _goods_kinds(self):
        return {*super()._goods_kinds(), "repair"}

    # === BUSINESS === #

    @api.model
    def _document_fields(self):
        return {**super()._document_fields(), "repair_order_id": "repair_order_id"}

    def _document_state(self):
        if self.kind != "repair":
            return super()._document_state()
        states = {"done": "done", "cancel": "failed"}
        repair = self.repair_order_id
        return bool(repair) and states.get(repair.state, "pending")

    def _document_value(self):
        """What the parts cost us; the value for the customer is what was agreed."""
        if self.kind != "repair":
            return super()._document_value()
        return self.repair_order_id._cost_of_parts() or False

    def _check_one_complete(self):
        result = super()._check_one_complete()
        if self.kind != "repair":
            return result
        if self.product_id.type != "consu" or not self.quantity:
            raise UserError(
                self.env._("Choose the goods that are repaired, and how many of them.")
            )
        if not self.complaint_id.account_id:
            raise UserError(
                self.env._("Enter the customer first: the goods are theirs.")
            )
        return result

    def _check_terms_open(self, names):
        """The price may become higher while it is repaired: it is approved anew."""
        repaired = self.browse()
        if names <= PRICES:
            repaired = self.filtered(lambda action: action._is_in_repair())
        return super(CustomerRecoveryAction, self - repaired)._check_terms_open(names)

    def _is_in_repair(self):
        # sudo: repair.order - its state, whoever may open it
        return self.kind == "repair" and self.sudo()._document_state() == "pending"

    def _carry_out_repair(self):
        """Make the repair order; the workshop confirms and carries it out."""
        # sudo: repair.order - approved here; handlers may not open the warehouse
        action = self.sudo()
        orders = action.env["repair.order"].with_company(action.company_id)
        repairer = action.type_id._repairer(action.company_id)
        order = orders.with_context(mail_create_nosubscribe=True).create(
            action._prepare_repair_values(repairer)
        )
        self._decide({"repair_order_id": order.id})
        self._log(
            lambda one: self.env._(
                "Repair %(repair)s, %(name)s.",
                repair=order.name,
                name=one.display_name,
            )
        )
        if repairer:
            action._ask_repairer(order, repairer)

    def _ask_repairer(self, order, repairer):
        lang = {"lang": repairer.lang}
        order.with_context(**lang).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.date_due,
            user_id=repairer.id,
            summary=self.with_context(**lang).env._(
                "Repair after complaint %s", self.complaint_id.name
            ),
        )

    def _prepare_repair_values(self, repairer):
        complaint = self.complaint_id
        back = self._returned()
        values = {
            "partner_id": (complaint.partner_id or complaint.account_id).id,
            "company_id": self.company_id.id,
            "user_id": repairer.id,
            "picking_type_id": self._repair_type().id,
            "product_id": self.product_id.id,
            "product_qty": self.quantity,
            "under_warranty": True,
            "picking_id": back.id,
            "internal_notes": self._repair_notes(),
        }
        lots = back.move_ids.lot_ids or self._delivered_lots()
        if len(lots) == 1:
            values["lot_id"] = lots.id
        if self.date_due:
            values["schedule_date"] = datetime.combine(self.date_due, time(12))
        return values

    def _repair_notes(self):
        """What the workshop needs to know; the complaint itself is not theirs."""
        complaint = self.complaint_id
        lines = [f"{complaint.name}: {complaint.subject}", self.name]
        return "\n".join(line for line in lines if line)

    def _repair_type(self):
        """Return the kind of operation that repairs of the order's warehouse are.

        :raise UserError: the company repairs nothing
        """
        warehouse = self.complaint_id.order_id.warehouse_id
        if warehouse.company_id == self.company_id and warehouse.repair_type_id:
            return warehouse.repair_type_id
        repair_type = self.env["stock.picking.type"].search(
            [
                ("code", "=", "repair_operation"),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        if not repair_type:
            raise UserError(
                self.env._(
                    "%s has no warehouse that repairs. Ask whoever looks after the "
                    "warehouses to set one up.",
                    self.company_id.name,
                )
            )
        return repair_type

    def _returned(self):
        """Return the transfer of the plan by which the goods came back, if any."""
        returns = self.complaint_id.action_ids.return_picking_id.filtered(
            lambda picking: (
                picking.state != "cancel"
                and self.product_id in picking.move_ids.product_id
            )
        )
        return returns[-1:]

    def _delivered_lots(self):
        """Return the lots of the product that the customer's order brought."""
        moves = self.complaint_id.order_id.picking_ids.move_ids
        return moves.filtered(
            lambda move: move.state == "done" and move.product_id == self.product_id
        ).lot_ids

    def _take_back_repair(self):
        # sudo: repair.order - a repair of ours
        repair = self.sudo().repair_order_id
        if repair.state == "done":
            raise UserError(self.env._("It has been repaired already."))
        repair.action_repair_cancel()
