from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerTierSimulationThreshold(models.TransientModel):
    """How much a tier would take."""

    _name = "customer.tier.simulation.threshold"
    _description = "Threshold of a Trial of Tier Rules"

    simulation_id = fields.Many2one(
        "customer.tier.simulation", required=True, ondelete="cascade", index=True
    )
    condition_id = fields.Many2one(
        "customer.tier.condition", required=True, readonly=True, ondelete="cascade"
    )
    tier_id = fields.Many2one(related="condition_id.tier_id")
    measure_id = fields.Many2one(related="condition_id.measure_id")
    at_least = fields.Float(string="From", required=True)
    keep_at_least = fields.Float(string="Keep From")

    @api.constrains("at_least", "keep_at_least")
    def _check_not_negative(self):
        if any(min(one.at_least, one.keep_at_least) < 0 for one in self):
            raise ValidationError(
                self.env._("A threshold is not negative. Enter 0 for none.")
            )
