from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import indexes_built_afterwards, is_empty
from .customer_account import AccountScope

# Tables derived from documents, in the order in which they depend on each other.
DERIVED = (
    "customer.purchase",
    "customer.quotation",
    "customer.contact.day",
)


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
    # The derived model whose spared accounts are spared here, too.
    _spared_as: str | None = None
    # The column with the day since when a row matters.
    _derived_day = "date"
    # Whether a row comes from orders, which may be read one by one.
    _follows_orders = False

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
        changes: dict[int, date] = {}
        for account_id, day in self._sync_scope(scope):
            changes[account_id] = min(day, changes.get(account_id, day))
        self.invalidate_model()
        return changes

    @api.model
    def _fill(self, scope: AccountScope) -> bool:
        """Write the first rows of all, without saying whose they are.

        :return: False when there are rows already; nothing is done then
        """
        if scope.ids is not None or not is_empty(self.env.cr, self._table):
            return False
        self.env.flush_all()
        with indexes_built_afterwards(self.env.cr, self._table):
            fresh = SQL("(%s) AS fresh", self._fresh_sql(scope))
            self.env.cr.execute(self._insert_sql(fresh))
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self._table)))
        self.invalidate_model()
        return True

    @api.model
    def _pieces(
        self, scope: AccountScope, orders: Mapping[int, set[int]]
    ) -> list[AccountScope]:
        """Divide accounts into those that are read completely and the others.

        :param orders: {account: the only orders of it to be read again}
        """
        if scope.ids is None or not self._follows_orders:
            return [scope]
        some = orders.keys() & set(scope.ids)
        numbers = {order_id for account_id in some for order_id in orders[account_id]}
        return [scope.only(set(scope.ids) - some), scope.only(some, orders=numbers)]

    def _sync_scope(self, scope: AccountScope) -> list[tuple[int, date]]:
        if scope.ids is not None:
            return self.env.execute_query(self._sync_few_sql(scope))
        if self._fill(scope):
            return self.env.execute_query(self._changes_sql(self._days_sql(scope)))
        return self._sync_range(scope)

    def _sync_range(self, scope: AccountScope) -> list[tuple[int, date]]:
        """Bring a mass of accounts up to date, with the cheapest statements.

        Jobs take turns, so that a plain insert will do, in half the time; and so many
        rows are news to the planner.
        """
        known = self._known_sql(scope)
        fresh = added = self._keep_rows("fresh", self._fresh_sql(scope))
        rows, changes = self._select_sql(fresh), []
        if self.env.execute_query(SQL("%s LIMIT 1", known)):
            gone = self._delete_sql(SQL("%s EXCEPT %s", known, rows))
            changes += self.env.execute_query(gone)
            added = self._keep_rows("added", SQL("%s EXCEPT %s", rows, known))
        changes += self.env.execute_query(
            SQL(
                "WITH added AS MATERIALIZED (%s), writing AS (%s) %s",
                self._select_sql(added),
                self._take_away_sql(),
                self._changes_sql(self._changed_hands_sql()),
            )
        )
        if changes:
            self.env.cr.execute(self._insert_sql(added))
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(self._table)))
        for table in {fresh, added}:
            self.env.cr.execute(SQL("DROP TABLE %s", table))
        return changes

    # === STATEMENTS === #

    def _fresh_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            "SELECT * FROM (%s) AS derived (%s)",
            self._get_derived_sql(scope),
            self._columns_sql(self._derived_columns),
        )

    def _known_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            "%s WHERE %s",
            self._select_sql(SQL.identifier(self._table)),
            self._scope_sql(scope),
        )

    def _scope_sql(self, scope: AccountScope) -> SQL:
        """Return the condition on the rows that the documents of a scope stand for."""
        return scope.condition(SQL("partner_id"))

    def _select_sql(self, table: SQL) -> SQL:
        return SQL("SELECT %s FROM %s", self._columns_sql(self._derived_columns), table)

    def _keep_rows(self, name: str, rows: SQL) -> SQL:
        """Keep rows in a table of this transaction; return the table."""
        table = SQL.identifier(f"{self._table}_{name}")
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, rows)
        )
        return table

    def _sync_few_sql(self, scope: AccountScope) -> SQL:
        """Bring some accounts up to date, in one statement.

        Somebody else may insert the same rows right now: the later one waits and
        starts again. Rows are deleted by id: few are, whatever the planner expects.
        """
        return SQL(
            """
            WITH fresh AS MATERIALIZED (%(fresh)s),
                 known AS MATERIALIZED (
                    SELECT id, %(columns)s FROM %(table)s WHERE %(scope)s),
                 added AS MATERIALIZED (%(rows)s EXCEPT %(known)s),
                 gone AS (
                    DELETE FROM %(table)s WHERE id = ANY(ARRAY(
                        SELECT id FROM known WHERE NOT EXISTS (
                            SELECT FROM fresh WHERE (%(known_key)s) = (%(fresh_key)s))))
                    RETURNING partner_id, %(day)s AS day),
                 writing AS (%(insert)s ON CONFLICT (%(key)s)
                    DO UPDATE SET (%(columns)s) = ROW(%(excluded)s))
            %(changes)s
            """,
            fresh=self._fresh_sql(scope),
            rows=self._select_sql(SQL("fresh")),
            known=self._select_sql(SQL("known")),
            table=SQL.identifier(self._table),
            scope=self._scope_sql(scope),
            known_key=self._columns_sql(self._derived_key, "known"),
            fresh_key=self._columns_sql(self._derived_key, "fresh"),
            day=SQL.identifier(self._derived_day),
            insert=self._insert_sql(SQL("added")),
            key=self._columns_sql(self._derived_key),
            columns=self._columns_sql(self._derived_columns),
            excluded=self._columns_sql(self._derived_columns, "excluded"),
            changes=self._changes_sql(
                SQL(
                    "SELECT partner_id, day FROM gone UNION ALL %s",
                    self._changed_hands_sql(),
                )
            ),
        )

    def _changed_hands_sql(self) -> SQL:
        """Return whose the documents of ``added`` were, and whose they are now."""
        return SQL(
            """
            SELECT known.partner_id, known.%(day)s AS day
              FROM added JOIN %(table)s known ON (%(known)s) = (%(key)s)
             UNION ALL
            SELECT partner_id, %(day)s FROM added
            """,
            table=SQL.identifier(self._table),
            known=self._columns_sql(self._derived_key, "known"),
            key=self._columns_sql(self._derived_key, "added"),
            day=SQL.identifier(self._derived_day),
        )

    def _days_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            "SELECT partner_id, %s AS day FROM %s WHERE %s",
            SQL.identifier(self._derived_day),
            SQL.identifier(self._table),
            self._scope_sql(scope),
        )

    def _changes_sql(self, changed: SQL) -> SQL:
        return SQL(
            "SELECT partner_id, min(day) FROM (%s) changed GROUP BY partner_id", changed
        )

    def _take_away_sql(self) -> SQL:
        return SQL(
            "DELETE FROM %s known USING added WHERE (%s) = (%s)",
            SQL.identifier(self._table),
            self._columns_sql(self._derived_key, "known"),
            self._columns_sql(self._derived_key, "added"),
        )

    def _insert_sql(self, rows: SQL) -> SQL:
        return SQL(
            "INSERT INTO %s (%s) %s",
            SQL.identifier(self._table),
            self._columns_sql(self._derived_columns),
            self._select_sql(rows),
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

    @staticmethod
    def _columns_sql(columns: tuple[str, ...], alias: str | None = None) -> SQL:
        return SQL(", ").join(
            SQL.identifier(alias, name) if alias else SQL.identifier(name)
            for name in columns
        )
