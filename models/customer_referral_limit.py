from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError


class CustomerReferral(models.Model):
    """Nobody farms rewards: so many referrals a day and person, so many rewards a year
    and referrer. The ladder of the referrer says how many.
    """

    _inherit = "customer.referral"

    def _check_daily_limit(self):
        """Refuse what goes beyond the limit of the ladder; jobs have none.

        :raise UserError: whoever records has had enough for today
        """
        own = self.filtered(
            lambda one: one.user_id == self.env.user and not one.user_id._is_superuser()
        )
        for referral in own:
            limit = referral._limiting_ladder().referrals_per_day
            if limit and referral._count_today() > limit:
                raise UserError(
                    self.env._(
                        "Nobody records more than %(limit)s referrals a day. Ask a "
                        "colleague, or go on tomorrow.",
                        limit=limit,
                    )
                )

    def _limiting_ladder(self):
        """Return the ladder of the referrer; of somebody in none the first ladder that
        the referrer may come into.
        """
        # sudo: customer.tier.ladder - its limits, whoever records
        ladders = self.env["customer.tier.ladder"].sudo()
        company = self.company_id.ids
        return self._ladder_of(self.referrer_id.commercial_partner_id) or (
            ladders.search([("company_id", "in", [*company, False])], limit=1)
        )

    def _count_today(self) -> int:
        """Return how many the recording person entered today in the company."""
        # sudo: customer.referral - also about customers of others by now
        return self.sudo().search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("user_id", "=", self.env.uid),
                ("create_date", ">=", fields.Date.today()),
            ]
        )

    def _reached_limit(self) -> int:
        """Return the limit if the referrer had as many rewards within a year, or 0."""
        account = self.referrer_id.commercial_partner_id
        limit = self._ladder_of(account).referrals_per_year
        if not limit:
            return 0
        today = self.company_id._retention_today()
        # sudo: customer.referral - others of the referrer, whoever reads
        rewarded = self.sudo().search_count(
            [
                ("state", "=", "rewarded"),
                ("rewarded_on", ">", fields.Date.subtract(today, years=1)),
                ("company_id", "=", self.company_id.id),
                ("referrer_id.commercial_partner_id", "=", account.id),
            ]
        )
        return limit if rewarded >= limit else 0
