from odoo import models


class CustomerRelationship(models.Model):
    """Why a customer has its position and condition, in sentences."""

    _inherit = "customer.relationship"

    def _compute_explanations(self):
        self.position_explanation = False
        self.condition_explanation = False
        self.ladder = False
