from odoo import api, fields, models
from odoo.tools import SQL


class CustomerComplaintReport(models.Model):
    """Complaints by the tier the customer had when complaining."""

    _inherit = "customer.complaint.report"

    tier_id = fields.Many2one("customer.tier", readonly=True)

    @api.model
    def _select_dimensions(self):
        return [*super()._select_dimensions(), SQL("complaint.tier_id")]
