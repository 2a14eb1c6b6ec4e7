from __future__ import annotations

from datetime import date

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
    def _at_risk_sql(self, alias: str, as_of: date, yearly: SQL, lost: SQL) -> SQL:
        """Return the value at risk of an account on a day: nothing after a declared
        loss that stood by then.
        """
        return SQL(
            """CASE WHEN EXISTS (
                    SELECT FROM customer_churn_event loss
                     WHERE loss.partner_id = %(partner)s
                       AND loss.company_id = %(company)s
                       AND loss.source = 'declared' AND loss.state <> 'void'
                       AND loss.date <= %(as_of)s
                       AND (loss.returned_on IS NULL
                            OR loss.returned_on > %(as_of)s)) THEN 0
               ELSE round((%(yearly)s * %(lost)s)::numeric, 2) END""",
            partner=SQL.identifier(alias, "partner_id"),
            company=SQL.identifier(alias, "company_id"),
            as_of=as_of,
            yearly=yearly,
            lost=lost,
        )

    @api.model
    def _follow_losses(self, company, account_ids) -> None:
        """Bring the money at risk of accounts up to date with their losses."""
        self.env.flush_all()
        today = company._retention_today()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_score row SET value_at_risk = %s
                 WHERE row.company_id = %s AND row.partner_id = ANY(%s)
                """,
                self._at_risk_sql("row", today, SQL("yearly_value"), SQL("lost")),
                company.id,
                int_array(account_ids),
            )
        )
        # sudo: customer.churn.score - danger does not depend on who declares a loss
        self.sudo()._follow_danger(company, SQL("TRUE"))
        self.invalidate_model()
