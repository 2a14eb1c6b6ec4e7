"""What a plan is made of: plain values, each of them one thing to make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


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
    """An order or quotation; ``day`` is when it was confirmed or made, ``tier`` the one
    at whose prices it is.
    """

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
    tier: str = ""


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
