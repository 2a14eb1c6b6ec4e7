"""Both sides do the same in turns: medians of times, and numbers of queries."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import contextmanager

from measure import Statements, environment, pause_collector, seconds
from peers_report import Cost

TURNS = 5
# What takes longer than this is not done so often.
LONG_SECONDS, LONG_TURNS = 2, 3
MILLISECONDS = 1000


def measure_sides(*sides) -> dict:
    """Measure everything a side can do, in turns with the other."""
    titles = list(dict.fromkeys(title for side in sides for title in side.works()))
    costs, notes = {}, []
    for title in titles:
        works = {side: side.works()[title] for side in sides if title in side.works()}
        costs[title] = {}
        for side, found in _in_turns(works).items():
            if isinstance(found, Cost):
                costs[title][side.name] = found
            else:
                notes.append(f"{title}: {side.name} fails ({found})")
    return {"costs": costs, "notes": notes}


def _in_turns(works: dict) -> dict:
    """The cost of each side's work, or what it fails with."""
    found, times = {}, {}
    for side, prepare in works.items():
        statements = Statements()
        try:
            with statements.watched(), _prepared(side, prepare, statements) as work:
                if work is None:  # not with so few rows
                    continue
                work()
        except Exception as error:  # a peer's own failure is a result, too
            if side.name == "ours":
                raise
            found[side] = f"{type(error).__name__}: {error}"
            continue
        found[side] = Cost(0, statements.count)
        times[side] = []
    turn = 0
    while turn < TURNS and times:
        # who comes first changes
        for side in list(times) if turn % 2 else reversed(list(times)):
            with _prepared(side, works[side]) as work:
                times[side].append(seconds(work))
        turn += 1
        if turn >= LONG_TURNS and sum(map(sum, times.values())) > LONG_SECONDS * turn:
            break
    for side, taken in times.items():
        median = statistics.median(taken) * MILLISECONDS
        found[side] = Cost(median, found[side].statements)
    return found


@contextmanager
def _prepared(side, prepare: Callable, statements: Statements | None = None):
    """Something to do once, written to the database, with nothing read before.

    What it writes is rolled back.
    """
    with environment(side.database) as env, side.no_mail(env):
        try:
            work = prepare(env)
            if work is None:
                yield None
                return
            env.flush_all()
            env.cr.precommit.run()
            env.invalidate_all()
            pause_collector()
            if statements:
                statements.texts.clear()

            def measured() -> None:
                work()
                env.flush_all()
                env.cr.precommit.run()

            yield measured
        finally:
            env.cr.rollback()
