from __future__ import annotations

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from .bulk_load import claim_memory
from .customer_account import AccountScope
from .customer_evaluation_run import SLICE_SIZE

MAX_ID = 2**31 - 1
FOLLOWING_PHASE = {"purchases": "measure", "rows": "evaluate"}
CAUSES = {"install": "backfill", "full": "rule", "reconcile": "rule"}


class CustomerEvaluationRun(models.Model):
    """The slices of a run: phase by phase, from one account to the next."""

    _inherit = "customer.evaluation.run"

    def _work_slice(self) -> int:
        """Do the next slice; nothing is committed here.

        :return: number of accounts looked at.
        """
        self.ensure_one()
        claim_memory(self.env.cr)
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
        """Return the next range of accounts and how many there are in it.

        A few that would be left for a slice of their own are taken along.
        """
        most = SLICE_SIZE[self.phase]
        limit = most + most // 4
        rows = self.env.execute_query(
            SQL(
                """
                SELECT max(account_id) FILTER (WHERE number <= %s), count(*) FROM (
                    SELECT account_id, row_number() OVER (ORDER BY partner_id) AS number
                      FROM %s mapping
                     WHERE account_id = partner_id AND partner_id > %s
                  ORDER BY partner_id LIMIT %s) slice
                """,
                most,
                self.env["customer.account"]._mapping_sql(),
                self.cursor_id,
                limit + 1,
            )
        )
        until, size = rows[0]
        if size <= limit:
            # The last slice also finds what is left of accounts that are gone.
            return AccountScope(after=self.cursor_id, until=MAX_ID), size
        return AccountScope(after=self.cursor_id, until=until), most

    def _work_purchases(self, scope: AccountScope) -> None:
        relationships = self.env["customer.relationship"]
        changed = relationships._sync_documents(scope, tell=self.kind == "reconcile")
        if self.kind == "reconcile" and changed:
            self.changed_count += len(changed)
            self.moved_count += relationships._evaluate(
                changed, cause="rule", changed=changed
            )

    def _work_rows(self, scope: AccountScope) -> None:
        for company in self._get_companies():
            self.env["customer.relationship"]._list_accounts(scope, company)

    def _work_evaluate(self, scope: AccountScope) -> None:
        self.moved_count += self._evaluate_accounts(scope=scope)

    def _evaluate_accounts(self, account_ids=None, scope=None) -> int:
        """Evaluate accounts or a range of them; return the number of moves."""
        return sum(
            self.env["customer.relationship"]._evaluate(
                account_ids,
                scope=scope,
                cause=CAUSES.get(self.kind, self.kind),
                company=company,
                force=self.kind != "reconcile",
            )
            for company in self._get_companies()
        )

    def _get_companies(self):
        """Return the companies of the run, as far as they use the stages."""
        in_use = self.env["res.company"]._retention_roots()
        return self.company_id & in_use if self.company_id else in_use
