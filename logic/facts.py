"""The facts of one customer as of a day, from the history of what happened.

The same figures are aggregated in SQL for a million customers; this module is
their definition and the oracle of the tests.

* A *purchase day* is a day with at least one purchase. Credit notes and documents
  without value change the revenue and nothing else.
* The *trailing 12 months* are the 365 days that end with ``as_of``; *the 12 before*
  are the 365 days before those.
* The *usual interval* is the median of the gaps between purchase days. With fewer
  than three purchase days there is no rhythm yet and the segment's stands in.
* What is dated after ``as_of`` does not exist yet.

>>> days = [date(2024, 1, 1), date(2024, 1, 11), date(2024, 2, 10)]
>>> history = History(purchases=tuple(Purchase(day, 50.0, True) for day in days))
>>> values = FactReader(history).at(date(2024, 2, 20))
>>> values["interval_median"], values["last_gap_days"], values["revenue_total"]
(20.0, 30, 150.0)
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from statistics import median

from .history import FIT_QUESTIONS, History, Purchase

#: Length in days of "12 months". Exact days keep windows free of calendar corner
#: cases, so that SQL and Python agree on every date.
YEAR_DAYS = 365

#: Purchase days from which on a customer has a rhythm of its own.
OWN_RHYTHM_DAYS = 3

#: Stored facts that change when something leaves a 12-month window.
WINDOW_KEYS = frozenset({"revenue_12m", "revenue_prev_12m", "category_count_12m"})

# Amounts are added up as whole ten-thousandths: sums of binary fractions depend on
# the order of the documents, sums of integers do not.
_UNITS = 10_000


class FactReader:
    """Reads the facts of one history on any day; prepares the sums once.

    :param history: what happened, in any order.
    :param fallback: usual interval in days of the customer's segment, or None.
    :param keys: stored facts that are asked for; None for all of them. Others may be
        missing from the answers.
    """

    def __init__(
        self,
        history: History,
        fallback: float | None = None,
        keys: frozenset[str] | None = None,
    ) -> None:
        """Sort what happened, once for all days."""
        purchases = sorted(history.purchases, key=lambda item: item.day)
        self._days = [item.day for item in purchases]
        self._sums = _running_sums(purchases)
        counted = [item.day for item in purchases if item.counts]
        self._counted = counted
        self._purchase_days = sorted(set(counted))
        self._gaps = [
            (later - earlier).days
            for earlier, later in zip(
                self._purchase_days, self._purchase_days[1:], strict=False
            )
        ]
        self._medians: dict[int, float | None] = {}
        self._quotations = history.quotations
        self._contacts = sorted(history.contact_days)
        self._fits = sorted(history.fits, key=lambda item: item.day)
        self._categories = sorted(history.categories)
        self._keys = keys
        self._tracks = [
            track for track in history.tracks if self._is_asked(frozenset({track.key}))
        ]
        self._groups = [
            getattr(self, name)
            for name, group in _GROUPS.items()
            if self._is_asked(group)
        ]
        self.fallback = fallback

    def _is_asked(self, group: frozenset[str]) -> bool:
        return self._keys is None or not group.isdisjoint(self._keys)

    def at(self, as_of: date) -> dict[str, object]:
        """Return the stored facts as of a day, by key; None where there is none."""
        values: dict[str, object] = {}
        for group in self._groups:
            values |= group(as_of)
        return values | {track.key: track.at(as_of) for track in self._tracks}

    def event_days(self) -> Iterator[date]:
        """Yield the days on which one of the facts asked for can change."""
        yield from self._days
        if self._is_asked(WINDOW_KEYS):
            yield from self._window_days()
        if self._is_asked(_GROUPS["_quotation_facts"]):
            for quotation in self._quotations:
                yield quotation.opened
                if quotation.closed:
                    yield quotation.closed
        if self._is_asked(_GROUPS["_fit_facts"]):
            yield from (fit.day for fit in self._fits)
        if self._is_asked(_GROUPS["_contact_facts"]):
            yield from self._contacts
        for track in self._tracks:
            yield from (day for day, _value in track.changes)

    def _window_days(self) -> Iterator[date]:
        year, two_years = timedelta(YEAR_DAYS), timedelta(2 * YEAR_DAYS)
        for day in self._days:
            yield day + year
            yield day + two_years
        for day, _key in self._categories:
            yield day
            yield day + year

    def _purchase_facts(self, as_of: date) -> dict[str, object]:
        count = bisect_right(self._counted, as_of)
        total = self._revenue_until(as_of)
        year_ago = self._revenue_until(as_of - timedelta(YEAR_DAYS))
        two_years_ago = self._revenue_until(as_of - timedelta(2 * YEAR_DAYS))
        return {
            "purchase_count": count,
            "revenue_total": total / _UNITS,
            "revenue_12m": (total - year_ago) / _UNITS,
            "revenue_prev_12m": (year_ago - two_years_ago) / _UNITS,
            "average_basket": total / _UNITS / count if count else None,
        }

    def _revenue_until(self, day: date) -> int:
        return self._sums[bisect_right(self._days, day)]

    def _rhythm_facts(self, as_of: date) -> dict[str, object]:
        number = bisect_right(self._purchase_days, as_of)
        if not number:
            return dict.fromkeys(_RHYTHM_KEYS) | {"purchase_days": 0}
        first, last = self._purchase_days[0], self._purchase_days[number - 1]
        tenure = (last - first).days
        own = number >= OWN_RHYTHM_DAYS
        middle = self._median_gap(number)
        usual = middle if own else self.fallback
        last_gap = self._gaps[number - 2] if number > 1 else None
        return {
            "purchase_days": number,
            "first_purchase_on": first,
            "last_purchase_on": last,
            "tenure_days": tenure,
            "interval_median": middle,
            "interval_mean": tenure / (number - 1) if number > 1 else None,
            "usual_interval": usual,
            "interval_source": ("own" if own else "segment") if usual else None,
            "last_gap_days": last_gap,
            "last_gap_ratio": last_gap / usual if last_gap and usual else None,
            "expected_next_on": last + timedelta(math.ceil(usual)) if usual else None,
        }

    def _median_gap(self, purchase_days: int) -> float | None:
        if purchase_days not in self._medians:
            gaps = self._gaps[: purchase_days - 1]
            self._medians[purchase_days] = float(median(gaps)) if gaps else None
        return self._medians[purchase_days]

    def _quotation_facts(self, as_of: date) -> dict[str, object]:
        known = [item for item in self._quotations if item.opened <= as_of]
        still_open = [
            item for item in known if item.closed is None or item.closed > as_of
        ]
        return {
            "first_quotation_on": min((item.opened for item in known), default=None),
            "open_quotation_count": len(still_open),
            "open_quotation_value": sum(_to_units(q.amount) for q in still_open)
            / _UNITS,
        }

    def _category_facts(self, as_of: date) -> dict[str, object]:
        since = as_of - timedelta(YEAR_DAYS)
        bought = {key for day, key in self._categories if since < day <= as_of}
        return {"category_count_12m": len(bought)}

    def _contact_facts(self, as_of: date) -> dict[str, object]:
        number = bisect_right(self._contacts, as_of)
        return {"last_contact_on": self._contacts[number - 1] if number else None}

    def _fit_facts(self, as_of: date) -> dict[str, object]:
        answers: tuple[str, ...] = ("unknown",) * len(FIT_QUESTIONS)
        for fit in self._fits:
            if fit.day > as_of:
                break
            answers = fit.answers
        facts: dict[str, object] = {
            f"fit_{question}": answer
            for question, answer in zip(FIT_QUESTIONS, answers, strict=True)
        }
        facts["fit_yes_count"] = sum(answer == "yes" for answer in answers)
        return facts


_RHYTHM_KEYS = (
    "first_purchase_on",
    "last_purchase_on",
    "tenure_days",
    "interval_median",
    "interval_mean",
    "usual_interval",
    "interval_source",
    "last_gap_days",
    "last_gap_ratio",
    "expected_next_on",
)

# Facts that are read together: {method of `FactReader`: keys of its answer}
_GROUPS: dict[str, frozenset[str]] = {
    "_purchase_facts": frozenset(
        {
            "purchase_count",
            "revenue_total",
            "revenue_12m",
            "revenue_prev_12m",
            "average_basket",
        }
    ),
    "_rhythm_facts": frozenset({"purchase_days", *_RHYTHM_KEYS}),
    "_quotation_facts": frozenset(
        {"first_quotation_on", "open_quotation_count", "open_quotation_value"}
    ),
    "_fit_facts": frozenset(
        {*(f"fit_{question}" for question in FIT_QUESTIONS), "fit_yes_count"}
    ),
    "_category_facts": frozenset({"category_count_12m"}),
    "_contact_facts": frozenset({"last_contact_on"}),
}


def _to_units(amount: float) -> int:
    return round(amount * _UNITS)


def _running_sums(purchases: Iterable[Purchase]) -> Sequence[int]:
    sums = [0]
    for purchase in purchases:
        sums.append(sums[-1] + _to_units(purchase.amount))
    return sums
