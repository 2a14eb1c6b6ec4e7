"""The table of the comparison with peers; it needs neither Odoo nor a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# What takes half as long again is not called slower: machines differ by the minute.
SLOWER = 1.1


@dataclass(frozen=True)
class Cost:
    """What something costs one side.

    :param milliseconds: the median of its turns
    :param statements: how many statements it sends to the database
    """

    milliseconds: float
    statements: int


Costs = Mapping[str, Mapping[str, Cost]]


def print_report(results: list[dict]) -> None:
    """Print the table and, plainly, where we are slower."""
    few, many = results
    print("\n" + "\n".join(format_table(few["costs"], many["costs"])))
    for line in (*slower_lines(many["costs"]), *many["notes"]):
        print(line)


def format_table(few: Costs, many: Costs) -> list[str]:
    """The lines of the table: a figure for each side, their ratio, and their growth.

    :param few: ``{title: {"ours": Cost, "theirs": Cost}}`` with few rows; a side that
        has no such thing is left out
    :param many: the same with many rows
    """
    heads = ("ours", "theirs", "ratio", "queries", "theirs", "growth", "theirs")
    lines = [f"{'milliseconds':44}" + "".join(f"{head:>9}" for head in heads)]
    for title, costs in many.items():
        ours, theirs = costs.get("ours"), costs.get("theirs")
        before = few.get(title, {})
        cells = (
            ours and f"{ours.milliseconds:,.0f}",
            theirs and f"{theirs.milliseconds:,.0f}",
            ours and theirs and f"{ratio(ours, theirs):.2f}",
            ours and f"{ours.statements:,}",
            theirs and f"{theirs.statements:,}",
            growth(before.get("ours"), ours),
            growth(before.get("theirs"), theirs),
        )
        lines.append(f"{title:44}" + "".join(f"{cell or '':>9}" for cell in cells))
    return lines


def ratio(ours: Cost, theirs: Cost) -> float:
    """How many times as long it takes with us."""
    return ours.milliseconds / theirs.milliseconds


def growth(few: Cost | None, many: Cost | None) -> str:
    """How many times as long it takes with many rows; empty where that is unknown."""
    return f"{many.milliseconds / few.milliseconds:.2f}" if few and many else ""


def slower_lines(costs: Costs) -> Iterable[str]:
    """A sentence for everything that takes longer with us."""
    for title, sides in costs.items():
        if len(sides) == 2 and ratio(sides["ours"], sides["theirs"]) > SLOWER:
            times = ratio(sides["ours"], sides["theirs"])
            yield f"We are slower: {title}, {times:.1f} times as long."
