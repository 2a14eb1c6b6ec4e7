from __future__ import annotations

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..logic.churn_study import FEWEST
from .retries import each_apart

# Forecasts are learned anew after so many days.
LEARN_EVERY = timedelta(days=7)


class CustomerChurnModel(models.Model):
    """The nightly job: learn where it is time, then score everybody."""

    _inherit = "customer.churn.model"

    @api.model
    def _cron_score(self) -> None:
        """Score the customers of each company that watches churn.

        A slice of signals is a commit, and so is a company: whatever interrupts the
        job, the next start does the rest, and scoring again writes nothing.
        """
        companies = self.env["res.company"]._churn_roots()
        each_apart(self.env, companies, self._work_company)

    @api.model
    def _work_company(self, company) -> None:
        while self._read_signals(company):
            self.env["ir.cron"]._commit_progress(remaining=1)
        self._score_company(company)

    @api.model
    def _score_company(self, company, learn: bool = False) -> int:
        """Learn forecasts when they are due, then refresh the scores of a company.

        :param learn: learn anew even if it is not due yet.
        :return: number of scores written.
        """
        as_of = company._retention_today()
        while self._read_signals(company):
            pass
        if learn or self._is_due(company, as_of):
            self._learn(company, as_of)
            self._learn_weights(company, as_of)
            self.env["customer.churn.yardstick"]._expire(company)
        return self.env["customer.churn.score"]._refresh(company, as_of)

    @api.model
    def _read_signals(self, company) -> int:
        """Read a slice of the warning signals that are due; 0 when none is."""
        as_of = company._retention_today()
        return self.env["customer.churn.signal"]._read_stale(company, as_of)

    @api.model
    def _learn_weights(self, company, as_of) -> None:
        """Learn what the signals cost, unless somebody has set it."""
        weighings = self.env["customer.churn.weighing"]
        if weighings._in_force(company).source != "hand":
            weighings._learn(company, as_of)

    @api.model
    def _is_due(self, company, as_of) -> bool:
        """Whether forecasts are to be learned: never yet, a week ago, or when there
        were too few customers and now there are more.
        """
        # sudo: customer.churn.model - the job's, whoever starts it
        latest = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("segment_id", "=", False),
                ("fitted_on", "<=", as_of),
            ],
            limit=1,
        )
        number = self._count_customers(company)
        if not latest or latest.fitted_on + LEARN_EVERY <= as_of:
            return bool(number)
        return latest.customer_count < min(number, FEWEST)

    def _count_customers(self, company) -> int:
        """Return how many have bought, up to as many as it takes to learn."""
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT FROM customer_relationship"
                " WHERE company_id = %s AND purchase_days > 0 AND NOT is_excluded"
                " LIMIT %s) counted",
                company.id,
                FEWEST,
            )
        )[0][0]

    @api.autovacuum
    def _gc_models(self):
        """Forget forecasts of more than two years ago that no score refers to."""
        for company in self.env["res.company"]._churn_roots():
            limit = company._retention_today() - timedelta(days=730)
            self.search(
                [("company_id", "=", company.id), ("fitted_on", "<", limit)]
            ).unlink()


class CustomerEvaluationRun(models.Model):
    """Whoever has been read for the first time is scored soon."""

    _inherit = "customer.evaluation.run"

    def _finish_phase(self):
        result = super()._finish_phase()
        cron = self.env.ref("customer_retention.ir_cron_churn", False)
        if self.state == "done" and cron:
            cron.sudo()._trigger()  # sudo: ir.cron - whoever causes the work
        return result
