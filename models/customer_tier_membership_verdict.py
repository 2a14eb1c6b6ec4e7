from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from odoo import api, fields, models

from ..logic.log import Continuation, continuation
from ..logic.tier import Member
from ..logic.tier_checkpoint import Checkpoint
from ..logic.tier_standing import Standing, Timeline
from ..logic.verdict import Move
from .customer_relationship_verdict import ACTION_WINDOW
from .customer_tier_membership_evaluation import LadderBook

# The log of tiers has one axis; `logic.log` compares it like a path of positions.
AXIS = "position"
# Documents kept with a change of tier: the latest ones.
MOST_DOCUMENTS = 50
# What people did, not what figures did.
DECIDED = ("granted", "grant_ended", "enrolled", "left")


@dataclass(frozen=True)
class TierDecision:
    """What a batch found out about one holder.

    :param standings: of the changes to record, by their day.
    """

    holder_id: int
    member: Member
    timeline: Timeline
    step: Continuation
    standings: Mapping[date, Standing]
    known: bool
    checkpoint: Checkpoint | None


class CustomerTierMembership(models.Model):
    """Decides the members whose tier may have changed, and writes it down."""

    _inherit = "customer.tier.membership"

    def _replay_holders(
        self, book: LadderBook, holder_ids: list[int], cause: str, leaves: bool = False
    ) -> int:
        """Replay some holders, append to the log and write their rows.

        :param leaves: they are not in the ladder any more; their rows go
        :return: number of changes recorded.
        """
        decisions = self._decide_holders(book, holder_ids, leaves)
        live_from = self._live_from(book) if cause == "live" else None
        rows = [
            vals
            for decision in decisions
            for vals in self._prepare_transitions(book, decision, cause, live_from)
        ]
        if not leaves:
            self._write_memberships(book, decisions)
        log = self.env["customer.tier.transition"]
        created = log._record(rows, live=cause == "live")
        if cause == "live":
            created.filtered("is_live")._act()
        return len(rows)

    def _decide_holders(
        self, book: LadderBook, holder_ids: list[int], leaves: bool
    ) -> list[TierDecision]:
        members = self._gather_members(book, holder_ids, leaves)
        recorded = self.env["customer.tier.transition"]._standing_log(
            book.ladder, holder_ids, book.day
        )
        checkpoints = self._gather_checkpoints(book, holder_ids)
        return [
            self._decide_holder(
                book,
                holder_id,
                members[holder_id],
                recorded.get(holder_id, []),
                checkpoints.get(holder_id),
            )
            for holder_id in holder_ids
        ]

    def _decide_holder(
        self,
        book: LadderBook,
        holder_id: int,
        member: Member,
        recorded: list[tuple[date, int | None]],
        start: Checkpoint | None = None,
    ) -> TierDecision:
        """Decide about one holder.

        :param recorded: (day, tier) of the rows of the log that stand, in order.
        :param start: from where to go on; what is to be recorded of the time before
            is worked out from the first day, with its evidence.
        """
        timeline, kept = book.replaying.replay(member, book.day, start)
        turns = _turns(timeline, member)
        moves, before = [], None
        for one in turns:
            moves.append(Move(AXIS, one.day, before, one.effective, one.cause))
            before = one.effective
        step = continuation(AXIS, recorded, moves)
        if start and step.moves and step.moves[0].day <= start.day:
            return self._decide_holder(book, holder_id, member, recorded)
        return TierDecision(
            holder_id=holder_id,
            member=member,
            timeline=timeline,
            step=step,
            standings={one.day: one for one in turns},
            known=bool(recorded),
            checkpoint=kept,
        )

    # === THE LOG === #

    def _prepare_transitions(
        self,
        book: LadderBook,
        decision: TierDecision,
        cause: str,
        live_from: date | None,
    ) -> list[dict]:
        """Return the values of the rows to append for one holder.

        :param live_from: first day whose changes have effects; None: none has.
        """
        recorded_at = fields.Datetime.now()
        rows = []
        for number, move in enumerate(decision.step.moves):
            trigger = self._trigger(book, decision, move, cause)
            rows.append(
                {
                    "partner_id": decision.holder_id,
                    "ladder_id": book.ladder.id,
                    "company_id": book.ladder.company_id.id or None,
                    "from_tier_id": move.origin,
                    "to_tier_id": move.target,
                    "direction": _direction(book.ranks, move),
                    "date": move.day,
                    "recorded_at": recorded_at,
                    "cause": move.cause,
                    "trigger": trigger,
                    "is_live": live_from is not None
                    and trigger in ("rule", "person")
                    and move.day >= live_from,
                    "corrects_from": None if number else decision.step.corrects_from,
                    **self._prepare_standing(book, decision, move.day),
                }
            )
        return rows

    def _prepare_standing(
        self, book: LadderBook, decision: TierDecision, day: date
    ) -> dict[str, object]:
        """Return what the log keeps of the standing of a day: term and evidence."""
        standing = decision.standings.get(day)
        return {
            "valid_until": standing and standing.valid_until,
            "grant_id": standing and standing.grant,
            "version_id": (standing and standing.version) or None,
            "evidence": self._evidence(book, decision.member, standing)
            if standing
            else {},
        }

    @api.model
    def _live_from(self, book: LadderBook) -> date | None:
        """Return the first day whose changes are recent, and have side effects."""
        companies = (
            book.ladder.company_id or self.env["res.company"]._retention_tier_roots()
        )
        starts = [one.retention_side_effects_from for one in companies]
        first = min((start for start in starts if start), default=None)
        return first and max(first, book.day - ACTION_WINDOW + timedelta(1))

    @staticmethod
    def _trigger(
        book: LadderBook, decision: TierDecision, move: Move, cause: str
    ) -> str:
        if cause in ("merge", "import", "backfill"):
            return cause
        if decision.step.corrects_from:
            return "correction"
        if move.cause in DECIDED:
            return "person"
        if not decision.known and move.day <= book.day - ACTION_WINDOW:
            return "backfill"
        return "rule"

    def _evidence(self, book: LadderBook, member: Member, standing: Standing) -> dict:
        """Return what was read for a standing: window, figures, thresholds, documents.

        Documents are ``[source, id, day, measure, value, rate]``, the latest first. For
        whoever comes into a ladder without a tier nothing was read.
        """
        window = standing.window
        tier = next(
            (
                one
                for rules in book.rule_sets
                if rules.version == standing.version
                for one in rules.tiers
                if one.key == standing.effective
            ),
            None,
        )
        counted = [
            entry
            for entry in member.entries
            if entry.known_on <= standing.day and window and window.holds(entry.day)
        ]
        counted.sort(key=lambda entry: (entry.day, str(entry.document)), reverse=True)
        return {
            "window": window
            and [window.first and window.first.isoformat(), window.last.isoformat()],
            "values": book.by_measure(standing.values),
            "thresholds": {
                str(book.measure_of(one.measure)): [one.at_least, one.needed(keep=True)]
                for one in (tier.conditions if tier else ())
            },
            "earned": standing.earned,
            "count": len(counted),
            "documents": [
                [
                    *entry.document[:2],
                    entry.day.isoformat(),
                    book.measure_of(entry.measure),
                    round(entry.value, 6),
                    entry.document[2],
                ]
                for entry in counted[:MOST_DOCUMENTS]
            ],
        }


def _turns(timeline: Timeline, member: Member) -> list[Standing]:
    """Return the changes of what counts, those of the ladder included.

    The day on which a customer comes into a ladder is told even if no tier comes of
    it: the log is what remembers that day.
    """
    turns = {one.day: one for one in timeline.transitions}
    for spell in member.spells or ():
        if not spell.starts or (spell.ends and spell.ends <= spell.starts):
            continue
        found = turns.get(spell.starts)
        if found is None:
            turns[spell.starts] = Standing(spell.starts, cause="ladder")
        elif found.cause in ("entry", "earned"):
            turns[spell.starts] = replace(found, cause="ladder")
    return [turns[day] for day in sorted(turns)]


def _direction(ranks: Mapping[int, int], move: Move) -> str:
    if not move.origin:
        return "entry"
    if not move.target:
        return "exit"
    if move.origin == move.target:
        return "same"
    higher = ranks.get(move.target, 0) > ranks.get(move.origin, 0)
    return "up" if higher else "down"
