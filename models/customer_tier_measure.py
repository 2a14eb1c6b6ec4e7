from odoo import fields, models


class CustomerTierMeasure(models.Model):
    """What is counted: one figure of a member within the window of its ladder.

    Taxes never count; credit notes count negative; what the ladder excludes is out.
    """

    _name = "customer.tier.measure"
    _inherit = ["customer.tier.ladder.part", "customer.referent"]
    _description = "Qualifying Measure"
    _order = "ladder_id, sequence, id"

    ladder_id = fields.Many2one(
        "customer.tier.ladder", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    metric = fields.Selection(
        [
            ("revenue", "Net revenue"),
            ("purchases", "Number of purchases"),
            ("purchase_days", "Days with a purchase"),
            ("units", "Units"),
            ("margin", "Margin"),
            ("points", "Qualifying points"),
        ],
        required=True,
        default="revenue",
        help="Margin needs the application Sales Margin.",
    )
    category_ids = fields.Many2many(
        "product.category",
        "customer_tier_measure_category_rel",
        help="Only products of these categories and those below. Empty: all of them.",
    )
