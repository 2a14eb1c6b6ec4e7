from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerTierCondition(models.Model):
    """How much of a measure a tier takes, and how much keeps it."""

    _name = "customer.tier.condition"
    _inherit = "customer.tier.ladder.part"
    _description = "Condition of a Tier"
    _order = "tier_id, id"

    tier_id = fields.Many2one(
        "customer.tier", required=True, index=True, ondelete="cascade"
    )
    ladder_id = fields.Many2one(related="tier_id.ladder_id")
    measure_id = fields.Many2one(
        "customer.tier.measure",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('ladder_id', '=', ladder_id)]",
    )
    at_least = fields.Float(string="From", required=True)
    keep_at_least = fields.Float(
        string="Keep From", help="0: as much as it takes to reach the tier."
    )

    @api.constrains("at_least", "keep_at_least")
    def _check_not_negative(self):
        if any(min(one.at_least, one.keep_at_least) < 0 for one in self):
            raise ValidationError(
                self.env._("A threshold is not negative. Enter 0 for none.")
            )
