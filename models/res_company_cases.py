from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .bounds import check_bounds
from .res_company import SETTINGS

BOUNDS = {
    "churn_case_capacity": (0, 100_000),
    "churn_silent_days": (0, 3650),
    "churn_ask_days": (0, 3650),
}


class ResCompany(models.Model):
    """How a company fights churn."""

    _inherit = "res.company"

    churn_case_capacity = fields.Integer(
        string="New Cases per Week",
        default=5,
        help="How many retention cases are opened by themselves in a week, those with "
        "the most money first. 0: people open all of them.",
        prefetch=SETTINGS,
    )
    churn_margin_percent = fields.Float(
        string="Margin of a Sale (%)",
        default=30.0,
        help="What is left of net revenue: decides whether an offer was worth it.",
        prefetch=SETTINGS,
    )
    churn_contact_at_once = fields.Boolean(
        string="Call Lost Key Customers at Once",
        default=True,
        help="An activity for the salesperson, the day a key customer turns lost.",
        prefetch=SETTINGS,
    )
    churn_silent_days = fields.Integer(
        string="Silent for Long After (days)",
        default=365,
        help="Lost customers get cheaper treatment from then on: one reactivation a "
        "year.",
        prefetch=SETTINGS,
    )
    churn_ask_days = fields.Integer(
        string="Ask Why After (days)",
        help="Lost customers are asked by mail why they left, so many days after. "
        "0: only when somebody says so.",
        prefetch=SETTINGS,
    )

    @api.constrains(*BOUNDS)
    def _check_churn_cases(self):
        check_bounds(self, BOUNDS)

    @api.constrains("churn_margin_percent")
    def _check_churn_margin(self):
        for company in self:
            if not 0 <= company.churn_margin_percent <= 100:
                raise ValidationError(
                    self.env._(
                        "A margin is between 0 and 100 % of what is sold. Enter 30 "
                        "when 30 of 100 are left."
                    )
                )
