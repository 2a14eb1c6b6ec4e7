from __future__ import annotations

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..logic.health import usual_points
from .customer_churn_model import of_hundred_pairs


class CustomerChurnWeighing(models.Model):
    """What the warning signals cost: a version, never changed afterwards.

    The latest version of a company is in force. Either it was learned from the
    customers who stopped buying, with the evidence for each weight, or somebody set it;
    then nothing is learned until somebody asks for it.
    """

    _name = "customer.churn.weighing"
    _description = "Weights of Health"
    _order = "id desc"
    _rec_name = "weighed_on"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self._default_company_id(),
    )
    weighed_on = fields.Date(string="In Force From", required=True, readonly=True)
    source = fields.Selection(
        [
            ("usual", "Usual weights"),
            ("learned", "Learned"),
            ("hand", "Set by hand"),
        ],
        required=True,
        readonly=True,
        default="hand",
    )
    user_id = fields.Many2one("res.users", string="Set By", readonly=True)
    note = fields.Char(string="Reason", help="Why the weights were set like this.")
    line_ids = fields.One2many(
        "customer.churn.weight",
        "weighing_id",
        string="Signals",
        default=lambda self: self._default_line_ids(),
    )

    # What was learned from
    customer_count = fields.Integer(string="Customers", readonly=True)
    lost_count = fields.Integer(
        string="Stopped Buying",
        readonly=True,
        help="Within the horizon of the forecast after the past day.",
    )
    graded_on = fields.Date(
        readonly=True, help="Weighed as of this day, from nothing that came later."
    )
    learned_auc = fields.Float(
        string="Ranking by Learned Weights",
        digits=(16, 3),
        readonly=True,
        aggregator="avg",
        help="Of two customers, how often the one who stopped had the worse health. "
        "0.5 is chance, 1 is perfect.",
    )
    usual_auc = fields.Float(
        string="Ranking by Usual Weights",
        digits=(16, 3),
        readonly=True,
        aggregator="avg",
    )
    sentence = fields.Char(string="In Words", compute="_compute_sentence")

    _in_force_idx = models.Index("(company_id, id DESC)")

    @api.model
    def _default_company_id(self):
        return self.env.company._retention_root().id

    @api.model
    def _default_line_ids(self):
        known = self._points(self.env.company._retention_root())
        # Also signals that came later than the version in force.
        points = {code: known.get(code, 0) for code in self._signal_codes()}
        return [
            Command.create({"signal": code, "weight": most})
            for code, most in sorted(points.items(), key=lambda item: -item[1])
        ]

    @api.depends("source", "learned_auc", "usual_auc", "customer_count", "lost_count")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for weighing in self:
            weighing.sentence = weighing._describe()

    def _describe(self):
        """Say where the weights come from, and how much better they were."""
        self.ensure_one()
        if self.source == "hand":
            return self.env._("Set by hand: nothing is learned until you ask for it.")
        learned, usual = of_hundred_pairs(self.env, self.learned_auc, self.usual_auc)
        figures = {
            "customers": self.customer_count,
            "lost": self.lost_count,
            "learned": learned,
            "usual": usual,
        }
        if self.source == "learned":
            return self.env._(
                "Learned from %(customers)s customers, %(lost)s of whom stopped "
                "buying: on the company's own past right in %(learned)s of 100 pairs, "
                "usual weights in %(usual)s.",
                **figures,
            )
        if self.learned_auc:
            return self.env._(
                "On the company's own past learned weights were not clearly better "
                "than usual ones (right in %(learned)s and %(usual)s of 100 pairs): "
                "usual weights count.",
                **figures,
            )
        return self.env._(
            "%(customers)s customers, %(lost)s of whom stopped buying, are too few to "
            "learn from: usual weights count.",
            **figures,
        )

    @api.constrains("line_ids")
    def _check_lines(self):
        for weighing in self:
            if not any(weighing.line_ids.mapped("weight")):
                raise ValidationError(
                    self.env._("At least one signal has a weight above 0.")
                )

    @api.constrains("source", "note")
    def _check_note(self):
        """Saying why makes it a decision: nobody sets weights by looking at a form."""
        for weighing in self:
            if weighing.source == "hand" and not (weighing.note or "").strip():
                raise ValidationError(
                    self.env._("Say why you set the weights: it is kept with them.")
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._by_hand(vals) for vals in vals_list]
        weighings = super().create(vals_list)
        self.env.registry.clear_cache()
        self.env["res.company"]._churn_score_soon()
        return weighings

    def _by_hand(self, vals):
        """Values of a version that somebody sets: only the weights and the reason."""
        company = self.env.company._retention_root()
        return {
            "company_id": company.id,
            "weighed_on": company._retention_today(),
            "source": "hand",
            "user_id": self.env.uid,
            **{key: vals[key] for key in ("line_ids", "note") if key in vals},
        }

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "Weights stay as they were in force. Create a new version instead."
            )
        )

    # === BUSINESS === #

    @api.model
    def _signal_codes(self) -> tuple[str, ...]:
        """Return the signals that are known here."""
        return tuple(code for code, _label in self._fields_signal().selection)

    @api.model
    def _fields_signal(self):
        return self.env["customer.churn.weight"]._fields["signal"]

    @api.model
    def _in_force(self, company):
        """Return the version that counts in a company; none where none was made."""
        # sudo: customer.churn.weighing - everybody is weighed by the same weights
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _points(self, company) -> dict[str, int]:
        """Return what each signal costs at most in a company, 100 together."""
        return dict(self._known_points(company.id))

    @api.model
    @tools.ormcache("company_id")
    def _known_points(self, company_id: int) -> tuple[tuple[str, int], ...]:
        lines = self._in_force(self.env["res.company"].browse(company_id)).line_ids
        if not lines:
            return tuple(usual_points(self._signal_codes()).items())
        return tuple((line.signal, line.points) for line in lines)

    # === ACTIONS === #

    def action_learn(self):
        """Learn the weights anew, also where they were set by hand."""
        self.check_access("create")
        companies = self.company_id or self.env.company._retention_root()
        for company in companies:
            self._learn(company, company._retention_today())
        return {"type": "ir.actions.client", "tag": "soft_reload"}
