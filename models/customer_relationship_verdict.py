from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.history import FIT_QUESTIONS, Fit, History, Purchase, Quotation, Track
from ..logic.log import Continuation, continuation, from_cutoff
from ..logic.replay import replay
from ..logic.verdict import AXES, Move, Outcome, Pin, Standing
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

    # === GATHER === #

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

    def _gather_histories(
        self, company, partner_ids: list[int], book: Rulebook
    ) -> dict[int, History]:
        """Read what is known of some accounts, as far as a rule asks for it."""
        facts = frozenset().union(*(era.stored_facts for era in book.eras(None)))

        def rows(table, columns, of_company=company):
            return self._gather_rows(table, columns, partner_ids, of_company)

        purchases = rows("customer_purchase", ("date", "amount", "is_purchase"))
        quotations = rows("customer_quotation", ("opened_on", "closed_on", "amount"))
        fits = self._gather_decisions(
            "customer_fit", ("date", *FIT_QUESTIONS), partner_ids, company
        )
        categories: dict[int, list[tuple]] = {}
        if "category_count_12m" in facts:
            categories = self._gather_categories(company, partner_ids)
        contacts: dict[int, list[tuple]] = {}
        if "last_contact_on" in facts:
            contacts = rows("customer_contact_day", ("date",), None)
        tracks = self._gather_tracks(company, partner_ids, facts)
        return {
            partner_id: _to_history(
                purchases.get(partner_id, ()),
                quotations.get(partner_id, ()),
                contacts.get(partner_id, ()),
                fits.get(partner_id, ()),
                categories.get(partner_id, ()),
                tracks.get(partner_id, ()),
            )
            for partner_id in partner_ids
        }

    @api.model
    def _gather_tracks(
        self, company, partner_ids: list[int], facts: frozenset[str]
    ) -> dict[int, list[Track]]:
        """Return {account: courses of facts of other parts of the product}.

        :param facts: stored facts that a rule asks for
        """
        return {}

    def _gather_rows(
        self, table: str, columns: tuple[str, ...], partner_ids: list[int], company
    ) -> dict[int, list[tuple]]:
        """Return {account: rows} of a derived table; one query."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, %s FROM %s WHERE partner_id = ANY(%s) AND %s"
                " ORDER BY partner_id",
                SQL(", ").join(SQL.identifier(name) for name in columns),
                SQL.identifier(table),
                partner_ids,
                SQL("company_id = %s", company.id) if company else SQL("TRUE"),
            )
        )
        return _by_first(rows)

    def _gather_categories(
        self, company, partner_ids: list[int]
    ) -> dict[int, list[tuple]]:
        """Return {account: (day, category) of its purchases}."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id, date, unnest(categ_ids)"
                " FROM customer_purchase"
                " WHERE partner_id = ANY(%s) AND company_id = %s",
                partner_ids,
                company.id,
            )
        )
        return _by_first(rows)

    def _gather_decisions(
        self, table: str, columns: tuple[str, ...], partner_ids: list[int], company
    ) -> dict[int, list[tuple]]:
        """Return {account: people's records}, in the order they were made."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mapping.account_id, %s
                  FROM %s decision
                  JOIN %s mapping ON mapping.partner_id = decision.partner_id
                 WHERE mapping.account_id = ANY(%s) AND decision.company_id = %s
              ORDER BY mapping.account_id, decision.id
                """,
                SQL(", ").join(SQL.identifier("decision", name) for name in columns),
                SQL.identifier(table),
                self.env["customer.account"]._mapping_sql(),
                partner_ids,
                company.id,
            )
        )
        return _by_first(rows)

    def _gather_pins(self, company, partner_ids: list[int]) -> dict[int, list[Pin]]:
        columns = (
            "id",
            "axis",
            "stage_id",
            "condition_id",
            "date_from",
            "date_until",
            "ended_on",
        )
        rows = self._gather_decisions(
            "customer_relationship_pin", columns, partner_ids, company
        )
        return {
            partner_id: [_to_pin(*values) for values in pins]
            for partner_id, pins in rows.items()
        }

    def _gather_segments(self, company, partner_ids: list[int]) -> dict[int, int]:
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, segment_id FROM customer_relationship"
                    " WHERE company_id = %s AND partner_id = ANY(%s)",
                    company.id,
                    partner_ids,
                )
            )
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
                  FROM unnest(%(ids)s::int[], %(arrays)s) AS new (id, %(names)s)
                 WHERE row.company_id = %(company)s AND row.partner_id = new.id
                   AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                names=SQL(", ").join(SQL.identifier(name) for name in names),
                new=SQL(", ").join(SQL.identifier("new", name) for name in names),
                old=SQL(", ").join(SQL.identifier("row", name) for name in names),
                ids=[decision.partner_id for decision in decisions],
                arrays=SQL(", ").join(
                    SQL("%s::%s", array, DATES if name in DATED else INTEGERS)
                    for name, array in zip(names, arrays, strict=True)
                ),
                company=company.id,
            )
        )

    def _write_movers(self, company, decisions: list[Decision]) -> None:
        """Write the few that moved through the ORM, so that others notice."""
        if not decisions:
            return
        self.invalidate_model()
        by_partner = {item.partner_id: item.outcome for item in decisions}
        rows = self.search(
            [("company_id", "=", company.id), ("partner_id", "in", list(by_partner))]
        )
        for row in rows:
            values = self._standing_values(by_partner[row.partner_id.id])
            days = [row.next_evaluation_on, values["pending_on"]]
            values["next_evaluation_on"] = min((d for d in days if d), default=None)
            row._write_verdict(values)
        self.flush_model()


def _by_first(rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    grouped: dict[int, list[tuple]] = defaultdict(list)
    for key, *values in rows:
        grouped[key].append(tuple(values))
    return grouped


def _to_history(purchases, quotations, contacts, fits, categories, tracks) -> History:
    return History(
        purchases=tuple(
            Purchase(day, float(amount), bool(counts))
            for day, amount, counts in purchases
        ),
        quotations=tuple(
            Quotation(opened, closed, float(amount))
            for opened, closed, amount in quotations
        ),
        contact_days=tuple(day for (day,) in contacts),
        fits=tuple(Fit(day, tuple(answers)) for day, *answers in fits),
        categories=tuple(categories),
        tracks=tuple(tracks),
    )


def _to_pin(
    key: int,
    axis: str,
    stage_id: int | None,
    condition_id: int | None,
    starts: date,
    until: date | None,
    ended_on: date | None,
) -> Pin:
    ends = [until + timedelta(1) if until else None, ended_on]
    return Pin(
        key=key,
        axis=axis,
        target=stage_id if axis == "position" else condition_id,
        starts=starts,
        ends=min((day for day in ends if day), default=None),
    )
