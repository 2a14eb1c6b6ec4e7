from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.log import Continuation, continuation, from_cutoff
from ..logic.replay import replay
from ..logic.verdict import AXES, Move, Outcome, Standing
from .bulk_load import array_sql, int_array
from .customer_relationship_rulebook import Rulebook

# Columns of a standing on each axis: {axis: {attribute of `Standing`: column}}
STANDING_COLUMNS = {
    "position": {
        "current": "stage_id",
        "since": "stage_since",
        "previous": "previous_stage_id",
        "highest": "highest_stage_id",
        "by_rules": "rule_stage_id",
        "version": "stage_version_id",
        "pin": "stage_pin_id",
        "entitled": "entitled_stage_id",
    },
    "condition": {
        "current": "condition_id",
        "since": "condition_since",
        "previous": "previous_condition_id",
        "by_rules": "rule_condition_id",
        "version": "condition_version_id",
        "pin": "condition_pin_id",
        "entitled": "entitled_condition_id",
    },
}
# The columns among them that hold a day; the others hold ids.
DATED = {"stage_since", "condition_since", "pending_on"}
INTEGERS, DATES = SQL("int[]"), SQL("date[]")
# Older moves are history, not news: nobody is asked to act on them.
ACTION_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a batch found out about one account."""

    partner_id: int
    outcome: Outcome
    continuations: tuple[Continuation, Continuation]
    #: Steps the log knew before, by axis; empty when it knew none.
    reached: dict[str, tuple[int, ...]]


class CustomerRelationship(models.Model):
    """Decides the accounts whose verdict may have changed, and writes it down."""

    _inherit = "customer.relationship"

    def _replay_accounts(
        self, company, partner_ids: list[int], as_of: date, book: Rulebook, cause: str
    ) -> int:
        """Replay some accounts, append to the log and write their rows.

        :return: number of moves recorded.
        """
        decisions = self._decide_accounts(company, partner_ids, as_of, book)
        transitions = [
            vals
            for decision in decisions
            for vals in self._prepare_transitions(company, decision, as_of, cause)
        ]
        live = cause == "live"
        movers = {vals["partner_id"] for vals in transitions} if live else set()
        self._write_standings(
            company, [item for item in decisions if item.partner_id not in movers]
        )
        self._write_movers(
            company, [item for item in decisions if item.partner_id in movers]
        )
        log = self.env["customer.relationship.transition"]
        created = log._record(transitions, live=live)
        if live:
            created._run_side_effects(company, as_of)
        return len(transitions)

    def _decide_accounts(
        self, company, partner_ids: list[int], as_of: date, book: Rulebook
    ) -> list[Decision]:
        histories = self._gather_histories(company, partner_ids, book)
        pins = self._gather_pins(company, partner_ids)
        log = self.env["customer.relationship.transition"]._standing_log(
            company, partner_ids, as_of
        )
        segments = self._gather_segments(company, partner_ids)
        decisions = []
        for partner_id in partner_ids:
            recorded = log.get(partner_id, {})
            days = [rows[0][0] for rows in recorded.values() if rows]
            outcome = replay(
                histories[partner_id],
                book.eras(segments.get(partner_id)),
                pins.get(partner_id, ()),
                as_of,
                known_since=min(days, default=None),
            )
            decisions.append(
                self._compare_with_log(company, partner_id, outcome, recorded)
            )
        return decisions

    def _compare_with_log(
        self,
        company,
        partner_id: int,
        outcome: Outcome,
        recorded: dict[str, list[tuple[date, int | None]]],
    ) -> Decision:
        """Find out what the log of one account lacks.

        :param recorded: {axis: [(day, step)]} of the rows that stand.
        """
        continuations = tuple(
            continuation(
                axis,
                recorded.get(axis, ()),
                self._recorded_part(company, axis, outcome.moves, recorded.get(axis)),
            )
            for axis in AXES
        )
        reached = {
            axis: tuple(step for _day, step in recorded[axis][: found.kept] if step)
            for axis, found in zip(AXES, continuations, strict=True)
            if recorded.get(axis)
        }
        return Decision(partner_id, outcome, continuations, reached)

    @staticmethod
    def _recorded_part(
        company, axis: str, moves: Iterable[Move], recorded
    ) -> tuple[Move, ...]:
        """Positions are recorded always, conditions from the company's cut-off on.

        What was recorded before the cut-off stays part of the comparison: otherwise
        an evaluation as of an earlier day would make later ones correct the log.
        """
        timeline = tuple(move for move in moves if move.axis == axis)
        cutoff = company.retention_condition_from
        if axis == "position" or not cutoff:
            return timeline
        return from_cutoff(
            timeline, min(cutoff, recorded[0][0]) if recorded else cutoff
        )

    # === WRITE === #

    def _prepare_transitions(
        self, company, decision: Decision, as_of: date, cause: str
    ) -> list[dict]:
        """Return the values of the rows to append for one account."""
        log = self.env["customer.relationship.transition"]
        recorded_at = fields.Datetime.now()
        rows = []
        for step in decision.continuations:
            for number, move in enumerate(step.moves):
                trigger = self._trigger(decision, step, move, as_of, cause)
                values = log._prepare_values(
                    move,
                    partner_id=decision.partner_id,
                    company_id=company.id,
                    recorded_at=recorded_at,
                    trigger=trigger,
                    is_live=cause == "live"
                    and trigger in ("rule", "person")
                    and self._may_act_on(company, move.day, as_of),
                )
                values["corrects_from"] = None if number else step.corrects_from
                if cause == "reparent" and values["corrects_from"]:
                    values["cause"] = "moved"
                values["reached"] = decision.reached.get(move.axis, ())
                rows.append(values)
        return rows

    @staticmethod
    def _may_act_on(company, day: date, as_of: date) -> bool:
        """Tell whether a move is recent enough, and after the company's start day."""
        start = company.retention_side_effects_from
        return bool(start and day >= start and day > as_of - ACTION_WINDOW)

    @staticmethod
    def _trigger(
        decision: Decision, step: Continuation, move: Move, as_of: date, cause: str
    ) -> str:
        if move.cause == "pin":
            return "person"
        if cause in ("merge", "import", "backfill"):
            return cause
        if step.corrects_from:
            return "correction"
        if not decision.reached and move.day <= as_of - ACTION_WINDOW:
            return "backfill"
        return "rule"

    @api.model
    def _verdict_columns(self) -> tuple[str, ...]:
        columns = [
            column
            for by_attribute in STANDING_COLUMNS.values()
            for column in by_attribute.values()
        ]
        return (*columns, "pending_on")

    def _standing_values(self, outcome: Outcome) -> dict[str, object]:
        standings: dict[str, Standing] = {
            "position": outcome.position,
            "condition": outcome.condition,
        }
        values: dict[str, object] = {
            column: getattr(standings[axis], attribute) or None
            for axis, by_attribute in STANDING_COLUMNS.items()
            for attribute, column in by_attribute.items()
        }
        values["pending_on"] = outcome.pending_on
        return values

    def _write_standings(self, company, decisions: list[Decision]) -> None:
        """Write many rows with one statement; rows that stay the same stay."""
        if not decisions:
            return
        names = self._verdict_columns()
        arrays: list[list] = [[] for _name in names]
        for decision in decisions:
            values = self._standing_values(decision.outcome)
            for array, name in zip(arrays, names, strict=True):
                array.append(values[name])
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_relationship row SET (%(names)s) = ROW(%(new)s),
                       next_evaluation_on = LEAST(row.next_evaluation_on,
                                                  new.pending_on)
                  FROM unnest(%(ids)s, %(arrays)s) AS new (id, %(names)s)
                 WHERE row.company_id = %(company)s AND row.partner_id = new.id
                   AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                names=SQL(", ").join(SQL.identifier(name) for name in names),
                new=SQL(", ").join(SQL.identifier("new", name) for name in names),
                old=SQL(", ").join(SQL.identifier("row", name) for name in names),
                ids=int_array(decision.partner_id for decision in decisions),
                arrays=SQL(", ").join(
                    array_sql(array, DATES if name in DATED else INTEGERS)
                    for name, array in zip(names, arrays, strict=True)
                ),
                company=company.id,
            )
        )

    def _write_movers(self, company, decisions: list[Decision]) -> None:
        """Write the few that moved through the ORM, so that others notice: those to
        whom the same happened together.
        """
        if not decisions:
            return
        self.invalidate_model()
        by_partner = {item.partner_id: item.outcome for item in decisions}
        rows = self.search(
            [("company_id", "=", company.id), ("partner_id", "in", list(by_partner))]
        )
        alike = defaultdict(list)
        names = [*self._verdict_columns(), "partner_id", "next_evaluation_on"]
        for known in rows.read(names, load=None):
            changed = self._changed_standing(known, by_partner[known["partner_id"]])
            alike[tuple(changed.items())].append(known["id"])
        for changed, row_ids in alike.items():
            self.browse(row_ids)._write_verdict(dict(changed))
        self.flush_model()

    def _changed_standing(self, known: dict, outcome: Outcome) -> dict[str, object]:
        """Return the columns of a row that an outcome changes, with their values.

        :param known: the row as it is
        """
        values = self._standing_values(outcome)
        days = [known["next_evaluation_on"], values["pending_on"]]
        values["next_evaluation_on"] = min((day for day in days if day), default=None)
        return {
            name: value
            for name, value in values.items()
            if value != (known[name] or None)
        }
