from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerTierMultiplier(models.Model):
    """How many times the points of a loyalty program members of a tier get."""

    _name = "customer.tier.multiplier"
    _description = "Multiplier of Points"
    _order = "program_id, tier_id"
    _rec_name = "tier_id"

    tier_id = fields.Many2one(
        "customer.tier", required=True, index=True, ondelete="cascade"
    )
    program_id = fields.Many2one(
        "loyalty.program",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('program_type', '=', 'loyalty')]",
    )
    company_id = fields.Many2one(related="tier_id.company_id")
    factor = fields.Float(string="Points Times", required=True, default=1.0)

    _tier_unique = models.Constraint(
        "UNIQUE(program_id, tier_id)", "A tier has one multiplier in a program."
    )
    _factor_positive = models.Constraint(
        "CHECK(factor > 0)", "Points are multiplied by more than nothing."
    )

    @api.constrains("program_id")
    def _check_program_type(self):
        """Gift cards and wallets are money, and nobody's is worth more."""
        for multiplier in self:
            if multiplier.program_id.program_type != "loyalty":
                raise ValidationError(
                    self.env._("Only points of loyalty programs are multiplied.")
                )
