from __future__ import annotations

from dataclasses import dataclass, replace

from odoo import api, models

# Metrics that purchases alone tell, as long as nothing is left out of them.
PLAIN_METRICS = ("revenue", "purchases", "purchase_days")
# Metrics that are amounts of money, or follow from them.
MONEY_METRICS = ("revenue", "margin", "points")


@dataclass(frozen=True)
class Rate:
    """How many points a unit of currency earns, and for what."""

    rate: float
    category_ids: tuple[int, ...]
    starts: str | None
    until: str | None


@dataclass(frozen=True)
class Counting:
    """What a measure counts, by one version of its ladder.

    A later version may count otherwise; figures of the days before stay as they were
    counted then.

    :param key: what the rules call it: the measure, of the newest version.
    :param number: version of the ladder since which it is counted so.
    """

    measure_id: int
    metric: str
    currency_id: int
    category_ids: tuple[int, ...]
    excluded_product_ids: tuple[int, ...]
    excluded_category_ids: tuple[int, ...]
    counts_shipping: bool
    rates: tuple[Rate, ...]
    number: int = 0
    key: int = 0

    @property
    def leaves_out(self) -> bool:
        """Whether it looks at single products."""
        return bool(
            self.category_ids or self.excluded_product_ids or self.excluded_category_ids
        )


class CustomerTierLadder(models.Model):
    """What the measures of ladders count, now and by the versions before."""

    _inherit = "customer.tier.ladder"

    def _countings(self) -> dict[int, list[Counting]]:
        """Return {ladder id: countings}, each once, the newest last."""
        countings: dict[int, list[Counting]] = {}
        for ladder_id, eras in self._eras().items():
            known: dict[Counting, Counting] = {}
            for era in eras:
                for counting in self._countings_of(era.definition):
                    known.setdefault(counting, replace(counting, number=era.number))
            newest = set(self._countings_of(eras[-1].definition)) if eras else set()
            countings[ladder_id] = [
                replace(found, key=self._counting_key(found, plain in newest))
                for plain, found in known.items()
            ]
        return countings

    @staticmethod
    def _counting_key(counting: Counting, is_newest: bool) -> int:
        """Return what the rules call it: older ways of counting have a negative key."""
        if is_newest:
            return counting.measure_id
        return -(counting.measure_id * 10_000 + counting.number)

    @api.model
    def _countings_of(self, definition: dict) -> list[Counting]:
        """Return what the measures of a definition count, without number and key."""
        shipping = definition["counts_shipping"] or not self._knows_shipping()
        return [
            Counting(
                measure_id=measure["id"],
                metric=measure["metric"],
                currency_id=definition["currency_id"],
                category_ids=tuple(measure["category_ids"]),
                excluded_product_ids=tuple(definition["excluded_product_ids"]),
                excluded_category_ids=tuple(definition["excluded_category_ids"]),
                counts_shipping=shipping,
                rates=_rates(definition) if measure["metric"] == "points" else (),
            )
            for measure in definition["measures"]
        ]

    @api.model
    def _knows_shipping(self) -> bool:
        """Whether documents tell shipping from goods."""
        return "is_delivery" in self.env["sale.order.line"]._fields

    @api.model
    def _is_plain(self, counting: Counting) -> bool:
        """Whether purchases tell all of it, without a look at their lines."""
        return (
            counting.metric in PLAIN_METRICS
            and counting.counts_shipping
            and not counting.leaves_out
        )


def _rates(definition: dict) -> tuple[Rate, ...]:
    return tuple(
        Rate(
            rate["rate"],
            tuple(rate["category_ids"]),
            rate["date_from"],
            rate["date_until"],
        )
        for rate in definition["point_rules"]
    )
