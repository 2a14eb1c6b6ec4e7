from odoo import api, models


class CustomerTierMembership(models.Model):
    """Has prices found out again within a transaction in which tiers change."""

    _inherit = "customer.tier.membership"

    @api.model
    def _evaluate(self, *args, **options):
        """Rows are written behind the back of the ORM, which knows nothing of it."""
        moves = super()._evaluate(*args, **options)
        self.env["product.pricelist"]._forget_tier_prices()
        return moves
