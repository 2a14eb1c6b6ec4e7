from odoo import api, fields, models


class CustomerComplaintDialog(models.AbstractModel):
    """What the dialogs about complaints share: the complaints they are about."""

    _name = "customer.complaint.dialog"
    _description = "Dialog About Complaints"

    complaint_ids = fields.Many2many(
        "customer.complaint",
        string="Complaints",
        required=True,
        default=lambda self: self._default_complaint_ids(),
    )
    about = fields.Char(string="Complaint", compute="_compute_about")

    @api.model
    def _default_complaint_ids(self):
        complaints = self.env["customer.complaint"]
        if self.env.context.get("active_model") != complaints._name:
            return complaints
        return complaints.browse(self.env.context.get("active_ids") or [])

    @api.depends("complaint_ids")
    def _compute_about(self):
        for dialog in self:
            dialog.about = ", ".join(
                dialog.complaint_ids[:5].mapped("display_name")
            ) + (" …" if len(dialog.complaint_ids) > 5 else "")
