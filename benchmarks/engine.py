"""What keeping every customer's relationship up to date costs, in units of ``B``.

``B`` is the bare aggregate below: the least that any report over the orders by
customer has to do. Ratios to it say more than seconds, which belong to a machine.
"""

from __future__ import annotations

import statistics
from datetime import timedelta

from generate import order_today
from measure import Memory, clock, environment, median_seconds, seconds

BARE_AGGREGATE = """
    SELECT COALESCE(partner.commercial_partner_id, partner.id), sale.company_id,
           count(*), count(DISTINCT sale.date_order::date), sum(sale.amount_untaxed),
           min(sale.date_order), max(sale.date_order)
      FROM sale_order sale
      JOIN res_partner partner ON partner.id = sale.partner_id
     WHERE sale.state = 'sale'
  GROUP BY 1, 2
"""
DIRTY_SHARE = 0.02
# Customers with whom a process gets to know the models.
WARM_UP = 20


def measure_engine(database: str) -> dict[str, float]:
    """Measure everything the evaluation does, in the order of its life."""
    result = {"bare": _bare_aggregate(database)}
    with Memory() as memory:
        result |= _first_build(database)
        _analyze(database)
        result |= _backfill(database)
        _analyze(database)
        result["unchanged"] = _evaluate_unchanged(database)
        result |= _work_dirty(database)
        result |= _nightly(database)
        result["reconcile"] = _run(database, "reconcile")
    result["memory"] = memory.growth
    return result


def _bare_aggregate(database: str) -> float:
    with environment(database) as env:

        def aggregate() -> None:
            # The whole row is asked for: the planner leaves out what nobody reads.
            env.cr.execute(f"SELECT count(bare) FROM ({BARE_AGGREGATE} OFFSET 0) bare")

        return median_seconds(aggregate)


def _analyze(database: str) -> None:
    """Do what autovacuum does in the minutes after a mass of rows was written."""
    with environment(database) as env:
        connection = env.cr._cnx
        env.cr.commit()
        connection.autocommit = True
        env.cr.execute("VACUUM ANALYZE")
        connection.autocommit = False


def _first_build(database: str) -> dict[str, float]:
    """Derive purchases and rows with their facts, as the job does after installing;
    nobody's path is looked at yet.
    """
    phases: dict[str, float] = {}
    with environment(database) as env:
        env["customer.evaluation.run"].search([]).unlink()
        run = env["customer.evaluation.run"]._start("install")
        env.cr.commit()
        while run.phase != "evaluate":
            phase, started = run.phase, clock()
            run._work_slice()
            env.cr.commit()
            taken = clock() - started
            phases[phase] = phases.get(phase, 0.0) + taken
    return {"build": sum(phases.values())} | {
        f"build_{phase}": taken for phase, taken in phases.items()
    }


def _backfill(database: str) -> dict[str, float]:
    """Go on with the same job: reconstruct the log of everybody, in slices."""
    with environment(database) as env:
        run = env["customer.evaluation.run"]._next_run()
        taken = seconds(lambda: _work_off(env, run))
        env.cr.execute("SELECT count(*) FROM customer_relationship")
        (rows,) = env.cr.fetchone()
        moves = _count_moves(env)
    return {
        "backfill": taken,
        "backfill_million": taken / rows * 1_000_000,
        "rows": rows,
        "moves": moves,
    }


def _work_off(env, run) -> None:
    while run.state in ("waiting", "running"):
        run._work_slice()
        env.cr.commit()


def _run(database: str, kind: str) -> float:
    with environment(database) as env:
        run = env["customer.evaluation.run"]._start(kind)
        env.cr.commit()
        return seconds(lambda: _work_off(env, run))


def _evaluate_unchanged(database: str) -> float:
    """Aggregate everybody again from the purchases and find that all is well."""

    def evaluate() -> None:
        with environment(database) as env:
            moves = env["customer.relationship"]._evaluate()
            env.cr.commit()
        if moves:
            raise AssertionError(f"{moves} moves although nothing happened")

    return statistics.median(seconds(evaluate) for _number in range(3))


def _work_dirty(database: str) -> dict[str, float]:
    """Let customers order today and work the queue off, as the job does.

    They are customers who buy regularly: those do most of a day's ordering. The
    process has worked something off before, as that of a job has.
    """
    with environment(database) as env:
        env.cr.execute(
            """
            SELECT partner_id FROM customer_relationship row
              JOIN customer_relationship_condition condition
                ON condition.id = row.condition_id AND condition.kind = 'active'
             WHERE interval_source = 'own' ORDER BY md5(partner_id::text)
             LIMIT (SELECT round(count(*) * %s) + %s FROM customer_relationship)
            """,
            [DIRTY_SHARE, WARM_UP],
        )
        accounts = [account_id for (account_id,) in env.cr.fetchall()]
        queue = env["customer.relationship.queue"]
        _order(env, accounts[:WARM_UP])
        queue._cron_work_queue()
        del accounts[:WARM_UP]
        _order(env, accounts)
        before = _count_moves(env)
        taken = seconds(queue._cron_work_queue)
        if queue._count_waiting():
            raise AssertionError("The queue was not worked off")
        moves = _count_moves(env) - before
    return {"dirty": taken, "dirty_accounts": len(accounts), "dirty_moves": moves}


def _order(env, accounts: list[int]) -> None:
    """Let customers order: an order each, and what its hook tells, which SQL has not
    called.
    """
    queue = env["customer.relationship.queue"]
    for order_id, partner_id in order_today(env, accounts):
        queue._enqueue([partner_id], "document", [order_id])
    env.cr.commit()


def _count_moves(env) -> int:
    env.cr.execute("SELECT count(*) FROM customer_relationship_transition")
    return env.cr.fetchone()[0]


def _nightly(database: str) -> dict[str, float]:
    """The nightly job with nothing due, and on the next day with who is due then."""
    with environment(database) as env:
        runs, company = env["customer.evaluation.run"], env.ref("base.main_company")
        runs._cron_due()
        idle = median_seconds(runs._cron_due)
        tomorrow = company._retention_today() + timedelta(days=1)
        due = len(env["customer.relationship"]._due_accounts(company, tomorrow))
        env.cr.execute(
            "UPDATE res_company SET retention_evaluation_date = %s", [tomorrow]
        )
        env.cr.commit()
        env.invalidate_all()
        night = seconds(runs._cron_due)
        env.cr.execute("UPDATE res_company SET retention_evaluation_date = NULL")
        env.cr.commit()
    return {"idle": idle, "night": night, "night_accounts": due}
