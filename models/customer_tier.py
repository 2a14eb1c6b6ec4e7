from odoo import fields, models


class CustomerTier(models.Model):
    """One step of a ladder: what it takes, what keeps it, and what it brings."""

    _name = "customer.tier"
    _inherit = ["customer.tier.ladder.part", "customer.referent"]
    _description = "Tier"
    _order = "ladder_id, sequence, id"

    ladder_id = fields.Many2one(
        "customer.tier.ladder", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ladder_id.company_id")
    currency_id = fields.Many2one(related="ladder_id.currency_id")
    name = fields.Char(required=True, translate=True)
    description = fields.Html(
        string="For the Customer",
        translate=True,
        help="What the tier means to a customer, as shown in the portal.",
    )
    sequence = fields.Integer(default=10, help="The lowest tier comes first.")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    icon = fields.Char(default="fa-star", help="Name of an icon, such as fa-star.")
    image_128 = fields.Image("Badge", max_width=128, max_height=128)
    match = fields.Selection(
        [("all", "All conditions"), ("any", "Any condition")],
        required=True,
        default="all",
    )
    condition_ids = fields.One2many(
        "customer.tier.condition",
        "tier_id",
        copy=True,
        help="Without a condition every member has the tier.",
    )
    # Of the ladder's first measure, which is all most ladders have.
    threshold = fields.Float(
        compute="_compute_threshold", inverse="_inverse_threshold", string="From"
    )
    keep_threshold = fields.Float(
        string="Keep From",
        compute="_compute_threshold",
        inverse="_inverse_keep_threshold",
    )
    benefit_ids = fields.One2many("customer.tier.benefit", "tier_id", copy=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="restrict",
        help="Prices of members who have no pricelist of their own.",
    )
    activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Plan at Upgrade",
        domain=[("res_model", "=", "res.partner")],
        ondelete="set null",
    )
    risk_activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Plan at Risk of Downgrade",
        domain=[("res_model", "=", "res.partner")],
        ondelete="set null",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Message to the Customer",
        domain=[("model", "=", "customer.tier.transition")],
        ondelete="set null",
        help="Sent when a customer reaches the tier. Empty: nothing is sent.",
    )
    lost_template_id = fields.Many2one(
        "mail.template",
        string="Message at a Downgrade",
        domain=[("model", "=", "customer.tier.transition")],
        ondelete="set null",
        help="Sent when a customer loses the tier because figures no longer keep it or "
        "a grant has ended. Empty: nothing is sent.",
    )
