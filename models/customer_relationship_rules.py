from odoo import models


class CustomerRelationship(models.Model):
    _inherit = "customer.relationship"
