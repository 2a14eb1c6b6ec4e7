from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    churn_case_capacity = fields.Integer(
        related="company_id.churn_case_capacity", readonly=False
    )
    churn_margin_percent = fields.Float(
        related="company_id.churn_margin_percent", readonly=False
    )
    churn_contact_at_once = fields.Boolean(
        related="company_id.churn_contact_at_once", readonly=False
    )
    churn_silent_days = fields.Integer(
        related="company_id.churn_silent_days", readonly=False
    )
    churn_ask_days = fields.Integer(related="company_id.churn_ask_days", readonly=False)
