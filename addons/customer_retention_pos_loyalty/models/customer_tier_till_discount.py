from odoo import api, models


class CustomerTierTillDiscount(models.Model):
    """Rewards are given by their programs, not by the prices of a tier."""

    _inherit = "customer.tier.till.discount"

    @api.model
    def _is_priced_by_list(self, line):
        return not line.is_reward_line and super()._is_priced_by_list(line)
