"""Work that lost against a concurrent transaction and starts again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg2
from psycopg2.errorcodes import UNIQUE_VIOLATION

from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY

_logger = logging.getLogger(__name__)

MAX_TRIES = 5


class _RetryFilter(logging.Filter):
    """Drops what a lost race of this thread would have logged as an error."""

    def __init__(self) -> None:
        super().__init__()
        self.thread = threading.get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep everything else: a deadlock, a mistake, the work of other threads."""
        return record.thread != self.thread or (
            "could not serialize access" not in record.getMessage()
        )


@contextmanager
def quiet_about_retries() -> Iterator[None]:
    """Work that starts again is no error that an administrator should look into."""
    logger, quiet = logging.getLogger("odoo.sql_db"), _RetryFilter()
    logger.addFilter(quiet)
    try:
        yield
    finally:
        logger.removeFilter(quiet)


def lost_against_others(error: Exception) -> bool:
    """Tell whether a concurrent transaction was faster: the work may start again.

    It may have changed a row, or inserted the same one.
    """
    code = getattr(error, "pgcode", None)
    return code in (*PG_CONCURRENCY_ERRORS_TO_RETRY, UNIQUE_VIOLATION)


def start_again_if_lost(env, work: Callable[[], Any]) -> Any:
    """Do a slice of work; if somebody else was faster, do it again on the result.

    A savepoint would keep the old snapshot, so that the whole transaction is rolled
    back: call it with nothing pending.
    """
    for attempt in range(1, MAX_TRIES + 1):
        try:
            result = work()
            env.flush_all()
            return result
        except psycopg2.OperationalError as error:
            env.cr.rollback()
            env.invalidate_all()
            if not lost_against_others(error) or attempt == MAX_TRIES:
                raise
            time.sleep(0.05 * 2**attempt)
    return None


def each_apart(env, records, work: Callable[[Any], Any]) -> None:
    """Do a job for each record, as far as there is time, in commits of its own.

    What goes wrong with one keeps none of the others waiting: it is taken back and
    logged, and the next run of the job tries it again. A connection that is gone
    concerns all of them.

    :param work: what to do with a record; it may commit in between if what it has
        committed is not done again, and returns False if the time was up before the
        end: the job goes on with it at once
    """
    left = len(records)
    for record in records:
        try:
            if start_again_if_lost(env, partial(work, record)) is False:
                break
        except psycopg2.OperationalError:
            raise
        except Exception:
            env.cr.rollback()
            env.invalidate_all()
            _logger.exception(
                "Left out until the next run: %s (%s)", record, record.display_name
            )
        left -= 1
        if not env["ir.cron"]._commit_progress(1, remaining=left):
            break
