"""How the benchmark measures: clocks, memory, statements, and the environment."""

from __future__ import annotations

import gc
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import odoo
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry

PAGE_BYTES = 4096
MEGABYTE = 1024 * 1024


def start_odoo(database: str, *options: str) -> None:
    """Read the settings of the workbench and be quiet."""
    quiet = ["--no-http", "--log-level=error", "--max-cron-threads=0"]
    odoo.tools.config.parse_config(
        ["-d", database, *quiet, *options], setup_logging=True
    )


@contextmanager
def environment(database: str) -> Iterator[api.Environment]:
    """An environment on a database, in a transaction of its own."""
    with Registry(database).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})


def in_processor_time() -> bool:
    """Whether processor time is measured instead of the clock on the wall."""
    return os.environ.get("BENCH_CLOCK") == "cpu"


def clock() -> float:
    """Seconds by the clock on the wall, or the processor time of this process and of
    the server's processes for it.
    """
    if not in_processor_time():
        return time.perf_counter()
    connections = sql_db._Pool._connections if sql_db._Pool else ()
    servers = {one.get_backend_pid() for one in connections if not one.closed}
    return time.process_time() + sum(map(_processor_seconds, servers))


def _processor_seconds(process_id: int) -> float:
    try:
        text = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def seconds(work: Callable[[], object]) -> float:
    """How long something takes once."""
    started = clock()
    work()
    return clock() - started


def median_seconds(work: Callable[[], object], times: int = 3) -> float:
    """The median of several times, after one that does not count; the mean of
    processor times, which the system counts in hundredths of a second.
    """
    work()
    taken = [seconds(work) for _number in range(times)]
    return (statistics.mean if in_processor_time() else statistics.median)(taken)


def pause_collector() -> None:
    """Start a measurement without the garbage of what came before."""
    gc.collect()


class Memory:
    """The growth of this process's resident memory while something runs, in MB.

    A thread looks fifty times a second, so that a peak inside a step counts too.
    """

    def __init__(self) -> None:
        self.growth = 0.0
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        pause_collector()
        self._start = self._peak = resident_megabytes()
        self._watcher.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._watcher.join()
        self.growth = max(self._peak, resident_megabytes()) - self._start

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            self._peak = max(self._peak, resident_megabytes())


def resident_megabytes() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * PAGE_BYTES / MEGABYTE


class Statements:
    """The statements that any cursor of this process executes meanwhile."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    @property
    def count(self) -> int:
        return len(self.texts)

    @contextmanager
    def watched(self) -> Iterator[Statements]:
        execute = sql_db.Cursor.execute

        def note(cursor, query, *arguments, **options):
            self.texts.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *arguments, **options)

        with patch.object(sql_db.Cursor, "execute", note):
            yield self


def count_statements(work: Callable[[], object]) -> int:
    """How many statements something executes."""
    with Statements().watched() as statements:
        work()
    return statements.count
