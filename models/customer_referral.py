from odoo import fields, models


class CustomerReferral(models.Model):
    """Who brought whom. Both sides are rewarded after the first paid purchase."""

    _name = "customer.referral"
    _inherit = "customer.decision.mixin"
    _description = "Referral"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    referrer_id = fields.Many2one(
        "res.partner", string="Brought By", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    date = fields.Date(required=True, default=lambda self: self._default_date())
    note = fields.Char()
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting for the first paid purchase"),
            ("rewarded", "Rewarded"),
            ("refused", "Refused"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
    )
    refused_because = fields.Char(readonly=True, copy=False)
    rewarded_on = fields.Date(readonly=True, copy=False)
