from __future__ import annotations

from datetime import date

from odoo import fields, models
from odoo.tools import SQL


class CustomerComplaintRepurchase(models.Model):
    """Who bought again, by the tier the customer had when complaining."""

    _inherit = "customer.complaint.repurchase"

    tier_id = fields.Many2one(related="complaint_id.tier_id", store=True)

    def _get_columns_sql(self) -> SQL:
        return SQL("%s, tier_id", super()._get_columns_sql())

    def _get_values_sql(self, today: date) -> SQL:
        return SQL(
            """%s, (SELECT complaint.tier_id FROM customer_complaint complaint
                     WHERE complaint.id = resolved.id)""",
            super()._get_values_sql(today),
        )
