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
        asked = SQL(
            "SELECT * FROM unnest(%s::int[], %s::date[]) AS asked (account_id, day)",
            list(days),
            list(days.values()),
        )
        rows = self.env.execute_query(self._tiers_on_sql(company, asked))
        return {account_id: tier_id for account_id, _day, tier_id in rows}

    @api.model
    def _tiers_on_sql(self, company, asked: SQL) -> SQL:
        """Return ``account_id``, ``day`` and ``tier_id`` of those who had one.

        :param asked: statement that yields ``account_id`` and ``day``
        """
        groups = self.env["customer.account.group"]
        return SQL(
            """
            WITH head AS (SELECT * FROM %(heads)s known)
            SELECT DISTINCT ON (asked.account_id, asked.day)
                   asked.account_id, asked.day, latest.to_tier_id AS tier_id
              FROM (%(asked)s) asked
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
                  ORDER BY asked.account_id, asked.day,
                   ladder.company_id NULLS LAST, ladder.sequence, ladder.id
            """,
            heads=groups._heads_sql(company),
            asked=asked,
            stands=self.env["customer.tier.transition"]._stands_sql(),
            company=company.id,
        )
