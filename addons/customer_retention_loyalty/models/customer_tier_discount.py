from odoo import api, models


class CustomerTierDiscount(models.Model):
    """Rewards are given by their programs, not by the prices of a tier."""

    _inherit = "customer.tier.discount"

    @api.model
    def _is_priced_by_list(self, line):
        return not line.reward_id and super()._is_priced_by_list(line)
