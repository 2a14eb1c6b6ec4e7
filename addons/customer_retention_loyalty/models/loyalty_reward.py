from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL


class LoyaltyReward(models.Model):
    """Rewards for members of some tiers, and what a reward is worth at most."""

    _inherit = "loyalty.reward"

    tier_ids = fields.Many2many(
        "customer.tier",
        "loyalty_reward_customer_tier_rel",
        string="Only for Tiers",
        context={"active_test": False},  # an archived tier binds as well
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

    def _recovery_worth(self, points):
        """What points give at most by this reward; None if it has no upper end."""
        if self.reward_type == "product":
            product = self.reward_product_id or self.reward_product_ids[:1]
            times = points // (self.required_points or 1)
            return product.lst_price * self.reward_product_qty * times
        if self.discount_mode == "percent":
            return self.discount_max_amount or None
        if self.discount_mode == "per_point":
            return self.discount * points
        return self.discount
