from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


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
            answer.unreachable = ", ".join(without.mapped("name")) or False

    def action_send(self):
        """Post the answer in each complaint: everybody gets their own."""
        self.ensure_one()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write the answer first."))
        complaints = self.complaint_ids & self.incident_id.complaint_ids
        complaints.check_access("write")
        for complaint in complaints:
            complaint._post_to_customer(self.body)
        recovered = self._recover(complaints)
        if self.event:
            complaints._record_event(self.event)
        self.incident_id.message_post(
            body=Markup("<p>%s</p>%s<p>%s</p>")
            % (
                self.env._("Sent to %s customers:", len(complaints)),
                self.body,
                recovered,
            ),
            subtype_xmlid="mail.mt_note",
        )
        return {"type": "ir.actions.act_window_close"}
