"""Work that lost against a concurrent transaction and starts again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.errorcodes import UNIQUE_VIOLATION

from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY


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
