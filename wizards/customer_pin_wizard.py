from odoo import fields, models


class CustomerPinWizard(models.TransientModel):
    """Ask why, and until when, a person decides otherwise than the rules."""

    _name = "customer.pin.wizard"
    _description = "Decide Position or Condition"

    relationship_ids = fields.Many2many("customer.relationship", string="Customers")
    axis = fields.Selection(
        [("position", "Position"), ("condition", "Condition")],
        default="position",
        required=True,
    )
    stage_id = fields.Many2one("customer.relationship.stage", string="Position")
    condition_id = fields.Many2one(
        "customer.relationship.condition", string="Condition"
    )
    reason = fields.Char(required=True)
    date_until = fields.Date(string="Until")
