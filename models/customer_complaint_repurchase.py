from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain

from ..logic.repurchase import FEWEST, HORIZONS, Outcome, curve


def horizon_fields(days: int):
    """Return the columns of one horizon; what comes after is empty until it is over.

    :param days: after the resolution, or before the complaint
    :return: whether it is over; whether the customer bought, for how much, and for
        how much before; the share of comparable customers who bought
    """
    return (
        fields.Boolean(f"{days} days are over", readonly=True),
        fields.Float(
            f"Bought again within {days} days", readonly=True, aggregator="avg"
        ),
        fields.Monetary(f"Revenue of {days} days after", readonly=True),
        fields.Monetary(f"Revenue of {days} days before", readonly=True),
        fields.Float(
            f"Comparable bought within {days} days", readonly=True, aggregator="avg"
        ),
    )


class CustomerComplaintRepurchase(models.Model):
    """What a customer bought after a resolved complaint: a cache of the purchases.

    A row says for 30, 90 and 180 days after the resolution whether and for how much
    the customer bought, for how much in as many days before the complaint, and what
    comparable customers without a complaint did in the same days. Comparable are
    customers of the same company with about as many purchase days in the year before
    the complaint and about as long since the last one: facts that were known before
    it. Replacements and other documents without value are no purchases.

    A horizon that is not over yet is empty: it is in no average.
    """

    _name = "customer.complaint.repurchase"
    _description = "Purchases after a Complaint"
    _order = "resolved_on desc, id desc"
    _rec_name = "complaint_id"
    _log_access = False

    complaint_id = fields.Many2one(
        "customer.complaint", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    received_on = fields.Date(readonly=True)
    resolved_on = fields.Date(readonly=True)
    days_to_resolve = fields.Integer(readonly=True, aggregator="avg")
    speed = fields.Selection(
        [
            ("day", "Within a day"),
            ("three", "Within three days"),
            ("week", "Within a week"),
            ("month", "Within a month"),
            ("longer", "Later"),
        ],
        readonly=True,
    )
    category_id = fields.Many2one(related="complaint_id.category_id", store=True)
    main_cause_id = fields.Many2one(related="complaint_id.main_cause_id", store=True)
    severity = fields.Selection(related="complaint_id.severity", store=True)
    outcome = fields.Selection(related="complaint_id.outcome", store=True)
    team_id = fields.Many2one(related="complaint_id.team_id", store=True)
    is_over_30, bought_30, revenue_30, before_30, matched_30 = horizon_fields(30)
    is_over_90, bought_90, revenue_90, before_90, matched_90 = horizon_fields(90)
    is_over_180, bought_180, revenue_180, before_180, matched_180 = horizon_fields(180)
    matched_count = fields.Integer(
        "Comparable Customers", readonly=True, aggregator="avg"
    )
    measured_on = fields.Date(readonly=True)

    _complaint_unique = models.Constraint(
        "UNIQUE(complaint_id)", "A complaint is measured once."
    )

    # === CURVE === #

    @api.model
    @api.readonly
    def get_curve(self, domain=None, horizon: int = 90) -> dict:
        """Return the company's own curve: speed of resolution → share that bought.

        :param domain: further conditions on the rows
        :param horizon: 30, 90 or 180 days
        :return: ``{"horizon", "fewest", "points": [{"speed", "label", "count",
            "bought", "low", "high", "matched"}]}``, shares from 0 to 1 and None where
            there are too few complaints to show
        """
        horizon = horizon if horizon in HORIZONS else 90
        rows = self.search_read(
            Domain(domain or []) & Domain(f"is_over_{horizon}", "=", True),
            ["speed", f"bought_{horizon}", f"matched_{horizon}", "matched_count"],
        )
        outcomes = [
            Outcome(
                row["speed"],
                bool(row[f"bought_{horizon}"]),
                row[f"matched_{horizon}"] if row["matched_count"] else None,
            )
            for row in rows
        ]
        labels = dict(self._fields["speed"]._description_selection(self.env))
        return {
            "horizon": horizon,
            "fewest": FEWEST,
            "points": [
                {
                    "speed": point.group,
                    "label": labels[point.group],
                    "count": point.count,
                    "bought": point.bought,
                    "low": point.low,
                    "high": point.high,
                    "matched": point.matched,
                }
                for point in curve(outcomes, labels)
            ],
        }
