from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerTierLadder(models.Model):
    """What people hear and do about tiers; nothing of it decides about a tier."""

    _inherit = "customer.tier.ladder"

    # Referrals
    referral_measure_id = fields.Many2one(
        "customer.tier.measure",
        string="Referrals Add To",
        ondelete="set null",
        domain="[('ladder_id', '=', id)]",
        copy=False,
        help="Measure that grows on both sides once a customer who was brought has "
        "paid for a purchase. Empty: referrals add nothing.",
    )
    referral_value_referrer = fields.Float(
        string="For Who Brought the Customer", help="How much, in the measure above."
    )
    referral_value_customer = fields.Float(
        string="For the Customer", help="How much, in the measure above."
    )

    # Before a tier is lost
    warns_of_loss = fields.Boolean(
        string="Warn Before a Tier Is Lost",
        default=True,
        help="The account manager gets an activity 60, 30 and 7 days before.",
    )

    # Before a tier is reached
    almost_template_id = fields.Many2one(
        "mail.template",
        string="Almost-There Message",
        domain=[("model", "=", "customer.tier.membership")],
        ondelete="set null",
        help="Sent to customers who are close to the next tier. Empty: nothing is "
        "sent.",
    )
    almost_percent = fields.Integer(
        string="Almost There From (%)",
        default=80,
        help="Share of what the next tier takes.",
    )
    almost_cooldown_days = fields.Integer(
        string="Days Between Such Messages",
        default=90,
        help="A customer is not told again before.",
    )

    referrals_per_year = fields.Integer(
        string="Rewarded Referrals a Year",
        default=12,
        help="Whoever brings more customers within twelve months is rewarded for the "
        "others later. 0: no limit.",
    )

    # Guard rails
    referrals_per_day = fields.Integer(
        string="Referrals per Person and Day",
        default=20,
        help="Nobody records more of them on one day. 0: no limit.",
    )
    adjustments_per_day = fields.Integer(
        string="Adjustments per Person and Day",
        default=20,
        help="Nobody records more of them on one day. 0: no limit.",
    )

    @api.constrains("adjustments_per_day", "referrals_per_day", "referrals_per_year")
    def _check_limits(self):
        for ladder in self:
            limits = (
                ladder.adjustments_per_day,
                ladder.referrals_per_day,
                ladder.referrals_per_year,
            )
            if min(limits) < 0:
                raise ValidationError(
                    self.env._("A limit is a whole number, or 0 for none.")
                )

    @api.constrains("almost_percent", "almost_cooldown_days")
    def _check_people_numbers(self):
        for ladder in self:
            if not 1 <= ladder.almost_percent <= 99:
                raise ValidationError(
                    self.env._("Almost there is between 1 and 99 % of a tier.")
                )
            if ladder.almost_cooldown_days < 1:
                raise ValidationError(
                    self.env._(
                        "Between two messages there is at least one day: otherwise a "
                        "customer would be told every time the job runs."
                    )
                )

    @api.constrains("referral_measure_id")
    def _check_referral_measure(self):
        for ladder in self:
            if ladder.referral_measure_id.ladder_id - ladder:
                raise ValidationError(
                    self.env._(
                        "Referrals add to a measure of another ladder. Choose one of "
                        "%(ladder)s.",
                        ladder=ladder.name,
                    )
                )
