from odoo import models


class CustomerTierTransition(models.Model):
    """Gives the welcome gift of the tier that a customer has reached."""

    _inherit = "customer.tier.transition"

    def _welcome_gift(self):
        """Give it once for each tier: whoever falls and rises again has had it."""
        gifts = super()._welcome_gift()
        for transition in self:
            tier = transition.to_tier_id
            upwards = transition.direction in ("entry", "up")
            if transition.is_live and upwards and tier.welcome_program_id:
                tier._give("welcome", transition.partner_id, transition.date)
        return gifts
