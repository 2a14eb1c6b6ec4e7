from __future__ import annotations

from datetime import date

from odoo import fields, models


class CustomerTierLadder(models.Model):
    """Remembers which of the versions saved ahead have begun to count."""

    _inherit = "customer.tier.ladder"

    begun_on = fields.Date(readonly=True, copy=False)

    def _begun_on(self) -> date | None:
        """Return the first day of the newest version that was saved ahead."""
        self.ensure_one()
        today = self._today()
        return max(
            (
                era.starts
                for era in self._eras()[self.id]
                if era.starts and era.recorded_on < era.starts <= today
            ),
            default=None,
        )
