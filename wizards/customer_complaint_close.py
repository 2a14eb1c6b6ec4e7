from odoo import api, fields, models


class CustomerComplaintClose(models.TransientModel):
    """What is still open when somebody closes; closing goes on if they say so."""

    _name = "customer.complaint.close"
    _description = "Close Complaints"
    _inherit = ["customer.complaint.dialog"]

    warning = fields.Text(string="Still Open", compute="_compute_warning")

    @api.depends("complaint_ids")
    def _compute_warning(self):
        for dialog in self:
            lines = []
            for complaint, texts in dialog.complaint_ids._closing_warnings().items():
                prefix = f"{complaint.name}: " if len(dialog.complaint_ids) > 1 else ""
                lines += [prefix + text for text in texts]
            dialog.warning = "\n".join(lines)

    def action_close(self):
        """Close nevertheless."""
        self.ensure_one()
        self.complaint_ids.check_access("write")
        self.complaint_ids._record_event("closed")
        return {"type": "ir.actions.act_window_close"}
