from odoo import fields, models


class CustomerTierPointRule(models.Model):
    """How many qualifying points a unit of currency earns: always, for some
    categories, or within a campaign. Of several that apply the highest counts.
    """

    _name = "customer.tier.point.rule"
    _inherit = "customer.tier.ladder.part"
    _description = "Rate of Qualifying Points"
    _order = "ladder_id, id"

    ladder_id = fields.Many2one(
        "customer.tier.ladder", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(translate=True)
    rate = fields.Float(
        string="Points per Unit of Currency", required=True, default=1.0
    )
    category_ids = fields.Many2many(
        "product.category",
        "customer_tier_point_rule_category_rel",
        help="Only these and those below. Empty: all of them.",
    )
    date_from = fields.Date(string="From")
    date_until = fields.Date(string="Until", help="Last day of the campaign.")
