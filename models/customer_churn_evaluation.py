from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import int_array
from .customer_account import AccountScope


class CustomerRelationship(models.Model):
    """Whoever just bought is no longer at risk: few customers are scored at once."""

    _inherit = "customer.relationship"

    @api.model
    def _sync_and_evaluate(
        self,
        partner_ids,
        cause="live",
        as_of=None,
        force=False,
        spared=None,
        orders=None,
    ):
        partner_ids = list(partner_ids)
        moves = super()._sync_and_evaluate(
            partner_ids, cause, as_of, force, spared, orders
        )
        accounts = self.env["customer.account"]._account_ids(partner_ids)
        account_ids = sorted({*accounts.values(), *partner_ids})
        watching = self.env["res.company"]._churn_roots()
        for company in watching & self._companies_knowing(AccountScope.of(account_ids)):
            day = as_of or company._retention_today()
            self._follow_returns(company, day, account_ids)
            # The night's job scores everybody; before the first one nobody has a score.
            if self.env["customer.churn.score"]._has_scores(company):
                signals = self.env["customer.churn.signal"]
                signals._read_accounts(company, day, account_ids)
                self.env["customer.churn.score"]._refresh(company, day, account_ids)
        return moves

    @api.model
    def _knowing_tables(self):
        """A company that only remembers a customer has something to take back."""
        return (
            *super()._knowing_tables(),
            *("customer_churn_score", "customer_churn_event"),
            "customer_retention_case",
        )

    @api.model
    def _follow_returns(self, company, day, account_ids) -> None:
        """Take back losses, and end cases, of accounts that have bought: a statement
        for each of the two, where nothing comes of it.
        """
        self.env.flush_all()
        # sudo: customer.churn.event - purchases say it, whoever causes the work
        self.env["customer.churn.event"].sudo()._refresh_facts(company, account_ids)
        # sudo: customer.retention.case - purchases say it, whoever causes the work
        self.env["customer.retention.case"].sudo()._measure(company, day, account_ids)

    @api.model
    def _strip_now(self, partner_ids):
        """Scores of customers who are excluded from profiling go at once, too."""
        result = super()._strip_now(partner_ids)
        accounts = self.env["customer.account"]._account_ids(partner_ids)
        for name in ("customer.churn.score", "customer.churn.signal"):
            self.env.cr.execute(
                SQL(
                    """DELETE FROM %s known
                        USING customer_relationship row
                        WHERE row.is_excluded AND row.partner_id = ANY(%s)
                          AND (row.partner_id, row.company_id)
                            = (known.partner_id, known.company_id)""",
                    SQL.identifier(self.env[name]._table),
                    int_array(accounts.values()),
                )
            )
            self.env[name].invalidate_model()
        return result


class CustomerChurnScore(models.Model):
    """Whose customer somebody is shows at once, before the night's job."""

    _inherit = "customer.churn.score"

    @api.model
    def _follow_salespeople(self, account_ids: list[int]) -> None:
        """Take over who looks after these accounts now."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_score score SET user_id = row.user_id
                  FROM customer_relationship row
                 WHERE score.partner_id = ANY(%s)
                   AND (row.partner_id, row.company_id)
                     = (score.partner_id, score.company_id)
                   AND score.user_id IS DISTINCT FROM row.user_id
                """,
                int_array(account_ids),
            )
        )
        self.invalidate_model(["user_id"])
