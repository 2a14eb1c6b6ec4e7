"""A rule as PostgreSQL, over any relation that has the stored facts as columns.

>>> column = "row.{}".format
>>> to_sql(Compare("purchase_count", ">=", 2), column, "day.as_of")
('COALESCE(row.purchase_count >= %s, FALSE)', [2])
>>> text, parameters = to_sql(Compare("days_since_last", ">", 90), column, "day.as_of")
>>> text
'COALESCE((day.as_of - row.last_purchase_on) > %s, FALSE)'

The text is the same decision as `rule_decide.holds` to the last bit: whole numbers
are compared as such, all others as double precision, and a ratio by one
multiplication of doubles. Constants are always parameters. What `column` and `as_of`
give is put into the text as it is, several times: an expression without parameters,
with any percent sign doubled.

>>> to_sql(Compare("revenue_trend", "<", 0.8), column, "day.as_of")[0]
... # doctest: +NORMALIZE_WHITESPACE
'COALESCE(row.revenue_prev_12m > 0 AND CAST(row.revenue_12m AS double precision)
 < CAST(%s AS double precision) * CAST(row.revenue_prev_12m AS double precision),
 FALSE)'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .catalog import FACTS, Fact
from .rule_tree import All, Compare, Node, Not, comparisons

Column = Callable[[str], str]
Fragment = tuple[str, list[object]]

_SQL_OPERATORS = {"!=": "<>", "in": "IN", "not in": "NOT IN"}
# Python knows no later day, so that nothing later may come out of the database.
_LAST_DAY = "DATE '9999-12-31'"


def to_sql(
    node: Node, column: Column, as_of: str, facts: Mapping[str, Fact] = FACTS
) -> Fragment:
    """A boolean expression, never null, and its parameters.

    :param column: gives the SQL expression of a stored fact
    :param as_of: SQL expression of the day, of type date
    """
    if isinstance(node, Compare):
        return _leaf(node, facts[node.fact], column, as_of)
    if isinstance(node, Not):
        text, parameters = to_sql(node.part, column, as_of, facts)
        return f"NOT {text}", parameters
    if not node.parts:
        return ("TRUE" if isinstance(node, All) else "FALSE"), []
    joint = " AND " if isinstance(node, All) else " OR "
    return _join(joint, [to_sql(part, column, as_of, facts) for part in node.parts])


def break_points_sql(
    node: Node, column: Column, as_of: str, facts: Mapping[str, Fact] = FACTS
) -> Fragment | None:
    """A nullable date expression equal to `rule_decide.break_points` after `as_of`.

    :return: None for a rule that the calendar alone never changes
    """
    days = [
        day
        for leaf in comparisons(node)
        if facts[leaf.fact].clocked
        for day in _flip_days(leaf, facts[leaf.fact], column, as_of)
    ]
    if not days:
        return None
    text, parameters = _join(", ", days)
    return f"LEAST{text}", parameters


def _join(separator: str, fragments: list[Fragment]) -> Fragment:
    text = separator.join(text for text, _parameters in fragments)
    return f"({text})", [one for _text, many in fragments for one in many]


def _double(expression: str) -> str:
    return f"CAST({expression} AS double precision)"


def _leaf(node: Compare, fact: Fact, column: Column, as_of: str) -> Fragment:
    """One comparison; false where a fact it needs is null."""
    symbol = _SQL_OPERATORS.get(node.operator, node.operator)
    left = _side(fact, column, as_of)
    if isinstance(node.value, tuple):
        places = ", ".join(["%s"] * len(node.value))
        return f"COALESCE({left} {symbol} ({places}), FALSE)", list(node.value)
    guard = f"{column(fact.divisor)} > 0 AND " if fact.divisor else ""
    right = _bound(fact, column)
    return f"COALESCE({guard}{left} {symbol} {right}, FALSE)", [node.value]


def _side(fact: Fact, column: Column, as_of: str) -> str:
    """The left side of a comparison: the fact, or the dividend of a ratio."""
    value = column(fact.compared)
    if fact.clocked:
        value = f"({as_of} - {value})"
    return value if fact.whole or fact.kind == "choice" else _double(value)


def _bound(fact: Fact, column: Column) -> str:
    """The right side: the constant, times the divisor of a ratio."""
    if fact.whole or fact.kind == "choice":
        return "%s"
    if fact.divisor is None:
        return _double("%s")
    return f"{_double('%s')} * {_double(column(fact.divisor))}"


def _flip_days(node: Compare, fact: Fact, column: Column, as_of: str) -> list[Fragment]:
    """The days on which a clocked comparison flips, null where there is none."""
    bound = _bound(fact, column) if fact.divisor else _double("%s")
    reached, passed = f"CEIL({bound})", f"FLOOR({bound}) + 1"
    if node.operator in (">=", "<"):
        flips = [reached]
    else:
        flips = [passed] if node.operator in (">", "<=") else [reached, passed]
    guard = f"{column(fact.divisor)} > 0 AND " if fact.divisor else ""
    return [
        _flip_day(flip, guard, column(fact.compared), as_of, node.value)
        for flip in flips
    ]


def _flip_day(flip: str, guard: str, base: str, as_of: str, value: object) -> Fragment:
    """Base plus a number of days, where that is later and still a date.

    The planner may work out the cast of a constant before it looks at the condition,
    so that the number is also held within the bounds where it is cast.
    """
    now, last = f"({as_of} - {base})", f"({_LAST_DAY} - {base})"
    days = f"CAST(LEAST(GREATEST({flip}, {now}), {last}) AS integer)"
    condition = f"{guard}{flip} > {now} AND {flip} <= {last}"
    return f"CASE WHEN {condition} THEN {base} + {days} END", [value] * 3
