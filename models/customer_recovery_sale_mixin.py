from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .sentences import listed


class CustomerRecoverySaleMixin(models.AbstractModel):
    """What an order has to do with recovery: discounts promised, goods replaced."""

    _name = "customer.recovery.sale.mixin"
    _description = "Recovery on Orders"

    # With the order itself, so that whoever confirms one that no complaint has to do
    # with, as nearly all, waits for no look at the actions.
    complaint_linked = fields.Boolean(
        string="Follows from a Complaint",
        readonly=True,
        copy=False,
        groups="customer_retention.group_user,customer_retention.group_complaint_user",
        help="It replaces goods, or gives a discount, that was promised after a"
        " complaint.",
    )
    complaint_discount_hint = fields.Char(
        string="Promised Discount",
        compute="_compute_complaint_discount_hint",
        groups="customer_retention.group_user,customer_retention.group_complaint_user",
        help="What the customer was promised after a complaint and can use here.",
    )

    @api.depends("partner_id", "state", "company_id", "order_line.price_total")
    @api.depends_context("lang")
    def _compute_complaint_discount_hint(self):
        actions = self.env["customer.recovery.action"]
        for order in self:
            hints = [
                self.env._(
                    "%(amount)s promised after complaint %(complaint)s",
                    amount=order.currency_id.format(action._discount_on(order))
                    if order.amount_total
                    else action._format_money(action.approved_amount),
                    complaint=action.complaint_id.name,
                )
                for action in actions._discounts_of(order)
            ]
            order.complaint_discount_hint = listed(self.env, hints) or False

    def action_apply_complaint_discount(self):
        """Add what the customer was promised to the quotation, as lines."""
        self.ensure_one()
        self.check_access("write")
        actions = self.env["customer.recovery.action"]._discounts_of(self)
        if not actions or not self.amount_total:
            raise UserError(
                self.env._("There is nothing to apply, or nothing to take it off.")
            )
        for action in actions:
            self._apply_complaint_discount(action)
        return True

    def _apply_complaint_discount(self, action):
        """Add a line with the discount that was promised."""
        amount = action._discount_on(self)
        if self.currency_id.is_zero(amount):
            return
        # sudo: res.company - the product of discounts is the company's choice
        product = self.company_id.sudo()._recovery_discount_product()
        self.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": self.env._(
                                "Discount as promised, %s", action.complaint_id.name
                            ),
                            "product_uom_qty": 1.0,
                            "price_unit": -amount,
                            "technical_price_unit": 0.0,
                            "tax_ids": [Command.clear()],
                            "sequence": 999,
                        }
                    )
                ]
            }
        )
        action._decide({"discount_line_id": self.order_line.sorted("id")[-1:].id})

    def _check_recovery_mark(self, vals):
        """Refuse that somebody takes an order out of the sight of its action.

        :raise UserError: the mark is among the values of a person
        """
        if "complaint_linked" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "Which orders follow from a complaint is not entered. Plan the"
                    " replacement or the discount in the complaint."
                )
            )

    def _sync_recovery(self):
        """Let actions follow the state of these orders."""
        # sudo: customer.recovery.action - whoever confirms an order carries it out
        actions = self.env["customer.recovery.action"].sudo()
        # sudo: sale.order - portal users sign, who see nothing of complaints
        if orders := self.sudo().filtered("complaint_linked"):
            actions.search(
                Domain("order_id", "in", orders.ids)
                | Domain("discount_line_id", "in", orders.order_line.ids),
                order="id",
            )._sync_documents()
