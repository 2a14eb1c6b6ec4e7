from __future__ import annotations

from decimal import Decimal

from odoo import models
from odoo.exceptions import ValidationError


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _exact(self, amount: float) -> Decimal:
        """Return a stored amount without the noise of binary fractions.

        :raise ValidationError: it is no amount at all
        """
        exact = Decimal(repr(self.round(amount or 0.0)))
        if not exact.is_finite():
            raise ValidationError(self.env._("This is not an amount of money."))
        return exact.quantize(Decimal(1).scaleb(-self.decimal_places))
