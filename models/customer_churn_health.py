from __future__ import annotations

from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic import health
from ..logic.facts import YEAR_DAYS
from ..logic.season import months_of, quiet_days, seasonal_ratio


class CustomerChurnScore(models.Model):
    """How healthy the relationship is, in SQL for all and in `logic` for one."""

    _inherit = "customer.churn.score"

    health = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="100, less what the warning signals cost.",
    )
    signal_id = fields.Many2one("customer.churn.signal", compute="_compute_signal_id")

    @api.depends("partner_id", "company_id")
    def _compute_signal_id(self):
        signals = self._rows_by_account("customer.churn.signal")
        none = self.env["customer.churn.signal"]
        for score in self:
            score.signal_id = signals.get(score._account_key(), none)

    # === LOGIC === #

    def _health(self, points: dict[str, int]) -> health.Health:
        """Weigh the signals of a customer as of today."""
        self.ensure_one()
        return health.health(points, self._signal_values())

    def _signal_values(self) -> dict[str, float | None]:
        """Return the value of each signal as of today; None: nothing is known."""
        row, signal = self.relationship_id, self.signal_id
        today = self.company_id._retention_today()
        lost_on = signal.contact_lost_on
        return {
            "rhythm": self._seasonal_ratio(today),
            "trend": row.revenue_change if row.revenue_prev_12m > 0 else None,
            "complaint": _days(signal.complaint_since, today),
            "rating": row.complaint_last_grade or None,
            "overdue": _days(signal.unpaid_since, today),
            "payment": signal.payment_change,
            "returns": self._returned_share(),
            "price": signal.price_change,
            "silence": _days(row.last_contact_on, today),
            "contact": float(bool(lost_on) and (today - lost_on).days < YEAR_DAYS),
        }

    def _seasonal_ratio(self, today: date) -> float | None:
        """Days since the last purchase in usual intervals, quiet months left out."""
        row = self.relationship_id
        if not row.usual_interval or not row.last_purchase_on:
            return None
        return seasonal_ratio(
            self._quiet_months(), row.last_purchase_on, today, row.usual_interval
        )

    def _quiet_days(self, today: date) -> int:
        return quiet_days(
            self._quiet_months(), self.relationship_id.last_purchase_on, today
        )

    def _quiet_months(self) -> frozenset[int]:
        """Return the months in which the customer never buys."""
        return months_of(self.signal_id.quiet_months)

    def _returned_share(self) -> float | None:
        returned = self.signal_id.returned_12m
        sold = self.relationship_id.revenue_12m + returned
        return returned / sold if sold > 0 else None

    # === SQL === #

    @api.model
    def _health_sql(self, company, as_of: date) -> SQL:
        """Return the health of the facts ``row`` and the signals ``signal``."""
        points = self.env["customer.churn.weighing"]._points(company)
        costs = [
            SQL("%s::float8 * %s", most, self._severity_sql(code, as_of))
            for code, most in sorted(points.items())
            if most
        ]
        return SQL("(%s - (%s))", float(health.ALL_POINTS), SQL(" + ").join(costs))

    @api.model
    def _severity_sql(self, code: str, as_of: date) -> SQL:
        """Return how bad a signal is, as logic.health."""
        signal = health.SIGNALS[code]
        return SQL(
            "LEAST(1, GREATEST(0, COALESCE((%s - %s::float8) / %s::float8, 0)))",
            self._signal_value_sql(code, as_of),
            signal.none,
            signal.full - signal.none,
        )

    @api.model
    def _signal_value_sql(self, code: str, as_of: date) -> SQL:
        """Return the value of a signal on a day, NULL where nothing is known."""
        if code == "rhythm":
            return SQL(
                "((%(as_of)s::date - row.last_purchase_on - %(quiet)s)"
                " / NULLIF(row.usual_interval, 0))",
                as_of=as_of,
                quiet=self._quiet_days_sql(as_of),
            )
        if code == "contact":
            return SQL(
                "(%s::date - signal.contact_lost_on < %s)::int::float8",
                as_of,
                YEAR_DAYS,
            )
        return {
            "trend": SQL(
                "((row.revenue_12m / NULLIF(GREATEST(row.revenue_prev_12m, 0), 0))"
                "::float8 - 1)"
            ),
            "complaint": SQL("(%s::date - signal.complaint_since)", as_of),
            "rating": SQL("NULLIF(row.complaint_last_grade, 0)"),
            "overdue": SQL("(%s::date - signal.unpaid_since)", as_of),
            "payment": SQL("signal.payment_change::float8"),
            "returns": SQL(
                "(signal.returned_12m / NULLIF(GREATEST("
                "row.revenue_12m + signal.returned_12m, 0), 0))::float8"
            ),
            "price": SQL("signal.price_change::float8"),
            "silence": SQL("(%s::date - row.last_contact_on)", as_of),
        }[code]

    @api.model
    def _quiet_days_sql(self, as_of: date) -> SQL:
        """Return the days since the last purchase in quiet months, as logic.season."""
        return SQL(
            """(CASE WHEN signal.quiet_months > 0
                     AND row.last_purchase_on < %(as_of)s THEN (
                SELECT COALESCE(sum(
                           LEAST(%(as_of)s::date + 1,
                                 (month + interval '1 month')::date)
                           - GREATEST(row.last_purchase_on + 1, month::date)), 0)
                  FROM generate_series(
                           date_trunc('month', (row.last_purchase_on + 1)::timestamp),
                           %(as_of)s::timestamp, interval '1 month') month
                 WHERE (signal.quiet_months >> (EXTRACT(month FROM month)::int - 1)) & 1
                       = 1) ELSE 0 END)""",
            as_of=as_of,
        )


def _days(since: date | None, today: date) -> float | None:
    return float((today - since).days) if since else None
