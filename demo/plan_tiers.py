"""Who bought at the prices of a tier: members of the club, in the last months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from .plan_records import Order

# Percent that the prices of a tier are below the usual ones
DISCOUNTS = {"Gold": 3.0, "Platinum": 5.0}
# Revenue of a year with which somebody is surely in a tier: from, and below
SURELY = {"Gold": (12000, 18000), "Platinum": (37500, float("inf"))}
MONTHS_BACK = 4


def at_tier_prices(orders: Iterable[Order], today: date) -> Iterator[Order]:
    """The same orders, those of members at lower prices.

    Whoever pays in another currency has prices of their own.
    """
    bought: dict[str, list[tuple[date, float]]] = {}
    since = today - timedelta(30 * MONTHS_BACK)
    for order in orders:
        if order.state == "sale" and order.company == "main" and not order.currency:
            history = bought.setdefault(order.customer, [])
            tier = _tier(history, order.day) if order.day >= since else ""
            order = _at_prices_of(tier, order) if tier else order
            history.append((order.day, _worth(order)))
        yield order


def _tier(history: list[tuple[date, float]], day: date) -> str:
    """The tier somebody surely had before a day, by what was bought until then."""
    first = day - timedelta(365)
    revenue = sum(worth for bought, worth in history if first < bought < day)
    tiers = (tier for tier, (least, most) in SURELY.items() if least <= revenue < most)
    return next(tiers, "")


def _worth(order: Order) -> float:
    return sum(line.quantity * line.price for line in order.lines)


def _at_prices_of(tier: str, order: Order) -> Order:
    part = 1 - DISCOUNTS[tier] / 100
    lines = (replace(line, price=round(line.price * part, 2)) for line in order.lines)
    return replace(order, tier=tier, lines=tuple(lines))
