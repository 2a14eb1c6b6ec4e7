from odoo import models


class CustomerRelationship(models.Model):
    """What the form shows of the documents of a customer."""

    _inherit = "customer.relationship"

    def _compute_insight(self):
        self.fact_comparison = False
        self.rhythm = False
        self.revenue_by_month = False
        self.top_products = False
        self.offered_not_bought = False
        self.categories_bought = False
        self.history = False
