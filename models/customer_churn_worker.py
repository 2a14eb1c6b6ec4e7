from __future__ import annotations

import logging
from datetime import timedelta

from odoo import api, models

_logger = logging.getLogger(__name__)

# Forecasts are learned anew after so many days.
LEARN_EVERY = timedelta(days=7)


class CustomerChurnModel(models.Model):
    """The nightly job: learn where it is time, then score everybody."""

    _inherit = "customer.churn.model"

    @api.model
    def _cron_score(self) -> None:
        """Score the customers of each company that watches churn.

        A company is a commit: whatever interrupts the job, the next start does the
        rest, and scoring again writes nothing.
        """
        companies = self.env["res.company"]._churn_roots()
        left = len(companies)
        for company in companies:
            self._score_company(company)
            left -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                break

    @api.model
    def _score_company(self, company, learn: bool = False) -> int:
        """Learn forecasts when they are due, then refresh the scores of a company.

        :param learn: learn anew even if it is not due yet.
        :return: number of scores written.
        """
        as_of = company._retention_today()
        if learn or self._is_due(company, as_of):
            self._learn(company, as_of)
        return self.env["customer.churn.score"]._refresh(company, as_of)

    @api.model
    def _is_due(self, company, as_of) -> bool:
        """Whether forecasts are to be learned: never yet, or a week ago."""
        # sudo: customer.churn.model - the job's, whoever starts it
        latest = self.sudo().search(
            [("company_id", "=", company.id), ("fitted_on", "<=", as_of)], limit=1
        )
        return not latest or latest.fitted_on + LEARN_EVERY <= as_of

    @api.autovacuum
    def _gc_models(self):
        """Forget forecasts of more than two years ago that no score refers to."""
        for company in self.env["res.company"]._churn_roots():
            limit = company._retention_today() - timedelta(days=730)
            self.search(
                [("company_id", "=", company.id), ("fitted_on", "<", limit)]
            ).unlink()
