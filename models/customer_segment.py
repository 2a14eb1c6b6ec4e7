from odoo import fields, models


class CustomerSegment(models.Model):
    """Customers with a similar rhythm: whom one is compared with.

    The first segment that fits an account is its segment. The usual interval of
    a segment stands in for customers with fewer than three purchase days; it is
    versioned like a rule.
    """

    _name = "customer.segment"
    _description = "Customer Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, domain=[("parent_id", "=", False)]
    )
    account_kind = fields.Selection(
        [("any", "Everybody"), ("company", "Companies"), ("person", "Individuals")],
        default="any",
        required=True,
    )
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    country_ids = fields.Many2many("res.country", string="Countries")
    usual_interval = fields.Float(
        string="Usual Interval (days)",
        default=60.0,
        required=True,
        digits=(16, 1),
        help="Days between two purchases assumed for a customer of this segment "
        "who has bought on fewer than three days.",
    )
    measured_interval = fields.Float(
        string="Measured Interval (days)",
        digits=(16, 1),
        readonly=True,
        help="Median over the customers of the segment with an own rhythm, at the "
        "last weekly run.",
    )
    measured_count = fields.Integer(string="Customers Measured", readonly=True)
    medians = fields.Json(
        readonly=True,
        help="Median of each fact over the segment, by company, at the last run.",
    )
