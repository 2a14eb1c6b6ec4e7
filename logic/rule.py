"""The rule language: when does an account stand on a step or in a condition?

A rule is a domain over the facts of `catalog` with constants and ``&``, ``|``, ``!``.
It is kept as text and compiled from one tree, so that the database, Python and the
calendar agree:

============================ ===================================================
`parse`, `serialize`         between text and tree
`holds`                      the decision on one account
`to_sql`                     the same decision on a relation of accounts
`break_points`               the next day the calendar alone may change it
`break_points_sql`           the same on a relation of accounts
`decider`, `clocks`          `holds` and `break_points`, ready to be asked often
`sentence`                   the rule in codes, for whoever words it
============================ ===================================================

A customer cools off when a purchase is overdue by half an interval, unless somebody
spoke with them in the last two weeks:

>>> text = '''[["overdue_ratio", ">=", 1.5],
...            "!", ["days_since_contact", "<=", 14]]'''
>>> rule = parse(text)
>>> sorted(facts_of(rule))
['days_since_contact', 'overdue_ratio']
>>> sorted(stored_facts_of(rule))
['last_contact_on', 'last_purchase_on', 'usual_interval']

>>> from datetime import date
>>> stored = {
...     "last_purchase_on": date(2024, 1, 1),
...     "usual_interval": 30.0,
...     "last_contact_on": date(2024, 2, 10),
... }
>>> day = date(2024, 1, 1)
>>> while day:
...     print(day, holds(rule, stored, day))
...     day = break_points(rule, stored, day)
2024-01-01 False
2024-02-15 False
2024-02-25 True

The text is canonical after one reading; an empty list is true of everybody:

>>> serialize(parse('["&", ["purchase_days", ">=", 2.0], ["fit_need", "=", "yes"]]'))
[['purchase_days', '>=', 2], ['fit_need', '=', 'yes']]
>>> holds(parse("[]"), {}, date(2024, 1, 1))
True

>>> sentence(parse('["|", ["fit_need", "in", ["no"]], ["purchase_count", ">", 1]]'))
... # doctest: +NORMALIZE_WHITESPACE
('any', [('compare', 'fit_need', 'in', ('no',)),
         ('compare', 'purchase_count', '>', 1)])

A rule has at most 50 comparisons, nested 10 deep, in 10 kB of text. Every refusal is
a `RuleError` with a code of `ERROR_CODES` and values for a translated message.
"""

from __future__ import annotations

from collections.abc import Mapping

from .catalog import FACTS, Fact
from .rule_decide import Clock, Decider, break_points, clocks, decider, holds
from .rule_sql import break_points_sql, to_sql
from .rule_text import missing_facts, parse, serialize
from .rule_tree import (
    ALWAYS,
    ERROR_CODES,
    All,
    Any,
    Compare,
    Node,
    Not,
    RuleError,
    all_of,
    any_of,
    comparisons,
)

__all__ = [
    "ALWAYS",
    "ERROR_CODES",
    "All",
    "Any",
    "Clock",
    "Compare",
    "Decider",
    "Node",
    "Not",
    "RuleError",
    "all_of",
    "any_of",
    "break_points",
    "break_points_sql",
    "clocks",
    "comparisons",
    "decider",
    "facts_of",
    "holds",
    "missing_facts",
    "parse",
    "sentence",
    "serialize",
    "stored_facts_of",
    "to_sql",
]


def facts_of(node: Node) -> frozenset[str]:
    """The facts a rule names."""
    return frozenset(leaf.fact for leaf in comparisons(node))


def stored_facts_of(node: Node, facts: Mapping[str, Fact] = FACTS) -> frozenset[str]:
    """The stored facts a rule is decided from."""
    return frozenset(key for name in facts_of(node) for key in facts[name].stored_keys)


def sentence(node: Node) -> tuple[object, ...]:
    """The rule as nested codes: all, any, not, compare."""
    if isinstance(node, Compare):
        return ("compare", node.fact, node.operator, node.value)
    if isinstance(node, Not):
        return ("not", sentence(node.part))
    return ("all" if isinstance(node, All) else "any"), [
        sentence(part) for part in node.parts
    ]
