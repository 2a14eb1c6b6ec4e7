from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .customer_evaluation_run import STALLED_AFTER


class CustomerRelationship(models.Model):
    """Tells whether the screens are up to date."""

    _inherit = "customer.relationship"

    @api.model
    @api.readonly
    def get_evaluation_status(self):
        """What the banner says about the evaluation.

        :return: ``{"waiting", "run": {"kind", "phase", "progress", "done", "total"}
            | None, "last_evaluated", "evaluation_date", "stalled"}``; texts are in
            the reader's language, None where there is nothing to say. The moment
            ``last_evaluated`` is UTC: the web client tells it in the reader's zone.
        """
        self.check_access("read")
        # sudo: customer.evaluation.run - progress is no secret to readers
        runs = self.env["customer.evaluation.run"].sudo()
        run = runs._next_run()
        root = self.env.company._retention_root()
        day = root.retention_evaluation_date
        return {
            # sudo: customer.relationship.queue - only how many wait
            "waiting": self.env["customer.relationship.queue"].sudo()._count_waiting(),
            "run": run._get_progress() if run else None,
            "last_evaluated": self._get_last_evaluated(),
            "evaluation_date": format_date(self.env, day) if day else None,
            "stalled": self._get_stalled_text(run),
        }

    def _get_last_evaluated(self):
        """Return the moment (UTC) the queue or a run was last worked off."""
        cron = self.env.ref(
            "customer_retention.ir_cron_relationship_queue", raise_if_not_found=False
        )
        run = (
            self.env["customer.evaluation.run"]
            # sudo: customer.evaluation.run - only when it was finished
            .sudo()
            .search([("finished_at", "!=", False)], order="finished_at desc", limit=1)
        )
        # sudo: ir.cron - only when it last ran
        times = [run.finished_at, cron and cron.sudo().lastcall]
        last = max((time for time in times if time), default=None)
        return fields.Datetime.to_string(last) if last else None

    def _get_stalled_text(self, run):
        """Return the warning that nothing has been worked off for an hour, or that
        some customers cannot be evaluated.
        """
        texts = [self._get_standstill_text(run), self._get_aside_text()]
        return " ".join(text for text in texts if text) or None

    def _get_aside_text(self):
        # sudo: customer.relationship.queue - only how many are set aside
        count = self.env["customer.relationship.queue"].sudo()._count_aside()
        if not count:
            return None
        return self.env._(
            "An error kept some customers from being evaluated (number: %s). The "
            "others are up to date; these are tried again later. Ask your "
            "administrator to look at the server log.",
            count,
        )

    def _get_standstill_text(self, run):
        limit = fields.Datetime.now() - STALLED_AFTER
        oldest = self.env.execute_query(
            SQL(
                "SELECT min(queued_at) FROM customer_relationship_queue"
                " WHERE retry_at IS NULL"
            )
        )[0][0]
        if not (oldest and oldest < limit) and not (run and run.write_date < limit):
            return None
        return self.env._(
            "Customers have been waiting to be evaluated for more than an hour. Ask "
            "your administrator to look at the scheduled actions “Customer "
            "Retention” and at the server log."
        )


class CustomerEvaluationRun(models.Model):
    _inherit = "customer.evaluation.run"

    def _get_progress(self):
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        phases = dict(self._fields["phase"]._description_selection(self.env))
        return {
            "kind": kinds[self.kind],
            "phase": phases[self.phase],
            "progress": round(self.progress),
            "done": self.done_count,
            "total": self.total_count,
        }
