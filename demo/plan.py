"""Invents the demo company: customers with a rhythm of their own, and what they did.

Pure data out of a seed and a day: no Odoo, no clock, the same day gives the same
company. Every customer has a *habit* that says how its purchase days lie on the time
line: steady, new, growing, shrinking, seasonal, slowing down, gone, gone for years,
come back, tried once, never bought.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .plan_customers import customers
from .plan_documents import documents, invoices
from .plan_habits import DAYS_BACK
from .plan_people import fits, pins, talks, todos
from .plan_records import Plan
from .plan_tiers import at_tier_prices

SEED = 7411


def make(today: date, seed: int = SEED) -> Plan:
    """The demo company as it is on the day ``today``."""
    people = tuple(customers(Random(seed)))
    planned = (
        order
        for customer in people
        for order in documents(Random(f"{seed} {customer.key}"), customer, today)
    )
    orders = tuple(at_tier_prices(planned, today))
    chance = Random(seed + 1)
    return Plan(
        today=today,
        customers=people,
        orders=orders,
        invoices=tuple(invoices(chance, orders, today)),
        talks=tuple(talks(chance, people, orders, today)),
        todos=tuple(todos(chance, people, today)),
        fits=tuple(fits(chance, people, today)),
        pins=tuple(pins(people, today)),
        excluded=tuple(c.key for c in people if c.habit == "once")[:2],
        rates=_rates(Random(seed + 2), today),
    )


def _rates(chance: Random, today: date) -> dict[tuple[str, str, date], float]:
    """Units of a foreign currency for one of the company's, on the first of each month
    since before the first order."""
    values = {
        ("main", "EUR"): 0.92,
        ("main", "GBP"): 0.79,
        ("main", "CAD"): 1.36,
        ("europe", "GBP"): 0.86,
        ("europe", "CHF"): 0.95,
    }
    rates, month = {}, (today - timedelta(DAYS_BACK + 31)).replace(day=1)
    while month <= today:
        for (company, currency), value in values.items():
            values[company, currency] = value * chance.uniform(0.988, 1.012)
            rates[company, currency, month] = round(values[company, currency], 4)
        month = (month + timedelta(32)).replace(day=1)
    return rates
