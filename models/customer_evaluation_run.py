from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg2
from dateutil.relativedelta import relativedelta
from psycopg2.errorcodes import UNIQUE_VIOLATION

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_ERRORS_TO_RETRY
from odoo.tools import SQL

from .customer_account import AccountScope

_logger = logging.getLogger(__name__)

# Accounts of a slice, by phase: reading documents is set-based, evaluating replays.
SLICE_SIZE = {"purchases": 100_000, "rows": 100_000, "evaluate": 2_000}
# How often a slice that lost against a concurrent transaction starts again.
MAX_TRIES = 10
LONGEST_PAUSE = 2.0
# Memory for a sort or join while masses are read; the server's default is for people.
WORK_MEMORY = "64MB"
MAX_ID = 2**31 - 1
# Jobs take turns: the lock of whose turn it is, and how long one waits for it.
TURN_LOCK = 7_228_941_530
TURN_SECONDS = 60
# Runs are kept this long.
KEEP_DAYS = 90
# A run or queue that has not moved for this long stands still.
STALLED_AFTER = timedelta(hours=1)

FIRST_PHASE = {"rule": "evaluate"}
FOLLOWING_PHASE = {"purchases": "measure", "rows": "evaluate"}
CAUSES = {"install": "backfill", "full": "rule", "reconcile": "rule"}


class CustomerEvaluationRun(models.Model):
    """A piece of long work: evaluated in slices, restartable, with progress.

    Every slice is committed with its cursor, so that whatever interrupts a run, the
    next start of the job goes on behind the last slice.
    """

    _name = "customer.evaluation.run"
    _description = "Evaluation Run"
    _order = "id desc"
    _rec_name = "kind"

    kind = fields.Selection(
        [
            ("install", "First evaluation"),
            ("rule", "Rule changed"),
            ("setting", "Setting changed"),
            ("import", "Import"),
            ("reconcile", "Weekly reconciliation"),
            ("full", "Full evaluation"),
            ("due", "Customers due"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        index=True,
        ondelete="cascade",
        help="Empty: every company.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    phase = fields.Selection(
        [
            ("purchases", "Reading documents"),
            ("measure", "Measuring segments"),
            ("rows", "Gathering facts"),
            ("evaluate", "Evaluating customers"),
        ],
        default="purchases",
        required=True,
        readonly=True,
    )
    cursor_id = fields.Integer(
        string="Worked Off To", readonly=True, help="Last account of the last slice."
    )
    total_count = fields.Integer(
        string="Accounts", readonly=True, help="Accounts to look at in this phase."
    )
    done_count = fields.Integer(string="Done", readonly=True)
    moved_count = fields.Integer(string="Moves", readonly=True)
    changed_count = fields.Integer(
        string="Found Changed",
        readonly=True,
        help="Customers whose documents had changed without anybody noticing.",
    )
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    report_text = fields.Text(compute="_compute_report_text", string="Report")

    @api.depends("done_count", "total_count", "state")
    def _compute_progress(self):
        for run in self:
            share = run.done_count / run.total_count if run.total_count else 0.0
            run.progress = 100.0 if run.state == "done" else min(99.0, 100.0 * share)

    @api.depends("kind", "state", "moved_count", "changed_count", "total_count")
    @api.depends_context("lang")
    def _compute_report_text(self):
        for run in self:
            run.report_text = run._get_report_text()

    def _get_report_text(self):
        self.ensure_one()
        if self.state == "failed":
            return self.env._(
                "The run was given up. The reason is in the server log. Start the "
                "evaluation again from the settings."
            )
        if self.kind == "reconcile":
            return self.env._(
                "%(total)s accounts compared with their documents: %(changed)s had "
                "changed without being noticed, %(moved)s moves followed.",
                total=self.total_count,
                changed=self.changed_count,
                moved=self.moved_count,
            )
        return self.env._(
            "%(total)s accounts looked at, %(moved)s moves recorded.",
            total=self.total_count,
            moved=self.moved_count,
        )

    # === BUSINESS === #

    @api.model
    def _start(self, kind: str, company=None):
        """Queue a run and wake the job up; one that has not begun yet is enough.

        :param kind: key of the selection ``kind``.
        :param company: root company; None for all of them.
        :return: the run.
        """
        # sudo: customer.evaluation.run - whoever changes a rule causes the run
        runs = self.sudo()
        phase = FIRST_PHASE.get(kind, "purchases")
        company_id = company.id if company else False
        waiting = runs.search(
            [
                ("kind", "=", kind),
                ("company_id", "=", company_id),
                ("state", "=", "waiting"),
            ],
            limit=1,
        )
        run = waiting or runs.create(
            {"kind": kind, "company_id": company_id, "phase": phase}
        )
        self._wake_job()
        return run

    @api.model
    def _wake_job(self) -> None:
        cron = self.env.ref(
            "customer_retention.ir_cron_evaluation_run", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()  # sudo: ir.cron - whoever causes the work

    def _work_off(self) -> None:
        """Work off runs to the end without committing: for demo data and tests."""
        for run in self:
            while run.state in ("waiting", "running"):
                run._work_slice()

    @api.model
    def _cron_run(self) -> None:
        """Work off waiting runs, the oldest first, as long as there is time."""
        while run := self._next_run():
            try:
                done = self._in_fresh_transaction(run._work_slice)
            except Exception as error:
                self.env.cr.rollback()
                if _lost_against_others(error):
                    self._wake_job()
                    break
                _logger.exception("Evaluation run %s was given up", run.id)
                run.state = "failed"
                done = 0
            remaining = run.total_count - run.done_count if run.exists() else 0
            if not self.env["ir.cron"]._commit_progress(
                done, remaining=max(remaining, 0) + self._count_open()
            ):
                break

    @api.model
    def _next_run(self):
        return self.search(
            [("state", "in", ("running", "waiting"))], order="id", limit=1
        )

    @api.model
    def _count_open(self) -> int:
        return self.search_count([("state", "in", ("running", "waiting"))])

    @api.model
    def _in_fresh_transaction(self, work: Callable[[], Any]) -> Any:
        """Do a slice; if a concurrent transaction won, start it again on its result.

        A savepoint would keep the old snapshot, so that the whole transaction is
        rolled back: call it with nothing pending.
        """
        for attempt in range(1, MAX_TRIES + 1):
            try:
                with _quiet_about_retries():
                    self._take_turn()
                    result = work()
                    self.env.flush_all()
                return result
            except psycopg2.Error as error:
                self.env.cr.rollback()
                self.env.invalidate_all()
                if not _lost_against_others(error) or attempt == MAX_TRIES:
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

    # === SLICES === #

    def _work_slice(self) -> int:
        """Do the next slice; nothing is committed here.

        :return: number of accounts looked at.
        """
        self.ensure_one()
        self._claim_memory()
        if self.state == "waiting":
            self._begin()
        if self.phase == "measure":
            self.env["customer.segment"]._measure(first=self.kind == "install")
            self._enter_phase("rows" if self.kind == "install" else "evaluate")
            return 0
        scope, size = self._next_scope()
        if not size:
            self._finish_phase()
            return 0
        getattr(self, f"_work_{self.phase}")(scope)
        self.write({"cursor_id": scope.until, "done_count": self.done_count + size})
        return size

    def _claim_memory(self) -> None:
        """Let this transaction sort in memory what would otherwise go to the disk."""
        self.env.cr.execute(
            SQL(
                "SELECT set_config('work_mem', %(size)s, TRUE) WHERE"
                " pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%(size)s)",
                size=WORK_MEMORY,
            )
        )

    def _begin(self) -> None:
        for company in self._get_companies():
            if not company.retention_condition_from and (
                months := company.retention_condition_months
            ):
                company.retention_condition_from = (
                    company._retention_today() - relativedelta(months=months)
                )
        self.write({"state": "running", "started_at": fields.Datetime.now()})
        self._enter_phase(self.phase)

    def _enter_phase(self, phase: str) -> None:
        total = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM %s mapping WHERE account_id = partner_id",
                self.env["customer.account"]._mapping_sql(),
            )
        )[0][0]
        self.write(
            {"phase": phase, "cursor_id": 0, "done_count": 0, "total_count": total}
        )

    def _finish_phase(self) -> None:
        if following := FOLLOWING_PHASE.get(self.phase):
            self._enter_phase(following)
            return
        for company in self._get_companies():
            self.env["customer.segment"]._measure_medians(company)
        self.write({"state": "done", "finished_at": fields.Datetime.now()})

    def _next_scope(self) -> tuple[AccountScope, int]:
        """Return the next range of accounts and how many there are in it."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT max(account_id), count(*) FROM (
                    SELECT account_id FROM %s mapping
                     WHERE account_id = partner_id AND partner_id > %s
                  ORDER BY partner_id LIMIT %s) slice
                """,
                self.env["customer.account"]._mapping_sql(),
                self.cursor_id,
                SLICE_SIZE[self.phase],
            )
        )
        until, size = rows[0]
        if size < SLICE_SIZE[self.phase]:
            # The last slice also finds what is left of accounts that are gone.
            until = MAX_ID
        return AccountScope(after=self.cursor_id, until=until), size

    def _work_purchases(self, scope: AccountScope) -> None:
        relationships = self.env["customer.relationship"]
        changed = relationships._sync_documents(scope)
        if self.kind == "reconcile" and changed:
            self.changed_count += len(changed)
            self.moved_count += relationships._evaluate(
                changed, cause="rule", changed=changed
            )

    def _work_rows(self, scope: AccountScope) -> None:
        for company in self._get_companies():
            self.env["customer.relationship"]._list_accounts(scope, company)

    def _work_evaluate(self, scope: AccountScope) -> None:
        for company in self._get_companies():
            self.moved_count += self.env["customer.relationship"]._evaluate(
                scope=scope,
                cause=CAUSES.get(self.kind, self.kind),
                company=company,
                force=self.kind != "reconcile",
            )

    def _get_companies(self):
        """Return the companies of the run, as far as they use the stages."""
        in_use = self.env["res.company"]._retention_roots()
        return self.company_id & in_use if self.company_id else in_use

    # === REGULAR JOBS === #

    @api.model
    def _cron_due(self) -> None:
        """Evaluate the customers whose next decision date has come."""
        started_at, total, moved = fields.Datetime.now(), 0, 0
        for company in self.env["res.company"]._retention_roots():
            done, moves = self._work_due(company)
            total, moved = total + done, moved + moves
        if total:
            self.create(
                {
                    "kind": "due",
                    "state": "done",
                    "phase": "evaluate",
                    "total_count": total,
                    "done_count": total,
                    "moved_count": moved,
                    "started_at": started_at,
                    "finished_at": fields.Datetime.now(),
                }
            )

    def _work_due(self, company) -> tuple[int, int]:
        """Evaluate the due customers of one company in slices.

        :return: number of customers looked at, number of moves.
        """
        relationships = self.env["customer.relationship"].with_context(
            customer_retention_run_started=self.env.cr.now()
        )
        total, moved = 0, 0
        as_of = company._retention_today()
        previous: list[int] = []
        while due := relationships._due_accounts(
            company, as_of, limit=SLICE_SIZE["evaluate"]
        ):
            if due == previous:
                _logger.error(
                    "%s customers of %s stay due on %s; the job gives up",
                    len(due),
                    company.name,
                    as_of,
                )
                break
            moved += self._in_fresh_transaction(
                lambda due=due: relationships._evaluate(
                    due, as_of=as_of, company=company
                )
            )
            total, previous = total + len(due), due
            if not self.env["ir.cron"]._commit_progress(len(due), remaining=1):
                break
        return total, moved

    @api.model
    def _cron_reconcile(self) -> None:
        """Compare everything with the documents once a week."""
        self._start("reconcile")

    @api.autovacuum
    def _gc_runs(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("state", "=", "done"), ("finished_at", "<", limit)]).unlink()


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
def _quiet_about_retries() -> Iterator[None]:
    """Work that starts again is no error that an administrator should look into."""
    logger, quiet = logging.getLogger("odoo.sql_db"), _RetryFilter()
    logger.addFilter(quiet)
    try:
        yield
    finally:
        logger.removeFilter(quiet)


def _lost_against_others(error: Exception) -> bool:
    """Tell whether a concurrent transaction was faster: the work may start again.

    It may have changed a row, or inserted the same one.
    """
    code = getattr(error, "pgcode", None)
    return code in (*PG_CONCURRENCY_ERRORS_TO_RETRY, UNIQUE_VIOLATION)
