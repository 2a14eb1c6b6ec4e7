from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import int_array


class CustomerChurnScore(models.Model):
    """Whoever a person has declared lost is not at risk any more, but gone.

    The score stays, since the customer may be won back; no money is at risk with it
    until the loss is taken back or the customer returns.
    """

    _inherit = "customer.churn.score"

    @api.model
    def _at_risk_sql(self, alias: str, yearly: SQL, lost: SQL) -> SQL:
        """Return the value at risk of an account: nothing after a declared loss that
        stands.
        """
        return SQL(
            """CASE WHEN EXISTS (
                    SELECT FROM customer_churn_event loss
                     WHERE loss.partner_id = %s AND loss.company_id = %s
                       AND loss.state = 'lost' AND loss.source = 'declared') THEN 0
               ELSE round((%s * %s)::numeric, 2) END""",
            SQL.identifier(alias, "partner_id"),
            SQL.identifier(alias, "company_id"),
            yearly,
            lost,
        )

    @api.model
    def _follow_losses(self, company, account_ids) -> None:
        """Bring the money at risk of accounts up to date with their losses."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_score row SET value_at_risk = %s
                 WHERE row.company_id = %s AND row.partner_id = ANY(%s)
                """,
                self._at_risk_sql("row", SQL("yearly_value"), SQL("lost")),
                company.id,
                int_array(account_ids),
            )
        )
        # sudo: customer.churn.score - danger does not depend on who declares a loss
        self.sudo()._follow_danger(company, SQL("TRUE"))
        self.invalidate_model()
