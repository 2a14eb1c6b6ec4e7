from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ..logic.churn_study import own_horizon

RANKS = [
    ("model", "Purchase model"),
    ("recency", "Days since the last purchase"),
    ("rhythm", "Own rhythm"),
]


def of_hundred_pairs(env, *aucs: float) -> list[str]:
    """Return how many of 100 pairs of customers were put in the right order, each with
    one decimal where whole numbers would not tell them apart.

    >>> of_hundred_pairs(env, 0.849, 0.812)
    ['85', '81']
    """
    whole = [formatLang(env, 100 * auc, digits=0) for auc in aucs]
    if len({*whole}) == len({*aucs}):
        return whole
    return [formatLang(env, 100 * auc, digits=1) for auc in aucs]


class CustomerChurnModel(models.Model):
    """How the customers of a segment are forecast, and how good that was: a log.

    The latest row of a company and segment is in force. ``logic.churn_study`` is its
    definition; nobody edits it. Segments with too few customers go by the row of the
    whole company, and companies with too few by their customers' own rhythm.
    """

    _name = "customer.churn.model"
    _inherit = "customer.referent"
    _description = "Forecast of a Segment"
    _order = "fitted_on desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "customer.segment",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all customers of the company.",
    )
    fitted_on = fields.Date(string="Learned On", required=True, readonly=True)
    ranks_by = fields.Selection(RANKS, required=True, readonly=True)
    horizon_days = fields.Integer(
        string="Horizon (days)",
        required=True,
        readonly=True,
        help="Within how many days a purchase is foretold.",
    )
    own_horizon = fields.Boolean(
        string="Longer for Slow Buyers",
        readonly=True,
        help="Whoever buys less often is foretold twice the own usual interval, a year "
        "at most.",
    )
    learned_days = fields.Integer(
        string="Learned Over (Days)",
        readonly=True,
        help="Days after each look back in which purchases were looked for: the "
        "horizon, or less where the history is short.",
    )
    customer_count = fields.Integer(string="Customers", readonly=True)

    # Purchase process, in days
    regularity = fields.Integer(readonly=True, help="1: at random. 4: very regular.")
    r = fields.Float(digits=False, readonly=True)
    alpha = fields.Float(digits=False, readonly=True)
    a = fields.Float(digits=False, readonly=True)
    b = fields.Float(digits=False, readonly=True)
    correction = fields.Json(readonly=True, help="Intercept and weights.")

    # Spend, in the company's currency
    spend_p = fields.Float(digits=False, readonly=True)
    spend_q = fields.Float(digits=False, readonly=True)
    spend_v = fields.Float(digits=False, readonly=True)

    # Grade, on the later of two past days
    graded_on = fields.Date(
        readonly=True, help="Foretold as of this day, from nothing that came later."
    )
    model_auc = fields.Float(
        string="Ranking of the Model",
        digits=(16, 3),
        readonly=True,
        aggregator="avg",
        help="Of two customers, how often the one who bought had been given the "
        "higher probability. 0.5 is chance, 1 is perfect.",
    )
    recency_auc = fields.Float(
        string="Ranking by Last Purchase",
        digits=(16, 3),
        readonly=True,
        aggregator="avg",
        help="The same for the plain rule: whoever bought last comes first.",
    )
    model_brier = fields.Float(
        string="Error of the Model",
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="Mean squared error of the probabilities (Brier score).",
    )
    recency_brier = fields.Float(
        string="Error by Last Purchase", digits=(16, 4), readonly=True, aggregator="avg"
    )
    base_brier = fields.Float(
        string="Error Without a Forecast",
        digits=(16, 4),
        readonly=True,
        aggregator="avg",
        help="When everybody is given the same probability.",
    )
    reliability = fields.Json(
        readonly=True, help="Foretold and happened, in groups of equal size."
    )
    whom = fields.Char(compute="_compute_whom")
    sentence = fields.Char(string="In Words", compute="_compute_sentence")
    reliability_text = fields.Char(
        string="What Is Drawn", compute="_compute_reliability_text"
    )

    _in_force_idx = models.Index("(company_id, segment_id, fitted_on DESC, id DESC)")

    @api.depends("segment_id")
    @api.depends_context("lang")
    def _compute_whom(self):
        """Say whose purchases are foretold: the segment's or everybody's."""
        for model in self:
            # sudo: customer.segment - the name of a segment whose forecast one reads
            segment = model.sudo().segment_id
            model.whom = segment.display_name or self.env._("All customers")

    @api.depends("whom", "fitted_on")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for model in self:
            day = format_date(self.env, model.fitted_on)
            model.display_name = f"{model.whom}, {day}"

    @api.depends("ranks_by", "model_auc", "recency_auc", "customer_count")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for model in self:
            model.sentence = model._describe()

    def _describe(self):
        """Say which forecast ranks, and by how much it was better."""
        self.ensure_one()
        if self.ranks_by == "rhythm" and self.model_brier:
            return self.env._(
                "On the company's own past the forecasts were no better than one "
                "probability for everybody: customers are ranked by their own rhythm "
                "and revenue."
            )
        if self.ranks_by == "rhythm":
            return self.env._(
                "%(number)s customers are too few for probabilities: customers are "
                "ranked by their own rhythm and revenue.",
                number=self.customer_count,
            )
        model, recency = of_hundred_pairs(self.env, self.model_auc, self.recency_auc)
        figures = {"model": model, "recency": recency}
        if self.ranks_by == "model":
            return self.env._(
                "The purchase model ranks: on the company's own past it was right in "
                "%(model)s of 100 pairs, the days since the last purchase in "
                "%(recency)s.",
                **figures,
            )
        return self.env._(
            "The days since the last purchase rank: on the company's own past they "
            "were right in %(recency)s of 100 pairs, the purchase model in %(model)s.",
            **figures,
        )

    @api.depends("ranks_by", "segment_id", "graded_on", "learned_days")
    @api.depends_context("lang")
    def _compute_reliability_text(self):
        """Say whose forecast the picture shows: by what, of whom, as of when."""
        for model in self:
            model.reliability_text = model.reliability and model._describe_picture()

    def _describe_picture(self) -> str:
        self.ensure_one()
        # sudo: customer.segment - the name of a segment whose forecast one reads
        segment = self.sudo().segment_id.display_name
        figures = {
            "customers": self.env._("the segment “%s”", segment)
            if segment
            else self.env._("all customers"),
            "day": format_date(self.env, self.graded_on),
            "days": self._learned_days(),
        }
        if self.ranks_by == "recency":
            return self.env._(
                "What the days since the last purchase foretold as of %(day)s for "
                "%(customers)s, beside what happened in the %(days)s days after it.",
                **figures,
            )
        return self.env._(
            "What the purchase model foretold as of %(day)s for %(customers)s, beside "
            "what happened in the %(days)s days after it.",
            **figures,
        )

    def _learned_days(self) -> int:
        """Return the days over which the correction was learned."""
        self.ensure_one()
        return self.learned_days or self.horizon_days

    def _days_ahead(self, usual_interval: float) -> float:
        """Return in how many days a purchase of a customer is foretold."""
        if not self.own_horizon:
            return self.horizon_days
        return own_horizon(self.horizon_days, usual_interval)

    # === CRUD === #

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "A forecast was learned from the past and stays as it is. The next "
                "weekly run learns a new one."
            )
        )

    # === BUSINESS === #

    @api.model
    def _in_force(self, company, as_of) -> dict[int, CustomerChurnModel]:
        """Return {segment id, or 0 for all: model} that count on a day: those of the
        last time of learning, so that a segment with too few customers has none.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (segment_id) COALESCE(segment_id, 0), id
                  FROM customer_churn_model
                 WHERE company_id = %(company)s AND fitted_on = (
                       SELECT max(fitted_on) FROM customer_churn_model
                        WHERE company_id = %(company)s AND fitted_on <= %(as_of)s)
              ORDER BY segment_id, fitted_on DESC, id DESC
                """,
                company=company.id,
                as_of=as_of,
            )
        )
        return {segment_id: self.browse(model_id) for segment_id, model_id in rows}
