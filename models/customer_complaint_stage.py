from odoo import fields, models

# What a stage can mean, in the order in which a complaint goes through them.
STAGE_EVENTS = [
    ("received", "Received"),
    ("acknowledged", "Acknowledged"),
    ("investigating", "Investigating"),
    ("decided", "Decision Communicated"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
]
PROGRESS = {event: rank for rank, (event, _label) in enumerate(STAGE_EVENTS)}


class CustomerComplaintStage(models.Model):
    """A column of the board; what it means to clocks and reports is its event."""

    _name = "customer.complaint.stage"
    _description = "Complaint Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    event = fields.Selection(
        STAGE_EVENTS,
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

    def _of_team(self, team):
        """Keep the stages a team works with; all of them without a team."""
        return self.filtered(
            lambda stage: not team or not stage.team_ids or team in stage.team_ids
        )

    def _progress(self):
        """How far a complaint in this stage has come; -1 where that is not known."""
        return PROGRESS.get(self.event, -1)
