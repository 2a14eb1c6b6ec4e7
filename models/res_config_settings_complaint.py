from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """Complaints are set up company by company: a branch may have its own."""

    _inherit = "res.config.settings"

    retention_use_complaints = fields.Boolean(
        related="company_id.retention_use_complaints", readonly=False
    )
    complaint_money_trifle = fields.Monetary(
        related="company_id.complaint_money_trifle",
        currency_field="currency_id",
        readonly=False,
    )
    complaint_money_high = fields.Monetary(
        related="company_id.complaint_money_high",
        currency_field="currency_id",
        readonly=False,
    )
    complaint_money_critical = fields.Monetary(
        related="company_id.complaint_money_critical",
        currency_field="currency_id",
        readonly=False,
    )
    complaint_customer_revenue = fields.Monetary(
        related="company_id.complaint_customer_revenue",
        currency_field="currency_id",
        readonly=False,
    )
    complaint_repeat_days = fields.Integer(
        related="company_id.complaint_repeat_days", readonly=False
    )
    complaint_has_team = fields.Boolean(compute="_compute_complaint_has_team")

    @api.depends("company_id")
    def _compute_complaint_has_team(self):
        teams = self.env["customer.complaint.team"]
        for settings in self:
            settings.complaint_has_team = teams._responsible(settings.company_id.id)

    def action_create_complaint_team(self):
        """Create the first team of the company and open it."""
        self.ensure_one()
        team = self.company_id._create_complaint_team()
        return {
            "type": "ir.actions.act_window",
            "name": team.name,
            "res_model": team._name,
            "res_id": team.id,
            "views": [(False, "form")],
        }
