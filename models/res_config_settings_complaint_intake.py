from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """How complaints come in."""

    _inherit = "res.config.settings"

    complaint_reopen_days = fields.Integer(
        related="company_id.complaint_reopen_days", readonly=False
    )
    complaint_duplicate_days = fields.Integer(
        related="company_id.complaint_duplicate_days", readonly=False
    )
    complaint_public_page = fields.Boolean(
        related="company_id.complaint_public_page", readonly=False
    )
    complaint_public_url = fields.Char(compute="_compute_complaint_public_url")

    @api.depends("company_id", "complaint_public_page")
    def _compute_complaint_public_url(self):
        for settings in self:
            path = settings.company_id._complaint_url()
            settings.complaint_public_url = path and (
                settings.company_id.get_base_url() + path
            )
