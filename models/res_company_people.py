from datetime import date

from odoo import models


class ResCompany(models.Model):
    """When a company writes to customers about tiers, and plans activities."""

    _inherit = "res.company"

    def _acts_on_tiers(self, day: date) -> bool:
        """Whether something follows from what is known of tiers on a day."""
        self.ensure_one()
        # sudo: res.company - a setting, whoever looks at a tier
        root = self._retention_root().sudo()
        starts = root.retention_side_effects_from
        return bool(root.retention_use_tiers and starts and starts <= day)
