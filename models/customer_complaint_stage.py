from odoo import fields, models


class CustomerComplaintStage(models.Model):
    """A column of the board; what it means to clocks and reports is its event."""

    _name = "customer.complaint.stage"
    _description = "Complaint Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    event = fields.Selection(
        [
            ("received", "Received"),
            ("acknowledged", "Acknowledged"),
            ("investigating", "Investigating"),
            ("decided", "Decision Communicated"),
            ("resolved", "Resolved"),
            ("closed", "Closed"),
        ],
        help="What has happened when a complaint gets here. Empty: nothing that "
        "deadlines or reports know about.",
    )
    is_folded = fields.Boolean(string="Folded")
    guidance = fields.Html(
        translate=True, help="What the handler should do in this stage."
    )
    team_ids = fields.Many2many(
        "customer.complaint.team", string="Teams", help="Empty: every team."
    )
