"""From last period's revenue to this one's, customer by customer, without a residual.

Each customer goes to exactly one step, or to *kept* and one more: what was kept is the
lesser of the two periods, the rest grew or shrank.

``new``       bought for the first time ever in this period
``returned``  bought before the last period, not in it, and now again
``grown``     more than in the last period: the difference
``shrunk``    less than in the last period: the difference, negative
``lost``      nothing any more: all of the last period, negative

>>> step = steps(Spent(before=True, last=100, now=130))
>>> step
{'kept': 100, 'grown': 30}
>>> steps(Spent(before=False, last=0, now=-20))
{'new': -20}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STEPS = ("new", "returned", "grown", "shrunk", "lost")


@dataclass(frozen=True, slots=True)
class Spent:
    """A customer's net revenue in cents, and whether it bought before both periods.

    A period in which a customer neither bought nor got anything credited has None.
    """

    before: bool
    last: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class Bridge:
    """Last period's revenue, what changed it, this period's; all in cents."""

    start: int
    steps: dict[str, int]
    customers: dict[str, int]
    kept: int
    end: int


def steps(spent: Spent) -> dict[str, int]:
    """What one customer adds to each step, ``kept`` included; zeros are left out."""
    last, now = spent.last, spent.now
    if not last and not now:
        return {}
    if not last:
        return {"returned" if spent.before else "new": now or 0}
    if not now:
        return {"lost": -last}
    change = {"grown": now - last} if now > last else {"shrunk": now - last}
    return {"kept": min(last, now), **{k: v for k, v in change.items() if v}}


def bridge(customers: Iterable[Spent]) -> Bridge:
    """Add the customers up; ``start`` and the steps make ``end`` to the cent.

    :raise ArithmeticError: they do not, which would be an error of this module
    """
    start = end = kept = 0
    amounts, numbers = dict.fromkeys(STEPS, 0), dict.fromkeys(STEPS, 0)
    for spent in customers:
        start += spent.last or 0
        end += spent.now or 0
        for step, amount in steps(spent).items():
            if step == "kept":
                kept += amount
                continue
            amounts[step] += amount
            numbers[step] += 1
    if start + sum(amounts.values()) != end:
        raise ArithmeticError("the bridge does not reach the other side")
    return Bridge(start, amounts, numbers, kept, end)
