from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from ..logic import rule as rule_logic
from .customer_relationship_preview import Preview


@dataclass(frozen=True, slots=True)
class Unreached:
    """A step that the rules on trial would entitle nobody to.

    :param key: the step
    :param before: customers the rules in force entitle to it
    :param described: customers whom its rule describes, but another step takes
    """

    key: int
    before: int
    described: int


class CustomerRelationship(models.Model):
    """What the numbers of a dry-run do not say: steps out of reach, and stays."""

    _inherit = "customer.relationship"

    @api.model
    def _preview_unreached(
        self, company, changes: dict[tuple[str, int], dict], axis: str
    ) -> list[Unreached]:
        """Return the steps that nobody would be entitled to any more.

        Among them is a step that is changed, even if nobody was entitled to it
        before; a step that is reached by a person's decision only is not.
        """
        preview = self._prepare_preview(company, changes, axis)
        before: Counter[int | None] = Counter()
        after: Counter[int | None] = Counter()
        for known, entitled, number in self._preview_entitlements(preview):
            before[known] += number
            after[entitled] += number
        changed = {res_id for _model, res_id in changes}
        unreached = [
            step
            for step in preview.ladder.steps
            if step.rule is not None
            and not after[step.key]
            and (before[step.key] or step.key in changed)
        ]
        if not after or not unreached:
            return []
        described = self._preview_described(preview, unreached)
        return [
            Unreached(step.key, before[step.key], number)
            for step, number in zip(unreached, described, strict=True)
        ]

    @api.model
    def _preview_has_stays(self, company, changes, axis: str) -> bool:
        """Whether a minimum stay makes the numbers of an axis an estimate."""
        preview = self._prepare_preview(company, changes, axis)
        return any(step.minimum_days for step in preview.ladder.steps)

    @api.model
    def _count_without_condition(self, company) -> int:
        """Count the customers who have bought and whom no condition describes today.

        The rules are read as they are now, also before they have been evaluated.
        """
        preview = self._prepare_preview(company, {}, "condition")
        query = SQL(
            "SELECT count(*) FROM (SELECT %s AS entitled FROM %s row"
            " WHERE purchase_days > 0) asked WHERE entitled IS NULL",
            preview.entitled,
            preview.table,
        )
        return self.env.execute_query(query)[0][0]

    def _preview_entitlements(self, preview: Preview) -> list[tuple]:
        return self.env.execute_query(
            SQL(
                "SELECT known, entitled, count(*)"
                " FROM (SELECT %s AS known, %s AS entitled FROM %s row) asked"
                " GROUP BY known, entitled",
                SQL.identifier("row", preview.known),
                preview.entitled,
                preview.table,
            )
        )

    def _preview_described(self, preview: Preview, steps) -> tuple[int, ...]:
        """Return how many customers the rule of each step describes."""
        counts = [
            SQL(
                "count(*) FILTER (WHERE %s)",
                self._rule_sql(
                    rule_logic.to_sql(step.rule, self._fact_column, "row.as_of")
                ),
            )
            for step in steps
        ]
        query = SQL("SELECT %s FROM %s row", SQL(", ").join(counts), preview.table)
        return self.env.execute_query(query)[0]
