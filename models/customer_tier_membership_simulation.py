from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.tools import SQL, split_every

from ..logic.tier import RuleSet
from ..logic.tier_replay import replay
from ..logic.tier_window import DAY, add_months
from .customer_tier_membership_evaluation import REPLAY_BATCH, LadderBook

# Members looked at; of more, so many are drawn, always the same ones.
SAMPLE = 20_000


@dataclass(frozen=True)
class SimulatedMember:
    """One member with the rules as they are and as they might be; 0: no tier."""

    holder_id: int
    before: int
    after: int
    revenue: float


class CustomerTierMembership(models.Model):
    """Replays members with other rules: who would be where on a day, past or not.

    Documents, grants, enrolments and holds are those that are known; nothing is
    written. Days to come bring no purchases, so that a later day shows what is lost
    unless something is bought.
    """

    _inherit = "customer.tier.membership"

    @api.model
    def _simulate(
        self,
        ladder,
        definition: dict,
        as_of: date,
        company=None,
        date_from: date | None = None,
    ) -> dict:
        """Compare the tiers of a ladder's members with those by another definition.

        :param definition: as ``ladder._definition()`` returns it
        :param as_of: day on which they are compared
        :param company: kept for callers that think of one company
        :param date_from: first day of the other definition; None: always
        :return: ``{"total", "sampled", "moved", "from", "to", "cells", "revenue",
            "cost_before", "cost_after", "members"}``; ``members`` are the
            `SimulatedMember` behind the numbers.
        """
        members = list(self._simulated(ladder, definition, as_of, date_from))
        keys = [tier.id for tier in ladder.tier_ids.sorted()]
        shown = [key for key in (0, *keys) if self._occurs(key, members)]
        cells = Counter((one.before, one.after) for one in members)
        revenue: dict[tuple, float] = defaultdict(float)
        for one in members:
            revenue[one.before, one.after] += one.revenue
        steps = [{"id": key, "name": self._tier_label(key)} for key in shown]
        total = self._count_members(ladder)
        # Of a sample: what everybody would cost, if they are like those drawn.
        costs = [
            round(self._benefit_cost(ladder, members, side) * total / len(members), 2)
            if members
            else 0.0
            for side in ("before", "after")
        ]
        pairs = [[(origin, target) for target in shown] for origin in shown]
        return {
            "total": total,
            "sampled": len(members),
            "moved": sum(one.before != one.after for one in members),
            "from": steps,
            "to": steps,
            "cells": [[cells[pair] for pair in row] for row in pairs],
            "revenue": [[round(revenue[pair], 2) for pair in row] for row in pairs],
            "cost_before": costs[0],
            "cost_after": costs[1],
            "members": members,
        }

    @staticmethod
    def _occurs(key: int, members: list[SimulatedMember]) -> bool:
        """Tell whether a step is shown: every tier is, “no tier” only if it occurs."""
        return bool(key) or any(not (one.before and one.after) for one in members)

    def _tier_label(self, key: int) -> str:
        return self._tier_name(key) or self.env._("No tier")

    # === REPLAY === #

    def _simulated(
        self, ladder, definition: dict, as_of: date, date_from: date | None
    ) -> Iterator[SimulatedMember]:
        self.env.flush_all()
        # sudo: customer.tier.membership - a trial concerns every member of the ladder
        engine = self.sudo().with_context(active_test=False)
        ladder = ladder.sudo()  # sudo: customer.tier.ladder - its members decide
        book = engine._book(ladder, as_of)
        if not book.rule_sets:
            return
        trial = self._trial_rules(book, definition, date_from)
        for batch in split_every(REPLAY_BATCH, engine._drawn_holders(ladder)):
            holder_ids = list(batch)
            members = engine._gather_members(book, holder_ids)
            revenue = engine._revenue_of(ladder, holder_ids, as_of)
            for holder_id, member in members.items():
                before = replay(member, book.rule_sets, as_of).now.effective
                after = replay(member, trial, as_of).now.effective
                yield SimulatedMember(
                    holder_id, before or 0, after or 0, revenue.get(holder_id, 0.0)
                )

    @api.model
    def _trial_rules(
        self, book: LadderBook, definition: dict, date_from: date | None
    ) -> tuple[RuleSet, ...]:
        """Return the rules through time with a definition that counts from a day on.

        The trial has the version 0: it has not been recorded.
        """
        trial = book.ladder._rule_set(definition, 0, date_from, book.countings)
        if date_from is None:
            return (trial,)
        earlier = (
            one
            for one in book.rule_sets
            if one.starts is None or one.starts < date_from
        )
        return (*earlier, trial)

    @api.model
    def _drawn_holders(self, ladder) -> list[int]:
        """Return the members of a ladder; of very many, always the same sample."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM (
                    SELECT partner_id FROM customer_tier_membership
                     WHERE ladder_id = %s
                  ORDER BY hashint4(partner_id), partner_id LIMIT %s) drawn
              ORDER BY partner_id
                """,
                ladder.id,
                SAMPLE,
            )
        )
        return [holder_id for (holder_id,) in rows]

    def _count_members(self, ladder) -> int:
        # sudo: customer.tier.membership - how many there are, whoever may see them
        rows = self.sudo().with_context(active_test=False)
        return rows.search_count([("ladder_id", "=", ladder.id)])

    # === MONEY === #

    @api.model
    def _revenue_of(
        self, ladder, holder_ids: list[int], as_of: date
    ) -> dict[int, float]:
        """Return {holder: net revenue of the year up to a day}, in the ladder's
        currency at the rates of that day; of the account itself, not of its group.
        """
        companies = ladder.company_id or self.env["res.company"]._retention_tier_roots()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, company_id, SUM(amount)::float8
                  FROM customer_purchase
                 WHERE partner_id = ANY(%s) AND company_id = ANY(%s)
                   AND date > %s AND date < %s
              GROUP BY partner_id, company_id
                """,
                holder_ids,
                companies.ids,
                add_months(as_of, -12),
                as_of + DAY,
            )
        )
        # sudo: res.company - currencies of all companies whose purchases count
        by_id = {company.id: company for company in companies.sudo()}
        found: dict[int, float] = defaultdict(float)
        for holder_id, company_id, amount in rows:
            company = by_id[company_id]
            found[holder_id] += company.currency_id._convert(
                amount, ladder.currency_id, company, as_of
            )
        return found

    @api.model
    def _benefit_cost(self, ladder, members: list[SimulatedMember], side: str) -> float:
        """Return the estimated yearly cost of the benefits of the members' tiers."""
        # sudo: customer.tier.benefit - what a trial costs, for who may change rules
        costs = self._benefit_costs(ladder.sudo().tier_ids.benefit_ids)
        total = 0.0
        for one in members:
            each, percent = costs.get(getattr(one, side), (0.0, 0.0))
            total += each + max(one.revenue, 0.0) * percent / 100
        return total

    @api.model
    def _benefit_costs(self, benefits) -> Mapping[int, tuple[float, float]]:
        """Return {tier: (cost a member and year, percent of revenue)}."""
        return {
            tier.id: (
                sum(found.mapped("cost_per_member")),
                sum(found.mapped("cost_percent")),
            )
            for tier, found in benefits.grouped("tier_id").items()
        }
