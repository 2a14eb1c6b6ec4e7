from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from .customer_evaluation_run import SLICE_SIZE

_logger = logging.getLogger(__name__)

# Runs are kept this long.
KEEP_DAYS = 90


class CustomerEvaluationRun(models.Model):
    """The regular jobs: customers due, the weekly reconciliation, old runs."""

    _inherit = "customer.evaluation.run"

    @api.model
    def _cron_due(self) -> None:
        """Evaluate the customers whose next decision date has come."""
        started_at, total, moved = fields.Datetime.now(), 0, 0
        for company in self.env["res.company"]._retention_roots():
            done, moves, in_time = self._work_due(company)
            total, moved = total + done, moved + moves
            if not in_time:
                break
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

    def _work_due(self, company) -> tuple[int, int, bool]:
        """Evaluate the due customers of one company in slices.

        :return: number of customers looked at, number of moves, whether there is
            time left.
        """
        relationships = self.env["customer.relationship"].with_context(
            customer_retention_run_started=self.env.cr.now()
        )
        queue = self.env["customer.relationship.queue"]
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
            previous = due
            parts = self._in_parts(
                due,
                partial(relationships._evaluate, as_of=as_of, company=company),
                lambda account_ids, error: queue._set_accounts_aside(
                    account_ids, "document", error
                ),
            )
            for part, moves in parts:
                total, moved = total + len(part), moved + moves
                if not self.env["ir.cron"]._commit_progress(len(part), remaining=1):
                    return total, moved, False
        return total, moved, True

    @api.model
    def _cron_reconcile(self) -> None:
        """Compare everything with the documents once a week."""
        self._start("reconcile")

    @api.autovacuum
    def _gc_runs(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("state", "=", "done"), ("finished_at", "<", limit)]).unlink()
