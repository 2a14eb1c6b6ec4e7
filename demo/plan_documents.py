"""What the customers ordered, were offered and were invoiced.

Days are drawn backwards from the last purchase, because what a customer looks like
today hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from . import words
from .plan_habits import DAYS_BACK, HABITS, INFLATION, SALESPEOPLE, SEASON
from .plan_records import Customer, Invoice, Line, Order

INVOICED_ORDERS = 560


def documents(chance: Random, customer: Customer, today: date) -> Iterator[Order]:
    """Everything a customer ordered or was offered."""
    number = 0
    for day in _purchase_days(chance, customer, today):
        number += 1
        state = "cancel" if chance.random() < 0.03 else "sale"
        yield _order(chance, customer, number, day, state, today)
    for day, state, valid_until in _quotations(chance, customer, today):
        number += 1
        yield _order(chance, customer, number, day, state, today, valid_until)


def _purchase_days(chance: Random, customer: Customer, today: date) -> list[date]:
    """The days of a customer's purchases, the oldest first, all of them workdays."""
    habit = HABITS[customer.habit]
    tenure = min(chance.randint(*habit.tenure), DAYS_BACK - 4)
    if customer.habit == "prospect":
        return []
    if customer.habit == "once":
        return [workday(today - timedelta(tenure))]
    first = today - timedelta(tenure)
    last = today - timedelta(round(customer.interval * chance.uniform(*habit.overdue)))
    if customer.habit == "returned":
        days = _come_back(chance, customer, first, last)
    else:
        days = list(_back_from(chance, customer, last, first))
    if customer.habit == "seasonal":
        days = [day for day in days if _in_season(day, last)]
    return sorted({workday(day) for day in days})


def _back_from(
    chance: Random, customer: Customer, last: date, first: date
) -> Iterator[date]:
    """Days from ``last`` back to ``first``, in the customer's rhythm."""
    habit, day, position = HABITS[customer.habit], last, 0.0
    while day >= first:
        yield day
        years = position / 365
        usual = customer.interval * habit.trend ** min(years, 2.0)
        step = usual * chance.lognormvariate(0.0, habit.spread)
        # in a strong month the next order comes sooner
        position += max(3.0, step / SEASON[day.month - 1])
        day = last - timedelta(round(position))


def _come_back(
    chance: Random, customer: Customer, first: date, last: date
) -> list[date]:
    """A rhythm, a silence of many intervals, and one or two purchases again."""
    recent = [last]
    if chance.random() < 0.2:
        recent.append(last - timedelta(round(customer.interval * 0.9)))
    silence = round(customer.interval * chance.uniform(5.0, 9.0))
    earlier = min(recent) - timedelta(silence)
    return [*recent, *_back_from(chance, customer, earlier, first)]


def _in_season(day: date, last: date) -> bool:
    """Buys in the four months that end with the month of the last purchase."""
    return (last.month - day.month) % 12 < 4


def workday(day: date) -> date:
    return day - timedelta(max(0, day.weekday() - 4))


def _quotations(
    chance: Random, customer: Customer, today: date
) -> Iterator[tuple[date, str, date]]:
    """Quotations that were not accepted: open ones, and some that ran out."""
    prospect = customer.habit == "prospect"
    if prospect or chance.random() < 0.1:
        for _number in range(chance.choice((1, 1, 2))):
            day = workday(today - timedelta(chance.randint(1, 40)))
            yield (
                day,
                chance.choice(("draft", "sent")),
                today + timedelta(chance.randint(3, 40)),
            )
    if chance.random() < (0.4 if prospect else 0.06):
        day = workday(today - timedelta(chance.randint(100, 500)))
        yield day, "sent", day + timedelta(30)


def _order(
    chance: Random,
    customer: Customer,
    number: int,
    day: date,
    state: str,
    today: date,
    valid_until: date | None = None,
) -> Order:
    ago = (today - day).days / 365
    value = customer.size * HABITS[customer.habit].basket ** -ago
    value *= SEASON[day.month - 1] * chance.lognormvariate(0.0, 0.3)
    by_contact = customer.contacts and chance.random() < 0.35
    # some customers buy from both companies, each time from another
    abroad = customer.is_shared and number % 3 == 0
    return Order(
        key=f"{customer.key}o{number:02}",
        customer=customer.key,
        contact=chance.choice(customer.contacts).key if by_contact else "",
        company="europe" if abroad else customer.company,
        day=day,
        state=state,
        salesperson=SALESPEOPLE["europe"][0] if abroad else customer.salesperson,
        currency="" if abroad else customer.currency,
        lines=tuple(_lines(chance, customer, value, INFLATION**-ago)),
        valid_until=valid_until,
    )


def _lines(
    chance: Random, customer: Customer, value: float, prices: float
) -> Iterator[Line]:
    """Products of the customer's categories that come to about ``value``."""
    offered = [p for name in customer.categories for p in words.PRODUCTS[name]]
    count = min(len(offered), chance.choice((1, 1, 1, 2, 2, 3)))
    for name, list_price in sorted(chance.sample(offered, count)):
        price = round(list_price * prices, 2)
        yield Line(name, max(1, round(value / count / price)), price)


def invoices(
    chance: Random, orders: tuple[Order, ...], today: date
) -> Iterator[Invoice]:
    """Invoices of the latest orders: bookkeeping moved into this system later than
    sales. One in twenty-five is credited in part or whole, some ask for an advance."""
    confirmed = sorted(
        (o for o in orders if o.state == "sale" and (today - o.day).days > 4),
        key=lambda order: (order.day, order.key),
    )
    for order in confirmed[-INVOICED_ORDERS:]:
        day = min(today, order.day + timedelta(chance.randint(1, 9)))
        credited, credited_on = 0.0, None
        if chance.random() < 0.04:
            credited = chance.choice((1.0, 0.5, 0.5))
            credited_on = min(today, day + timedelta(chance.randint(5, 40)))
        value = sum(line.quantity * line.price for line in order.lines)
        advance = not credited and value > 3000 and chance.random() < 0.1
        yield Invoice(order.key, day, advance, credited, credited_on)
