from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .customer_account import AccountScope


class CustomerAccountGroup(models.Model):
    """Who holds the membership of whom: the only place that maps accounts to heads."""

    _inherit = "customer.account.group"

    @api.model
    def _heads_sql(self, company=None, scope: AccountScope | None = None) -> SQL:
        """Return a relation of the accounts that qualify together, and with whom.

        Columns: ``account_id``, ``head_id`` (an account as well; the head's own row
        is among them), ``group_id``, ``share`` (the part that counts, 0.0 to 1.0),
        ``date_from`` and ``date_until`` (first and last day whose purchases count
        for the head; NULL: no limit) and ``is_shared`` (a group of every company).
        Accounts in no group are missing: each is its own head. On any day there is at
        most one row for an account.

        :param company: root company: its groups and the shared ones. Without a
            company only shared groups, as a shared ladder needs them.
        :param scope: only rows of these accounts
        """
        self._flush_heads()
        return SQL(
            """(
            WITH candidate AS (%(candidates)s)
            SELECT account_id, head_id, group_id, share, date_from, date_until,
                   is_shared
              FROM candidate
             WHERE %(scope)s AND NOT EXISTS (
                    SELECT FROM candidate earlier
                     WHERE earlier.account_id = candidate.account_id
                       AND earlier.id < candidate.id
                       AND %(overlap)s))""",
            candidates=self._candidates_sql(company),
            scope=scope.condition(SQL("account_id")) if scope else SQL("TRUE"),
            overlap=self._overlap_sql("earlier", "candidate"),
        )

    @api.model
    def _candidates_sql(self, company) -> SQL:
        """Return the memberships of groups in use, some of which may overlap."""
        return SQL(
            """
                SELECT member.id, mapping.account_id, lead.account_id AS head_id,
                       membership.id AS group_id,
                       LEAST(GREATEST(member.share, 0), 100) / 100.0 AS share,
                       member.date_from, member.date_until,
                       membership.company_id IS NULL AS is_shared
                  FROM customer_account_group membership
                  JOIN %(mapping)s lead ON lead.partner_id = membership.lead_id
                  JOIN customer_account_group_member member
                    ON member.group_id = membership.id
                  JOIN %(mapping)s mapping ON mapping.partner_id = member.partner_id
                 WHERE membership.active
                   AND (membership.company_id IS NULL
                        OR membership.company_id = %(company)s)
            """,
            mapping=self.env["customer.account"]._mapping_sql(),
            company=(company and company.id) or None,
        )

    @api.model
    def _groups_at(self, partners, company, day) -> dict:
        """Return {account id: group} of those who count for a head on a day."""
        if not partners:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT account_id, group_id FROM %s head
                    WHERE COALESCE(date_from <= %s, TRUE)
                      AND COALESCE(date_until >= %s, TRUE)""",
                self._heads_sql(company, AccountScope.of(partners.ids)),
                day,
                day,
            )
        )
        groups = self.browse(group_id for _account_id, group_id in rows)
        readable = groups._filtered_access("read")
        return {
            account_id: self.browse(group_id)
            for account_id, group_id in rows
            if group_id in readable._ids
        }

    @api.model
    def _overlap_sql(self, one: str, other: str) -> SQL:
        """Return whether the days of two rows overlap; NULL has no limit."""
        return SQL(
            """COALESCE(%(one)s.date_from <= %(other)s.date_until, TRUE)
               AND COALESCE(%(other)s.date_from <= %(one)s.date_until, TRUE)""",
            one=SQL.identifier(one),
            other=SQL.identifier(other),
        )

    @api.model
    def _flush_heads(self) -> None:
        """Have in the database what :meth:`_heads_sql` reads."""
        self.flush_model(["active", "company_id", "lead_id"])
        self.env["customer.account.group.member"].flush_model(
            ["group_id", "partner_id", "share", "date_from", "date_until"]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
