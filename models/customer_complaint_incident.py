from odoo import fields, models


class CustomerComplaintIncident(models.Model):
    """One failure of ours that several customers complain about."""

    _name = "customer.complaint.incident"
    _description = "Incident"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    complaint_ids = fields.One2many(
        "customer.complaint", "incident_id", string="Complaints"
    )
    active = fields.Boolean(default=True)

    def _default_company_id(self):
        return self.env.company
