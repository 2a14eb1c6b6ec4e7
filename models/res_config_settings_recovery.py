from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """What a company needs to put things right."""

    _inherit = "res.config.settings"

    recovery_goodwill_product_id = fields.Many2one(
        related="company_id.recovery_goodwill_product_id", readonly=False
    )
    recovery_guide_minimum = fields.Integer(
        related="company_id.recovery_guide_minimum", readonly=False
    )
