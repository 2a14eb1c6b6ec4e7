from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import int_array, look_up_sql
from .customer_account import AccountScope

# Where a company knows an account from, and where what people decided about one is:
# whoever was a customer then may be a contact of another one by now.
KNOWING_TABLES = (
    "customer_relationship",
    "customer_purchase",
    "customer_quotation",
    "customer_relationship_transition",
)
DECIDING_TABLES = (
    "customer_relationship_pin",
    "customer_fit",
    "customer_profiling_exclusion",
)


class CustomerRelationship(models.Model):
    """Which customers are to be evaluated, and which ones nobody else is at work on."""

    _inherit = "customer.relationship"

    @api.model
    def _due_accounts(
        self, company, as_of: date, limit: int | None = None
    ) -> list[int]:
        """Return the accounts whose next decision date has come.

        Those set aside after an error are left to the queue.
        """
        return [
            partner_id
            for (partner_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT partner_id FROM customer_relationship due
                     WHERE company_id = %s AND next_evaluation_on <= %s
                       AND NOT EXISTS (
                            SELECT FROM customer_relationship_queue aside
                             WHERE aside.partner_id = due.partner_id
                               AND aside.retry_at IS NOT NULL)
                  ORDER BY next_evaluation_on, partner_id LIMIT %s
                    """,
                    company.id,
                    as_of,
                    limit,
                )
            )
        ]

    @api.model
    def _free_accounts(self, account_ids: Iterable[int]) -> list[int]:
        """Leave out the accounts whose rows another transaction is writing.

        The rows of the others stay locked for this transaction.
        """
        account_ids = sorted(set(account_ids))
        busy = self.env.execute_query(
            SQL(
                """
                WITH free AS MATERIALIZED (
                    SELECT id FROM customer_relationship
                     WHERE partner_id = ANY(%(ids)s)
                  ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
                )
                SELECT partner_id FROM customer_relationship
                 WHERE partner_id = ANY(%(ids)s)
                   AND id NOT IN (SELECT id FROM free)
                """,
                ids=int_array(account_ids),
            )
        )
        return sorted(set(account_ids) - {partner_id for (partner_id,) in busy})

    @api.model
    def _companies_knowing(self, scope: AccountScope):
        """Return the root companies in which some accounts may have a row.

        Most customers are known in one company: the others are not gathered for.
        """
        companies = self.env["res.company"]._retention_roots()
        if scope.ids is None or len(companies) < 2:
            return companies
        known = [
            SQL(
                "SELECT FROM %s known WHERE known.company_id = company.id AND %s",
                SQL.identifier(table),
                scope.condition(SQL("known.partner_id")),
            )
            for table in self._knowing_tables()
        ]
        decided = [
            SQL(
                "SELECT FROM %s decided JOIN %s mapping USING (partner_id)"
                " WHERE COALESCE(decided.company_id = company.id, TRUE)",
                SQL.identifier(table),
                self.env["customer.account"]._mapping_sql(scope),
            )
            for table in DECIDING_TABLES
        ]
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM unnest(%s) company(id) WHERE EXISTS (%s)",
                companies.ids,
                SQL(") OR EXISTS (").join([*known, *decided]),
            )
        )
        return companies & companies.browse(one for (one,) in rows)

    @api.model
    def _knowing_tables(self) -> tuple[str, ...]:
        """Return the tables from which a company knows an account.

        Later features add theirs.
        """
        return KNOWING_TABLES

    @api.model
    def _spared_accounts(
        self,
        accounts: Mapping[int, int],
        known: set[int],
        spared: Mapping[str, set[int]],
    ) -> dict[str, set[int]]:
        """Return {derived model: accounts whose rows are left as they are}.

        :param accounts: {partner: account}
        :param known: accounts that have a row
        """
        contacts = {one for one, account_id in accounts.items() if one != account_id}
        result = {}
        for model, partner_ids in spared.items():
            concerned = accounts.keys() - partner_ids
            concerned |= {accounts[one] for one in concerned}
            result[model] = (known | contacts) - concerned
        return result

    @api.model
    def _orders_by_account(
        self,
        accounts: Mapping[int, int],
        known: set[int],
        orders: Mapping[int, set[int]],
    ) -> dict[int, set[int]]:
        """Return {account: the only orders of it to be read again}: of those all of
        whose partners have told theirs. A contact has none as an account.

        :param accounts: {partner: account}
        :param known: accounts that have a row
        """
        result: dict[int, set[int]] = {one: set() for one in {*orders, *known}}
        for partner_id, account_id in accounts.items():
            if partner_id not in orders or account_id not in known:
                result.pop(account_id, None)
            elif account_id in result:
                result[account_id] |= orders[partner_id]
        return result

    @api.model
    def _lock_rows(self, scope: AccountScope) -> set[int]:
        """Keep others off the rows before anything is read for them.

        Whoever wrote one since this transaction began makes it start again now and
        not after its work; people who come later do not wait for these rows.

        :return: the accounts that have a row
        """
        rows = self.env.execute_query(
            SQL(
                "%s SELECT partner_id FROM customer_relationship WHERE %s"
                " ORDER BY id FOR NO KEY UPDATE",
                SQL() if scope.ids is None else look_up_sql(),
                scope.condition(SQL("partner_id")),
            )
        )
        return {account_id for (account_id,) in rows}
