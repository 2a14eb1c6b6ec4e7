from odoo import api, fields, models


class LoyaltyReward(models.Model):
    """What the till needs to know of the tiers of a reward."""

    _inherit = "loyalty.reward"

    customer_tier_pos_ids = fields.Json(compute="_compute_customer_tier_pos_ids")

    @api.depends("tier_ids")
    def _compute_customer_tier_pos_ids(self):
        # sudo: customer.tier - which tiers, whoever sells at the till
        for reward, known in zip(self, self.sudo(), strict=True):
            reward.customer_tier_pos_ids = known.tier_ids.ids

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "customer_tier_pos_ids"]
