from odoo import models


class ProductCategory(models.Model):
    """Signals name the category that a customer buys no more."""

    _name = "product.category"
    _inherit = ["product.category", "customer.referent"]
