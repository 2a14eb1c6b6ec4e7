from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..logic.ladder import Conditions, Ladder
from .customer_relationship_rulebook import STAGE


@dataclass(frozen=True, slots=True)
class Preview:
    """Rules to be tried out on one axis of one company.

    :param table: the rows, with the day as ``as_of``.
    :param known: column of the step the rules in force entitle a row to.
    :param entitled: the step the rules on trial entitle a row to.
    """

    ladder: Ladder | Conditions
    current: str
    since: str
    pin: str
    known: str
    table: SQL
    entitled: SQL
    today: date


class CustomerRelationship(models.Model):
    """Tries rules out: who would move if they were in force from today on.

    The facts of the rows are those of the last evaluation, which hold until the next
    decision date of each row; nothing is written. Minimum stays are reckoned from the
    day the row names, where a real run follows the path of each customer: without
    them both come to the same.
    """

    _inherit = "customer.relationship"

    @api.model
    def _preview(self, company, changes: dict[tuple[str, int], dict]) -> dict:
        """Count who would move from where to where.

        :param company: root company.
        :param changes: {(model, id): definition} as it would be saved.
        :return: ``{"total", "kept", "position": {(from, to): n}, "condition": …}``;
            ``kept`` counts those who would not meet the rule of their position and
            stay all the same, because it is forward-only.
        """
        moves, kept = {}, 0
        changed = {res_id for model, res_id in changes if model == STAGE}
        for axis in ("position", "condition"):
            preview = self._prepare_preview(company, changes, axis)
            counts: Counter[tuple[int | None, int | None]] = Counter()
            for current, entitled, held, known, number in self._preview_groups(preview):
                target = _preview_target(preview.ladder, current, entitled, held)
                if target != current:
                    counts[current, target] += number
                elif entitled != current and not held and current in {known, *changed}:
                    kept += number
            moves[axis] = dict(counts)
        total = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM customer_relationship"
                " WHERE company_id = %s AND active AND is_excluded IS NOT TRUE",
                company.id,
            )
        )[0][0]
        return {"total": total, "kept": kept, **moves}

    @api.model
    def _preview_ids(
        self,
        company,
        changes: dict[tuple[str, int], dict],
        axis: str,
        from_id: int | None,
        to_id: int | None,
        limit: int | None = None,
    ) -> list[int]:
        """Return the rows behind one number of :meth:`_preview`, same keys."""
        preview = self._prepare_preview(company, changes, axis)
        groups = {
            (current, entitled, held)
            for current, entitled, held, *_rest in self._preview_groups(preview)
            if current == from_id
            and _preview_target(preview.ladder, current, entitled, held) == to_id
        }
        if not groups:
            return []
        chosen = SQL(" OR ").join(
            SQL(
                "(asked.current, asked.entitled, asked.held)"
                " IS NOT DISTINCT FROM (%s::int, %s::int, %s::boolean)",
                *group,
            )
            for group in groups
        )
        return [
            row_id
            for (row_id,) in self.env.execute_query(
                SQL(
                    "SELECT id FROM (%s) asked WHERE %s ORDER BY id LIMIT %s",
                    self._preview_rows_sql(preview),
                    chosen,
                    limit,
                )
            )
        ]

    def _prepare_preview(self, company, changes, axis: str) -> Preview:
        self.env.flush_all()
        today = company._retention_today()
        book = self._rulebook(company, changes=changes, today=today)
        table = SQL(
            "(SELECT known.*, %s::date AS as_of FROM customer_relationship known"
            " WHERE company_id = %s AND active AND is_excluded IS NOT TRUE)",
            today,
            company.id,
        )
        if axis == "position":
            ladder = book.positions[-1]
            return Preview(
                ladder,
                "rule_stage_id",
                "stage_since",
                "stage_pin_id",
                "entitled_stage_id",
                table,
                self._entitled_position_sql(ladder),
                today,
            )
        conditions = book.conditions[-1]
        return Preview(
            conditions,
            "rule_condition_id",
            "condition_since",
            "condition_pin_id",
            "entitled_condition_id",
            table,
            self._entitled_condition_sql(conditions),
            today,
        )

    def _preview_rows_sql(self, preview: Preview) -> SQL:
        """Return ``id, current, entitled, held, known`` of the rows rules decide."""
        stays = [
            SQL("WHEN %s THEN %s", step.key, step.minimum_days)
            for step in preview.ladder.steps
            if step.minimum_days
        ]
        held = SQL("FALSE")
        if stays:
            held = SQL(
                "COALESCE(%s + CASE %s %s END > %s, FALSE)",
                SQL.identifier("row", preview.since),
                SQL.identifier("row", preview.current),
                SQL(" ").join(stays),
                preview.today,
            )
        return SQL(
            "SELECT row.id, %s AS current, %s AS entitled, %s AS held, %s AS known"
            " FROM %s row WHERE %s IS NULL",
            SQL.identifier("row", preview.current),
            preview.entitled,
            held,
            SQL.identifier("row", preview.known),
            preview.table,
            SQL.identifier("row", preview.pin),
        )

    def _preview_groups(self, preview: Preview) -> list[tuple]:
        return self.env.execute_query(
            SQL(
                "SELECT current, entitled, held, known, count(*) FROM (%s) asked"
                " GROUP BY current, entitled, held, known",
                self._preview_rows_sql(preview),
            )
        )


def _preview_target(
    ladder: Ladder | Conditions, current: int | None, entitled: int | None, held: bool
) -> int | None:
    """Return the step a customer would be on: the same decision as in a replay."""
    index = {step.key: number for number, step in enumerate(ladder.steps)}
    start = index.get(current) if current is not None else None
    if held and start is not None:
        return current
    target = ladder.target(start, index.get(entitled))
    return ladder.steps[target].key if target is not None else None
