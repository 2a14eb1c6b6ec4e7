from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ..models.customer_complaint_letter import MOST_NAMED


class CustomerComplaintIncidentAnswer(models.TransientModel):
    """One answer to everybody who complained about one failure."""

    _name = "customer.complaint.incident.answer"
    _description = "Answer Everybody"
    _inherit = ["customer.recovery.bulk"]

    complaint_ids = fields.Many2many(
        "customer.complaint",
        string="Goes To",
        compute="_compute_complaint_ids",
        store=True,
        readonly=False,
    )
    body = fields.Html(string="Answer", required=True)
    event = fields.Selection(
        [("decided", "Is the decision"), ("resolved", "Settles it")],
        string="This Answer",
        help="What the answer means besides being one.",
    )
    unreachable = fields.Char(compute="_compute_unreachable")

    @api.depends("incident_id")
    def _compute_complaint_ids(self):
        for answer in self:
            answer.complaint_ids = answer.incident_id.complaint_ids.filtered(
                lambda one: one.status in ("open", "waiting")
            )

    @api.depends("complaint_ids")
    def _compute_unreachable(self):
        for answer in self:
            without = answer.complaint_ids.filtered(
                lambda one: not one.email_normalized
            )
            names = without[:MOST_NAMED].mapped("name")
            if more := len(without) - len(names):
                names.append(self.env._("and %s more", more))
            answer.unreachable = ", ".join(names) or False

    def action_send(self):
        """Post the answer in each complaint: everybody gets their own."""
        self.ensure_one()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write the answer first."))
        complaints = self.complaint_ids & self.incident_id.complaint_ids
        complaints.check_access("write")
        letter = self.env["customer.complaint.letter"]._send_to(
            {**self._prepare_letter(), "body": self.body, "event": self.event},
            [
                {"complaint_id": one.id, "partner_id": one.account_id.id}
                for one in complaints
            ],
        )
        return letter._tell_sender({"type": "ir.actions.act_window_close"})
