from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_abuse_complaints = fields.Integer(
        related="company_id.complaint_abuse_complaints", readonly=False
    )
    complaint_abuse_per_order = fields.Float(
        related="company_id.complaint_abuse_per_order", readonly=False
    )
    complaint_abuse_refunds = fields.Integer(
        related="company_id.complaint_abuse_refunds", readonly=False
    )
    complaint_abuse_refund_percent = fields.Float(
        related="company_id.complaint_abuse_refund_percent", readonly=False
    )
    complaint_abuse_identities = fields.Integer(
        related="company_id.complaint_abuse_identities", readonly=False
    )
