from odoo import api, models
from odoo.exceptions import UserError


class CustomerTier(models.Model):
    """A tier that customers have had is archived: the log refers to it."""

    _inherit = "customer.tier"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: customer.tier.transition - use by customers the user does not see
        log = self.env["customer.tier.transition"].sudo()
        for tier in self:
            used = ["|", ("to_tier_id", "=", tier.id), ("from_tier_id", "=", tier.id)]
            if log.search_count(used, limit=1):
                raise UserError(
                    self.env._(
                        "Customers have or had the tier “%(name)s”, so it cannot be "
                        "deleted. Archive it instead: the history stays readable.",
                        name=tier.name,
                    )
                )
