"""Reading and writing masses of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from psycopg2.errors import LockNotAvailable

from odoo.sql_db import BaseCursor
from odoo.tools import SQL

# For a sort or join over everybody; the server's default is for what people do.
WORK_MEMORY = "64MB"
# What a page at another place costs beside the next one, where both are in memory.
LOOK_UP_COST = "1.1"
# How long a job waits for a table to itself; who comes later waits behind the job.
LOCK_PATIENCE = "500ms"


def claim_memory(cursor: BaseCursor) -> None:
    """Let this transaction sort in memory what would otherwise go to the disk."""
    cursor.execute(
        SQL(
            "SELECT set_config('work_mem', %(size)s, TRUE) WHERE"
            " pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%(size)s)",
            size=WORK_MEMORY,
        )
    )


def look_up_sql() -> SQL:
    """Let this transaction look rows of some thousand customers up instead of reading
    whole tables: the server is made to expect a disk that turns.

    :return: to be put before a statement, so that it is no statement more
    """
    return SQL(
        "SELECT set_config('random_page_cost', %(cost)s, TRUE) WHERE"
        " current_setting('random_page_cost')::float8 > %(cost)s::float8;",
        cost=LOOK_UP_COST,
    )


def int_array(numbers: Iterable[int | None]) -> SQL:
    """Return integers as one value, see :func:`array_sql`."""
    return SQL("%s::int[]", _int_literal(tuple(numbers)))


@lru_cache(maxsize=16)
def _int_literal(numbers: tuple[int | None, ...]) -> str:
    """Write integers down, once for all the places of a statement."""
    return f"{{{','.join(map(str, numbers))}}}".replace("None", "NULL")


def array_sql(values: Iterable[object], kind: SQL) -> SQL:
    """Return values as one literal of an array.

    Of an ``ARRAY[…]`` the server parses every element by itself, at every place of a
    statement: fifty thousand of them when the facts of two thousand customers are
    asked for.

    :param kind: type of the array, such as ``int[]``
    """
    return SQL("%s::%s", f"{{{','.join(map(_element, values))}}}", kind)


def _element(value: object) -> str:
    """Return a value as it is written inside the literal of an array."""
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return str(value)
    text = str(value).replace("\\", r"\\").replace('"', r"\"")
    return f'"{text}"'


def is_empty(cursor: BaseCursor, table: str) -> bool:
    """Whether a table has no row, as far as this transaction can see."""
    cursor.execute(SQL("SELECT 1 FROM %s LIMIT 1", SQL.identifier(table)))
    return not cursor.rowcount


@contextmanager
def indexes_built_afterwards(cursor: BaseCursor, table: str) -> Iterator[None]:
    """Fill an empty table without its indexes and build them when it is full.

    Sorting the keys once costs a third of finding the place of each. The table is
    locked until the transaction ends; whoever looks into it waits that long. That is
    why it must be a table that no business document reads or writes, and no foreign
    key refers to: the derived ones are read by screens, and written when somebody who
    is named in them is deleted. If somebody looks into it right now, it is filled with
    its indexes. After an error the transaction is rolled back, and the indexes are
    where they were.
    """
    statements = _index_statements(cursor, table) if _lock(cursor, table) else []
    for away, _back in statements:
        cursor.execute(away)
    yield
    for _away, back in statements:
        cursor.execute(back)


def _lock(cursor: BaseCursor, table: str) -> bool:
    """Get a table for this transaction alone, or give up at once."""
    patience = SQL("SELECT set_config('lock_timeout', %s, TRUE)", LOCK_PATIENCE)
    cursor.execute("SHOW lock_timeout")
    (before,) = cursor.fetchone()
    try:
        with cursor.savepoint(flush=False):
            cursor.execute(patience)
            cursor.execute(
                SQL("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", SQL.identifier(table)),
                log_exceptions=False,
            )
    except LockNotAvailable:
        return False
    cursor.execute(SQL("SELECT set_config('lock_timeout', %s, TRUE)", before))
    return True


def _index_statements(cursor: BaseCursor, table: str) -> list[tuple[str, str]]:
    """Return how to drop each index and how to build it again."""
    cursor.execute(
        SQL(
            """
            SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', class.relname,
                          conname),
                   format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', class.relname,
                          conname, pg_get_constraintdef(rule.oid))
              FROM pg_constraint rule JOIN pg_class class ON class.oid = rule.conrelid
             WHERE rule.conrelid = %(table)s::regclass AND rule.contype IN ('p', 'u')
             UNION ALL
            SELECT format('DROP INDEX %%I', class.relname), pg_get_indexdef(class.oid)
              FROM pg_index index JOIN pg_class class ON class.oid = index.indexrelid
             WHERE index.indrelid = %(table)s::regclass
               AND NOT EXISTS (SELECT FROM pg_constraint rule
                                WHERE rule.conindid = index.indexrelid)
            """,
            table=table,
        )
    )
    return cursor.fetchall()
