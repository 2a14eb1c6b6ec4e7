from __future__ import annotations

from odoo import fields, models
from odoo.tools import SQL, sql


class LooseMany2one(fields.Many2one):
    """A Many2one without a foreign key, for rows that may be thrown away anyway.

    PostgreSQL checks a foreign key row by row, with a query and a lock each: six of
    them took ten times as long as everything else that a row takes. What refers to
    something that was deleted goes with it through :class:`CustomerReferent`; what
    a statement behind the back of the ORM leaves is found by the reconciliation.
    """

    def update_db_foreign_key(self, model, column):
        """Take away the foreign key where the column once had one."""
        cr, name = model.env.cr, f"{model._table}_{self.name}_fkey"
        if sql.constraint_definition(cr, model._table, name):
            sql.drop_constraint(cr, model._table, name)

    def forget(self, model: models.BaseModel, ids: list[int]) -> None:
        """Delete the rows that refer to records that are gone, or empty the column."""
        table, column = SQL.identifier(model._table), SQL.identifier(self.name)
        change = SQL("UPDATE %s SET %s = NULL", table, column)
        if self.ondelete == "cascade":
            change = SQL("DELETE FROM %s", table)
        model.env.cr.execute(SQL("%s WHERE %s = ANY(%s)", change, column, ids))
        model.invalidate_model()
