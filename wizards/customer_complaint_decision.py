from odoo import api, fields, models
from odoo.tools import is_html_empty


class CustomerComplaintDecision(models.TransientModel):
    """What was decided, and how the customer is told."""

    _name = "customer.complaint.decision"
    _description = "Communicate a Decision"
    _inherit = ["customer.complaint.dialog"]

    outcome = fields.Selection(
        selection="_selection_outcome",
        required=True,
        help="A refused complaint stays open to recourse.",
    )
    message = fields.Html(
        help="Sent to the customer. Empty: the customer was told in another way."
    )

    @api.model
    def _selection_outcome(self):
        return (
            self.env["customer.complaint"]
            ._fields["outcome"]
            ._description_selection(self.env)
        )

    def action_communicate(self):
        """Tell the customer, and record that the decision was communicated."""
        self.ensure_one()
        complaints = self.complaint_ids
        complaints.check_access("write")
        if not is_html_empty(self.message):
            for complaint in complaints:
                complaint.message_post(
                    **complaint._customer_recipients(),
                    body=self.message,
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
        if self.outcome == "refused":
            complaints._record_event("refused")
        else:
            complaints._record_event("decided", outcome=self.outcome)
        return {"type": "ir.actions.act_window_close"}
