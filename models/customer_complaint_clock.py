from odoo import fields, models


class CustomerComplaintClock(models.Model):
    """One promise about one complaint, and how much of its time is used."""

    _name = "customer.complaint.clock"
    _description = "Complaint Clock"
    _order = "complaint_id, id"

    complaint_id = fields.Many2one(
        "customer.complaint", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("acknowledge", "Acknowledgement"),
            ("answer", "First Answer"),
            ("update", "Promised Update"),
            ("decision", "Decision"),
            ("resolution", "Resolution"),
            ("remedy", "Agreed Remedy"),
            ("internal", "Internal"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
    )
