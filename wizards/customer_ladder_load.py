from odoo import fields, models


class CustomerLadderLoad(models.TransientModel):
    """Replace a ladder of positions by a template, after showing what happens."""

    _name = "customer.ladder.load"
    _description = "Load a Ladder"

    template_id = fields.Many2one("customer.ladder.template", required=True)
    company_id = fields.Many2one("res.company", domain=[("parent_id", "=", False)])
