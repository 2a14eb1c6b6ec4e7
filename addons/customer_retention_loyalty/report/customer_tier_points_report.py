from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

# Days after which points that did not move are believed to be lost.
IDLE_DAYS = 365


class CustomerTierPointsReport(models.Model):
    """What the company owes in points, by tier and by how long they have lain.

    Points are what is on the cards today. Their value is what the best reward of the
    program makes of a point; breakage is an estimate, and says so.
    """

    _name = "customer.tier.points.report"
    _description = "Points Owed"
    _auto = False
    _order = "value desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    program_id = fields.Many2one("loyalty.program", readonly=True)
    tier_id = fields.Many2one("customer.tier", readonly=True, help="Empty: no tier.")
    points = fields.Float(readonly=True)
    value = fields.Monetary(
        readonly=True,
        help="What the points are worth at most, in the currency of the program. "
        "Rewards in percent have no worth of their own: 0.",
    )
    moved_on = fields.Date(string="Last Moved", readonly=True)
    age = fields.Selection(
        [
            ("0", "Up to 3 months"),
            ("1", "3 to 6 months"),
            ("2", "6 to 12 months"),
            ("3", "More than a year"),
        ],
        readonly=True,
        help="How long no point came to the card or went from it.",
    )
    breakage = fields.Monetary(
        string="Breakage (Estimate)",
        readonly=True,
        help="Value of points that have not moved for more than a year, and may never "
        "be asked for. An estimate: never taken off what is owed.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            "%s",
            SQL(" UNION ALL ").join(
                self._company_sql(company) for company in self.env.companies
            ),
        )

    @api.model
    def _company_sql(self, company) -> SQL:
        """Return the cards of a company's programs, and of programs for all."""
        self.env.flush_all()
        return SQL(
            """SELECT card.id::bigint * 100000 + %(company)s AS id,
                      card.partner_id, %(company)s::int AS company_id,
                      program.currency_id, program.id AS program_id,
                      standing.tier_id, card.points, card.points * worth.point AS value,
                      moved.day AS moved_on,
                      CASE WHEN moved.days <= 91 THEN '0'
                           WHEN moved.days <= 182 THEN '1'
                           WHEN moved.days <= %(idle)s THEN '2' ELSE '3' END AS age,
                      CASE WHEN moved.days > %(idle)s THEN card.points * worth.point
                           ELSE 0 END AS breakage
                 FROM loyalty_card card
                 JOIN loyalty_program program
                   ON program.id = card.program_id AND program.program_type = 'loyalty'
                  AND (program.company_id = %(company)s OR program.company_id IS NULL
                       AND %(company)s = %(first)s)
                 JOIN %(worth)s worth ON worth.program_id = program.id
                 JOIN res_partner partner ON partner.id = card.partner_id
            LEFT JOIN %(standing)s standing
                   ON standing.account_id
                      = COALESCE(partner.commercial_partner_id, partner.id)
            CROSS JOIN LATERAL (
                   SELECT last.day, %(today)s - last.day AS days FROM (
                   SELECT COALESCE(MAX(history.create_date), card.create_date)::date
                          AS day
                     FROM loyalty_history history
                    WHERE history.card_id = card.id) last) moved
                WHERE card.active AND card.points > 0""",
            company=company.id,
            first=self.env.companies[:1].id,
            idle=IDLE_DAYS,
            worth=self._worth_sql(),
            standing=self.env["customer.tier.membership"]._standing_sql(
                self._accounts_with_points(), company
            ),
            today=company._retention_today(),
        )

    @api.model
    def _accounts_with_points(self) -> list[int]:
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT COALESCE(partner.commercial_partner_id, partner.id)
                     FROM loyalty_card card
                     JOIN res_partner partner ON partner.id = card.partner_id
                    WHERE card.active AND card.points > 0"""
            )
        )
        return [account_id for (account_id,) in rows]

    @api.model
    def _worth_sql(self) -> SQL:
        """Return a relation of the loyalty programs and what a point is worth."""
        # sudo: loyalty.program - the figures of whoever may see the report
        programs = self.env["loyalty.program"].sudo().with_context(active_test=False)
        programs = programs.search([("program_type", "=", "loyalty")])
        rows = [
            SQL("(%s, %s::float)", program.id, program._worth_of_a_point())
            for program in programs
        ]
        rows.append(SQL("(0, 0::float)"))
        return SQL(
            "(SELECT * FROM (VALUES %s) worth(program_id, point))",
            SQL(", ").join(rows),
        )
