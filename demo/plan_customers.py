"""Who the customers of the demo company are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as pairs
from random import Random

from . import words
from .plan_habits import HABITS, PRIVATE, SALESPEOPLE
from .plan_records import Contact, Customer


def customers(chance: Random) -> Iterator[Customer]:
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
    if habit == "former":
        # large ones who left long ago would make the company shrink
        return chance.lognormvariate(6.2, 0.6)
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
