from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .customer_tier import GIFT_DOMAIN


class CustomerTierLadder(models.Model):
    """What a referral brings through loyalty programs."""

    _inherit = "customer.tier.ladder"

    referral_program_id = fields.Many2one(
        "loyalty.program",
        string="Referral Gift",
        domain=GIFT_DOMAIN,
        ondelete="restrict",
        help="Given to both sides once a customer who was brought has paid.",
    )
    referral_points = fields.Float(
        string="Points of the Gift",
        default=1.0,
        help="Points of the coupon or the card; of gift cards and wallets money.",
    )

    @api.constrains("referral_program_id", "company_id")
    def _check_referral_program(self):
        for ladder in self:
            # sudo: loyalty.program - of whichever company
            owner = ladder.sudo().referral_program_id.company_id._retention_root()
            if ladder.company_id and owner - ladder.company_id:
                raise ValidationError(
                    self.env._(
                        "The referral gift belongs to another company than the ladder "
                        "%(ladder)s. Choose a program of %(company)s.",
                        ladder=ladder.name,
                        company=ladder.company_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bound(self):
        """A ladder takes its tiers with it."""
        self.with_context(active_test=False).tier_ids._unlink_except_bound()
