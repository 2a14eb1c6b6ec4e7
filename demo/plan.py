"""Invents the demo company: customers with a rhythm of their own, and what they did.

Pure data out of a seed and a day: no Odoo, no clock, the same day gives the same
company. Every customer has a *habit* that says how its purchase days lie on the time
line: steady, new, growing, shrinking, seasonal, slowing down, gone, come back, tried
once, never bought. Days are drawn backwards from the last purchase, because what a
customer looks like today hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product as pairs
from random import Random

from . import words

SEED = 7411
YEARS_BACK = 3
DAYS_BACK = 365 * YEARS_BACK
INVOICED_ORDERS = 560
# Demand by month, from January
SEASON = (0.82, 0.86, 1.04, 1.1, 1.12, 1.02, 0.86, 0.72, 1.14, 1.2, 1.22, 0.9)
# Yearly rise of prices
INFLATION = 1.03

SALESPEOPLE = {
    "main": ("sales", "sales2", "leader"),
    "europe": ("sales3",),
}


@dataclass(frozen=True, slots=True)
class Habit:
    """How customers of a kind buy.

    :param count: how many customers have it
    :param interval: usual days between two purchases, shortest and longest
    :param tenure: days since the first purchase, shortest and longest; what lies
        before the company began to use the system is not in it
    :param overdue: days since the last purchase ÷ the interval, least and most
    :param spread: how uneven the intervals are, 0 = like a clock
    :param trend: interval a year ago ÷ interval now
    :param basket: growth of the basket in a year, 1 = none
    """

    count: int
    interval: tuple[int, int]
    tenure: tuple[int, int]
    overdue: tuple[float, float]
    spread: float = 0.3
    trend: float = 1.0
    basket: float = 1.2


HABITS = {
    "steady": Habit(56, (52, 130), (90, 1700), (0.05, 0.95), 0.22, 1.1, 1.3),
    "newcomer": Habit(38, (34, 64), (45, 330), (0.05, 0.9), 0.25, 1.0, 1.3),
    "growing": Habit(30, (36, 70), (250, 1300), (0.05, 0.9), 0.25, 1.5, 1.5),
    "shrinking": Habit(6, (46, 62), (800, 1400), (0.4, 1.4), 0.2, 0.85, 0.8),
    "seasonal": Habit(24, (28, 44), (400, 1900), (0.1, 0.9), 0.3, 1.0, 1.15),
    "cooling": Habit(14, (46, 95), (350, 1500), (1.6, 1.95), 0.3, 1.0, 1.15),
    "at_risk": Habit(18, (44, 85), (350, 1500), (2.1, 3.3), 0.3, 1.0, 1.15),
    "dormant": Habit(11, (50, 75), (600, 1300), (3.8, 5.8)),
    "lost": Habit(9, (44, 62), (800, 1500), (6.8, 9.5)),
    "returned": Habit(12, (46, 66), (700, 1400), (0.1, 1.2)),
    "once": Habit(44, (60, 60), (20, 900), (0.0, 0.0)),
    "occasional": Habit(26, (120, 240), (600, 1900), (0.1, 1.3), 0.4),
    "prospect": Habit(32, (60, 60), (0, 0), (0.0, 0.0)),
}

# Share of private persons among the customers of a habit; all others are companies
PRIVATE = {"once": 0.4, "occasional": 0.3, "steady": 0.12}


@dataclass(frozen=True, slots=True)
class Contact:
    key: str
    name: str
    function: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Customer:
    key: str
    habit: str
    company: str
    name: str
    is_company: bool
    country: str
    city: str
    zip: str
    state: str
    street: str
    email: str
    phone: str
    industry: str
    salesperson: str
    currency: str
    is_shared: bool
    size: float
    interval: int
    categories: tuple[str, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Line:
    product: str
    quantity: int
    price: float


@dataclass(frozen=True, slots=True)
class Order:
    """An order or quotation; ``day`` is when it was confirmed or made."""

    key: str
    customer: str
    contact: str
    company: str
    day: date
    state: str
    salesperson: str
    currency: str
    lines: tuple[Line, ...]
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice of a whole order; ``credited`` is the part given back later."""

    order: str
    day: date
    down_payment: bool = False
    credited: float = 0.0
    credited_on: date | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    customer: str
    day: date
    kind: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Todo:
    customer: str
    due: date
    user: str
    summary: str


@dataclass(frozen=True, slots=True)
class Fit:
    customer: str
    company: str
    day: date
    answers: dict[str, str]
    note: str


@dataclass(frozen=True, slots=True)
class Pin:
    customer: str
    company: str
    axis: str
    target: str
    reason: str
    day: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    today: date
    customers: tuple[Customer, ...] = ()
    orders: tuple[Order, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    talks: tuple[Talk, ...] = ()
    todos: tuple[Todo, ...] = ()
    fits: tuple[Fit, ...] = ()
    pins: tuple[Pin, ...] = ()
    excluded: tuple[str, ...] = ()
    rates: dict[tuple[str, str, date], float] = field(default_factory=dict)


def make(today: date, seed: int = SEED) -> Plan:
    """The demo company as it is on the day ``today``."""
    customers = tuple(_customers(Random(seed)))
    orders = tuple(
        order
        for customer in customers
        for order in _documents(Random(f"{seed} {customer.key}"), customer, today)
    )
    chance = Random(seed + 1)
    return Plan(
        today=today,
        customers=customers,
        orders=orders,
        invoices=tuple(_invoices(chance, orders, today)),
        talks=tuple(_talks(chance, customers, orders, today)),
        todos=tuple(_todos(chance, customers, today)),
        fits=tuple(_fits(chance, customers, today)),
        pins=tuple(_pins(customers, today)),
        excluded=tuple(c.key for c in customers if c.habit == "once")[:2],
        rates=_rates(Random(seed + 2), today),
    )


# --- customers ---------------------------------------------------------------------


def _customers(chance: Random) -> Iterator[Customer]:
    names = list(pairs(words.STEMS, words.TRADES))
    people = [" ".join(p) for p in pairs(words.FIRST_NAMES, words.LAST_NAMES)]
    chance.shuffle(names)
    chance.shuffle(people)
    habits = [name for name, habit in HABITS.items() for _ in range(habit.count)]
    chance.shuffle(habits)
    for number, habit in enumerate(habits, 1):
        private = habit in PRIVATE and chance.random() < PRIVATE[habit]
        yield _customer(
            chance, number, habit, people.pop() if private else names.pop(), people
        )


def _customer(
    chance: Random,
    number: int,
    habit: str,
    name: str | tuple[str, str],
    people: list[str],
) -> Customer:
    company = "europe" if chance.random() < 0.24 else "main"
    country = _country(chance, company)
    form, _phone, currency, towns = words.COUNTRIES[country]
    city, postal_code, state = chance.choice(towns)
    private = isinstance(name, str)
    domain = _domain(name if private else " ".join(name))
    shortest, longest = HABITS[habit].interval
    return Customer(
        key=f"c{number:03}",
        habit=habit,
        company=company,
        name=name if private else f"{name[0]} {name[1]} {form}",
        is_company=not private,
        country=country,
        city=city,
        zip=postal_code,
        state=state,
        street=f"{chance.randint(1, 180)} {chance.choice(words.STREETS)}",
        email=f"{'me' if private else 'office'}@{domain}",
        phone=_phone_number(chance, country),
        industry="" if private else words.TRADES[name[1]],
        salesperson=chance.choice(SALESPEOPLE[company]),
        currency=_foreign(currency, company),
        is_shared=company == "main" and not private and number % 30 == 0,
        size=_size(chance, habit),
        interval=chance.randint(shortest, longest),
        categories=_categories(chance),
        contacts=() if private else _contacts(chance, number, domain, country, people),
    )


def _country(chance: Random, company: str) -> str:
    if company == "europe":
        return chance.choices(("de", "at", "nl", "fr", "uk", "ch"), (9, 3, 3, 3, 2, 2))[
            0
        ]
    return chance.choices(("us", "ca", "uk", "de", "vn", "tw"), (30, 4, 2, 1, 2, 1))[0]


def _foreign(currency: str, company: str) -> str:
    """The currency of orders where it is not the selling company's own."""
    return "" if company == "europe" and currency == "EUR" else currency


def _domain(name: str) -> str:
    letters = "".join(c for c in name.lower() if c.isalnum() or c == " ")
    return f"{letters.replace(' ', '-')}.example"


def _phone_number(chance: Random, country: str) -> str:
    return words.COUNTRIES[country][1].format(
        area=chance.choice((216, 312, 330, 412, 559, 614, 716, 815, 919)),
        three=f"{chance.randrange(1000):03}",
        four=f"01{chance.randrange(100):02}",
    )


def _size(chance: Random, habit: str) -> float:
    """The usual value of an order: a few customers are large, most are small."""
    if habit == "shrinking":
        return chance.uniform(3000, 7000)
    share = 0.25 if habit in ("cooling", "at_risk", "dormant", "returned") else 0.08
    large = chance.random() < share
    return chance.uniform(4000, 11000) if large else chance.lognormvariate(6.6, 0.7)


def _categories(chance: Random) -> tuple[str, ...]:
    names = list(words.PRODUCTS)
    return tuple(chance.sample(names, chance.choice((1, 2, 2, 3, 3, 4, 5))))


def _contacts(
    chance: Random, number: int, domain: str, country: str, people: list[str]
) -> tuple[Contact, ...]:
    contacts = []
    for position in range(chance.choice((1, 1, 1, 2))):
        name = people.pop()
        first = name.split()[0].lower()
        contacts.append(
            Contact(
                key=f"c{number:03}p{position}",
                name=name,
                function=chance.choice(words.FUNCTIONS),
                email=f"{first}@{domain}",
                phone=_phone_number(chance, country),
            )
        )
    return tuple(contacts)


# --- orders and quotations ---------------------------------------------------------


def _documents(chance: Random, customer: Customer, today: date) -> Iterator[Order]:
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
        return [_workday(today - timedelta(tenure))]
    first = today - timedelta(tenure)
    last = today - timedelta(round(customer.interval * chance.uniform(*habit.overdue)))
    if customer.habit == "returned":
        days = _come_back(chance, customer, first, last)
    else:
        days = list(_back_from(chance, customer, last, first))
    if customer.habit == "seasonal":
        days = [day for day in days if _in_season(day, last)]
    return sorted({_workday(day) for day in days})


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


def _workday(day: date) -> date:
    return day - timedelta(max(0, day.weekday() - 4))


def _quotations(
    chance: Random, customer: Customer, today: date
) -> Iterator[tuple[date, str, date]]:
    """Quotations that were not accepted: open ones, and some that ran out."""
    prospect = customer.habit == "prospect"
    if prospect or chance.random() < 0.1:
        for _number in range(chance.choice((1, 1, 2))):
            day = _workday(today - timedelta(chance.randint(1, 40)))
            yield (
                day,
                chance.choice(("draft", "sent")),
                today + timedelta(chance.randint(3, 40)),
            )
    if chance.random() < (0.4 if prospect else 0.06):
        day = _workday(today - timedelta(chance.randint(100, 500)))
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


# --- invoices ----------------------------------------------------------------------


def _invoices(
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


# --- people ------------------------------------------------------------------------


def _talks(
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
    author = customer.salesperson
    if kind == "email" and customer.contacts:
        author = chance.choice(customer.contacts).key
    text = chance.choice(words.TALKS[kind])
    return Talk(customer.key, _workday(day), kind, author, text)


def _todos(
    chance: Random, customers: tuple[Customer, ...], today: date
) -> Iterator[Todo]:
    wanted = {"at_risk": 0.5, "shrinking": 0.8, "prospect": 0.4, "steady": 0.15}
    for customer in customers:
        if chance.random() < wanted.get(customer.habit, 0.04):
            due = today + timedelta(chance.randint(-5, 21))
            summary = chance.choice(words.ACTIVITIES)
            yield Todo(customer.key, due, customer.salesperson, summary)


def _fits(
    chance: Random, customers: tuple[Customer, ...], today: date
) -> Iterator[Fit]:
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


def _pins(customers: tuple[Customer, ...], today: date) -> Iterator[Pin]:
    """A few decisions of people that win over the rules."""
    wishes = (
        ("lost", "condition", "at_risk", "New owner, wants to talk in spring.", 90),
        ("seasonal", "condition", "active", "Buys in the season only.", None),
        ("at_risk", "condition", "active", "Closed for rebuilding, will order.", 45),
        ("once", "position", "repeat", "Bought through a dealer before.", None),
        ("steady", "position", "advocate", "Spoke for us at the trade fair.", None),
    )
    for habit, axis, target, reason, days in wishes:
        customer = next(c for c in reversed(customers) if c.habit == habit)
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


# --- currencies --------------------------------------------------------------------


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
