"""Signs that somebody may live on complaints; reasons to look, never to refuse.

A sign is a fact with the figure it rests on: many complaints for few orders, much
compensation for little revenue, other customers with the same address who were
compensated, too. Each needs a minimum of cases, so that one bad delivery makes nobody a
suspect. Only what happened within the window counts: the sign goes by itself, and says
when. What follows is that no remedy comes about without a person deciding.

>>> from datetime import date
>>> history = History(complaints=[date(2025, 1, 10), date(2025, 2, 1),
...                               date(2025, 3, 1)], orders=[date(2025, 1, 5)])
>>> [sign] = signs(history, date(2025, 6, 1))
>>> sign.code, sign.values["complaints"], sign.values["orders"], sign.expires_on
('complaints_per_order', 3, 1, datetime.date(2026, 1, 11))
>>> signs(history, sign.expires_on)
[]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on a figure is a sign.

    :param window: days that count
    :param complaints: fewest complaints; 0: they are no sign
    :param complaints_per_order: most of them for each order
    :param refunds: fewest times of compensation; 0: they are no sign
    :param refund_share: largest part of the revenue
    :param identities: fewest other customers; 0: they are no sign
    """

    window: int = 365
    complaints: int = 3
    complaints_per_order: float = 0.5
    refunds: int = 2
    refund_share: float = 0.3
    identities: int = 1


@dataclass(frozen=True, slots=True)
class History:
    """What a customer did, with local days and net amounts in company currency.

    :param refunds: (day, amount) of compensation that was given
    :param revenue: (day, amount) of purchases
    :param linked: {name of another customer with the same address: days on which it
        was compensated}
    """

    complaints: Sequence[date] = ()
    orders: Sequence[date] = ()
    refunds: Sequence[tuple[date, float]] = ()
    revenue: Sequence[tuple[date, float]] = ()
    linked: Mapping[str, Sequence[date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to look.

    :param code: ``complaints_per_order``, ``refund_share`` or ``identities``
    :param expires_on: first day without it, if nothing else happens
    """

    code: str
    values: Mapping[str, object]
    expires_on: date


def signs(
    history: History, today: date, thresholds: Thresholds | None = None
) -> list[Sign]:
    """Return the signs of a customer as of a day."""
    thresholds = thresholds or Thresholds()
    found = []
    for code, read in READERS.items():
        values = read(history, today, thresholds)
        if values is not None:
            expires_on = _expiry(read, history, today, thresholds)
            found.append(Sign(code, values, expires_on))
    return found


def _expiry(read, history: History, today: date, thresholds: Thresholds) -> date:
    """First day on which something that counted is too old and the sign is gone."""
    days = {
        *history.complaints,
        *history.orders,
        *(day for day, _amount in history.refunds),
        *(day for day, _amount in history.revenue),
        *(day for days in history.linked.values() for day in days),
    }
    leaving = sorted(day + timedelta(days=thresholds.window) + DAY for day in days)
    for day in leaving:
        if day > today and read(history, day, thresholds) is None:
            return day
    return leaving[-1]


def _within(days: Sequence[date], today: date, window: int) -> list[date]:
    return [day for day in days if 0 <= (today - day).days <= window]


def _sum(
    amounts: Sequence[tuple[date, float]], today: date, window: int
) -> tuple[int, float]:
    """Return how many there are within the window, and what they come to."""
    counted = [x for day, x in amounts if 0 <= (today - day).days <= window]
    return len(counted), sum(counted)


def _complaints_per_order(history, today, thresholds):
    complaints = len(_within(history.complaints, today, thresholds.window))
    orders = len(_within(history.orders, today, thresholds.window))
    if not 0 < thresholds.complaints <= complaints:
        return None
    if complaints <= thresholds.complaints_per_order * orders:
        return None
    return {
        "complaints": complaints,
        "orders": orders,
        "threshold": thresholds.complaints_per_order,
    }


def _refund_share(history, today, thresholds):
    count, refunded = _sum(history.refunds, today, thresholds.window)
    _count, revenue = _sum(history.revenue, today, thresholds.window)
    if not 0 < thresholds.refunds <= count or refunded <= 0:
        return None
    if refunded <= thresholds.refund_share * max(revenue, 0):
        return None
    return {
        "refunds": count,
        "refunded": refunded,
        "revenue": revenue,
        "threshold": thresholds.refund_share,
    }


def _identities(history, today, thresholds):
    names = sorted(
        name
        for name, days in history.linked.items()
        if _within(days, today, thresholds.window)
    )
    if not 0 < thresholds.identities <= len(names):
        return None
    return {"names": names, "count": len(names)}


READERS = {
    "complaints_per_order": _complaints_per_order,
    "refund_share": _refund_share,
    "identities": _identities,
}
