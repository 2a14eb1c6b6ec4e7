from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..logic import rule as rule_logic


class CustomerRuleMixin(models.AbstractModel):
    """A step of a ladder: data an administrator edits, versioned on every change.

    The record shows the definition in force; what decides is the append-only
    :class:`customer.rule.version`, so that yesterday's verdicts keep
    yesterday's rule.
    """

    _name = "customer.rule.mixin"
    _description = "Versioned Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    fold = fields.Boolean(
        string="Folded in Kanban",
        help="Fold this column in the kanban view when it is empty.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        help="Leave empty to share it with every company that has no ladder of "
        "its own.",
    )
    rule = fields.Text(
        default="[]",
        copy=True,
        help="Condition over the facts of the customer. An empty rule holds for "
        "everybody.",
    )
    manual_only = fields.Boolean(
        string="By Decision Only",
        help="No rule leads here: only a person's decision does.",
    )
    minimum_days = fields.Integer(
        string="Minimum Stay (days)",
        help="A rule does not move the customer on before this many days have "
        "passed. A decision by a person may.",
    )
    activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        domain=[("res_model", "=", "res.partner")],
        ondelete="set null",
        help="Activities planned on the customer when it arrives here.",
    )
    rule_sentence = fields.Char(compute="_compute_rule_sentence")
    rule_warning = fields.Char(
        compute="_compute_rule_sentence",
        help="Why the rule is skipped, when it names a fact that is not installed.",
    )
    version_number = fields.Integer(compute="_compute_version_number")

    @api.depends("rule", "manual_only")
    def _compute_rule_sentence(self):
        self.rule_sentence = self.rule_warning = False

    def _compute_version_number(self):
        self.version_number = 0
