from odoo import api, fields, models


class CustomerComplaintClose(models.TransientModel):
    """What is still open when somebody resolves or closes; they may go on."""

    _name = "customer.complaint.close"
    _description = "Close Complaints"
    _inherit = ["customer.complaint.dialog"]

    event = fields.Selection(
        [("resolved", "Resolve"), ("closed", "Close")],
        required=True,
        default="closed",
    )
    warning = fields.Text(string="Still Open", compute="_compute_warning")
    may_decide = fields.Boolean(
        compute="_compute_may_decide",
        help="A decision is communicated to one customer at a time.",
    )

    @api.depends("complaint_ids", "event")
    def _compute_may_decide(self):
        for dialog in self:
            is_one = len(dialog.complaint_ids) == 1
            dialog.may_decide = is_one and dialog.event == "resolved"

    @api.depends("complaint_ids", "event")
    def _compute_warning(self):
        for dialog in self:
            lines = []
            for complaint, texts in dialog._warnings().items():
                prefix = f"{complaint.name}: " if len(dialog.complaint_ids) > 1 else ""
                lines += [prefix + text for text in texts]
            dialog.warning = "\n".join(lines)

    def _warnings(self):
        if self.event == "resolved":
            return self.complaint_ids._resolving_warnings()
        return self.complaint_ids._closing_warnings()

    def action_decide(self):
        """Tell the customer what has been decided instead."""
        self.ensure_one()
        return self.complaint_ids.action_communicate_decision()

    def action_close(self):
        """Close, or resolve, nevertheless."""
        self.ensure_one()
        self.complaint_ids.check_access("write")
        self.complaint_ids._record_event(self.event)
        return {"type": "ir.actions.act_window_close"}
