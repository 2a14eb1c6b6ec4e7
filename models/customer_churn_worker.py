from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

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

        A slice of signals is a commit, and so are learning, a slice of scores and a
        month of figures: whatever interrupts the job, the next start does the rest.
        """
        companies = self.env["res.company"]._churn_roots()
        each_apart(self.env, companies, self._work_company)

    @api.model
    def _work_company(self, company) -> bool:
        """Do what the night is for, committing between the steps.

        :return: False if there was no time for all of them
        """
        commit = self.env["ir.cron"]._commit_progress
        while self._read_signals(company):
            if not commit(1, remaining=1):
                return False
        for number, step in enumerate(self._steps(company)):
            if number and not commit(1, remaining=1) and self._is_halfway(company):
                return False
            step()
        return True

    @api.model
    def _is_halfway(self, company) -> bool:
        """Whether the next start goes on behind what was done by now: other steps than
        those that score everybody would begin with the first one again.
        """
        yardstick = self.env["customer.churn.yardstick"]._known(company)
        return yardstick._is_underway(company._retention_today())

    @api.model
    def _score_company(self, company, learn: bool = False) -> int:
        """Do the same without committing: for demo data and tests.

        :param learn: learn anew even if it is not due yet, and record every month.
        :return: number of scores written.
        """
        while self._read_signals(company):
            pass
        return sum(step() for step in self._steps(company, learn))

    @api.model
    def _steps(self, company, learn: bool = False) -> Iterator[Callable[[], int]]:
        """Yield what is to be done for a company, each step doing its part.

        Learning takes long and writes little: together with it a score that anybody
        else has written meanwhile would make all of it start again.
        """
        as_of = company._retention_today()
        if learn or self._is_due(company, as_of):
            yield partial(self._learn_all, company, as_of)
        yield from self.env["customer.churn.score"]._refresh_steps(company, as_of)

    @api.model
    def _learn_all(self, company, as_of) -> int:
        """Learn forecasts and what signals cost; everybody is scored by them then."""
        self._learn(company, as_of)
        self._learn_weights(company, as_of)
        self.env["customer.churn.yardstick"]._expire(company)
        return 0

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
