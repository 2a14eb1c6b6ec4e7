"""Who buys less than before, while still buying? Partial loss, seen in documents.

The last year is compared with the year before it: whole years know no season. The own
trend is what counts, not what others buy.

``basket_change``    the mean amount of a purchase against that of the year before
``lost_categories``  product categories that were a habit then and are bought no more
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from .facts import YEAR_DAYS

# One large purchase, or one of a category, is no habit.
FEWEST_PURCHASES = 2


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought on a day: the net amount, and the categories of the products."""

    day: date
    amount: float
    categories: Collection[Hashable] = ()


@dataclass(frozen=True, slots=True)
class LostCategories:
    """How many categories were a habit, and which ended, the most frequent first."""

    known: int
    lost: tuple[Hashable, ...]

    @property
    def share(self) -> float | None:
        """Part of the categories that were lost; None where none was a habit."""
        return len(self.lost) / self.known if self.known else None


def basket_change(purchases: Iterable[Purchase], as_of: date) -> float | None:
    """By how much the mean purchase of a year grew or, below 0, shrank.

    None where a year has fewer than two purchases.

    >>> year = [Purchase(date(2024, 1, 9), 80.0), Purchase(date(2024, 3, 9), 120.0)]
    >>> last = [Purchase(date(2025, 1, 9), 60.0), Purchase(date(2025, 3, 9), 80.0)]
    >>> round(basket_change([*year, *last], date(2025, 6, 30)), 2)
    -0.3
    """
    before, recent = _years([(one.day, one.amount) for one in purchases], as_of)
    if min(len(before), len(recent)) < FEWEST_PURCHASES or sum(before) <= 0:
        return None
    return (sum(recent) / len(recent)) / (sum(before) / len(before)) - 1


def lost_categories(purchases: Iterable[Purchase], as_of: date) -> LostCategories:
    """Which categories were bought twice in the year before, and not in the last one.

    >>> bought = [Purchase(date(2024, month, 9), 1.0, {"paper"}) for month in (1, 2, 3)]
    >>> bought.append(Purchase(date(2025, 1, 9), 1.0, {"ink"}))
    >>> lost_categories(bought, date(2025, 6, 30))
    LostCategories(known=1, lost=('paper',))
    """
    bought = [(one.day, name) for one in purchases for name in set(one.categories)]
    before, recent = map(Counter, _years(bought, as_of))
    habits = [name for name, times in before.items() if times >= FEWEST_PURCHASES]
    lost = [name for name in habits if name not in recent]
    return LostCategories(
        len(habits), tuple(sorted(lost, key=lambda name: (-before[name], name)))
    )


def _years(things: Iterable[tuple[date, object]], as_of: date) -> tuple[list, list]:
    """Things of the year before the last one, and of the last one."""
    years: tuple[list, list] = [], []
    for day, thing in things:
        age = (as_of - day).days
        if 0 <= age < 2 * YEAR_DAYS:
            years[age < YEAR_DAYS].append(thing)
    return years
