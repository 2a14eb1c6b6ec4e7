from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from odoo import models

from ..logic.rule import clocks, missing_facts, parse
from ..logic.tier import Condition, RuleSet, Tier
from ..logic.tier_window import Window
from .customer_tier_counting import Counting


class CustomerTierLadder(models.Model):
    """Turns the versions of a ladder into what `logic` decides with."""

    _inherit = "customer.tier.ladder"

    def _rule_sets(
        self, company=None, until: date | None = None
    ) -> tuple[RuleSet, ...]:
        """Return the rules of this ladder through time, the earliest first.

        :param company: kept for callers that think of one company
        :param until: without the versions that begin later
        """
        self.ensure_one()
        countings = self._countings()[self.id]
        return tuple(
            self._rule_set(era.definition, era.version_id, era.starts, countings)
            for era in self._eras()[self.id]
            if not until or not era.starts or era.starts <= until
        )

    def _rule_set(
        self,
        definition: dict,
        version: int,
        starts: date | None,
        countings: Iterable[Counting],
    ) -> RuleSet:
        """Return one version as `logic` knows it.

        :param countings: what measures count, with the keys the rules call them by
        """
        keys = self._measure_keys(definition, countings)
        return RuleSet(
            version=version,
            tiers=_tiers(definition, keys),
            window=_window(definition),
            starts=starts,
            counted_by_day=frozenset(
                keys[measure["id"]]
                for measure in definition["measures"]
                if measure["metric"] == "purchase_days"
            ),
            pending_days=definition["pending_days"],
            upgrade=definition["upgrade"],
            validity=definition["validity"],
            validity_months=definition["validity_months"],
            downgrade=definition["downgrade"],
            grace_days=definition["grace_days"],
            joined=definition["enrolment"] == "joined",
            counts_before_joining=definition["counts_before_joining"],
            pauses=definition["pauses_on_hold"],
        )

    def _depend_on_the_clock(self) -> bool:
        """Whether the calendar alone may change for whom one of these ladders is."""
        facts = self.env["customer.rule.wording"]._available_facts()
        rules = [ladder.rule or "[]" for ladder in self]
        return any(
            clocks(parse(rule, facts))
            for rule in rules
            if not missing_facts(rule, facts)
        )

    def _measure_keys(
        self, definition: dict, countings: Iterable[Counting]
    ) -> dict[int, int]:
        """Return {measure id: what the rules of a definition call it}."""
        known = {_content(counting): counting.key for counting in countings}
        return {
            counting.measure_id: known.get(_content(counting), counting.measure_id)
            for counting in self._countings_of(definition)
        }


def _content(counting: Counting) -> tuple:
    """Return what is counted, without number and key."""
    return (
        counting.measure_id,
        counting.metric,
        counting.currency_id,
        counting.category_ids,
        counting.excluded_product_ids,
        counting.excluded_category_ids,
        counting.counts_shipping,
        counting.rates,
    )


def _tiers(definition: dict, keys: dict[int, int]) -> tuple[Tier, ...]:
    """Return the active tiers, the lowest first."""
    active = [tier for tier in definition["tiers"] if tier["active"]]
    return tuple(
        Tier(
            tier["id"],
            tuple(
                Condition(
                    keys[one["measure_id"]], one["at_least"], one["keep_at_least"]
                )
                for one in tier["conditions"]
                if one["measure_id"] in keys
            ),
            tier["match"],
        )
        for tier in sorted(active, key=lambda tier: (tier["sequence"], tier["id"]))
    )


def _window(definition: dict) -> Window:
    return Window(
        kind=definition["window"],
        months=definition["window_months"],
        period=definition["period"],
        year_month=definition["year_start_month"],
        year_day=definition["year_start_day"],
    )
