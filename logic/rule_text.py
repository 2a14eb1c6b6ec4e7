"""The text of a rule: JSON of a list in Polish notation, as in an Odoo domain.

Only comparisons of facts with constants are a rule. Whatever would read the clock or
the present state of other records is refused, with the reason:

>>> def refusal(text):
...     try:
...         parse(text)
...     except RuleError as error:
...         return error.code, error.values
>>> refusal('[["last_purchase_on", ">=", "-30d"]]')
('date_fact', {'fact': 'last_purchase_on', 'instead': 'days_since_last'})
>>> refusal('[["partner_id.name", "=", "A"]]')
('dotted_path', {'fact': 'partner_id.name'})
>>> refusal('["|", ["purchase_count", ">", 1]]')
('missing_operand', {'connective': '|'})
"""

from __future__ import annotations

import json
import math
import reprlib
from collections.abc import Iterable, Mapping, Sequence

from .catalog import FACTS, MEMBERSHIP, OPERATORS, Fact, instead_of_date
from .rule_tree import (
    All,
    Compare,
    Constant,
    Node,
    Not,
    RuleError,
    Value,
    all_of,
    any_of,
    depth,
)

MAX_TEXT_BYTES = 10_000
MAX_COMPARISONS = 50
MAX_DEPTH = 10
MAX_LIST_VALUES = 50
# Between these a product of two numbers is exact enough everywhere and neither
# overflows nor vanishes in a database, which would make an error of it.
MAX_NUMBER = 10**15
MIN_FRACTION = 1e-9

_CONNECTIVES = ("&", "|", "!")


def parse(source: str | Sequence[object], facts: Mapping[str, Fact] = FACTS) -> Node:
    """The rule that a text, or the list it stands for, means.

    :raise RuleError: it is not a rule over these facts
    """
    stack: list[Node] = []
    for token in reversed(_tokens(source)):
        if isinstance(token, str):
            stack.append(_connect(token, stack))
        else:
            stack.append(_comparison(token, facts))
        _check_depth(stack[-1])
    rule = all_of(*reversed(stack))
    _check_depth(rule)
    return rule


def serialize(node: Node) -> list[object]:
    """The shortest list that means the rule; `parse` reads it back.

    :raise ValueError: the tree holds an empty part, which has no text
    """
    if isinstance(node, All):
        return [token for part in node.parts for token in _prefix(part)]
    return list(_prefix(node))


def missing_facts(
    source: str | Sequence[object], facts: Mapping[str, Fact] = FACTS
) -> set[str]:
    """The names in a rule that are no facts here: those of a bridge that is away.

    A date or a dotted path is not missing, it is wrong: `parse` says so.

    :raise RuleError: the text has no readable terms

    >>> sorted(missing_facts('[["visits_30d", ">", 3], ["purchase_count", ">", 1]]'))
    ['visits_30d']
    """
    names = {
        _term_parts(token)[0] for token in _tokens(source) if not isinstance(token, str)
    }
    return {
        name
        for name in names
        if name not in facts and "." not in name and not instead_of_date(name, facts)
    }


def _tokens(source: str | Sequence[object]) -> list[object]:
    """The connectives and terms of a rule, within the limits."""
    tokens = _load(source) if isinstance(source, str) else source
    if not isinstance(tokens, list | tuple):
        raise RuleError("not_a_list")
    count = sum(not isinstance(token, str) for token in tokens)
    if count > MAX_COMPARISONS:
        raise RuleError("too_many_comparisons", count=count, limit=MAX_COMPARISONS)
    return list(tokens)


def _load(text: str) -> object:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_TEXT_BYTES:
        raise RuleError("text_too_long", size=size, limit=MAX_TEXT_BYTES)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        position = getattr(error, "pos", 0)
        raise RuleError("not_json", position=position) from error


def _connect(token: str, stack: list[Node]) -> Node:
    """Take the operands of a connective off the stack and join them."""
    if token not in _CONNECTIVES:
        raise RuleError("unknown_connective", token=_short(token))
    if len(stack) < (1 if token == "!" else 2):
        raise RuleError("missing_operand", connective=token)
    if token == "!":
        return Not(stack.pop())
    join = all_of if token == "&" else any_of
    return join(stack.pop(), stack.pop())


def _check_depth(node: Node) -> None:
    if depth(node) > MAX_DEPTH:
        raise RuleError("too_deep", limit=MAX_DEPTH)


def _comparison(term: object, facts: Mapping[str, Fact]) -> Compare:
    name, operator, value = _term_parts(term)
    fact = _fact(name, facts)
    if operator not in OPERATORS:
        raise RuleError("unknown_operator", fact=name, operator=_short(operator))
    if operator not in fact.operators:
        raise RuleError(
            "operator_not_allowed",
            fact=name,
            operator=operator,
            allowed=fact.operators,
        )
    return Compare(name, operator, _operand(fact, operator, value))


def _term_parts(term: object) -> tuple[str, str, object]:
    match term:
        case [str(name), str(operator), value]:
            return name, operator, value
        case _:
            raise RuleError("malformed_term", term=_short(term))


def _fact(name: str, facts: Mapping[str, Fact]) -> Fact:
    if name in facts:
        return facts[name]
    instead = instead_of_date(name, facts)
    if instead:
        raise RuleError("date_fact", fact=name, instead=instead)
    code = "dotted_path" if "." in name else "unknown_fact"
    raise RuleError(code, fact=_short(name))


def _operand(fact: Fact, operator: str, value: object) -> Value:
    """The constant of a comparison, or the tuple of them."""
    wanted_list = operator in MEMBERSHIP
    if isinstance(value, list | tuple) != wanted_list:
        code = "list_expected" if wanted_list else "single_value_expected"
        raise RuleError(code, fact=fact.key, operator=operator)
    if isinstance(value, list | tuple):
        return _constants(fact, operator, value)
    return _constant(fact, value)


def _constants(fact: Fact, operator: str, values: Sequence[object]) -> Value:
    if not values:
        raise RuleError("empty_list", fact=fact.key, operator=operator)
    if len(values) > MAX_LIST_VALUES:
        raise RuleError(
            "too_many_values",
            fact=fact.key,
            count=len(values),
            limit=MAX_LIST_VALUES,
        )
    return tuple(dict.fromkeys(_constant(fact, value) for value in values))


def _constant(fact: Fact, value: object) -> Constant:
    return _choice(fact, value) if fact.kind == "choice" else _number(fact, value)


def _choice(fact: Fact, value: object) -> str:
    if isinstance(value, str) and value in fact.choices:
        return value
    raise RuleError(
        "not_a_choice", fact=fact.key, value=_short(value), choices=fact.choices
    )


def _number(fact: Fact, value: object) -> int | float:
    """A finite number; an int wherever it is whole, so that equal rules are equal."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RuleError("not_a_number", fact=fact.key, value=_short(value))
    if isinstance(value, float) and not math.isfinite(value):
        raise RuleError("not_finite", fact=fact.key, value=_short(value))
    if abs(value) > MAX_NUMBER or 0 < abs(value) < MIN_FRACTION:
        raise RuleError("number_out_of_range", fact=fact.key, value=_short(value))
    if value == int(value):
        return int(value)
    if fact.whole:
        raise RuleError("not_whole", fact=fact.key, value=_short(value))
    return value


def _prefix(node: Node) -> Iterable[object]:
    """The tokens of one operand."""
    if isinstance(node, Compare):
        value = list(node.value) if isinstance(node.value, tuple) else node.value
        return [[node.fact, node.operator, value]]
    if isinstance(node, Not):
        return ["!", *_prefix(node.part)]
    if not node.parts:
        raise ValueError("an empty part has no text")
    connective = "&" if isinstance(node, All) else "|"
    operands = [token for part in node.parts for token in _prefix(part)]
    return [connective] * (len(node.parts) - 1) + operands


def _short(value: object) -> str:
    """What the author wrote, short enough to show."""
    text = value if isinstance(value, str) else reprlib.repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
