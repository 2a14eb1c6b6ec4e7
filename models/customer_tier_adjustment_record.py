from odoo import api, models
from odoo.exceptions import ValidationError


class CustomerTierAdjustment(models.Model):
    """Adjustments are recorded and never changed: the opposite makes up for one."""

    _inherit = "customer.tier.adjustment"

    @api.constrains("reason", "value")
    def _check_reason(self):
        for adjustment in self:
            if not (adjustment.reason or "").strip():
                raise ValidationError(
                    self.env._("Say why the figure is adjusted: others will read it.")
                )
            if not adjustment.value:
                raise ValidationError(
                    self.env._("An adjustment adds something or takes it away.")
                )

    @api.model
    def _amendment_message(self):
        return self.env._(
            "An adjustment stays as it was recorded. Record the opposite instead."
        )
