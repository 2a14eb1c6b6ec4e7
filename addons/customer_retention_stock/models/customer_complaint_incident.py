from __future__ import annotations

from odoo import fields, models
from odoo.fields import Domain


class CustomerComplaintIncident(models.Model):
    """A failure of some lots only: who else got goods out of them."""

    _inherit = "customer.complaint.incident"

    lot_ids = fields.Many2many(
        "stock.lot",
        string="Lots or Serial Numbers",
        check_company=True,
        help="What failed. Empty: every lot.",
    )

    def _failed_products(self):
        # sudo: stock.lot - of which product it is, whoever may open the warehouse
        return super()._failed_products() or self.sudo().lot_ids.product_id

    def _get_concerned_lines_domain(
        self, products, date_from, date_to, *, lots=None, **narrower
    ):
        domain = super()._get_concerned_lines_domain(
            products, date_from, date_to, **narrower
        )
        if lots:
            brought = Domain("state", "=", "done") & Domain(
                "move_line_ids.lot_id", "in", lots.ids
            )
            domain &= Domain("move_ids", "any", brought)
        return domain
