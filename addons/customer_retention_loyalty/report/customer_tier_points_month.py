from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_tier_points_report import IDLE_DAYS

# Months shown, the present one included; makes ids that stay the same.
MONTHS = 24


class CustomerTierPointsMonth(models.Model):
    """What the company owed in points at the end of every month, by tier and age.

    Cards only know the points of today: those of earlier months are reckoned back by
    what was issued and used since then, which core writes down. The present month
    shows the points of today. Value and breakage as in the report of today.
    """

    _name = "customer.tier.points.month"
    _inherit = "customer.tier.points.report"
    _description = "Points Owed by Month"
    _auto = False
    _order = "month desc, value desc, id desc"

    month = fields.Date(readonly=True, help="First day of the month.")
    tier_id = fields.Many2one(help="At the end of the month. Empty: no tier.")
    points = fields.Float(help="At the end of the month; of the present one: today.")
    issued = fields.Float(readonly=True, help="Points issued in the month.")
    used = fields.Float(readonly=True, help="Points used or taken back in the month.")

    @api.model
    def _company_sql(self, company) -> SQL:
        """Return the cards of a company's programs, and of those for all, by month."""
        self.env.flush_all()
        return SQL(
            """(
            WITH card AS (%(cards)s), month AS (%(months)s),
            tier AS (%(tiers)s)
            SELECT (card.id::bigint * 100000 + %(company)s) * 100 + month.number AS id,
                   card.partner_id, %(company)s::int AS company_id, card.currency_id,
                   card.program_id, tier.tier_id, held.points,
                   held.points * card.worth AS value, moved.day AS moved_on,
                   CASE WHEN moved.days <= 91 THEN '0' WHEN moved.days <= 182 THEN '1'
                        WHEN moved.days <= %(idle)s THEN '2' ELSE '3' END AS age,
                   CASE WHEN moved.days > %(idle)s THEN held.points * card.worth
                        ELSE 0 END AS breakage,
                   month.starts AS month, log.issued, log.used
              FROM card CROSS JOIN month
        CROSS JOIN LATERAL (%(log)s) log
        CROSS JOIN LATERAL (
                   SELECT GREATEST(card.points - log.later, 0) AS points) held
        CROSS JOIN LATERAL (
                   SELECT last.day, month.last - last.day AS days
                     FROM (SELECT COALESCE(log.moved, card.made) AS day) last) moved
         LEFT JOIN tier ON tier.account_id = card.account_id AND tier.day = month.last
             WHERE (card.made <= month.last OR month.is_present)
               AND (held.points > 0 OR log.issued > 0 OR log.used > 0))""",
            cards=self._cards_sql(company),
            months=self._months_sql(company),
            tiers=self.env["customer.tier.membership"]._tiers_on_sql(
                company._retention_root(),
                SQL(
                    "SELECT DISTINCT card.account_id, month.last AS day"
                    " FROM card CROSS JOIN month"
                ),
            ),
            log=self._log_sql(),
            company=company.id,
            idle=IDLE_DAYS,
        )

    @api.model
    def _cards_sql(self, company) -> SQL:
        return SQL(
            """SELECT card.id, card.partner_id, card.points, card.create_date::date
                      AS made, program.id AS program_id, program.currency_id,
                      worth.point AS worth,
                      COALESCE(partner.commercial_partner_id, partner.id) AS account_id
                 FROM loyalty_card card
                 JOIN loyalty_program program
                   ON program.id = card.program_id AND program.program_type = 'loyalty'
                  AND (program.company_id = %(company)s OR program.company_id IS NULL
                       AND %(company)s = %(first)s)
                 JOIN %(worth)s worth ON worth.program_id = program.id
                 JOIN res_partner partner ON partner.id = card.partner_id
                WHERE card.active""",
            company=company.id,
            first=self.env.companies[:1].id,
            worth=self._worth_sql(),
        )

    @api.model
    def _months_sql(self, company) -> SQL:
        """Return the months, the present one up to today."""
        return SQL(
            """SELECT first::date AS starts, first::date = present.month AS is_present,
                      LEAST((first + interval '1 month - 1 day')::date, present.day)
                          AS last,
                      (row_number() OVER (ORDER BY first DESC))::int AS number
                 FROM (SELECT %(today)s::date AS day,
                              date_trunc('month', %(today)s::timestamp)::date AS month
                      ) present
                CROSS JOIN generate_series(
                      present.month - interval '%(before)s months',
                      present.month, interval '1 month') first""",
            today=company._retention_today(),
            before=MONTHS - 1,
        )

    @api.model
    def _log_sql(self) -> SQL:
        """Return what moved on a ``card``: after a ``month``, in it, and when last."""
        return SQL(
            """SELECT COALESCE(SUM(moved.issued - moved.used)
                               FILTER (WHERE moved.is_later), 0) AS later,
                      COALESCE(SUM(moved.issued) FILTER (WHERE moved.is_within), 0)
                          AS issued,
                      COALESCE(SUM(moved.used) FILTER (WHERE moved.is_within), 0)
                          AS used,
                      MAX(moved.day) FILTER (WHERE NOT moved.is_later) AS moved
                 FROM (SELECT COALESCE(history.issued, 0) AS issued,
                              COALESCE(history.used, 0) AS used, every.day,
                              every.day > month.last AND NOT month.is_present
                                  AS is_later,
                              every.day >= month.starts
                              AND (every.day <= month.last OR month.is_present)
                                  AS is_within
                         FROM loyalty_history history
                        CROSS JOIN LATERAL (
                              SELECT history.create_date::date AS day) every
                        WHERE history.card_id = card.id) moved"""
        )
