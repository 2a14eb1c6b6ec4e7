from odoo import fields, models


class CustomerTierEnrolment(models.Model):
    """A customer who joined a ladder: number, terms, from when until when."""

    _name = "customer.tier.enrolment"
    _inherit = "customer.tier.decision.mixin"
    _description = "Enrolment"
    _order = "joined_on desc, id desc"
    _rec_name = "number"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    ladder_id = fields.Many2one(
        "customer.tier.ladder", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="ladder_id.company_id", store=True, index=True)
    number = fields.Char(string="Member Number", readonly=True, copy=False)
    joined_on = fields.Date(required=True, default=lambda self: self._default_date())
    left_on = fields.Date(help="First day without membership.")
    terms_accepted_on = fields.Date()
    fee_move_id = fields.Many2one(
        "account.move", string="Paid Fee", readonly=True, index="btree_not_null"
    )
    paid_until = fields.Date(readonly=True, help="Last day the fee is good for.")
    ended_with_fee = fields.Boolean(
        readonly=True,
        copy=False,
        help="The fee was credited or its payment bounced; it may be paid again.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
