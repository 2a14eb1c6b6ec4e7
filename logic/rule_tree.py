"""The syntax tree of a rule, and the error that refuses one.

A tree is a value: equal rules are equal trees, whatever brackets they were written
with. `all_of` and `any_of` build it so.

>>> a, b, c = (Compare("purchase_count", ">", n) for n in (1, 2, 3))
>>> all_of(all_of(a, b), c) == all_of(a, all_of(b, c)) == All((a, b, c))
True
>>> all_of(a) == a, all_of() == ALWAYS
(True, True)
>>> depth(any_of(a, Not(b)))
3
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Constant: TypeAlias = "int | float | str"
Value: TypeAlias = "Constant | tuple[Constant, ...]"
Node: TypeAlias = "All | Any | Not | Compare"

# What each code of a `RuleError` tells in its values.
ERROR_CODES: dict[str, tuple[str, ...]] = {
    "text_too_long": ("size", "limit"),
    "not_json": ("position",),
    "not_a_list": (),
    "too_many_comparisons": ("count", "limit"),
    "too_deep": ("limit",),
    "unknown_connective": ("token",),
    "missing_operand": ("connective",),
    "malformed_term": ("term",),
    "dotted_path": ("fact",),
    "unknown_fact": ("fact",),
    "date_fact": ("fact", "instead"),
    "unknown_operator": ("fact", "operator"),
    "operator_not_allowed": ("fact", "operator", "allowed"),
    "single_value_expected": ("fact", "operator"),
    "list_expected": ("fact", "operator"),
    "empty_list": ("fact", "operator"),
    "too_many_values": ("fact", "count", "limit"),
    "not_a_number": ("fact", "value"),
    "not_finite": ("fact", "value"),
    "not_whole": ("fact", "value"),
    "number_out_of_range": ("fact", "value"),
    "not_a_choice": ("fact", "value", "choices"),
}


class RuleError(ValueError):
    """A text that is no rule.

    :param code: a key of `ERROR_CODES`
    :param values: what `ERROR_CODES` names for it, for the translated sentence;
        ``allowed`` and ``choices`` are tuples, what the author wrote is a short text
    """

    def __init__(self, code: str, **values: object) -> None:
        """Keep the code and its values for whoever words the message."""
        super().__init__(code, values)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Compare:
    """A fact compared with a constant; a tuple of them for ``in``, ``not in``."""

    fact: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is; without parts always true."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """True when at least one part is."""

    parts: tuple[Node, ...]


ALWAYS = All(())


def all_of(*parts: Node) -> Node:
    """Every part, in one flat node."""
    flat = _flatten(All, parts)
    return flat[0] if len(flat) == 1 else All(flat)


def any_of(*parts: Node) -> Node:
    """At least one part, in one flat node."""
    flat = _flatten(Any, parts)
    return flat[0] if len(flat) == 1 else Any(flat)


def _flatten(kind: type[All] | type[Any], parts: tuple[Node, ...]) -> tuple[Node, ...]:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return tuple(flat)


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node; none for a comparison."""
    if isinstance(node, Compare):
        return ()
    return (node.part,) if isinstance(node, Not) else node.parts


def comparisons(node: Node) -> Iterator[Compare]:
    """Every comparison of a rule, from left to right."""
    if isinstance(node, Compare):
        yield node
    for part in children(node):
        yield from comparisons(part)


def depth(node: Node) -> int:
    """How many nodes lie above one another; a comparison alone counts one."""
    return 1 + max(map(depth, children(node)), default=0)
