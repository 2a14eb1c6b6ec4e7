"""What is known of one customer, as dated records: what `logic.facts` reads."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

#: Questions of a fit assessment, in the order of the form.
FIT_QUESTIONS = (
    "need",
    "can_pay",
    "reachable",
    "right_to_buy",
    "core_value",
    "recommends",
)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A document: its local day, net amount, and whether it counts as a purchase."""

    day: date
    amount: float
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation, open from ``opened`` until the day before ``closed``."""

    opened: date
    closed: date | None
    amount: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A person's answers (``yes``, ``no``, ``unknown``) to `FIT_QUESTIONS`."""

    day: date
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """A fact that other parts of the product know the whole course of.

    :param key: the stored fact
    :param changes: days and the value from each of them on, in order
    :param before: the value before the first of them
    """

    key: str
    changes: tuple[tuple[date, object], ...] = ()
    before: object = None

    def at(self, as_of: date) -> object:
        """Return the value at the end of a day."""
        number = bisect_right(self.changes, as_of, key=lambda change: change[0])
        return self.changes[number - 1][1] if number else self.before


@dataclass(frozen=True, slots=True)
class History:
    """Everything dated that is known about one account in one company."""

    purchases: tuple[Purchase, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    contact_days: tuple[date, ...] = ()
    fits: tuple[Fit, ...] = ()
    #: (day, key of the product category)
    categories: tuple[tuple[date, int], ...] = field(default=())
    tracks: tuple[Track, ...] = ()

    def first_day(self) -> date | None:
        """Return the first day on which anything but a contact is known."""
        days = [purchase.day for purchase in self.purchases]
        days += [quotation.opened for quotation in self.quotations]
        days += [fit.day for fit in self.fits]
        return min(days, default=None)
