"""Real transactions on a database that nobody else uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying

DATABASE = os.environ.get("TEST_DATABASE", "")


def start_odoo() -> None:
    """Read the settings of the workbench; say nothing but errors."""
    if not DATABASE:
        raise SystemExit("TEST_DATABASE must name a database that may be thrown away.")
    odoo.tools.config.parse_config(
        ["-d", DATABASE, "--no-http", "--log-level=critical", "--max-cron-threads=0"],
        setup_logging=True,
    )


@contextmanager
def transaction(user_id: int = SUPERUSER_ID) -> Iterator[api.Environment]:
    """An environment whose work is committed at the end."""
    with Registry(DATABASE).cursor() as cursor:
        yield api.Environment(cursor, user_id, {})


def as_request(user_id: int, work: Callable[[api.Environment], object]) -> object:
    """Do something as a web request does: in one transaction, tried again when a
    concurrent one was faster, and committed.
    """
    with Registry(DATABASE).cursor() as cursor:
        env = api.Environment(cursor, user_id, {})
        return retrying(lambda: work(env), env)
