from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL


class LoyaltyReward(models.Model):
    """Rewards for members of some tiers within a program that is for more."""

    _inherit = "loyalty.reward"

    tier_ids = fields.Many2many(
        "customer.tier",
        "loyalty_reward_customer_tier_rel",
        string="Only for Tiers",
        help="Empty: whoever uses the program may have the reward.",
    )

    @api.model
    def _closed_to(self, partner, company):
        """Return the rewards that are for others than this customer."""
        programs = self.env["loyalty.program"]
        ids = programs._closed_ids(
            SQL("loyalty_reward_customer_tier_rel"),
            SQL("loyalty_reward_id"),
            partner,
            company,
        )
        return self.browse(ids)
