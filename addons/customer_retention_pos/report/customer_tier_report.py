from odoo import api, models
from odoo.tools import SQL


class CustomerTierReport(models.Model):
    """What tiers gave at the till counts in their economics, too."""

    _inherit = "customer.tier.report"

    _depends = {
        "customer.tier.till.discount": ["partner_id", "company_id", "date", "amount"]
    }

    @api.model
    def _discount_sql(self):
        return SQL(
            """COALESCE((%(orders)s), 0) + COALESCE((
               SELECT SUM(till.amount * %(rate)s) FROM customer_tier_till_discount till
                WHERE %(in_month)s), 0)""",
            orders=super()._discount_sql(),
            rate=self._rate_sql(SQL("till.company_id")),
            in_month=self._in_month_sql("till"),
        )
