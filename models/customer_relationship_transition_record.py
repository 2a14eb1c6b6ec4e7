from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime

from odoo import api, models
from odoo.tools import SQL, split_every

from ..logic.verdict import Move
from .bulk_load import array_sql

# Rows of one INSERT of the backfill, and the columns it fills.
INSERT_BATCH = 5000
INTEGERS, TEXTS, DATES = SQL("int[]"), SQL("varchar[]"), SQL("date[]")
INSERTED = {
    "partner_id": INTEGERS,
    "company_id": INTEGERS,
    "axis": TEXTS,
    "from_stage_id": INTEGERS,
    "to_stage_id": INTEGERS,
    "from_condition_id": INTEGERS,
    "to_condition_id": INTEGERS,
    "date": DATES,
    "recorded_at": SQL("timestamp[]"),
    "trigger": TEXTS,
    "direction": TEXTS,
    "cause": TEXTS,
    "version_id": INTEGERS,
    "pin_id": INTEGERS,
    "facts": SQL("jsonb[]"),
    "corrects_from": DATES,
    "is_live": SQL("boolean[]"),
}


class CustomerRelationshipTransition(models.Model):
    """Appends to the log: a few rows as records, the past in bulk."""

    _inherit = "customer.relationship.transition"

    @api.model
    def _prepare_values(
        self,
        move: Move,
        partner_id: int,
        company_id: int,
        recorded_at: datetime,
        trigger: str,
        is_live: bool,
    ) -> dict:
        """Return the values of the row for a move; the direction comes later."""
        axis = "stage" if move.axis == "position" else "condition"
        return {
            "partner_id": partner_id,
            "company_id": company_id,
            "axis": move.axis,
            f"from_{axis}_id": move.origin or None,
            f"to_{axis}_id": move.target or None,
            "date": move.day,
            "recorded_at": recorded_at,
            "trigger": trigger,
            "cause": move.cause,
            "version_id": move.version or None,
            "pin_id": move.pin or None,
            "facts": dict(move.facts),
            "is_live": is_live,
        }

    @api.model
    def _record(self, rows: list[dict], live: bool):
        """Append rows to the log.

        What happens live is created one by one as far as others can tell; the
        backfill of years is inserted, and nobody is told.

        :return: the created rows; none for a backfill.
        """
        self._add_directions(rows)
        if live:
            return self.create(rows)
        for batch in split_every(INSERT_BATCH, rows):
            self._insert(list(batch))
        return self.browse()

    def _insert(self, rows: list[dict]) -> None:
        """Insert rows as one array a column, which is parsed faster than a tuple
        a row.
        """
        arrays = {name: [row.get(name) for row in rows] for name in INSERTED}
        arrays["facts"] = [json.dumps(facts) for facts in arrays["facts"]]
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_relationship_transition (%s)"
                " SELECT * FROM unnest(%s)",
                SQL(", ").join(SQL.identifier(name) for name in INSERTED),
                SQL(", ").join(
                    array_sql(arrays[name], INSERTED[name]) for name in INSERTED
                ),
            )
        )

    def _add_directions(self, rows: list[dict]) -> None:
        """Tell forward from back by the order of the steps as they are now.

        A row may bring ``reached``: the steps its customer had been on before.
        """
        order = {
            axis: self._step_order(model)
            for axis, model in (
                ("stage", "customer.relationship.stage"),
                ("condition", "customer.relationship.condition"),
            )
        }
        reached: dict[tuple, set[int]] = defaultdict(set)
        for row in rows:
            axis = "stage" if row["axis"] == "position" else "condition"
            origin, target = row.get(f"from_{axis}_id"), row.get(f"to_{axis}_id")
            seen = reached[row["partner_id"], row["company_id"], axis]
            seen.update(row.pop("reached", ()))
            row["direction"] = _direction(order[axis], origin, target, seen)
            seen.update(step for step in (origin, target) if step)

    def _step_order(self, model: str) -> dict[int, int]:
        # sudo: customer.rule.mixin - the order of steps is the same for everybody
        steps = self.env[model].sudo().with_context(active_test=False)
        steps = steps.search([])  # pylint: disable=no-search-all
        return {step.id: number for number, step in enumerate(steps)}


def _direction(
    order: dict[int, int], origin: int | None, target: int | None, seen: set[int]
) -> str:
    if not origin:
        return "entry"
    if not target or order.get(target, 0) < order.get(origin, 0):
        return "regression"
    if target in seen:
        return "reentry"
    steps = order.get(target, 0) - order.get(origin, 0)
    return "skip" if steps > 1 else "forward"
