from dataclasses import replace

from odoo import fields, models


class CustomerRecoveryGuide(models.Model):
    """What is usual for customers of a tier."""

    _inherit = "customer.recovery.guide"

    tier_id = fields.Many2one(
        "customer.tier",
        ondelete="cascade",
        help="Only for customers who had this tier when they complained. Empty: any.",
    )

    def _as_row(self):
        return replace(super()._as_row(), tier=self.tier_id.id or None)


class CustomerComplaint(models.Model):
    """The tier is part of the situation somebody decides about."""

    _inherit = "customer.complaint"

    def _remedy_situation(self):
        # sudo: customer.complaint - of a complaint that was read
        tier = self.sudo().tier_id
        return replace(super()._remedy_situation(), tier=tier.id or None)
