from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_complaint_clock import OPEN
from .customer_complaint_clock_escalation import Told
from .retries import start_again_if_lost

_logger = logging.getLogger(__name__)

# Clocks looked at in one transaction.
SLICE_SIZE = 100

# Where a transaction collects when the job has to wake up.
PENDING = "customer_retention.clock_job"

# A clock that cannot be looked at is left alone for this long.
RETRY_AFTER = timedelta(hours=1)


class CustomerComplaintClock(models.Model):
    """The job that looks at clocks when something is due, and at no others."""

    _inherit = "customer.complaint.clock"

    @api.model
    def _cron_look_at_clocks(self):
        """Warn, record breaches, end pauses and escalate, as far as there is time."""
        now = fields.Datetime.now()
        self = self.with_context(customer_retention_clock_run=Told())
        look = partial(self._look_at_due, now)
        while done := start_again_if_lost(self.env, look):
            if not self.env["ir.cron"]._commit_progress(
                done, remaining=self._count_due(now)
            ):
                break
        self._plan_next_look()

    @api.model
    def _look_at_due(self, now, limit=SLICE_SIZE):
        """Look at the clocks that are due first; those in somebody's hands wait.

        :return: how many were looked at
        """
        clocks = self._lock_due(now, limit)
        if not clocks:
            return 0
        try:
            with self.env.cr.savepoint():
                self._look(clocks, now)
        except psycopg2.OperationalError:
            raise
        except Exception:
            if len(clocks) == 1:
                self._put_off(clocks, now)
                return 1
            # one of them cannot be looked at: find out which, the rest goes on
            return self._look_one_by_one(clocks, now)
        return len(clocks)

    @api.model
    def _look_one_by_one(self, clocks, now):
        for clock in clocks:
            try:
                with self.env.cr.savepoint():
                    self._look(clock, now)
            except psycopg2.OperationalError:
                raise
            except Exception:
                self._put_off(clock, now)
        return len(clocks)

    @api.model
    def _put_off(self, clock, now):
        """Leave a clock alone for a while that cannot be looked at."""
        _logger.exception("Complaint clock %s cannot be looked at", clock.id)
        clock.invalidate_recordset()
        clock.next_event_at = now + RETRY_AFTER

    @api.model
    def _look(self, clocks, now):
        clocks._apply(dict.fromkeys(clocks, "look"), now)
        self.env.flush_all()

    @api.model
    def _lock_due(self, now, limit):
        self.flush_model(["next_event_at", "state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM customer_complaint_clock"
                " WHERE next_event_at <= %s AND state IN %s"
                " ORDER BY next_event_at, id LIMIT %s FOR UPDATE SKIP LOCKED",
                now,
                OPEN,
                limit,
            )
        )
        return self.browse(clock_id for (clock_id,) in rows)

    @api.model
    def _count_due(self, now):
        return self.search_count(
            [("next_event_at", "<=", now), ("state", "in", OPEN)], limit=10_000
        )

    # === WAKING UP === #

    def _wake_job(self):
        """Have the job wake up for the first of these clocks that is due.

        Once per transaction. The job itself sees to everything that comes later.
        """
        self._wake_job_at([clock.next_event_at for clock in self])

    def _wake_job_at(self, moments):
        """See :meth:`_wake_job`; a moment may be empty."""
        moments = list(filter(None, moments))
        if not moments:
            return
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = min(moments)
            precommit.add(self._trigger_job)
        precommit.data[PENDING] = min(precommit.data[PENDING], *moments)

    @api.model
    def _trigger_job(self):
        moment = self.env.cr.precommit.data.pop(PENDING, None)
        if not moment:
            return
        job = self.env["ir.model.data"]._xmlid_to_res_id(
            "customer_retention.ir_cron_complaint_clocks"
        )
        # sudo: ir.cron - whoever complains, the clock has to be looked at
        crons = self.env["ir.cron"].sudo().with_context(active_test=False)
        for cron in crons.search_fetch([("id", "=", job)], ["active"]):
            cron._trigger(at=moment)

    @api.model
    def _plan_next_look(self):
        """Wake up again when the next clock is due."""
        [(moment,)] = self.env.execute_query(
            SQL(
                "SELECT min(next_event_at) FROM customer_complaint_clock"
                " WHERE next_event_at IS NOT NULL AND state IN %s",
                OPEN,
            )
        )
        if moment:
            self.env.ref("customer_retention.ir_cron_complaint_clocks")._trigger(
                at=max(moment, fields.Datetime.now() + timedelta(minutes=1))
            )
