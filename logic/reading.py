"""Which comparisons decided a rule, and what the facts were: the ground of a verdict.

>>> from datetime import date
>>> from .rule import parse
>>> rule = parse('''["|", ["purchase_days", ">=", 6],
...                  "!", ["days_since_contact", "<=", 14]]''')
>>> stored = {"purchase_days": 4, "last_contact_on": date(2024, 1, 1)}
>>> for one in grounds(rule, stored, date(2024, 1, 31)):
...     print(one.fact, one.operator, one.bound, "is", one.value)
days_since_contact > 14 is 30

A rule that does not hold is explained by what is missing:

>>> for one in grounds(rule, stored, date(2024, 1, 11)):
...     print(one.fact, one.operator, one.bound, "is", one.value)
purchase_days >= 6 is 4
days_since_contact > 14 is 10
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .catalog import FACTS, Fact
from .rule import All, Compare, Node, Not, holds

#: What a negated comparison asks for.
OPPOSITES = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule asks of a fact, and what the fact is.

    :param bound: the constant, a tuple for ``in`` and ``not in``
    :param value: None when it is not known
    """

    fact: str
    operator: str
    bound: Any
    value: Any

    def opposite(self) -> Reading:
        """What is true of the fact when this is not asked, or not met."""
        return replace(self, operator=OPPOSITES[self.operator])


def grounds(
    node: Node,
    values: Mapping[str, Any],
    as_of: date,
    facts: Mapping[str, Fact] = FACTS,
) -> tuple[Reading, ...]:
    """The comparisons that make a rule hold, or those that keep it from holding.

    Of alternatives, those that are met count; if none is met, all of them. Of
    requirements it is the other way round.

    :param values: stored facts by key, as in `rule.holds`
    """
    return _grounds(node, values, as_of, facts, negated=False)


def _grounds(
    node: Node,
    values: Mapping[str, Any],
    as_of: date,
    facts: Mapping[str, Fact],
    negated: bool,
) -> tuple[Reading, ...]:
    if isinstance(node, Compare):
        operator = OPPOSITES[node.operator] if negated else node.operator
        value = read(facts[node.fact], values, as_of)
        return (Reading(node.fact, operator, node.value, value),)
    if isinstance(node, Not):
        return _grounds(node.part, values, as_of, facts, not negated)
    verdicts = [(part, holds(part, values, as_of, facts)) for part in node.parts]
    # One part of the minority decides alone; without one, all parts decide.
    alone = not isinstance(node, All)
    deciding = [part for part, met in verdicts if met == alone]
    return tuple(
        reading
        for part in deciding or node.parts
        for reading in _grounds(part, values, as_of, facts, negated)
    )


def read(fact: Fact, values: Mapping[str, Any], as_of: date) -> Any:
    """The value of a fact on a day, or None; for people to read.

    A ratio is divided here, which deciding never does: what is shown is rounded.

    >>> read(FACTS["overdue_ratio"],
    ...      {"last_purchase_on": date(2024, 1, 1), "usual_interval": 20.0},
    ...      date(2024, 1, 31))
    1.5
    """
    value = _known(values, fact.compared)
    if value is None:
        return None
    if fact.clocked:
        value = (as_of - value).days
    if fact.divisor is None:
        return value
    divisor = _known(values, fact.divisor)
    return float(value) / float(divisor) if divisor and divisor > 0 else None


def _known(values: Mapping[str, Any], key: str) -> Any:
    value = values.get(key)
    return None if value is False else value
