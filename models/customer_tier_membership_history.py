from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from odoo import api, models
from odoo.tools import SQL


class CustomerTierMembership(models.Model):
    """Which tier somebody had on a day, from the log of changes."""

    _inherit = "customer.tier.membership"

    @api.model
    def _tiers_on(self, company, days: Mapping[int, date]) -> dict[int, int]:
        """Return {account: tier} as of the evening of a day each, in one query.

        The company's own ladders come before shared ones; whoever is in a group
        enjoys the tier of its head. Nobody's rights are asked for: it returns no more
        than tiers.

        :param days: {account: day}
        """
        if not days:
            return {}
        return dict(self.env.execute_query(self._tiers_on_sql(company, days)))

    @api.model
    def _tiers_on_sql(self, company, days: Mapping[int, date]) -> SQL:
        groups = self.env["customer.account.group"]
        return SQL(
            """
            WITH head AS (SELECT * FROM %(heads)s known)
            SELECT DISTINCT ON (asked.account_id)
                   asked.account_id, latest.to_tier_id
              FROM unnest(%(accounts)s::int[], %(days)s::date[])
                AS asked (account_id, day)
                CROSS JOIN customer_tier_ladder ladder
                 LEFT JOIN head
                ON head.account_id = asked.account_id
               AND ladder.rolls_up_groups
               AND (head.is_shared OR ladder.company_id IS NOT NULL)
               AND COALESCE(head.date_from <= asked.day, TRUE)
               AND COALESCE(head.date_until >= asked.day, TRUE)
                CROSS JOIN LATERAL (
                SELECT log.to_tier_id FROM customer_tier_transition log
                 WHERE log.partner_id
                       = COALESCE(head.head_id, asked.account_id)
                   AND log.ladder_id = ladder.id AND log.date <= asked.day
                   AND %(stands)s
              ORDER BY log.date DESC, log.id DESC LIMIT 1) latest
             WHERE latest.to_tier_id IS NOT NULL
               AND (ladder.company_id = %(company)s
                    OR ladder.company_id IS NULL)
                  ORDER BY asked.account_id, ladder.company_id NULLS LAST,
                   ladder.sequence, ladder.id
            """,
            heads=groups._heads_sql(company),
            accounts=list(days),
            days=list(days.values()),
            stands=self.env["customer.tier.transition"]._stands_sql(),
            company=company.id,
        )
