from __future__ import annotations

from datetime import date

from odoo import api, models
from odoo.tools import SQL

from .customer_account import AccountScope


class CustomerDerived(models.AbstractModel):
    """A table that is derived from documents and may be thrown away at any time.

    A model names its columns and how to derive them; :meth:`_sync` brings the rows
    of some accounts up to date and touches no row that is right already.
    """

    _name = "customer.derived"
    _inherit = "customer.visible.mixin"
    _description = "Derived Rows"
    _log_access = False

    # Columns in the order of `_get_derived_sql`, without the id.
    _derived_columns: tuple[str, ...] = ()
    # Columns that identify a row; there is a UNIQUE constraint on them.
    _derived_key: tuple[str, ...] = ()
    # The column with the day since when a row matters.
    _derived_day = "date"

    @api.model
    def _own_customer_sql(self, alias) -> SQL:
        """Derived rows name the account, which has a relationship."""
        return self._own_row_sql(alias)

    def _get_derived_sql(self, scope: AccountScope) -> SQL:
        """Return the rows that should be there for the accounts of a scope."""
        raise NotImplementedError

    @api.model
    def _sync(self, scope: AccountScope) -> dict[int, date]:
        """Derive the rows of some accounts from their documents again.

        :return: {account: first day on which something changed}
        """
        if not scope:
            return {}
        self.env.flush_all()
        if self._has_rows(scope):
            changes = self._sync_difference(scope)
        else:
            changes = self._run_changes(self._insert_sql(self._get_derived_sql(scope)))
        self.invalidate_model()
        return changes

    def _sync_difference(self, scope: AccountScope) -> dict[int, date]:
        known = SQL(
            "SELECT %s FROM %s WHERE %s",
            self._columns_sql(self._derived_columns),
            SQL.identifier(self._table),
            scope.condition(SQL("partner_id")),
        )
        derived = SQL(
            "SELECT * FROM (%s) AS derived (%s)",
            self._get_derived_sql(scope),
            self._columns_sql(self._derived_columns),
        )
        fresh, rows, _number = self._create_temporary("fresh", derived)
        added, new_rows, number = self._create_temporary(
            "added", SQL("%s EXCEPT %s", rows, known)
        )
        changes = self._run_changes(
            self._delete_sql(SQL("%s EXCEPT %s", known, rows)),
            *([self._former_sql(added), self._insert_sql(new_rows)] if number else ()),
        )
        self.env.cr.execute(SQL("DROP TABLE %s, %s", fresh, added))
        return changes

    def _create_temporary(self, name: str, rows: SQL) -> tuple[SQL, SQL, int]:
        """Keep rows in a table of this transaction.

        :return: the table, a query for its rows, and how many there are.
        """
        table = SQL.identifier(f"{self._table}_{name}")
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, rows)
        )
        columns = self._columns_sql(self._derived_columns)
        return table, SQL("SELECT %s FROM %s", columns, table), self.env.cr.rowcount

    def _run_changes(self, *statements: SQL) -> dict[int, date]:
        changes: dict[int, date] = {}
        for statement in statements:
            for account_id, day in self.env.execute_query(statement):
                changes[account_id] = min(day, changes.get(account_id, day))
        return changes

    def _has_rows(self, scope: AccountScope) -> bool:
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM %s WHERE %s LIMIT 1",
                    SQL.identifier(self._table),
                    scope.condition(SQL("partner_id")),
                )
            )
        )

    def _delete_sql(self, gone: SQL) -> SQL:
        return SQL(
            """
            WITH removed AS (
                DELETE FROM %(table)s known USING (%(gone)s) gone
                 WHERE (%(known)s) = (%(key)s)
                RETURNING known.partner_id, known.%(day)s AS day
            )
            SELECT partner_id, min(day) FROM removed GROUP BY partner_id
            """,
            table=SQL.identifier(self._table),
            gone=gone,
            known=self._columns_sql(self._derived_key, "known"),
            key=self._columns_sql(self._derived_key, "gone"),
            day=SQL.identifier(self._derived_day),
        )

    def _former_sql(self, added: SQL) -> SQL:
        """Return the accounts whose documents are about to change hands."""
        return SQL(
            """
            SELECT known.partner_id, min(known.%(day)s)
              FROM %(added)s added
              JOIN %(table)s known ON (%(known)s) = (%(key)s)
             WHERE known.partner_id <> added.partner_id
          GROUP BY known.partner_id
            """,
            table=SQL.identifier(self._table),
            added=added,
            known=self._columns_sql(self._derived_key, "known"),
            key=self._columns_sql(self._derived_key, "added"),
            day=SQL.identifier(self._derived_day),
        )

    def _insert_sql(self, rows: SQL) -> SQL:
        """Insert rows; a document that changed hands leaves its former account."""
        return SQL(
            """
            WITH added AS (
                INSERT INTO %(table)s (%(columns)s) %(rows)s
                ON CONFLICT (%(key)s) DO UPDATE SET (%(columns)s) = ROW(%(excluded)s)
                RETURNING partner_id, %(day)s AS day
            )
            SELECT partner_id, min(day) FROM added GROUP BY partner_id
            """,
            table=SQL.identifier(self._table),
            columns=self._columns_sql(self._derived_columns),
            rows=rows,
            key=self._columns_sql(self._derived_key),
            excluded=self._columns_sql(self._derived_columns, "excluded"),
            day=SQL.identifier(self._derived_day),
        )

    @staticmethod
    def _columns_sql(columns: tuple[str, ...], alias: str | None = None) -> SQL:
        return SQL(", ").join(
            SQL.identifier(alias, name) if alias else SQL.identifier(name)
            for name in columns
        )
