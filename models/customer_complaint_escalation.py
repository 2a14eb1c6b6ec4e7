from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..logic.sla import Rung
from ..logic.working_time import MINUTE


class CustomerComplaintEscalation(models.Model):
    """A rung of the ladder: who hears of a clock that nobody looks after, and when."""

    _name = "customer.complaint.escalation"
    _inherit = "customer.complaint.policy.line"
    _description = "Escalation of a Complaint Policy"

    kind = fields.Selection(
        selection="_selection_kind", string="Clock", help="Empty: every clock."
    )
    trigger = fields.Selection(
        [("warning", "Warning"), ("breach", "Deadline")],
        string="After",
        required=True,
        default="breach",
    )
    minutes = fields.Integer(help="Working minutes after the warning or the deadline.")
    who = fields.Selection(
        [
            ("handler", "Handler"),
            ("team_manager", "Team Manager"),
            ("user", "A Certain Person"),
        ],
        string="Whom",
        required=True,
        default="handler",
    )
    user_id = fields.Many2one(
        "res.users", string="Person", domain="[('share', '=', False)]"
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity",
        domain="[('res_model', 'in', (False, 'customer.complaint'))]",
        help="Empty: a to-do.",
    )
    note = fields.Char(
        string="Message",
        translate=True,
        help="Said in the activity. Empty: which clock it is and how late.",
    )

    @api.model
    def _selection_kind(self):
        clock = self.env["customer.complaint.clock"]
        return clock._fields["kind"]._description_selection(self.env)

    @api.constrains("minutes", "who", "user_id")
    def _check_rung(self):
        for rung in self:
            if rung.minutes < 0:
                raise ValidationError(
                    self.env._("Nobody is told before the warning or the deadline.")
                )
            if rung.who == "user" and not rung.user_id:
                raise ValidationError(self.env._("Choose the person to be told."))

    # === BUSINESS === #

    def _definition(self):
        """What is versioned of it: who is told when. The wording may change."""
        self.ensure_one()
        return {
            "id": self.id,
            "kind": self.kind,
            "trigger": self.trigger,
            "minutes": self.minutes,
            "who": self.who,
            "user_id": self.user_id.id,
            "activity_type_id": self.activity_type_id.id,
        }

    @api.model
    def _rungs(self, definition, kind):
        """The ladder of a clock, from the versioned definition of its policy.

        :return: ``[(rung, its definition)]``, lowest first; levels stay the same for
            the life of a version
        """
        return [
            (Rung(level, rung["trigger"] == "breach", rung["minutes"] * MINUTE), rung)
            for level, rung in enumerate(definition.get("escalations", ()), start=1)
            if rung["kind"] in (False, None, kind)
        ]
