from odoo import fields, models


class CustomerTierBenefit(models.Model):
    """What a tier brings its members, and what that costs."""

    _name = "customer.tier.benefit"
    _description = "Benefit of a Tier"
    _order = "tier_id, sequence, id"

    tier_id = fields.Many2one(
        "customer.tier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="tier_id.company_id")
    currency_id = fields.Many2one(related="tier_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True, translate=True, help="As customers read it in the portal."
    )
    kind = fields.Selection(
        [
            ("payment_term", "Payment term"),
            ("delivery", "Delivery"),
            ("service", "Service"),
            ("gift", "Gift"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        ondelete="restrict",
        help="Proposed on quotations to customers without a payment term of their own.",
    )
    is_shown = fields.Boolean(string="Shown to Customers", default=True)
    cost_per_member = fields.Monetary(
        string="Cost per Member and Year",
        help="An estimate; it is never added to what was really given.",
    )
    cost_percent = fields.Float(string="Cost in % of Revenue", help="An estimate.")
