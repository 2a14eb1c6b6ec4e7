from __future__ import annotations

from odoo import models

# What a quotation says of these conditions would be an invitation to call.
WARNING_KINDS = ("cooling", "at_risk", "dormant", "lost")


class CustomerRelationship(models.Model):
    """A quotation does not say that somebody is silent who is left alone."""

    _inherit = "customer.relationship"

    def _hints(self) -> dict[int, str]:
        hints = super()._hints()
        draws = self.env["customer.retention.draw"]
        silent = self.filtered(lambda row: row.condition_id.kind in WARNING_KINDS)
        for company, rows in silent.grouped("company_id").items():
            held_out = draws._held_out_days(company, company._retention_today())
            for row in rows:
                if row.partner_id.id in held_out:
                    hints[row.partner_id.id] = row.stage_id.name or ""
        return hints
