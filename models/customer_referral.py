from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CustomerReferral(models.Model):
    """Who brought whom. Both sides are rewarded after the first paid purchase.

    A customer is brought once, by somebody else, before the first purchase, and
    nobody is brought by customers whom he has brought himself, however indirectly.
    Only the note is completed afterwards; the state follows from what is paid.
    """

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
    date = fields.Date(
        required=True,
        default=lambda self: self._default_date(),
        help="Day on which the customer was brought, and recorded. Purchases from this "
        "day on count. Only an administrator enters what happened earlier.",
    )
    recorded_on = fields.Date(
        readonly=True,
        copy=False,
        help="Day on which somebody entered it. Both sides are only rewarded for who "
        "had not bought before.",
    )
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
        index=True,
    )
    refused_because = fields.Char(readonly=True, copy=False)
    rewarded_on = fields.Date(readonly=True, copy=False)
    adjustment_ids = fields.One2many(
        "customer.tier.adjustment",
        "referral_id",
        string="Rewards",
        readonly=True,
        help="What both sides were given, and what was taken back.",
    )

    # === CRUD === #

    @api.model
    def _prepare_decision(self, vals):
        vals = super()._prepare_decision(vals)
        if not vals.get("referrer_id"):
            raise ValidationError(self.env._("Choose who brought the customer."))
        return {**vals, **self._initial_outcome()}

    @api.model
    def _initial_outcome(self):
        """What follows from the referral starts afresh, whatever somebody enters."""
        return {
            "state": "waiting",
            "refused_because": False,
            "rewarded_on": False,
            "recorded_on": False,
        }

    @api.model
    def _with_accounts(self, vals_list):
        """Both sides are kept as accounts."""
        vals_list = super()._with_accounts(vals_list)
        # sudo: res.partner - the company of a contact one may see brought somebody
        partners = self.env["res.partner"].sudo()
        accounts = {
            one.id: one.commercial_partner_id.id or one.id
            for one in partners.browse({vals["referrer_id"] for vals in vals_list})
        }
        return [
            {**vals, "referrer_id": accounts[vals["referrer_id"]]} for vals in vals_list
        ]

    def _settle(self):
        """Refuse what cannot be before anybody evaluates."""
        result = super()._settle()
        for referral in self:
            referral._check_plausible()
            if not self.env.su:
                today = referral.company_id._retention_today()
                referral._amend({"recorded_on": today})
        self._check_daily_limit()
        return result

    def _decide(self, more_partners=None):
        """The facts of a referral are about who brought the customer."""
        referrers = self.referrer_id
        if more_partners:
            referrers |= more_partners
        return super()._decide(referrers)

    def unlink(self):
        # The mixin has the customers evaluated; who brought them lost a fact, too.
        referrers = self.referrer_id
        result = super().unlink()
        self.browse()._decide(referrers)
        return result

    @api.model
    def _get_amendable_fields(self):
        return {"note"}

    @api.model
    def _amendment_message(self):
        return self.env._(
            "A referral stays as it was recorded, except for its note. Refuse it and "
            "record a new one instead."
        )

    # === ACTION METHODS === #

    def action_refuse(self):
        """Let a referral count no more: it was a mistake, or somebody cheated."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("customer_retention.group_manager"):
            raise UserError(
                self.env._("Only a manager refuses a referral. Ask one of them.")
            )
        self._refuse(self.env._("Refused by %(name)s", name=self.env.user.name))
        return True

    def _refuse(self, reason):
        """Take back what was given for it and count it no more."""
        self._take_back_rewards(reason)
        self._amend({"state": "refused", "refused_because": reason})
        self._decide()
