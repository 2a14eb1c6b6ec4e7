from odoo import fields, models

REASONS = [
    ("vip", "VIP"),
    ("match", "Status match"),
    ("past", "Past activity"),
    ("goodwill", "Goodwill"),
    ("error", "Error of ours"),
    ("welcome", "Welcome"),
]


class CustomerTierGrant(models.Model):
    """A person's dated decision: at least this tier, or exactly it, until a day."""

    _name = "customer.tier.grant"
    _inherit = "customer.tier.decision.mixin"
    _description = "Grant of a Tier"
    _order = "date_from desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    ladder_id = fields.Many2one(related="tier_id.ladder_id", store=True, index=True)
    company_id = fields.Many2one(
        related="tier_id.ladder_id.company_id", store=True, index=True
    )
    tier_id = fields.Many2one(
        "customer.tier", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("floor", "At least"), ("exact", "Exactly")], required=True, default="floor"
    )
    reason = fields.Selection(REASONS, required=True)
    note = fields.Char(required=True, help="Why, for those who read it later.")
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date()
    )
    date_until = fields.Date(string="Until", required=True, help="Last day.")
    ended_on = fields.Date(
        readonly=True, copy=False, help="First day on which it no longer counts."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Granted By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting for approval"),
            ("granted", "Granted"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="granted",
        index=True,
    )
    waits_because = fields.Char(
        readonly=True, copy=False, help="Why a second person has to agree."
    )
    approver_id = fields.Many2one(
        "res.users", string="Approved By", readonly=True, copy=False
    )
    approved_at = fields.Datetime(readonly=True, copy=False)
