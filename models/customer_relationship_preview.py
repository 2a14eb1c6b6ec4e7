from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..logic import rule as rule_logic
from ..logic.ladder import Conditions, Ladder


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
        :return: ``{"total", "position": {(from, to): n}, "condition": …}``.
        """
        moves = {}
        for axis in ("position", "condition"):
            preview = self._prepare_preview(company, changes, axis)
            counts: Counter[tuple[int | None, int | None]] = Counter()
            for current, entitled, held, number in self._preview_groups(preview):
                target = _preview_target(preview.ladder, current, entitled, held)
                if target != current:
                    counts[current, target] += number
            moves[axis] = dict(counts)
        total = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM customer_relationship"
                " WHERE company_id = %s AND active AND is_excluded IS NOT TRUE",
                company.id,
            )
        )[0][0]
        return {"total": total, **moves}

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
        groups = [
            (current, entitled, held)
            for current, entitled, held, _number in self._preview_groups(preview)
            if current == from_id
            and _preview_target(preview.ladder, current, entitled, held) == to_id
        ]
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
        """Return ``id, current, entitled, held`` of the rows that rules decide."""
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
            "SELECT row.id, %s AS current, %s AS entitled, %s AS held"
            " FROM %s row WHERE %s IS NULL",
            SQL.identifier("row", preview.current),
            preview.entitled,
            held,
            preview.table,
            SQL.identifier("row", preview.pin),
        )

    def _preview_groups(self, preview: Preview) -> list[tuple]:
        return self.env.execute_query(
            SQL(
                "SELECT current, entitled, held, count(*) FROM (%s) asked"
                " GROUP BY current, entitled, held",
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
