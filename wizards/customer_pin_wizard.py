from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerPinWizard(models.TransientModel):
    """Ask why, and until when, a person decides otherwise than the rules."""

    _name = "customer.pin.wizard"
    _description = "Decide Position or Condition"

    relationship_ids = fields.Many2many(
        "customer.relationship",
        string="Customers",
        required=True,
        default=lambda self: self._default_relationship_ids(),
    )
    company_id = fields.Many2one("res.company", compute="_compute_about")
    axis = fields.Selection(
        [("position", "Position"), ("condition", "Condition")],
        string="Decide On",
        required=True,
        default=lambda self: self._default_axis(),
    )
    stage_id = fields.Many2one("customer.relationship.stage", string="Position")
    condition_id = fields.Many2one("customer.relationship.condition")
    allowed_stage_ids = fields.Many2many(
        "customer.relationship.stage", compute="_compute_about"
    )
    allowed_condition_ids = fields.Many2many(
        "customer.relationship.condition", compute="_compute_about"
    )
    reason = fields.Char(required=True)
    date_until = fields.Date(
        string="Until", help="Last day of the decision. Empty: until somebody ends it."
    )
    about = fields.Char(string="Customer", compute="_compute_about")
    rules_say = fields.Char(
        string="The Rules Say", compute="_compute_rules_say", help="Without a decision."
    )

    @api.model
    def _default_relationship_ids(self):
        if self.env.context.get("active_model") != "customer.relationship":
            return self.env["customer.relationship"]
        active_ids = self.env.context.get("active_ids") or []
        return self.env["customer.relationship"].browse(active_ids)

    @api.model
    def _default_axis(self):
        chosen = self.env.context.get("default_condition_id")
        return "condition" if chosen else "position"

    # === COMPUTE === #

    @api.depends("relationship_ids")
    def _compute_about(self):
        for wizard in self:
            rows = wizard.relationship_ids
            names = rows.partner_id.mapped("display_name")
            wizard.about = wizard._enumerate(names)
            wizard.company_id = rows.company_id[:1]
            wizard.allowed_stage_ids = wizard._allowed("customer.relationship.stage")
            wizard.allowed_condition_ids = wizard._allowed(
                "customer.relationship.condition"
            )

    def _allowed(self, model):
        """The steps that exist in the ladder of every customer concerned."""
        ladders = [
            self.env[model]._ladder(company)
            for company in self.relationship_ids.company_id
        ]
        allowed = self.env[model].browse(ladders[0].ids if ladders else [])
        for ladder in ladders[1:]:
            allowed &= ladder
        return allowed

    @api.model
    def _enumerate(self, names, limit=5):
        """The first names, and how many more there are."""
        shown = ", ".join(names[:limit])
        if len(names) <= limit:
            return shown
        return self.env._(
            "%(names)s and %(count)s more", names=shown, count=len(names) - limit
        )

    @api.depends("relationship_ids", "axis")
    def _compute_rules_say(self):
        for wizard in self:
            is_position = wizard.axis == "position"
            field = "rule_stage_id" if is_position else "rule_condition_id"
            wizard.rules_say = wizard._count_by(field)

    def _count_by(self, field):
        """What the rules say: the name for one customer, a count of each for more."""
        groups = self.relationship_ids.grouped(
            lambda row: row[field].name or self.env._("None")
        )
        if len(self.relationship_ids) == 1:
            return next(iter(groups), "")
        return ", ".join(
            self.env._("%(name)s (%(count)s)", name=name, count=len(rows))
            for name, rows in groups.items()
        )

    @api.onchange("axis")
    def _onchange_axis(self):
        """A decision is about one axis: forget what was chosen on the other."""
        if self.axis == "position":
            self.condition_id = False
        else:
            self.stage_id = False

    # === ACTIONS === #

    def action_pin(self):
        """Record the decision for every customer, which shows at once."""
        self.ensure_one()
        if not self.relationship_ids:
            raise UserError(self.env._("Choose at least one customer."))
        self.env["customer.relationship.pin"].create(
            [self._prepare_pin_values(row) for row in self.relationship_ids]
        )
        return {"type": "ir.actions.act_window_close"}

    def _prepare_pin_values(self, row):
        """Values of the decision about one customer."""
        target = "stage_id" if self.axis == "position" else "condition_id"
        return {
            "partner_id": row.partner_id.id,
            "company_id": row.company_id.id,
            "axis": self.axis,
            target: self[target].id,
            "reason": self.reason,
            "date_from": row.company_id._retention_today(),
            "date_until": self.date_until,
        }
