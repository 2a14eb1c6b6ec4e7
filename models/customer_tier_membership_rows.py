from __future__ import annotations

import json
from collections.abc import Iterable

from odoo import api, models
from odoo.tools import SQL

from ..logic.tier_outlook import to_keep
from ..logic.tier_standing import Standing, Timeline
from .bulk_load import array_sql
from .customer_tier_membership_evaluation import LadderBook
from .customer_tier_membership_verdict import TierDecision


class CustomerTierMembership(models.Model):
    """Writes the rows of memberships: what was found out, as it stands today."""

    _inherit = "customer.tier.membership"

    def _write_memberships(
        self, book: LadderBook, decisions: Iterable[TierDecision]
    ) -> None:
        """Insert or update the rows with one statement; what stays the same stays."""
        rows = [self._membership_values(book, one) for one in decisions]
        if not rows:
            return
        names = list(rows[0])
        known, excluded = (
            SQL(", ").join(
                SQL.identifier(alias, name) for name in (*names, "enrolment_id")
            )
            for alias in ("known", "excluded")
        )
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_tier_membership AS known
                       (ladder_id, company_id, user_id, active, %(columns)s,
                        enrolment_id)
                %(fresh)s
                    ON CONFLICT (partner_id, ladder_id)
                    DO UPDATE SET (%(columns)s, enrolment_id) = ROW(%(excluded)s)
                 WHERE (%(known)s) IS DISTINCT FROM (%(excluded)s)
                """,
                columns=columns,
                fresh=self._fresh_rows_sql(book, rows, names),
                excluded=excluded,
                known=known,
            )
        )

    def _fresh_rows_sql(
        self, book: LadderBook, rows: list[dict], names: list[str]
    ) -> SQL:
        """Return the rows, with who looks after the holder and the enrolment."""
        return SQL(
            """
            SELECT %(ladder)s, %(company)s::int, assigned.user_id, assigned.active,
                   fresh.*,
                   (SELECT enrolment.id FROM customer_tier_enrolment enrolment
                     WHERE enrolment.partner_id = fresh.partner_id
                       AND enrolment.ladder_id = %(ladder)s
                       AND enrolment.joined_on <= %(day)s
                       AND COALESCE(enrolment.left_on > %(day)s, TRUE)
                       AND COALESCE(enrolment.paid_until >= %(day)s, TRUE)
                  ORDER BY enrolment.joined_on DESC LIMIT 1)
              FROM unnest(%(arrays)s) AS fresh (%(columns)s)
              JOIN customer_tier_assigned assigned
                ON assigned.holder_id = fresh.partner_id
               AND assigned.ladder_id = %(ladder)s
            """,
            ladder=book.ladder.id,
            company=book.ladder.company_id.id or None,
            day=book.day,
            columns=SQL(", ").join(SQL.identifier(name) for name in names),
            arrays=SQL(", ").join(
                array_sql(
                    [row[name] for row in rows], SQL("%s[]", self._column_type(name))
                )
                for name in names
            ),
        )

    @api.model
    def _column_type(self, name: str) -> SQL:
        return SQL(self._fields[name].column_type[1])  # pylint: disable=sql-injection

    def _membership_values(self, book: LadderBook, decision: TierDecision) -> dict:
        """Return the columns of the row of one holder."""
        now, timeline = decision.timeline.now, decision.timeline
        held = _held(timeline)
        current = held[-1] if held else None
        previous = held[-2].effective if len(held) > 1 else None
        return {
            "partner_id": decision.holder_id,
            "tier_id": now.effective,
            "earned_tier_id": now.earned,
            "measured_tier_id": now.measured,
            "previous_tier_id": previous,
            "highest_tier_id": max(
                (one.effective for one in held if one.effective),
                key=lambda tier: book.ranks.get(tier, 0),
                default=None,
            ),
            "since": current.day if current and now.effective else None,
            "valid_until": now.valid_until,
            "qualified_on": now.qualified_on,
            "grant_id": now.grant,
            "version_id": now.version or None,
            "window_from": now.window and now.window.first,
            "window_until": now.window and now.window.last,
            **self._figures_of(book, decision),
            "evaluated_on": book.day,
            "next_evaluation_on": timeline.next_on,
            "checkpoint": decision.checkpoint and decision.checkpoint.dump(),
        }

    def _figures_of(self, book: LadderBook, decision: TierDecision) -> dict:
        """Return today's figures, and what is missing of the first measure."""
        timeline, now = decision.timeline, decision.timeline.now
        values = book.by_measure(now.values)
        rules = book.rules()
        first = book.measure_ids[0] if book.measure_ids else None
        value = values.get(str(first), 0.0)
        rank = rules.rank(now.effective)
        following = rules.tiers[rank] if rank < len(rules.tiers) else None
        gaps = to_keep(decision.member, book.rule_sets, timeline, book.day)
        return {
            "value": value,
            "values": json.dumps(values),
            "next_tier_id": following and following.key,
            "missing_next": _missing(book, following, first, value),
            "missing_keep": max(
                [
                    0.0,
                    *(
                        gap.missing
                        for gap in gaps
                        if book.measure_of(gap.measure) == first
                    ),
                ]
            ),
        }


def _held(timeline: Timeline) -> list[Standing]:
    """Return the standings at which what counts became another tier."""
    before, held = None, []
    for one in timeline.standings:
        if one.effective != before:
            held.append(one)
        before = one.effective
    return held


def _missing(book, tier, measure: int | None, value: float) -> float:
    """Return how much of a measure a tier lacks, 0 where it asks for none."""
    if tier is None:
        return 0.0
    needed = [
        one.at_least
        for one in tier.conditions
        if book.measure_of(one.measure) == measure
    ]
    return max([0.0, *(round(one - value, 6) for one in needed)])
