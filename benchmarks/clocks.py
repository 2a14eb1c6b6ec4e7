"""What the clocks of complaints cost: deadlines, and creating and moving complaints.

With and without clocks take turns on the same database, so that whatever else the
machine does weighs on both. Nothing is committed.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from random import Random
from unittest.mock import patch

from measure import count_statements, environment, pause_collector, seconds

from odoo.addons.customer_retention.logic import sla

COMPLAINTS = 100
DEADLINES = 10_000
PAIRS = 9
MONDAY = datetime(2026, 3, 2)


def measure_clocks(database: str) -> dict[str, float]:
    """Measure as the job's user."""
    with environment(database) as env:
        try:
            result = _deadlines(env)
            result |= _creates(env)
            result |= _moves(env)
        finally:
            env.cr.rollback()
    return result


def _deadlines(env) -> dict[str, float]:
    """Ten thousand deadlines within half a year, the calendar being read first."""
    calendar = env.company.resource_calendar_id
    env["resource.calendar.leaves"].create(
        [
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": MONDAY + timedelta(days=11 * number),
                "date_to": MONDAY + timedelta(days=11 * number + 1),
            }
            for number in range(15)
        ]
    )
    random = Random(1)
    clocks = [
        sla.start(
            sla.Target(random.randint(600, 300_000), warn_percent=75),
            MONDAY + timedelta(seconds=random.randint(0, 180 * 86400)),
        )
        for _number in range(DEADLINES)
    ]

    def reckon() -> None:
        env.invalidate_all()
        times = env["customer.complaint.working.time"]
        times._forget_working_time()
        time = times._working_time(calendar, env.company, MONDAY)
        for clock in clocks:
            sla.deadline(clock, time)

    reckon()
    pause_collector()
    taken = statistics.median(seconds(reckon) for _number in range(5))
    return {"deadlines_seconds": taken}


def _creates(env) -> dict[str, float]:
    """A hundred complaints at once, as an import or a day's mail."""
    partners = env["res.partner"].create(
        [{"name": f"Complaining {number}"} for number in range(COMPLAINTS)]
    )

    def create() -> Callable[[], object]:
        values = [
            {"subject": "Broken", "partner_id": partner.id, "channel": "letter"}
            for partner in partners
        ]
        return lambda: env["customer.complaint"].create(values)

    return _compare(env, "clock_create", create)


def _moves(env) -> dict[str, float]:
    """A hundred complaints with their clocks to the stage of the decision."""
    stages = env["customer.complaint.stage"].search([("event", "=", "decided")])

    def move() -> Callable[[], object]:
        complaints = env["customer.complaint"].create(
            [
                {"subject": "Broken", "channel": "letter"}
                for _number in range(COMPLAINTS)
            ]
        )
        return lambda: complaints.write({"stage_id": stages[:1].id})

    return _compare(env, "clock_move", move)


def _compare(env, name: str, prepare: Callable) -> dict[str, float]:
    """Time and statements of something with clocks and without.

    :param prepare: returns what is measured, on complaints of its own
    """
    ratios, times = [], []
    for number in range(PAIRS + 1):
        taken = {}
        for with_clocks in (True, False) if number % 2 else (False, True):
            work = _flushed(env, prepare())
            with nullcontext() if with_clocks else _without_clocks(env):
                pause_collector()
                taken[with_clocks] = seconds(work)
        if number:
            ratios.append(taken[True] / taken[False])
            times.append(taken[False])
    statements = count_statements(_flushed(env, prepare()))
    with _without_clocks(env):
        without = count_statements(_flushed(env, prepare()))
    return {
        f"{name}_ratio": statistics.median(ratios),
        f"{name}_ms_without": 1000 * statistics.median(times),
        f"{name}_more_statements": statements - without,
    }


def _flushed(env, work: Callable[[], object]) -> Callable[[], None]:
    """The same, written to the database and with nothing read before."""
    env.flush_all()
    env.cr.precommit.run()
    env.invalidate_all()
    env["customer.complaint.working.time"]._forget_working_time()

    def measured() -> None:
        work()
        env.flush_all()
        env.cr.precommit.run()

    return measured


def _without_clocks(env):
    """Let nobody tell the clocks."""
    return patch.multiple(
        env.registry["customer.complaint"],
        _start_clocks=lambda self: None,
        _clocks_on_event=lambda self, event, at, **details: None,
    )
