"""From last period's revenue to this one's, customer by customer, without a residual.

A customer bought in a period when its net revenue there is above zero. Each customer
whose revenue changed goes to exactly one step, with all of the change:

``new``       bought now, not in the last period, and never before either
``returned``  bought now, not in the last period, but once before
``grown``     bought in both periods, now for more
``shrunk``    bought in both periods, now for less
``lost``      bought in the last period and not in this one

Who bought in neither, but got something credited, grew or shrank by that. What was
*kept* is the lesser of the two periods of those who bought in both.

>>> steps(Spent(before=True, last=100, now=130))
{'kept': 100, 'grown': 30}
>>> steps(Spent(before=False, last=0, now=20))
{'new': 20}
>>> steps(Spent(before=True, last=0, now=-20))
{'shrunk': -20}
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


def step(spent: Spent) -> str | None:
    """Return the step a customer goes to, None where nothing changed."""
    last, now = spent.last or 0, spent.now or 0
    if now > 0 >= last:
        return "returned" if spent.before else "new"
    if last > 0 >= now:
        return "lost"
    if now == last:
        return None
    return "grown" if now > last else "shrunk"


def steps(spent: Spent) -> dict[str, int]:
    """What one customer adds to each step, ``kept`` included; zeros are left out."""
    last, now = spent.last or 0, spent.now or 0
    kept = min(last, now)
    found = {"kept": kept} if kept > 0 else {}
    name = step(spent)
    return {**found, name: now - last} if name else found


def bridge(customers: Iterable[Spent]) -> Bridge:
    """Add the customers up; ``start`` and the steps make ``end`` to the cent.

    :raise ArithmeticError: they do not, which would be an error of this module
    """
    start = end = kept = 0
    amounts, numbers = dict.fromkeys(STEPS, 0), dict.fromkeys(STEPS, 0)
    for spent in customers:
        start += spent.last or 0
        end += spent.now or 0
        for name, amount in steps(spent).items():
            if name == "kept":
                kept += amount
                continue
            amounts[name] += amount
            numbers[name] += 1
    if start + sum(amounts.values()) != end:
        raise ArithmeticError("the bridge does not reach the other side")
    return Bridge(start, amounts, numbers, kept, end)
