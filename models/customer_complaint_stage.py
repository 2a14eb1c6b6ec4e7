from odoo import api, fields, models
from odoo.tools import ormcache

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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === BUSINESS METHODS === #

    @api.model
    @ormcache()
    def _board(self) -> dict[int, tuple[str, frozenset[int]]]:
        """Return {id: event and ids of the teams} of all stages, in their order.

        Every event of every complaint asks for it; stages hardly ever change.
        """
        # sudo: customer.complaint.stage - customers and events move complaints, too
        stages = self.sudo().search([])  # pylint: disable=no-search-all
        return {
            stage.id: (stage.event, frozenset(stage.team_ids.ids)) for stage in stages
        }

    def _of_team(self, team):
        """Keep the stages a team works with; all of them without a team."""
        if not team:
            return self
        board = self._board()

        def is_of_team(stage):
            teams = (
                board[stage.id][1]
                if stage.id in board
                else frozenset(stage.team_ids.ids)
            )
            return not teams or bool(teams.intersection(team.ids))

        return self.filtered(is_of_team)

    def _meaning(self):
        """Return the event of this stage; False where it means nothing."""
        board = self._board()
        return board[self.id][0] if self.id in board else self.event

    def _progress(self):
        """How far a complaint in this stage has come; -1 where that is not known."""
        return PROGRESS.get(self._meaning(), -1)
