from odoo import api, models


class CustomerRelationship(models.Model):
    """Who is calling: one search by whatever a caller tells."""

    _inherit = "customer.relationship"

    @api.model
    @api.readonly
    def find_caller(self, term, limit=8):
        return []
