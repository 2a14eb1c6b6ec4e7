"""How tables are multiplied for the comparison with peers; no database is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# More than any table has rows before it is multiplied.
STRIDE = 1_000_000


@dataclass(frozen=True)
class Table:
    """A table whose rows belong to complaints or tickets.

    :param root: SQL for the id of the complaint, seen from ``row``
    :param links: columns that lead to other rows that are copied
    :param fresh: ``{column: SQL}`` for what is another value in a copy
    """

    name: str
    root: str
    links: tuple[str, ...] = ()
    fresh: Mapping[str, str] = field(default_factory=dict)


def thread_tables(model: str) -> tuple[Table, ...]:
    """The tables of the conversation and the activities of a model."""
    of_model = f"CASE WHEN row.{{}} = '{model}' THEN row.res_id END"
    tracked = f"""(SELECT res_id FROM mail_message message
                    WHERE message.id = row.mail_message_id
                      AND message.model = '{model}')"""
    return (
        Table("mail_tracking_value", tracked, ("mail_message_id",)),
        Table(
            "mail_message",
            of_model.format("model"),
            ("res_id", "parent_id"),
            {"message_id": "row.message_id || copy"},
        ),
        Table("mail_followers", of_model.format("res_model"), ("res_id",)),
        Table("mail_activity", of_model.format("res_model"), ("res_id",)),
    )


def copied(table: Table, name: str, is_moment: bool) -> str:
    """SQL for a column of a copy: what is open is minutes old, the rest up to years."""
    if name in table.fresh:
        return table.fresh[name]
    if name == "id" or name in table.links:
        return f'row."{name}" + copy * {STRIDE}'
    if is_moment:
        return (
            f'row."{name}" - copy * CASE WHEN bench_seed.is_open'
            " THEN interval '1 second' ELSE interval '12 hours' END"
        )
    return f'row."{name}"'
