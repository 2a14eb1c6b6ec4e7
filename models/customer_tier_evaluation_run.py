from __future__ import annotations

import logging
from datetime import date
from functools import partial

from odoo import api, fields, models

from .customer_evaluation_run import FIRST_PHASE, JUDGING_PHASES, SLICE_SIZE
from .customer_evaluation_slices import CAUSES

_logger = logging.getLogger(__name__)

SLICE_SIZE["tiers"] = 2_000
FIRST_PHASE.update(tier="tiers", due="tiers")
JUDGING_PHASES.append("tiers")
# What a change of tier is put down to, where the kind of run does not say it.
TIER_CAUSES = {**CAUSES, "tier": "rule", "due": "live"}


class CustomerEvaluationRun(models.Model):
    """Runs look at tiers last: what the customers are decides whom a ladder is for."""

    _inherit = "customer.evaluation.run"

    kind = fields.Selection(
        selection_add=[("tier", "Tiers changed")], ondelete={"tier": "cascade"}
    )
    phase = fields.Selection(
        selection_add=[("tiers", "Evaluating tiers")],
        ondelete={"tiers": "set default"},
    )

    def _evaluate_accounts(self, account_ids=None, scope=None):
        """In its own phase a run looks at tiers, and in no other."""
        if self.phase == "tiers":
            return self._evaluate_tiers(account_ids, scope)
        later = self.with_context(
            **self.env["customer.relationship"]._tiers_later().env.context
        )
        return super(CustomerEvaluationRun, later)._evaluate_accounts(
            account_ids, scope
        )

    def _evaluate_tiers(self, account_ids=None, scope=None) -> int:
        members = self.env["customer.tier.membership"]
        return members._evaluate(
            account_ids,
            scope=scope,
            cause=TIER_CAUSES.get(self.kind, self.kind),
            ladders=self._get_ladders(),
            force=self.kind not in ("reconcile", "due"),
        )

    def _get_ladders(self):
        """Return the ladders of the run: of its company, and the shared ones."""
        ladders = self.env["customer.tier.membership"]._ladders_in_use()
        if not self.company_id:
            return ladders
        return ladders.filtered(
            lambda ladder: not ladder.company_id or ladder.company_id == self.company_id
        )

    def _finish_phase(self) -> None:
        if self.phase == "evaluate" and self._get_ladders():
            self._enter_phase("tiers")
            return
        super()._finish_phase()

    def _work_tiers(self, scope) -> None:
        """Read what measures need of the lines of documents, then look at tiers."""
        if self.kind in ("tier", "install", "full", "import"):
            # sudo: customer.tier.entry - follows documents whoever reads them
            entries = self.env["customer.tier.entry"].sudo()
            if entries._looks_at_lines():
                entries._sync(scope)
        self.moved_count += self._evaluate_tiers(scope=scope)

    # === DUE === #

    def _work_due(self, company):
        """Look at the tiers that are due, too, once for all companies."""
        total, moved, in_time = super()._work_due(company)
        if not in_time:
            return total, moved, False
        done, moves, in_time = self._work_due_tiers(company)
        self._start_rules_that_begin(company)
        return total + done, moved + moves, in_time

    def _work_due_tiers(self, company) -> tuple[int, int, bool]:
        """Look at the members whose day has come; see `_work_due`."""
        members = self.env["customer.tier.membership"]
        ladders = members._of_company(
            members._ladders_in_use().filtered("active"), company
        )
        total, moved = 0, 0
        for ladder in ladders:
            if ladder._depend_on_the_clock():
                # Whom it is for may change overnight, of nobody knows who.
                self._start("due", ladder.company_id or None)
            done, moves, in_time = self._work_due_ladder(ladder)
            total, moved = total + done, moved + moves
            if not in_time:
                return total, moved, False
        return total, moved, True

    def _work_due_ladder(self, ladder) -> tuple[int, int, bool]:
        """Look at the due members of one ladder in slices."""
        members = self.env["customer.tier.membership"]
        queue = self.env["customer.relationship.queue"]
        total, moved = 0, 0
        previous: list[int] = []
        while due := members._due_holders(ladder, SLICE_SIZE["tiers"]):
            if due == previous:
                _logger.error(
                    "%s members of %s stay due; the job gives up", len(due), ladder.name
                )
                break
            previous = due
            parts = self._in_parts(
                due,
                partial(members._evaluate, ladders=ladder),
                lambda holder_ids, error: queue._set_accounts_aside(
                    holder_ids, "rule", error
                ),
            )
            for part, moves in parts:
                total, moved = total + len(part), moved + moves
                if not self.env["ir.cron"]._commit_progress(len(part), remaining=1):
                    return total, moved, False
        return total, moved, True

    @api.model
    def _start_rules_that_begin(self, company) -> None:
        """Have everybody looked at when a version of a ladder begins to count that was
        saved for a later day: it may be for other customers.
        """
        members = self.env["customer.tier.membership"]
        for ladder in members._of_company(members._ladders_in_use(), company):
            begun = ladder._begun_on()
            if begun and begun > (ladder.begun_on or date.min):
                ladder._without_run().begun_on = begun
                self._start("tier", ladder.company_id or None)
