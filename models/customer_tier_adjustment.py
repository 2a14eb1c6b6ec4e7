from odoo import fields, models


class CustomerTierAdjustment(models.Model):
    """More or less of a measure than documents say: signed, dated, append-only."""

    _name = "customer.tier.adjustment"
    _inherit = "customer.tier.decision.mixin"
    _description = "Adjustment of a Measure"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    measure_id = fields.Many2one(
        "customer.tier.measure", required=True, index=True, ondelete="restrict"
    )
    ladder_id = fields.Many2one(related="measure_id.ladder_id", store=True, index=True)
    company_id = fields.Many2one(
        related="measure_id.ladder_id.company_id", store=True, index=True
    )
    date = fields.Date(
        required=True,
        default=lambda self: self._default_date(),
        help="Day of the window in which it counts.",
    )
    value = fields.Float(required=True, help="Negative takes something away.")
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
