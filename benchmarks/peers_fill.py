"""Rows for the comparison with peers: each side's own, multiplied in SQL.

A hundred complaints (or tickets) go through the code of their side, a fifth of them
stay open. Then these are copied with all that hangs on them until the table is full:
every copy has ids of its own, another customer and, when it is closed, other dates.
Nothing has to be known of a side's columns but which of them lead from row to row.
"""

from __future__ import annotations

from dataclasses import dataclass

from generate import CUSTOMERS, bare_tables
from measure import environment
from peers_tables import STRIDE, Table, copied

CUSTOMERS_EACH_SIDE = 20_000
SEEDS = 100
DOMAIN = "peers.example.com"


def relation_table(env, model: str, name: str) -> Table:
    """The table of a many2many field."""
    found = env[model]._fields[name]
    return Table(found.relation, f"row.{found.column1}", (found.column1,))


def seed(side) -> None:
    """Create customers and people, set the side up and create its first rows."""
    with environment(side.database) as env:
        people = _create_people(env, side)
        _create_customers(env, people)
        side.set_up(env, people)
        with side.no_mail(env):
            records = side.create_seeds(env, SEEDS)
            env.flush_all()
            env.cr.precommit.run()
        env.cr.execute(
            f"CREATE TABLE bench_seed AS SELECT id, {side.is_open} AS is_open"
            f" FROM {side.table} WHERE id = ANY(%s)",
            [records.ids],
        )
        env.cr.commit()


def grow(side, rows: int) -> None:
    """Copy the first rows until there are so many."""
    with environment(side.database) as env:
        env.cr.execute(f"SELECT count(*) FROM {side.table}")
        first, last = env.cr.fetchone()[0] // SEEDS, rows // SEEDS - 1
        values = {"first": first, "last": last, "customers": CUSTOMERS_EACH_SIDE}
        env.cr.execute("SELECT min(id) FROM res_partner WHERE name = 'Customer 1'")
        values["base"] = env.cr.fetchone()[0]
        tables = side.tables(env)
        with bare_tables(env.cr, tuple(table.name for table in tables)):
            for table in tables:
                _multiply(env.cr, table, values)
        side.make_late(env, first * STRIDE, (last + 1) * STRIDE)
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")


def _multiply(cursor, table: Table, values: dict[str, int]) -> None:
    cursor.execute(
        """
        SELECT column_name, data_type LIKE 'timestamp%%' FROM information_schema.columns
         WHERE table_name = %s
        """,
        [table.name],
    )
    columns = dict(cursor.fetchall())
    expressions = [copied(table, name, columns[name]) for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"""
        INSERT INTO {table.name} ({names})
        SELECT {", ".join(expressions)}
          FROM (SELECT row.*, {table.root} AS seed_id FROM {table.name} row) row
          JOIN bench_seed ON bench_seed.id = row.seed_id
         CROSS JOIN generate_series(%(first)s, %(last)s) copy
         CROSS JOIN LATERAL (
               SELECT (row.seed_id * 31 + copy * 7919) %% %(customers)s AS number
               ) customer
      ORDER BY copy
        """,
        values,
    )
    if "id" in columns:
        cursor.execute(
            f"SELECT setval('{table.name}_id_seq', (SELECT max(id) FROM {table.name}))"
        )


@dataclass(frozen=True)
class People:
    """Ids of who works there; the first handler and the manager are measured."""

    teams: list[list[int]]
    manager: int


def _create_people(env, side) -> People:
    """Ten teams of five handlers, and a manager; the first handler is in five teams."""
    groups = {kind: env.ref(name).id for kind, name in side.groups.items()}
    users = env["res.users"].with_context(no_reset_password=True)
    handlers = users.create(
        [
            {
                "name": f"Handler {number}",
                "login": f"handler{number}",
                "email": f"handler{number}@{DOMAIN}",
                "group_ids": [(4, groups["handler"])],
            }
            for number in range(50)
        ]
    )
    manager = users.create(
        {
            "name": "Manager",
            "login": "manager",
            "email": f"manager@{DOMAIN}",
            "group_ids": [(4, groups["manager"])],
        }
    )
    teams = [handlers.ids[first : first + 5] for first in range(0, 50, 5)]
    teams[1:5] = [[handlers.ids[0], *members[1:]] for members in teams[1:5]]
    env["mail.alias.domain"].create({"name": DOMAIN})
    return People(teams, manager.id)


def _create_customers(env, people: People) -> None:
    env.cr.execute("SELECT max(id) FROM res_partner")
    values = {
        "first": env.cr.fetchone()[0],
        "customers": CUSTOMERS_EACH_SIDE,
        "salespeople": [people.manager],
        "people": 1,
    }
    env.cr.execute(CUSTOMERS, values)
    env.cr.execute(
        "SELECT setval('res_partner_id_seq', (SELECT max(id) FROM res_partner))"
    )
