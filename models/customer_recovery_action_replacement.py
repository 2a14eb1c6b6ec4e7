from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CustomerRecoveryAction(models.Model):
    """Goods in place of bad ones: an order free of charge.

    It is a quotation for whoever may not sell. The action is done when the order is
    confirmed. Its value of zero makes it no purchase.
    """

    _inherit = "customer.recovery.action"

    order_id = fields.Many2one(
        "sale.order",
        string="Replacement Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _document_state(self):
        if self.kind != "replacement":
            return super()._document_state()
        states = {"draft": "pending", "sent": "pending", "sale": "done"}
        return bool(self.order_id) and states.get(self.order_id.state, "failed")

    def _document_value(self):
        """What the goods on the order are worth, whatever the customer pays."""
        if self.kind != "replacement":
            return super()._document_value()
        company = self.company_id
        today = fields.Date.context_today(self)
        lines = self.order_id.order_line.filtered(lambda line: not line.display_type)
        return sum(
            line.product_id.currency_id._convert(
                line.product_id.with_company(company).lst_price
                * line.product_uom_id._compute_quantity(
                    line.product_uom_qty, line.product_id.uom_id
                ),
                company.currency_id,
                company,
                today,
            )
            for line in lines
        )

    def _check_one_complete(self):
        result = super()._check_one_complete()
        if self.kind != "replacement":
            return result
        if not self.product_id or not self.quantity:
            raise UserError(self.env._("Choose what is replaced, and how much of it."))
        if not self.complaint_id.account_id:
            raise UserError(
                self.env._("Enter the customer first: the goods go somewhere.")
            )
        return result

    def _carry_out_replacement(self):
        """Make an order free of charge; whoever may sell has it confirmed."""
        # sudo: sale.order - a quotation, which Sales confirms
        orders = self.env["sale.order"].sudo().with_company(self.company_id)
        order = orders.create(self._prepare_replacement_values())
        self._decide({"order_id": order.id})
        self._log(
            lambda action: self.env._(
                "Order free of charge: %(order)s, %(name)s.",
                order=order.name,
                name=action.display_name,
            )
        )
        is_person = not self.env.user._is_superuser()
        if is_person and self.env.user.has_group("sales_team.group_sale_salesman"):
            # sudo: sale.order - the group says that this person confirms orders
            order.action_confirm()

    def _prepare_replacement_values(self):
        complaint = self.complaint_id
        # sudo: sale.order - addresses of an order that handlers may not open
        source = complaint.sudo().order_id
        values = {
            "partner_id": (complaint.partner_id or complaint.account_id).id,
            "company_id": self.company_id.id,
            "origin": complaint.name,
            "client_order_ref": complaint.name,
            "order_line": [Command.create(self._prepare_replacement_line_values())],
        }
        if source.partner_id.commercial_partner_id == complaint.account_id:
            values["partner_id"] = source.partner_id.id
            values["partner_shipping_id"] = source.partner_shipping_id.id
        return values

    def _prepare_replacement_line_values(self):
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "price_unit": 0.0,
            # Another price than the computed one is a price that somebody set: it
            # stays when the quantity changes.
            "technical_price_unit": -1.0,
            "discount": 0.0,
        }

    def _take_back_replacement(self):
        # sudo: sale.order - our own order free of charge
        order = self.sudo().order_id
        if order.state in ("draft", "sent"):
            order._action_cancel()
        elif order.state == "sale":
            if not self.env.user.has_group("sales_team.group_sale_salesman"):
                raise UserError(
                    self.env._(
                        "Order %s is confirmed. Ask Sales to take it back.", order.name
                    )
                )
            order._action_cancel()
