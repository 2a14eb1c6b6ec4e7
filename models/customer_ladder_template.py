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
    step_names = fields.Char(string="Ladder", compute="_compute_step_names")

    @api.depends("step_ids.name", "step_ids.sequence")
    @api.depends_context("lang")
    def _compute_step_names(self):
        for template in self:
            names = template.step_ids.sorted().mapped("name")
            template.step_names = " → ".join(name for name in names if name)

    def _is_ladder_of(self, stages):
        """Whether some positions, in order, still are those of this template."""
        self.ensure_one()
        steps = self.step_ids.sorted()
        return [(one.name, one.rule) for one in steps] == [
            (one.name, one.rule) for one in stages
        ]

    def action_load(self):
        """Show what loading this template would do."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_retention.customer_ladder_load_action"
        )
        return {**action, "context": {"default_template_id": self.id}}
