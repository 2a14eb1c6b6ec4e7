from odoo import api, fields, models


class LoyaltyProgram(models.Model):
    """What the till needs to know of the tiers of a program."""

    _inherit = "loyalty.program"

    customer_tier_pos_ids = fields.Json(
        compute="_compute_customer_tier_pos",
        help="Tiers whose members may use the program; empty: everybody.",
    )
    customer_tier_pos_factors = fields.Json(
        compute="_compute_customer_tier_pos",
        help="{tier: by what its members' points are multiplied}",
    )

    @api.depends("tier_ids", "tier_multiplier_ids.factor", "program_type")
    def _compute_customer_tier_pos(self):
        # sudo: customer.tier - which tiers, whoever sells at the till
        for program, known in zip(self, self.sudo(), strict=True):
            factors = {one.tier_id.id: one.factor for one in known.tier_multiplier_ids}
            program.customer_tier_pos_ids = known.tier_ids.ids
            program.customer_tier_pos_factors = (
                factors if program.program_type == "loyalty" else {}
            )

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "customer_tier_pos_ids",
            "customer_tier_pos_factors",
        ]
