from odoo import api, fields, models
from odoo.tools import is_html_empty

ANSWER = "customer_retention.mail_template_complaint_answer"
# Prepared answers that are given before or after a decision.
UNDECIDED = ("received", "apology", "documents", "update", "solved")


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
    answer_id = fields.Many2one(
        "mail.template",
        string="Start From",
        domain=lambda self: self._domain_answer_id(),
        help="A prepared answer, in the customer's language.",
    )
    message = fields.Html(
        compute="_compute_message",
        store=True,
        readonly=False,
        help="Sent to the customer. Empty: the customer was told in another way.",
    )

    @api.depends("answer_id")
    def _compute_message(self):
        for dialog in self:
            complaint = dialog.complaint_ids
            if dialog.answer_id and len(complaint) == 1:
                dialog.message = complaint._origin._render_answer(dialog.answer_id)

    @api.model
    def _domain_answer_id(self):
        answers = self.env["customer.complaint"]._answer_templates()
        known = self.env["ir.model.data"]._xmlid_to_res_id
        others = {known(f"{ANSWER}_{key}") for key in UNDECIDED}
        return [("id", "in", [one for one in answers.ids if one not in others])]

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
        if is_html_empty(self.message):
            # told by a person, by telephone say: that is an answer as well
            complaints._on_told()
        else:
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
