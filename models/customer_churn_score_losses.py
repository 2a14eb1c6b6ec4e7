from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL


class CustomerChurnScore(models.Model):
    """Whoever a person has declared lost is not at risk any more, but gone.

    The score stays, since the customer may be won back; no money is at risk with it
    until the loss is taken back or the customer returns.
    """

    _inherit = "customer.churn.score"

    def _write_scores(self, company, as_of, scope) -> int:
        written = super()._write_scores(company, as_of, scope)
        self._take_declared_out(company, scope)
        return written

    def _take_declared_out(self, company, scope: SQL) -> None:
        """Let no money be at risk with declared losses that stand.

        :param scope: condition on the score, which is called ``row``
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_score row SET value_at_risk = 0
                  FROM customer_churn_event loss
                 WHERE loss.company_id = %s AND loss.state = 'lost'
                   AND loss.source = 'declared' AND row.value_at_risk <> 0
                   AND (row.partner_id, row.company_id)
                     = (loss.partner_id, loss.company_id) AND %s
                """,
                company.id,
                scope,
            )
        )

    @api.model
    def _follow_losses(self, company, account_ids) -> None:
        """Bring the money at risk of accounts up to date with their losses."""
        self.env.flush_all()
        # sudo: customer.churn.score - scores do not depend on who declares a loss
        engine = self.sudo()
        scope = SQL("row.partner_id = ANY(%s)", list(account_ids))
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_score row
                   SET value_at_risk = round((yearly_value * lost)::numeric, 2)
                 WHERE row.company_id = %s AND row.value_at_risk = 0
                   AND row.yearly_value > 0 AND %s
                """,
                company.id,
                scope,
            )
        )
        engine._take_declared_out(company, scope)
        engine._follow_danger(company, SQL("TRUE"))
        self.invalidate_model()
