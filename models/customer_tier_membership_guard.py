from odoo import models
from odoo.exceptions import UserError


class CustomerTierMembership(models.Model):
    """Rows are worked out: nobody writes one, whatever rights a call has."""

    _inherit = "customer.tier.membership"

    def write(self, vals):  # pylint: disable=method-required-super
        if not vals:
            return True
        raise UserError(
            self.env._(
                "A tier is worked out from documents and decisions. Grant a tier, or "
                "adjust a figure, instead of changing the result."
            )
        )
