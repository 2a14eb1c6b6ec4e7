from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerRecoveryAction(models.Model):
    """A discount that waits for the next order of the customer.

    It shows on the next quotation, where one click makes it a line; it is done when
    that order is confirmed, and waits again when the line or the order goes.
    """

    _inherit = "customer.recovery.action"

    discount_line_id = fields.Many2one(
        "sale.order.line",
        string="Line of the Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    date_until = fields.Date(
        string="Valid Until", help="Last day of the discount. Empty: no end."
    )

    def _document_state(self):
        if self.kind != "discount":
            return super()._document_state()
        order = self.discount_line_id.order_id
        if not order or order.state == "cancel":
            return "pending"
        return "done" if order.state == "sale" else "pending"

    def _document_value(self):
        if self.kind != "discount":
            return super()._document_value()
        line = self.discount_line_id
        return line.currency_id._convert(
            abs(min(line.price_total, 0.0)),
            self.currency_id,
            self.company_id,
            line.order_id.date_order or fields.Datetime.now(),
        )

    def _check_one_complete(self):
        result = super()._check_one_complete()
        if self.kind == "discount" and not self.amount:
            raise UserError(self.env._("Enter the most that the discount may come to."))
        return result

    def _carry_out_discount(self):
        """Nothing to do until the next quotation: say so."""
        if not self.account_id:
            raise UserError(
                self.env._("Enter the customer first: the discount is theirs.")
            )
        self._log(
            lambda action: self.env._(
                "%s waits for the next quotation of the customer.", action.display_name
            )
        )

    def _check_ready(self):
        # A line of a cancelled order gives nothing: the discount can be used again.
        if self.discount_line_id.order_id.state == "cancel":
            self._decide({"discount_line_id": False})
        return super()._check_ready()

    @api.model
    def _discounts_of(self, order):
        """Return the discounts that the customer of a quotation can use."""
        account = order.partner_id.commercial_partner_id._origin
        if not account or order.state not in ("draft", "sent"):
            return self.browse()
        day = fields.Date.context_today(self)
        # sudo: customer.recovery.action - whoever quotes tells the customer of it
        return self.sudo().search(
            Domain("kind", "=", "discount")
            & Domain("state", "=", "approved")
            & Domain("account_id", "=", account.id)
            & Domain("company_id", "=", order.company_id.id)
            & Domain("answer", "not in", ("declined", "other_wish"))
            & (
                Domain("discount_line_id", "=", False)
                | Domain("discount_line_id.order_id.state", "=", "cancel")
            )
            & (Domain("date_until", "=", False) | Domain("date_until", ">=", day))
        )

    def _discount_on(self, order):
        """Return what a discount is on a quotation, positive, in its currency."""
        amount = self.currency_id._convert(
            self.approved_amount,
            order.currency_id,
            self.company_id,
            order.date_order or fields.Datetime.now(),
        )
        if self.percent:
            amount = min(amount, order.amount_total * self.percent / 100)
        return order.currency_id.round(max(0.0, min(amount, order.amount_total)))

    def _take_back_discount(self):
        # sudo: sale.order.line - our own line on a quotation of somebody
        line = self.sudo().discount_line_id
        if line.order_id.state in ("draft", "sent"):
            line.unlink()
        elif line.order_id.state == "sale":
            raise UserError(
                self.env._(
                    "The customer has used the discount in %s.", line.order_id.name
                )
            )
