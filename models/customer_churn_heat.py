from __future__ import annotations

from odoo import api, models
from odoo.fields import Domain

from ..logic.churn_rates import age, month_of, months_before, quarter_of

# How many cohorts are shown: three years of quarters, or two of months.
MOST = {"quarter": 12, "month": 24}
STEPS = {"quarter": 3, "month": 1}


class CustomerChurnHistory(models.Model):
    """The heat map: what became of those who came together."""

    _inherit = "customer.churn.history"

    @api.model
    @api.readonly
    def get_cohorts(self, filters: dict | None = None) -> dict:
        """Return cohorts by age.

        :param filters: those of the dashboard, and ``by``: ``quarter`` or ``month``
        :return: ``cohorts``, the earliest first: ``start`` and ``last`` day, ``size``
            (customers who bought for the first time then) and ``cells`` by age:
            ``customers`` who bought, ``purchases``, ``revenue``, and whether the time
            is not over yet; ``domain`` that all cells are counted under
        """
        self.check_access("read")
        chosen = self._read_filters(filters)
        given = filters if isinstance(filters, dict) else {}
        by = "month" if given.get("by") == "month" else "quarter"
        company = self.env["res.company"].browse(chosen["company"])
        starts = self._cohort_starts(company, by)
        domain = self._filter_domain(chosen)
        cells = self._cohort_cells(domain, starts[0], by)
        return {
            "filters": {**chosen, "by": by},
            "options": self._filter_options(company),
            "company": {
                "id": company.id,
                "name": company.name,
                "currency_id": company.currency_id.id,
            },
            "domain": list(domain),
            "cohorts": [
                self._cohort(start, starts[-1], by, cells)
                for start in starts
                if (start, 0) in cells
            ],
        }

    @api.model
    def _cohort_starts(self, company, by: str) -> list:
        """Return the first days of the cohorts, the earliest first."""
        today = company._retention_today()
        present = month_of(today) if by == "month" else quarter_of(today)
        return [
            months_before(present, STEPS[by] * number)
            for number in range(MOST[by] - 1, -1, -1)
        ]

    @api.model
    def _cohort_cells(self, domain: Domain, since, by: str) -> dict:
        """Return {(cohort, age): what was bought}."""
        rows = self.env["customer.churn.cohort"]._read_group(
            domain & Domain("cohort_month", ">=", since),
            [f"cohort_month:{by}", f"age_{by}s"],
            ["buyer_id:count_distinct", "purchase_count:sum", "revenue:sum"],
        )
        return {
            (start, number): {
                "customers": customers,
                "purchases": purchases,
                "revenue": revenue,
            }
            for start, number, customers, purchases, revenue in rows
        }

    @api.model
    def _cohort(self, start, present, by: str, cells: dict) -> dict:
        nothing = {"customers": 0, "purchases": 0, "revenue": 0.0}
        number = age(start, present, STEPS[by]) + 1
        return {
            "start": str(start),
            "until": str(months_before(start, -STEPS[by])),
            "size": cells[start, 0]["customers"],
            "cells": [
                {**cells.get((start, one), nothing), "is_open": one == number - 1}
                for one in range(number)
            ],
        }
