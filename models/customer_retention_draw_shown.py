from __future__ import annotations

from datetime import date

from odoo import api, models
from odoo.tools.misc import format_date


class CustomerRetentionDraw(models.Model):
    """Who is left alone, for the screens about customers."""

    _inherit = "customer.retention.draw"

    @api.model
    def _left_alone_text(self, until: date) -> str:
        return self.env._("Left alone until %s", format_date(self.env, until))
