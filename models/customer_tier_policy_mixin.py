from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a ladder goes by besides its thresholds: all of it can be tried out.
POLICY = (
    "pending_days",
    "window",
    "window_months",
    "period",
    "year_start_month",
    "year_start_day",
    "upgrade",
    "validity",
    "validity_months",
    "downgrade",
    "grace_days",
)


class CustomerTierPolicyMixin(models.AbstractModel):
    """Which days count, when somebody rises, and how long a tier is kept."""

    _name = "customer.tier.policy.mixin"
    _description = "Policy of Tiers"

    pending_days = fields.Integer(
        string="A Purchase Counts After (Days)",
        help="As long as goods may be returned. Credit notes count at once.",
    )

    # Window
    window = fields.Selection(
        [
            ("rolling", "The last months"),
            ("calendar", "The calendar period"),
            ("anniversary", "The membership year"),
            ("lifetime", "All the time"),
        ],
        required=True,
        default="rolling",
    )
    window_months = fields.Integer(string="Months", default=12)
    period = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half", "Half-year"),
            ("year", "Year"),
        ],
        default="year",
        required=True,
    )
    year_start_month = fields.Selection(
        [(str(number), str(number)) for number in range(1, 13)],
        string="The Year Begins in Month",
        default="1",
        required=True,
    )
    year_start_day = fields.Integer(string="The Year Begins on Day", default=1)

    # Up and down
    upgrade = fields.Selection(
        [("at_once", "At once"), ("next_period", "With the next period")],
        required=True,
        default="at_once",
    )
    validity = fields.Selection(
        [
            ("met", "As long as the conditions are met"),
            ("period", "Rest of the period and the next one"),
            ("months", "A number of months"),
        ],
        required=True,
        default="met",
    )
    validity_months = fields.Integer(string="Validity (Months)", default=12)
    downgrade = fields.Selection(
        [
            ("never", "Never"),
            ("one_step", "One step"),
            ("earned", "To the tier that is earned"),
        ],
        required=True,
        default="one_step",
    )
    grace_days = fields.Integer(
        help="How long a tier is kept after the conditions are no longer met."
    )

    # === CONSTRAINTS === #

    @api.constrains("window", "window_months", "validity", "validity_months")
    def _check_months(self):
        for one in self:
            months = (
                one.window_months if one.window == "rolling" else 1,
                one.validity_months if one.validity == "months" else 1,
            )
            if min(months) < 1:
                raise ValidationError(self.env._("Choose at least one month."))

    @api.constrains("pending_days", "grace_days", "year_start_day")
    def _check_days(self):
        for one in self:
            if min(one.pending_days, one.grace_days) < 0:
                raise ValidationError(
                    self.env._("Days are not negative. Enter 0 for none.")
                )
            if not 1 <= one.year_start_day <= 31:
                raise ValidationError(
                    self.env._("A year begins on a day between 1 and 31.")
                )
