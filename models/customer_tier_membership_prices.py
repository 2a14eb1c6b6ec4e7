from odoo import api, models


class CustomerTierMembership(models.Model):
    """Has prices found out again within a transaction in which tiers change."""

    _inherit = "customer.tier.membership"

    @api.model_create_multi
    def create(self, vals_list):
        memberships = super().create(vals_list)
        self.env["product.pricelist"]._forget_tier_prices()
        return memberships

    def write(self, vals):
        result = super().write(vals)
        self.env["product.pricelist"]._forget_tier_prices()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["product.pricelist"]._forget_tier_prices()
        return result
