from __future__ import annotations

from odoo import fields, models


class CustomerTierLadder(models.Model):
    """A programme of tiers: whom it is for, what qualifies, and for how long.

    A ladder belongs to one company, or is shared: then the purchases of all
    companies count. Everything that decides, the tiers included, is one versioned
    definition, so that yesterday's tiers keep yesterday's conditions.
    """

    _name = "customer.tier.ladder"
    _inherit = [
        "customer.versioned.mixin",
        "customer.referent",
        "customer.tier.policy.mixin",
    ]
    _description = "Tier Ladder"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Html(
        string="About the Program",
        translate=True,
        help="What the programme is about, as customers read it in the portal.",
    )
    sequence = fields.Integer(
        default=10,
        help="A customer is in one ladder at a time: the first one that is for them.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Empty: shared. Purchases in every company count then.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Amounts in other currencies are converted at the rate of their day.",
    )
    rule = fields.Text(
        default="[]",
        copy=True,
        help="Condition over the facts of the customer: whom the ladder is for. An "
        "empty rule is for everybody.",
    )
    # Before the tiers, whose thresholds are of the first of them.
    measure_ids = fields.One2many("customer.tier.measure", "ladder_id", copy=True)
    tier_ids = fields.One2many("customer.tier", "ladder_id", copy=True)
    point_rule_ids = fields.One2many("customer.tier.point.rule", "ladder_id", copy=True)

    # Membership
    enrolment = fields.Selection(
        [
            ("automatic", "Every customer is a member"),
            ("joined", "Customers join"),
        ],
        required=True,
        default="automatic",
    )
    fee_product_id = fields.Many2one(
        "product.product",
        string="Membership Fee",
        ondelete="restrict",
        help="A paid invoice with this product enrols the customer, and renews.",
    )
    fee_months = fields.Integer(string="A Fee Is Good for (Months)", default=12)
    counts_before_joining = fields.Boolean(string="Purchases Before Joining Count")
    number_prefix = fields.Char(string="Member Numbers Begin With", default="M")
    terms = fields.Html(translate=True)

    # What counts
    excluded_product_ids = fields.Many2many(
        "product.product",
        "customer_tier_ladder_product_rel",
        string="Products That Do Not Count",
    )
    excluded_category_ids = fields.Many2many(
        "product.category",
        "customer_tier_ladder_category_rel",
        string="Categories That Do Not Count",
        help="With everything below them.",
    )
    counts_shipping = fields.Boolean(string="Shipping Counts")

    # Up and down
    pauses_on_hold = fields.Boolean(
        string="An Open Complaint Pauses a Downgrade", default=True
    )
    rolls_up_groups = fields.Boolean(
        string="Groups of Customers Count Together",
        default=True,
        help="Members of a group of companies or a household qualify together.",
    )

    # People
    grant_steps_alone = fields.Integer(
        string="Steps One Person May Grant",
        default=1,
        help="A grant further above the earned tier takes a second person.",
    )
    grants_per_day = fields.Integer(
        string="Grants per Person and Day",
        default=10,
        help="More of them wait for a second person. 0: no limit.",
    )
