from odoo import api, fields, models

STAGE_FIELDS = (
    "color",
    "icon",
    "fold",
    "rule",
    "manual_only",
    "minimum_days",
    "direction",
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
    rule_sentence = fields.Char(
        string="Rule in Words", compute="_compute_rule_sentence"
    )
    manual_only = fields.Boolean(string="By Decision Only")
    minimum_days = fields.Integer(string="Minimum Stay (days)")
    direction = fields.Selection(
        [("forward", "Forward only"), ("both", "Forward and back")],
        default="forward",
        required=True,
    )

    @api.depends("rule", "manual_only")
    @api.depends_context("lang")
    def _compute_rule_sentence(self):
        wording = self.env["customer.rule.wording"]
        for step in self:
            step.rule_sentence = wording._definition_sentence(
                {"rule": step.rule, "manual_only": step.manual_only}
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_canonical_rule(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_canonical_rule(vals))

    @api.model
    def _with_canonical_rule(self, vals):
        """The same values with a rule that a position will accept."""
        return self.env["customer.relationship.stage"]._with_canonical_rule(vals)

    def _prepare_stage_values(self):
        """Values of the position this step proposes, texts in the user's language."""
        self.ensure_one()
        names = ("name", "description", "sequence", *STAGE_FIELDS)
        return {name: self[name] for name in names}

    def _copy_translations(self, stage):
        """Give a position its name and description in every installed language."""
        for name in ("name", "description"):
            texts = {
                lang: self.with_context(lang=lang)[name]
                for lang, _label in self.env["res.lang"].get_installed()
                if self[name]
            }
            if texts:
                stage.update_field_translations(name, texts)
