from __future__ import annotations

import logging
from datetime import timedelta

from odoo import api, fields, models

from .retries import lost_against_others

_logger = logging.getLogger(__name__)

# A run or queue that has not moved for this long stands still.
STALLED_AFTER = timedelta(hours=1)
# Accounts of a slice, by phase. Reading documents is set-based and looks at all of them
# each time: the more of a slice, the better, as long as it is done within the time of a
# job, two minutes by default. Evaluating replays.
SLICE_SIZE = {"purchases": 200_000, "rows": 100_000, "evaluate": 2_000}

FIRST_PHASE = {"rule": "evaluate"}
# Phases in which something can go wrong with a single customer.
JUDGING_PHASES = ["evaluate"]


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
                # a run that was not committed is gone with what it did
                if lost_against_others(error) or not run.exists():
                    self._wake_job()
                    break
                done = run._go_on_or_give_up()
            remaining = run.total_count - run.done_count if run.exists() else 0
            if not self.env["ir.cron"]._commit_progress(
                done, remaining=max(remaining, 0) + self._count_open()
            ):
                break

    def _go_on_or_give_up(self) -> int:
        """After an error: set the customers it happens with aside, if there are
        customers it does not happen with.

        :return: number of accounts looked at.
        """
        if self.phase in JUDGING_PHASES:
            try:
                return self._work_around()
            except Exception as error:
                self.env.cr.rollback()
                if lost_against_others(error):
                    self._wake_job()
                    return 0
        _logger.exception("Evaluation run %s was given up", self.id)
        self.state = "failed"
        return 0

    @api.model
    def _next_run(self):
        return self.search(
            [("state", "in", ("running", "waiting"))], order="id", limit=1
        )

    @api.model
    def _count_open(self) -> int:
        return self.search_count([("state", "in", ("running", "waiting"))])
