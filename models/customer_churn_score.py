from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from .loose_many2one import LooseMany2one

DANGERS = [
    ("low", "Low"),
    ("moderate", "Moderate"),
    ("high", "High"),
    ("very_high", "Very high"),
    ("extreme", "Extreme"),
]
# Bands that are called within a month; of others other screens say nothing.
WORTH_A_CALL = ("high", "very_high", "extreme")
VALUE_CLASSES = [("key", "Key"), ("ordinary", "Ordinary"), ("small", "Small")]


class CustomerChurnScore(models.Model):
    """How much a customer is at risk: a cache, one row per account and company.

    Nobody decides by it alone: it puts customers in an order and says why.
    """

    _name = "customer.churn.score"
    _inherit = ["customer.visible.mixin", "customer.churn.row.mixin"]
    _description = "Customer at Risk"
    _order = "value_at_risk desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = LooseMany2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    relationship_id = fields.Many2one(
        "customer.relationship", compute="_compute_relationship_id"
    )
    user_id = LooseMany2one(
        "res.users", string="Salesperson", readonly=True, ondelete="set null"
    )
    active = fields.Boolean(default=True, readonly=True)
    model_id = LooseMany2one(
        "customer.churn.model", string="Forecast", readonly=True, ondelete="set null"
    )
    horizon_days = fields.Integer(
        string="Horizon (days)",
        compute="_compute_horizon_days",
        help="Within how many days a purchase is foretold: twice the usual interval of "
        "the segment, or of whoever buys less often.",
    )
    alive = fields.Float(
        string="Still a Customer",
        readonly=True,
        aggregator="avg",
        help="Probability that the customer has not left for good.",
    )
    buys = fields.Float(
        string="Buys Again",
        readonly=True,
        aggregator="avg",
        help="Probability of a purchase within the horizon of the forecast.",
    )
    expected_purchases = fields.Float(
        string="Expected Purchases 12 Months", readonly=True, aggregator="avg"
    )
    expected_revenue = fields.Monetary(
        string="Expected Revenue 12 Months", readonly=True
    )
    yearly_value = fields.Monetary(
        string="A Year's Worth",
        readonly=True,
        help="Net revenue of the last 12 months: what goes when the customer goes.",
    )
    lost = fields.Float(
        string="Risk",
        readonly=True,
        aggregator="avg",
        help="Probability to lose the customer; by the own rhythm where there are "
        "too few customers for probabilities.",
    )
    is_probability = fields.Boolean(readonly=True)
    value_at_risk = fields.Monetary(
        readonly=True, help="A year's worth × the probability to lose it."
    )
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    danger = fields.Selection(
        DANGERS,
        readonly=True,
        help="By value at risk, sized by the calls of the team: extreme are as many "
        "customers as it can call in a week, very high as many more in the next, high "
        "up to a month, moderate up to a quarter. The settings say how many those are: "
        "Calls per Week.",
    )
    recency_score = fields.Integer(string="R", readonly=True, aggregator="avg")
    frequency_score = fields.Integer(string="F", readonly=True, aggregator="avg")
    monetary_score = fields.Integer(string="M", readonly=True, aggregator="avg")
    evaluated_on = fields.Date(readonly=True)
    moves_on = fields.Date(
        readonly=True,
        help="About the day on which it will have moved by itself; empty: not within "
        "a week.",
    )

    _account_unique = models.Constraint(
        "UNIQUE(partner_id, company_id)", "One score per customer and company."
    )
    _risk_idx = models.Index(
        "(company_id, value_at_risk DESC, id DESC) INCLUDE (user_id, active)"
    )
    _danger_idx = models.Index("(company_id) WHERE danger <> 'low'")
    _user_risk_idx = models.Index(
        "(user_id, value_at_risk DESC, id DESC) INCLUDE (company_id, active)"
    )

    @api.depends("partner_id", "company_id")
    def _compute_relationship_id(self):
        rows, none = self._relationships(), self.env["customer.relationship"]
        for score in self:
            score.relationship_id = rows.get(score._account_key(), none)

    @api.depends("model_id", "relationship_id")
    def _compute_horizon_days(self):
        for score in self:
            usual = score.relationship_id.usual_interval
            score.horizon_days = round(score.model_id._days_ahead(usual))

    # === VISIBILITY === #

    @api.model
    def _own_customer_sql(self, alias) -> SQL:
        """Scores name the account, which has a relationship."""
        return self._own_row_sql(alias)
