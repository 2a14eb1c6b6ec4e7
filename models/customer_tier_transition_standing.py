from odoo import api, models
from odoo.tools import SQL


class CustomerTierTransition(models.Model):
    """What of the log still stands: a correction replaces what it names."""

    _inherit = "customer.tier.transition"

    @api.model
    def _stands_sql(self, alias: str = "log") -> SQL:
        """Return the condition that a row of the log was not corrected later."""
        return SQL(
            """NOT EXISTS (
                SELECT FROM customer_tier_transition correction
                 WHERE correction.partner_id = %(log)s.partner_id
                   AND correction.ladder_id = %(log)s.ladder_id
                   AND correction.corrects_from IS NOT NULL
                   AND correction.corrects_from <= %(log)s.date
                   AND correction.id > %(log)s.id
            )""",
            log=SQL.identifier(alias),
        )
