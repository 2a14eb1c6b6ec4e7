from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerTierAdjustment(models.Model):
    """Nobody farms figures: so many adjustments a day and person, and no more."""

    _inherit = "customer.tier.adjustment"

    @api.model_create_multi
    def create(self, vals_list):
        adjustments = super().create(vals_list)
        adjustments._check_daily_limit()
        return adjustments

    def _check_daily_limit(self):
        """Refuse what goes beyond the limit of the ladder; jobs have none.

        :raise UserError: whoever records has had enough for today
        """
        own = self.filtered(
            lambda one: one.user_id == self.env.user and not one.user_id._is_superuser()
        )
        for ladder, adjustments in own.grouped("ladder_id").items():
            limit = ladder.adjustments_per_day
            if limit and adjustments._count_today(ladder) > limit:
                raise UserError(
                    self.env._(
                        "In %(ladder)s nobody records more than %(limit)s adjustments "
                        "a day. Ask a colleague, or go on tomorrow.",
                        ladder=ladder.name,
                        limit=limit,
                    )
                )

    @api.model
    def _count_today(self, ladder) -> int:
        """Return how many the user recorded today; those of referrals are the job's."""
        # sudo: customer.tier.adjustment - also about customers of others by now
        return self.sudo().search_count(
            [
                ("ladder_id", "=", ladder.id),
                ("user_id", "=", self.env.uid),
                ("referral_id", "=", False),
                ("create_date", ">=", fields.Date.today()),
            ]
        )
