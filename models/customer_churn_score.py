from __future__ import annotations

from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.danger import BANDS, LOW
from .loose_many2one import LooseMany2one

DANGERS = [
    ("low", "Low"),
    ("moderate", "Moderate"),
    ("high", "High"),
    ("very_high", "Very high"),
    ("extreme", "Extreme"),
]
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
    horizon_days = fields.Integer(related="model_id.horizon_days")
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

    _account_unique = models.Constraint(
        "UNIQUE(partner_id, company_id)", "One score per customer and company."
    )
    _risk_idx = models.Index(
        "(company_id, value_at_risk DESC, id DESC) INCLUDE (user_id, active)"
    )
    _class_idx = models.Index("(company_id, value_class, yearly_value)")
    _user_risk_idx = models.Index(
        "(user_id, value_at_risk DESC, id DESC) INCLUDE (company_id, active)"
    )

    @api.depends("partner_id", "company_id")
    def _compute_relationship_id(self):
        rows, none = self._relationships(), self.env["customer.relationship"]
        for score in self:
            score.relationship_id = rows.get(score._account_key(), none)

    # === VISIBILITY === #

    @api.model
    def _own_customer_sql(self, alias) -> SQL:
        """Scores name the account, which has a relationship."""
        return self._own_row_sql(alias)

    # === REFRESH === #

    @api.model
    def _has_scores(self, company) -> bool:
        # sudo: customer.churn.score - whether there are any, whoever may see them
        return bool(self.sudo().search([("company_id", "=", company.id)], limit=1))

    @api.model
    def _refresh(self, company, as_of: date, account_ids: list[int] | None = None):
        """Bring scores up to date; nothing is written where nothing moved.

        :param account_ids: only these accounts, ranked among the others as they are.
        :return: number of rows written.
        """
        self.env.flush_all()
        # sudo: customer.churn.score - scores do not depend on who asks for them
        engine = self.sudo()
        scope = SQL("TRUE")
        if account_ids is not None:
            scope = SQL("row.partner_id = ANY(%s)", list(account_ids))
        written = engine._write_scores(company, as_of, scope, account_ids is None)
        engine._delete_orphans(company, scope)
        self.invalidate_model()
        return written

    def _write_scores(self, company, as_of: date, scope: SQL, everybody: bool) -> int:
        columns = SQL(", ").join(map(SQL.identifier, SCORE_COLUMNS))
        excluded = SQL(", ").join(
            SQL.identifier("excluded", name) for name in SCORE_COLUMNS
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_churn_score AS known
                       (partner_id, company_id, evaluated_on, %(columns)s)
                SELECT partner_id, company_id, %(as_of)s, %(columns)s
                  FROM (%(ranked)s) fresh
                    ON CONFLICT (partner_id, company_id) DO UPDATE
                   SET (evaluated_on, %(columns)s)
                     = ROW(excluded.evaluated_on, %(excluded)s)
                 WHERE abs(COALESCE(known.lost, -1) - COALESCE(excluded.lost, -1))
                       >= %(least)s
                    OR (known.danger, known.value_class, known.yearly_value,
                        known.user_id, known.active, known.model_id,
                        known.recency_score, known.frequency_score,
                        known.monetary_score, known.rfm_segment_id)
                       IS DISTINCT FROM
                       (excluded.danger, excluded.value_class, excluded.yearly_value,
                        excluded.user_id, excluded.active, excluded.model_id,
                        excluded.recency_score, excluded.frequency_score,
                        excluded.monetary_score, excluded.rfm_segment_id)
                    OR abs(COALESCE(known.health, -1) - excluded.health)
                       >= %(least_health)s
                """,
                columns=columns,
                excluded=excluded,
                as_of=as_of,
                ranked=self._ranked_sql(company, as_of, scope, everybody),
                least=LEAST_MOVE,
                least_health=LEAST_HEALTH,
            )
        )
        return self.env.cr.rowcount

    def _delete_orphans(self, company, scope: SQL) -> None:
        """Forget customers without a purchase, without a row, and not profiled ones."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_churn_score row
                 WHERE row.company_id = %s AND %s AND NOT EXISTS (
                       SELECT FROM customer_relationship relationship
                        WHERE relationship.partner_id = row.partner_id
                          AND relationship.company_id = row.company_id
                          AND relationship.purchase_days > 0
                          AND NOT relationship.is_excluded)
                """,
                company.id,
                scope,
            )
        )

    def _danger_sql(self, capacity: int) -> SQL:
        """Return the band of ``danger_rank`` among ``customers``, as logic.danger."""
        bands = [
            SQL(
                "WHEN danger_rank <= LEAST(%s, GREATEST(1, %s * customers)) THEN %s",
                band.weeks * capacity,
                band.share,
                band.code,
            )
            for band in BANDS
        ]
        return SQL(
            "CASE WHEN value_at_risk <= 0 THEN %s %s ELSE %s END",
            LOW,
            SQL(" ").join(bands),
            LOW,
        )


# Probabilities that moved less are not written: a point is nothing anybody acts on.
LEAST_MOVE = 0.005
LEAST_HEALTH = 0.5
SCORE_COLUMNS = (
    "user_id",
    "active",
    "model_id",
    "alive",
    "buys",
    "expected_purchases",
    "expected_revenue",
    "yearly_value",
    "lost",
    "is_probability",
    "value_at_risk",
    "value_class",
    "danger",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "rfm_segment_id",
    "health",
)
