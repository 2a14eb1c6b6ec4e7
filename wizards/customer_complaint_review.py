from __future__ import annotations

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What the review counts, in the order of its table.
MEASURES = (
    "received",
    "resolved_first_contact",
    "acknowledged_late",
    "resolved_late",
    "repeated",
    "reopened",
    "referred",
)
# Lines of the tables of causes.
LONGEST_TABLE = 10


class CustomerComplaintReview(models.TransientModel):
    """The review of complaints by the management, for a period and the one before.

    What it covers follows the continual monitoring that ISO 10002 asks for: received,
    resolved at the point where they were received, acknowledged late, resolved late,
    repeated, referred externally, and the improvements that came of them.
    """

    _name = "customer.complaint.review"
    _description = "Management Review of Complaints"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self._default_company_id(),
        readonly=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: self._default_date_to()
    )

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.model
    def _default_date_from(self):
        return self._default_date_to() + timedelta(days=1) - relativedelta(months=3)

    @api.model
    def _default_date_to(self):
        """The last day of the latest full month."""
        today = self.env.company._retention_root()._retention_today()
        return today.replace(day=1) - timedelta(days=1)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        if any(review.date_from > review.date_to for review in self):
            raise ValidationError(
                self.env._("The period ends before it begins: exchange the dates.")
            )

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for review in self:
            review.display_name = f"{review.date_from} – {review.date_to}"

    def action_print(self):
        """Print the review as a document."""
        self.ensure_one()
        return self.env.ref(
            "customer_retention.customer_complaint_review_report"
        ).report_action(self)

    # === FIGURES === #

    def _get_measures(self) -> list[dict]:
        """Return [{"label", "value", "before"}], one for each measure."""
        self.ensure_one()
        now, before = self._count(*self._period()), self._count(*self._period_before())
        labels = self._get_labels()
        return [
            {"label": labels[name], "value": now[name], "before": before[name]}
            for name in MEASURES
        ]

    def _get_causes(self) -> list[dict]:
        """Return the main causes by money, with their share and running total.

        ``[{"name", "count", "money", "share", "running"}]``, shares from 0 to 1.
        """
        self.ensure_one()
        groups = self.env["customer.complaint.report"]._read_group(
            [*self._get_domain(*self._period()), ("kind", "=", "complaint")],
            ["main_cause_id"],
            ["__count", "money:sum"],
            order="money:sum desc, __count desc",
        )
        total = sum(money for _cause, _count, money in groups)
        lines, running = [], 0.0
        for cause, count, money in groups[:LONGEST_TABLE]:
            running += money
            lines.append(
                {
                    "name": cause.display_name or self.env._("Not found yet"),
                    "count": count,
                    "money": money,
                    "share": money / total if total else 0.0,
                    "running": running / total if total else 0.0,
                }
            )
        return lines

    def _get_teams(self) -> list[dict]:
        """Return [{"name", "count", "kept", "satisfaction"}], one for each team."""
        self.ensure_one()
        groups = self.env["customer.complaint.report"]._read_group(
            [*self._get_domain(*self._period()), ("kind", "=", "complaint")],
            ["team_id"],
            ["__count", "clocks_kept:sum", "clocks_broken:sum", "satisfaction:avg"],
        )
        return [
            {
                "name": team.display_name or self.env._("No team"),
                "count": count,
                "kept": kept / (kept + broken) if kept + broken else None,
                "satisfaction": satisfaction,
            }
            for team, count, kept, broken, satisfaction in groups
        ]

    def _get_improvements(self):
        """Corrective actions that came into force in the period, or are overdue."""
        self.ensure_one()
        first, last = self._period()
        return self.env["customer.corrective.action"].search(
            [
                ("company_id", "child_of", self.company_id.id),
                "|",
                "&",
                ("done_on", ">=", first),
                ("done_on", "<=", last),
                "&",
                ("state", "=", "open"),
                ("date_deadline", "<=", last),
            ]
        )

    def _get_curve(self) -> dict:
        """The share of customers who bought again, by speed of the resolution."""
        self.ensure_one()
        return self.env["customer.complaint.repurchase"].get_curve(
            [("company_id", "parent_of", self.company_id.id)]
        )

    def _period(self):
        return self.date_from, self.date_to

    def _period_before(self):
        """As many days, just before."""
        last = self.date_from - timedelta(days=1)
        return last - (self.date_to - self.date_from), last

    def _get_domain(self, first, last):
        return [
            ("company_id", "child_of", self.company_id.id),
            ("received_at", ">=", self.company_id._retention_day_start(first)),
            (
                "received_at",
                "<",
                self.company_id._retention_day_start(last + timedelta(days=1)),
            ),
        ]

    def _count(self, first, last) -> dict[str, int]:
        [values] = self.env["customer.complaint.report"]._read_group(
            [*self._get_domain(first, last), ("kind", "=", "complaint")],
            [],
            ["__count", *(f"{name}:sum" for name in MEASURES[1:])],
        )
        return dict(zip(MEASURES, (value or 0 for value in values), strict=True))

    def _get_labels(self) -> dict[str, str]:
        return {
            "received": self.env._("Complaints received"),
            "resolved_first_contact": self.env._("Resolved on the day of receipt"),
            "acknowledged_late": self.env._("Acknowledged late"),
            "resolved_late": self.env._("Resolved late"),
            "repeated": self.env._("Repeated: same customer, same matter"),
            "reopened": self.env._("Reopened"),
            "referred": self.env._("Referred externally"),
        }
