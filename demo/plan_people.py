"""What people said, planned and decided about the customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from . import words
from .plan_documents import workday
from .plan_habits import SALESPEOPLE
from .plan_records import Customer, Fit, Order, Pin, Talk, Todo

# How often somebody else than the salesperson talks to a customer.
STAND_IN = 0.3


def talks(
    chance: Random,
    customers: tuple[Customer, ...],
    orders: tuple[Order, ...],
    today: date,
) -> Iterator[Talk]:
    """Calls, visits and mails around the documents, and now and then in between."""
    by_key = {customer.key: customer for customer in customers}
    for order in orders:
        if chance.random() < 0.28:
            day = order.day - timedelta(chance.randint(1, 12))
            yield _talk(chance, by_key[order.customer], day)
    for customer in customers:
        if customer.habit not in ("lost", "once") and chance.random() < 0.4:
            day = today - timedelta(chance.randint(1, 120))
            yield _talk(chance, customer, day)


def _talk(chance: Random, customer: Customer, day: date) -> Talk:
    kind = chance.choices(tuple(words.TALKS), (6, 2, 4))[0]
    author = _who_talked(customer, day)
    if kind == "email" and customer.contacts:
        author = chance.choice(customer.contacts).key
    text = chance.choice(words.TALKS[kind])
    return Talk(customer.key, workday(day), kind, author, text)


def _who_talked(customer: Customer, day: date) -> str:
    """Mostly the salesperson, now and then whoever stood in."""
    chance = Random(f"{customer.key} {day}")
    if chance.random() < STAND_IN:
        return chance.choice(SALESPEOPLE[customer.company])
    return customer.salesperson


def todos(
    chance: Random, customers: tuple[Customer, ...], today: date
) -> Iterator[Todo]:
    wanted = {"at_risk": 0.5, "shrinking": 0.8, "prospect": 0.4, "steady": 0.15}
    for customer in customers:
        if chance.random() < wanted.get(customer.habit, 0.04):
            due = today + timedelta(chance.randint(-5, 21))
            summary = chance.choice(words.ACTIVITIES)
            yield Todo(customer.key, due, customer.salesperson, summary)


def fits(chance: Random, customers: tuple[Customer, ...], today: date) -> Iterator[Fit]:
    """What salespeople think of prospects, and which customers recommend us."""
    questions = ("need", "can_pay", "reachable", "right_to_buy", "core_value")
    for customer in customers:
        recommends = customer.habit in ("steady", "growing") and chance.random() < 0.16
        if not recommends and (customer.habit != "prospect" or chance.random() < 0.3):
            continue
        answers = {
            q: chance.choices(("yes", "no", "unknown"), (7, 1, 2))[0] for q in questions
        }
        answers["recommends"] = "yes" if recommends else "unknown"
        note = "Named us to a neighbouring company." if recommends else ""
        day = today - timedelta(chance.randint(2, 200))
        yield Fit(customer.key, customer.company, day, answers, note)


def pins(customers: tuple[Customer, ...], today: date) -> Iterator[Pin]:
    """A few decisions of people that win over the rules."""
    wishes = (
        ("lost", "condition", "at_risk", "New owner, wants to talk in spring.", 90),
        ("seasonal", "condition", "active", "Buys in the season only.", None),
        ("at_risk", "condition", "active", "Closed for rebuilding, will order.", 45),
        ("once", "position", "repeat", "Bought through a dealer before.", None),
        ("steady", "position", "advocate", "Spoke for us at the trade fair.", None),
    )
    for habit, axis, target, reason, days in wishes:
        customer = next(
            one
            for one in reversed(customers)
            if (one.habit, one.company) == (habit, "main")
        )
        until = today + timedelta(days) if days else None
        yield Pin(
            customer.key,
            customer.company,
            axis,
            target,
            reason,
            today - timedelta(12),
            until,
        )
