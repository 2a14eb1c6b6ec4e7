from __future__ import annotations

from datetime import date

from odoo import models
from odoo.tools import SQL

from ..logic import rule as rule_logic
from .customer_relationship_rulebook import Rulebook


class CustomerRelationship(models.Model):
    """Asks the rules about any relation ``row`` that has the columns of the facts."""

    _inherit = "customer.relationship"

    @staticmethod
    def _rule_sql(compiled: tuple[str, list]) -> SQL:
        text, parameters = compiled
        return SQL(text, *parameters)  # pylint: disable=sql-injection

    def _entitled_position_sql(self, ladder) -> SQL:
        """Return the highest position whose rule holds, or else the lowest."""
        if not ladder.steps:
            return SQL("NULL::int")
        return self._case_sql(reversed(ladder.steps), ladder.steps[0].key)

    def _entitled_condition_sql(self, conditions) -> SQL:
        """Return the first condition whose rule holds, or none."""
        return self._case_sql(conditions.steps, None)

    def _case_sql(self, steps, otherwise: int | None) -> SQL:
        cases = [
            SQL(
                "WHEN %s THEN %s",
                self._rule_sql(
                    rule_logic.to_sql(step.rule, self._fact_column, "row.as_of")
                ),
                step.key,
            )
            for step in steps
            if step.rule is not None
        ]
        if not cases:
            return SQL("%s::int", otherwise)
        return SQL("CASE %s ELSE %s::int END", SQL(" ").join(cases), otherwise)

    def _break_points_sql(self, book: Rulebook, era: int, as_of: date) -> SQL:
        steps = (*book.positions[era].steps, *book.conditions[era].steps)
        compiled = [
            rule_logic.break_points_sql(step.rule, self._fact_column, "row.as_of")
            for step in steps
            if step.rule is not None
        ]
        days = [self._rule_sql(item) for item in compiled if item]
        later = [start for start in book.starts if start and start > as_of]
        if later:
            days.append(SQL("%s::date", min(later)))
        return SQL("LEAST(%s)", SQL(", ").join(days)) if days else SQL("NULL::date")

    @staticmethod
    def _fact_column(key: str) -> str:
        return f'row."{key}"'

    def _fact_columns_sql(self, alias: str) -> SQL:
        return SQL(", ").join(
            SQL.identifier(alias, name) for name in self._fact_columns()
        )
