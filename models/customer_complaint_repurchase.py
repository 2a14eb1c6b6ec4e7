from __future__ import annotations

from dataclasses import asdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..logic.repurchase import FEWEST, HORIZONS, Tally, point

# What the curve can be grouped by, and how many groups of other records it shows.
GROUPINGS = (
    "speed",
    "remedy_type_id",
    "main_cause_id",
    "category_id",
    "severity",
    "outcome",
    "team_id",
    "tier_id",
)
MOST_GROUPS = 12


def horizon_fields(days: int):
    """Return the columns of one horizon, which are empty until it is over.

    Shares are shown by the curve alone, which withholds them of small groups.

    :param days: after the resolution, or before the complaint
    :return: whether it is over; whether the customer bought, for how much, and for
        how much before; the share of comparable customers who bought
    """
    return (
        fields.Boolean(f"{days} days are over", readonly=True),
        fields.Float(
            f"Bought again within {days} days", readonly=True, aggregator=None
        ),
        fields.Monetary(f"Revenue of {days} days after", readonly=True),
        fields.Monetary(f"Revenue of {days} days before", readonly=True),
        fields.Float(
            f"Comparable bought within {days} days", readonly=True, aggregator=None
        ),
    )


class CustomerComplaintRepurchase(models.Model):
    """What a customer bought after a resolved complaint: a cache of the purchases.

    A row says for 30, 90 and 180 days after the resolution whether and for how much
    the customer bought, for how much in as many days before the complaint, and what
    comparable customers without a complaint did in the same days. Comparable are
    customers of the same company with about as many purchase days in the year before
    the complaint and about as long since the last one: facts that were known before
    it. Replacements and other documents without value are no purchases. Who was never
    told that it is resolved counts from the closing.

    Before the complaint stands, as a rule, the purchase that was complained of: the
    revenue after is best read beside that of comparable customers. A horizon that is
    not over yet is empty: it is in no average.
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
    remedy_type_id = fields.Many2one(
        "customer.recovery.type",
        string="Remedy",
        readonly=True,
        ondelete="set null",
        help="What was done for the customer; of several remedies the most expensive.",
    )
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
    def get_curve(self, domain=None, horizon: int = 90, by: str = "speed") -> dict:
        """Return who bought again: by default the company's own curve over the speed.

        :param domain: further conditions on the rows
        :param horizon: 30, 90 or 180 days
        :param by: one of ``GROUPINGS``; groups of records come largest first
        :return: ``{"horizon", "by", "fewest", "points": [{"key", "label", "count",
            "bought", "low", "high", "matched"}]}``, shares from 0 to 1 and None where
            there are too few complaints to show
        """
        horizon = horizon if horizon in HORIZONS else 90
        by = by if by in GROUPINGS else "speed"
        over = Domain(domain or []) & Domain(f"is_over_{horizon}", "=", True)
        tallies = self._get_tallies(over, horizon, by)
        return {
            "horizon": horizon,
            "by": by,
            "fewest": FEWEST,
            "points": [
                {"key": key, "label": label, **asdict(point(tallies.get(key, Tally())))}
                for key, label in self._get_groups(by, tallies)
            ],
        }

    @api.model
    def _get_tallies(self, domain, horizon: int, by: str) -> dict:
        """Count, in two statements however many complaints there are."""
        bought = self._read_group(domain, [by], ["__count", f"bought_{horizon}:sum"])
        compared = {
            group: (count, share)
            for group, count, share in self._read_group(
                domain & Domain("matched_count", ">", 0),
                [by],
                ["__count", f"matched_{horizon}:avg"],
            )
        }
        return {
            getattr(group, "id", group): Tally(
                count, round(buyers or 0), *compared.get(group, (0, 0.0))
            )
            for group, count, buyers in bought
        }

    @api.model
    def _get_groups(self, by: str, tallies: dict) -> list[tuple]:
        """Return [(key, label)]: all of a selection, else the largest groups."""
        field = self._fields[by]
        if field.type == "selection":
            return field._description_selection(self.env)
        keys = sorted(tallies, key=lambda key: -tallies[key].count)[:MOST_GROUPS]
        records = self.env[field.comodel_name].browse([key for key in keys if key])
        labels = {record.id: record.display_name for record in records}
        return [(key, labels.get(key) or self.env._("None")) for key in keys]
