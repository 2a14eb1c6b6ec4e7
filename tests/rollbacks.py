"""Lets jobs commit and roll back inside the transaction of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from ..models import customer_evaluation_turn


@contextmanager
def rollbacks(env) -> Iterator[list[int]]:
    """Let a rollback go back to the last commit the job made in this test.

    :return: an item for each rollback
    """
    cr = env.cr
    env.flush_all()
    calls, savepoints = [], [cr.savepoint(flush=False)]

    def commit(job, processed=0, **_options):
        job.env.flush_all()
        savepoints.append(cr.savepoint(flush=False))
        return float("inf")

    def rollback():
        calls.append(1)
        cr.transaction.clear()
        savepoints[-1].rollback()

    with (
        patch.object(type(env["ir.cron"]), "_commit_progress", commit),
        patch.object(cr, "rollback", rollback),
        patch.object(customer_evaluation_turn.time, "sleep"),
    ):
        yield calls
