from odoo import api, fields, models

EVENTS = [
    ("received", "Received"),
    ("acknowledged", "Acknowledged"),
    ("investigating", "Investigation Begun"),
    ("answered", "Answered"),
    ("promised", "Update Promised"),
    ("updated", "Promised Update Given"),
    ("waiting", "Waiting for the Customer"),
    ("resumed", "Resumed"),
    ("decided", "Decision Communicated"),
    ("refused", "Refused"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
    ("reopened", "Reopened"),
    ("merged", "Merged"),
    ("unmerged", "Merger Undone"),
]


class CustomerComplaintEvent(models.Model):
    """What happened to a complaint, and when: append-only.

    The complaint shows the dates that count now; a complaint that was resolved,
    reopened and resolved again has both resolutions here.
    """

    _name = "customer.complaint.event"
    _description = "Complaint Event"
    _order = "at, id"

    complaint_id = fields.Many2one(
        "customer.complaint",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    event = fields.Selection(EVENTS, required=True, readonly=True)
    at = fields.Datetime(
        string="Happened At",
        required=True,
        readonly=True,
        help="When it became true; it may have been recorded later.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        readonly=True,
        default=lambda self: self._default_user_id(),
    )
    note = fields.Char(readonly=True)

    @api.model
    def _default_user_id(self):
        return self.env.user
