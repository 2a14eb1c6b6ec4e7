from odoo import fields, models
from odoo.exceptions import UserError


class CustomerComplaintIncidentLink(models.TransientModel):
    """Say that several complaints are about one failure of ours."""

    _name = "customer.complaint.incident.link"
    _description = "Link as Incident"
    _inherit = ["customer.complaint.dialog"]

    incident_id = fields.Many2one("customer.complaint.incident")
    name = fields.Char(string="New Incident")

    def action_link(self):
        """Link the complaints, creating the incident if it is new."""
        self.ensure_one()
        complaints = self.complaint_ids
        complaints.check_access("write")
        if len(complaints.company_id) > 1:
            raise UserError(
                self.env._("An incident belongs to one company; choose its complaints.")
            )
        incident = self.incident_id
        if not incident and not self.name:
            raise UserError(self.env._("Choose an incident or name a new one."))
        if not incident:
            incident = incident.create(
                {
                    "name": self.name,
                    "company_id": complaints.company_id.id or self.env.company.id,
                    "product_ids": complaints.product_id.ids,
                }
            )
        if incident.company_id != complaints.company_id:
            raise UserError(self.env._("This incident belongs to another company."))
        complaints.write({"incident_id": incident.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": incident._name,
            "res_id": incident.id,
            "view_mode": "form",
        }
