from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..logic.health import scaled

SIGNALS = [
    ("rhythm", "Overdue by the own rhythm"),
    ("trend", "Revenue against the year before"),
    ("basket", "Amount of a purchase"),
    ("categories", "Categories no longer bought"),
    ("complaint", "Open complaint"),
    ("rating", "Last satisfaction"),
    ("overdue", "Unpaid invoice"),
    ("payment", "Pays later than before"),
    ("returns", "Returns and credit notes"),
    ("price", "Price rises"),
    ("silence", "No contact with people"),
    ("portal", "No visit to the portal"),
    ("contact", "Known contact left"),
]


class CustomerChurnWeight(models.Model):
    """What a signal costs in one version of the weights, and the evidence for it."""

    _name = "customer.churn.weight"
    _description = "Weight of a Signal"
    _order = "weighing_id desc, points desc, id"
    _rec_name = "signal"

    weighing_id = fields.Many2one(
        "customer.churn.weighing", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="weighing_id.company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    signal = fields.Selection(SIGNALS, required=True)
    weight = fields.Float(
        digits=(16, 2),
        aggregator=None,
        help="In proportion to the others. Of learned weights: log odds of stopping to "
        "buy when the signal is at its worst, all other signals being equal.",
    )
    points = fields.Integer(
        compute="_compute_points",
        store=True,
        help="What the signal takes away from 100 when it is at its worst.",
    )
    error = fields.Float(
        string="±",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Standard error of a learned weight.",
    )
    customers = fields.Integer(
        readonly=True, aggregator=None, help="Who showed the signal on the past day."
    )
    lost_with = fields.Float(
        string="Stopped With It",
        readonly=True,
        aggregator=None,
        help="Part of them who bought no more within the horizon.",
    )
    lost_without = fields.Float(
        string="Stopped Without",
        readonly=True,
        aggregator=None,
        help="The same of the customers who did not show it.",
    )

    _signal_unique = models.Constraint(
        "UNIQUE(weighing_id, signal)", "A signal has one weight."
    )

    @api.depends("weight", "weighing_id.line_ids.weight", "weighing_id.line_ids.signal")
    def _compute_points(self):
        for lines in self.grouped("weighing_id").values():
            every = lines.weighing_id.line_ids | lines
            weights = {line.signal: max(line.weight, 0.0) for line in every}
            points = scaled(weights) if any(weights.values()) else {}
            for line in lines:
                line.points = points.get(line.signal, 0)

    @api.constrains("weight")
    def _check_weight(self):
        for line in self:
            if not 0 <= line.weight <= 1000:
                raise ValidationError(
                    self.env._("A weight is between 0, no matter at all, and 1000.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Evidence is what was seen, not what somebody says.
            vals_list = [
                {
                    key: vals[key]
                    for key in ("weighing_id", "signal", "weight")
                    if key in vals
                }
                for vals in vals_list
            ]
            weighings = {vals.get("weighing_id") for vals in vals_list} - {None}
            if self.env["customer.churn.weighing"].browse(weighings).line_ids:
                self._refuse_change()
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse_change()

    def _refuse_change(self):
        raise UserError(
            self.env._(
                "Weights stay as they were in force. Create a new version instead."
            )
        )
