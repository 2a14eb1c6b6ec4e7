from odoo import api, fields, models


class CustomerLadderTemplate(models.Model):
    """A ladder of positions to choose from: a proposal, never evaluated itself."""

    _name = "customer.ladder.template"
    _description = "Ladder Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    step_ids = fields.One2many(
        "customer.ladder.template.step", "template_id", string="Positions", copy=True
    )


class CustomerLadderTemplateStep(models.Model):
    """One position of a template, with the rule it will start with."""

    _name = "customer.ladder.template.step"
    _description = "Position of a Ladder Template"
    _order = "sequence, id"

    template_id = fields.Many2one(
        "customer.ladder.template", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    icon = fields.Char(default="fa-user-o")
    fold = fields.Boolean(string="Folded in Kanban")
    rule = fields.Text(default="[]")
    manual_only = fields.Boolean(string="By Decision Only")
    minimum_days = fields.Integer(string="Minimum Stay (days)")
    direction = fields.Selection(
        [("forward", "Forward only"), ("both", "Forward and back")],
        default="forward",
        required=True,
    )
