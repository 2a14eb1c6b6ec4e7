from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from odoo import models

from ..logic.tier import Member, RuleSet
from ..logic.tier_outlook import Gap, Outlook, outlook
from ..logic.tier_replay import replay
from ..logic.tier_standing import Standing, Timeline
from .customer_tier_membership_evaluation import LadderBook


@dataclass(frozen=True)
class TierInsight:
    """What decides about one member on a day, and what comes of it."""

    book: LadderBook
    member: Member
    timeline: Timeline
    outlook: Outlook

    @property
    def day(self) -> date:
        """The day it is about."""
        return self.book.day

    @property
    def now(self) -> Standing:
        """Where the member stands."""
        return self.timeline.now

    @property
    def rules(self) -> RuleSet:
        """The rules of the day."""
        return self.book.rules()


class CustomerTierMembership(models.Model):
    """Works out again what the row says in short: for explanations and outlooks."""

    _inherit = "customer.tier.membership"

    def _insights(self) -> dict[int, TierInsight]:
        """Return {membership id: what decides about it}; a few queries a ladder."""
        if not self:
            return {}
        self.env.flush_all()
        found: dict[int, TierInsight] = {}
        # sudo: customer.tier.membership - documents explain a tier that may be read
        rows = self._origin.sudo().with_context(active_test=False)
        for (ladder, day), members in rows.grouped(
            lambda row: (row.ladder_id, row._insight_day())
        ).items():
            book = members._book(ladder, day)
            if book.rule_sets:
                found.update(members._insights_of(book))
        return found

    def _insights_of(self, book: LadderBook) -> dict[int, TierInsight]:
        members = self._gather_members(book, self.partner_id.ids)
        insights = {}
        for row in self:
            member = members[row.partner_id.id]
            timeline = replay(member, book.rule_sets, book.day)
            ahead = outlook(member, book.rule_sets, timeline, book.day)
            insights[row.id] = TierInsight(book, member, timeline, ahead)
        return insights

    def _insight_day(self) -> date:
        """The day the row refers to: that of its evaluation while the job is late."""
        today = self.ladder_id._today()
        evaluated, due = self.evaluated_on, self.next_evaluation_on
        if not evaluated:
            return today
        return evaluated if evaluated > today or (due and due <= today) else today

    # === WORDS === #

    def _tier_name(self, key: int | None) -> str:
        # sudo: customer.tier - names of tiers are known to whoever sees a membership
        return self.env["customer.tier"].sudo().browse(key).name if key else ""

    def _describe_gaps(self, book: LadderBook, gaps: tuple[Gap, ...]) -> str:
        """Return what is missing, such as “1,240 € and 2 purchases”."""
        texts = []
        for gap in gaps:
            measure = self._measure(book, gap.measure)
            if measure:
                texts.append(measure._format_amount_of(gap.missing))
        return self._enumerate(texts)

    def _enumerate(self, texts: list[str]) -> str:
        """Join texts as people do."""
        if len(texts) < 2:
            return "".join(texts)
        return self.env._(
            "%(first)s and %(last)s", first=", ".join(texts[:-1]), last=texts[-1]
        )

    def _measure(self, book: LadderBook, key: int):
        """The measure that the rules call by a key, empty when it is gone."""
        # sudo: customer.tier.measure - what is counted is known to whoever sees it
        measures = self.env["customer.tier.measure"].sudo()
        found = book.measure_of(key)
        return measures.browse(found if found in book.measure_ids else [])
