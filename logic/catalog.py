"""The facts a rule may name.

A *stored fact* is a column of the relationship row: a number, a choice or a date.
A rule does not name dates. It names a number of days, so that the same rule means
the same thing on every day it is asked. A `Fact` says how such a number comes from
stored facts:

``none``
    The stored fact of the same name; it changes only when something happens.
    With a *base* and a *divisor* it is the ratio of two stored numbers.
``elapsed``
    Whole days from the stored date *base* to the day of the question.
``overdue``
    The same days, divided by the stored number *divisor*.

>>> FACTS["purchase_count"].stored_keys
('purchase_count',)
>>> FACTS["days_since_last"].stored_keys
('last_purchase_on',)
>>> FACTS["overdue_ratio"].stored_keys
('last_purchase_on', 'usual_interval')
>>> FACTS["overdue_ratio"].clocked, FACTS["revenue_trend"].clocked
(True, False)

The *kind* decides which values and operators a rule may use:

>>> FACTS["fit_need"].operators
('=', '!=', 'in', 'not in')
>>> FACTS["revenue_12m"].operators
('<', '<=', '>', '>=')

A bridge adds its facts with `register` when it is imported. The catalogue belongs to
the process: whether the bridge is installed in one database is for the caller to
know, who passes the facts that count there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

KINDS = ("integer", "decimal", "money", "days", "ratio", "choice")
CLOCKS = ("none", "elapsed", "overdue")
WHOLE_KINDS = frozenset({"integer", "days"})

EQUALITY = ("=", "!=")
ORDER = ("<", "<=", ">", ">=")
MEMBERSHIP = ("in", "not in")
OPERATORS = EQUALITY + ORDER + MEMBERSHIP

_KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the catalogue.

    :param key: its name in a rule, and the name of its column where it is stored
    :param kind: one of `KINDS`; ``days`` are whole days
    :param clock: one of `CLOCKS`
    :param base: the stored date of a clocked fact, the stored dividend of a ratio
    :param divisor: the stored number a ratio is divided by
    :param choices: the values of a ``choice``
    :raise ValueError: the parts contradict one another
    """

    key: str
    kind: str
    clock: str = "none"
    base: str | None = None
    divisor: str | None = None
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a definition that no rule could be compiled for."""
        problem = _problem(self)
        if problem:
            raise ValueError(f"fact {self.key!r}: {problem}")

    @property
    def clocked(self) -> bool:
        """Whether the fact changes by the mere passing of days."""
        return self.clock != "none"

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return self.kind in WHOLE_KINDS

    @property
    def stored_keys(self) -> tuple[str, ...]:
        """The stored facts it is read from."""
        if self.divisor is None:
            return (self.compared,)
        return (self.compared, self.divisor)

    @property
    def compared(self) -> str:
        """The stored fact on the left of its comparisons."""
        return self.base or self.key

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators a rule may use on it.

        Equality is for what is counted or chosen: money and ratios are compared by
        order. Lists are for what does not move with the calendar.
        """
        if self.kind == "choice":
            return EQUALITY + MEMBERSHIP
        if not self.whole:
            return ORDER
        return EQUALITY + ORDER + (() if self.clocked else MEMBERSHIP)


def _problem(fact: Fact) -> str | None:
    """What is wrong with a definition, if anything."""
    has_base, has_divisor = fact.base is not None, fact.divisor is not None
    checks = (
        (not _KEY.fullmatch(fact.key), "the key is not a lower-case identifier"),
        (fact.kind not in KINDS, "unknown kind"),
        (fact.clock not in CLOCKS, "unknown clock"),
        ((fact.kind == "choice") != bool(fact.choices), "only a choice has choices"),
        (fact.clocked and not has_base, "a clock needs a base date"),
        (fact.clock == "elapsed" and fact.kind != "days", "elapsed counts days"),
        (fact.clock == "elapsed" and has_divisor, "elapsed has no divisor"),
        (fact.clock == "overdue" and not has_divisor, "overdue needs a divisor"),
        (has_divisor and fact.kind != "ratio", "only a ratio has a divisor"),
        (not fact.clocked and has_base != has_divisor, "a ratio needs two facts"),
    )
    return next((text for wrong, text in checks if wrong), None)


def _elapsed(key: str, base: str) -> Fact:
    """A fact that counts the days since a stored date."""
    return Fact(key, "days", "elapsed", base)


def _ratio(key: str, base: str, divisor: str) -> Fact:
    """A fact that divides two stored numbers."""
    return Fact(key, "ratio", "none", base, divisor)


_FIT_ANSWERS = ("yes", "no", "unknown")

_OWN_FACTS = (
    Fact("purchase_count", "integer"),
    Fact("purchase_days", "integer"),
    Fact("revenue_total", "money"),
    Fact("revenue_12m", "money"),
    Fact("revenue_prev_12m", "money"),
    _ratio("revenue_trend", "revenue_12m", "revenue_prev_12m"),
    Fact("average_basket", "money"),
    Fact("interval_median", "decimal"),
    Fact("interval_mean", "decimal"),
    Fact("usual_interval", "decimal"),
    Fact("interval_source", "choice", choices=("own", "segment")),
    _elapsed("days_since_first", "first_purchase_on"),
    _elapsed("days_since_last", "last_purchase_on"),
    Fact("overdue_ratio", "ratio", "overdue", "last_purchase_on", "usual_interval"),
    Fact("tenure_days", "days"),
    _ratio("tenure_ratio", "tenure_days", "usual_interval"),
    Fact("last_gap_days", "days"),
    _ratio("last_gap_ratio", "last_gap_days", "usual_interval"),
    _elapsed("days_since_first_quotation", "first_quotation_on"),
    Fact("open_quotation_count", "integer"),
    Fact("open_quotation_value", "money"),
    Fact("category_count_12m", "integer"),
    _elapsed("days_since_contact", "last_contact_on"),
    Fact("fit_need", "choice", choices=_FIT_ANSWERS),
    Fact("fit_can_pay", "choice", choices=_FIT_ANSWERS),
    Fact("fit_reachable", "choice", choices=_FIT_ANSWERS),
    Fact("fit_right_to_buy", "choice", choices=_FIT_ANSWERS),
    Fact("fit_core_value", "choice", choices=_FIT_ANSWERS),
    Fact("fit_recommends", "choice", choices=_FIT_ANSWERS),
    Fact("fit_yes_count", "integer"),
)
_OWN_KEYS = frozenset(fact.key for fact in _OWN_FACTS)

FACTS: dict[str, Fact] = {fact.key: fact for fact in _OWN_FACTS}


def register(fact: Fact) -> None:
    """Add the fact of a bridge; the same definition twice is harmless.

    :raise ValueError: another fact has this key
    """
    if FACTS.setdefault(fact.key, fact) != fact:
        raise ValueError(f"fact {fact.key!r} is already defined differently")


def unregister(key: str) -> None:
    """Forget the fact of a bridge; an unknown key is harmless.

    :raise ValueError: the fact is not a bridge's
    """
    if key in _OWN_KEYS:
        raise ValueError(f"fact {key!r} is part of the product")
    FACTS.pop(key, None)


def instead_of_date(key: str, facts: Mapping[str, Fact] = FACTS) -> str | None:
    """The fact to use in a rule in place of a stored date, if it is one.

    >>> instead_of_date("last_contact_on")
    'days_since_contact'
    >>> instead_of_date("purchase_count") is None
    True
    """
    if key == "expected_next_on":
        return "overdue_ratio"
    elapsed = (fact for fact in facts.values() if fact.clock == "elapsed")
    return next((fact.key for fact in elapsed if fact.base == key), None)
