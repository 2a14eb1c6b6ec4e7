from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg2

from odoo import api, models
from odoo.tools import SQL

from .retries import lost_against_others, quiet_about_retries

# How often a slice that lost against a concurrent transaction starts again.
MAX_TRIES = 10
LONGEST_PAUSE = 2.0
# Jobs take turns: the lock of whose turn it is, and how long one waits for it.
TURN_LOCK = 7_228_941_530
TURN_SECONDS = 60


class CustomerEvaluationRun(models.Model):
    """Lets the jobs take turns, and start again what lost against a person."""

    _inherit = "customer.evaluation.run"

    @api.model
    def _in_fresh_transaction(self, work: Callable[[], Any]) -> Any:
        """Do a slice; if a concurrent transaction won, start it again on its result.

        A savepoint would keep the old snapshot, so that the whole transaction is
        rolled back: call it with nothing pending.
        """
        for attempt in range(1, MAX_TRIES + 1):
            try:
                with quiet_about_retries():
                    self._take_turn()
                    result = work()
                    self.env.flush_all()
                return result
            except psycopg2.Error as error:
                self.env.cr.rollback()
                self.env.invalidate_all()
                if not lost_against_others(error) or attempt == MAX_TRIES:
                    raise
                time.sleep(min(0.05 * 2**attempt, LONGEST_PAUSE))
        return None

    def _take_turn(self) -> None:
        """Wait until no other job is at work: of two that evaluate the same customers
        one would have worked for nothing. The turn ends with the transaction.

        Each try is a transaction of its own, so that the work begins with what the
        other job has left. A job that never ends is not waited for.
        """
        patience = time.monotonic() + TURN_SECONDS
        lock = SQL("SELECT pg_try_advisory_xact_lock(%s)", TURN_LOCK)
        while not self.env.execute_query(lock)[0][0] and time.monotonic() < patience:
            self.env.cr.rollback()
            time.sleep(0.05)
