from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerComplaint(models.Model):
    """Which delivery a complaint is about: one of the customer's, of nobody else."""

    _inherit = "customer.complaint"

    delivery_id = fields.Many2one(
        "stock.picking",
        compute="_compute_delivery_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        groups="base.group_user",
        help="What was delivered, late, short or not at all. Proposed from the order.",
    )
    may_open_delivery = fields.Boolean(
        compute="_compute_may_open_delivery",
        groups="base.group_user",
        help="Others see which one it is.",
    )

    @api.depends("order_id", "account_id")
    def _compute_delivery_id(self):
        for complaint in self:
            # sudo: stock.picking - handlers may not open the warehouse
            delivery = complaint.sudo().delivery_id
            order = complaint.order_id
            is_another = order and delivery.sale_id and delivery.sale_id != order
            if not delivery or is_another or not complaint._is_of_customer(delivery):
                delivery = complaint._order_deliveries()
                done = delivery.filtered(lambda one: one.state == "done")
                delivery = (done or delivery)[-1:]
            complaint.delivery_id = delivery.id

    @api.depends("delivery_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_open_delivery(self):
        self._fill_may_open("may_open_delivery", "delivery_id")

    @api.constrains("delivery_id")
    def _check_delivery_id(self):
        for complaint in self:
            # sudo: stock.picking - whose it is, whoever may open it
            delivery = complaint.sudo().delivery_id
            if delivery and not complaint._is_of_customer(delivery):
                raise ValidationError(
                    self.env._("%s is not a delivery to this customer.", delivery.name)
                )

    def _is_of_customer(self, delivery) -> bool:
        """Whether a delivery went to the customer, or was ordered by them."""
        account = self.account_id or self.partner_id.commercial_partner_id
        # sudo: stock.picking, sale.order - whose it is, whoever may open it
        delivery = delivery.sudo()
        people = delivery.partner_id | delivery.sale_id.partner_id
        return not account or account in people.commercial_partner_id

    def _order_deliveries(self):
        """Return the deliveries of the order, as superuser; returns are none."""
        # sudo: sale.order - handlers may not open the warehouse
        pickings = self.sudo().order_id.picking_ids
        return pickings.filtered(
            lambda picking: (
                picking.picking_type_id.code == "outgoing"
                and picking.state != "cancel"
                and not picking.return_id
            )
        ).sorted("id")
