from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

# Purchases of one day that reached a tier together, from which on they look split.
SPLIT_PURCHASES = 3
# Days after a tier was reached in which credit notes are looked at, and the part of
# what had been bought in as many days before that is worth a look.
CREDIT_DAYS = 90
CREDIT_PART = 0.2
# Grants of one person within so many days, and their part of everybody's.
GRANT_DAYS = 30
GRANTS = 5
GRANT_PART = 0.5
KINDS = [
    ("split", "Purchases split"),
    ("credited", "Bought and credited"),
    ("staff", "Account of an employee"),
    ("grants", "Many grants by one person"),
    ("adjustments", "Many adjustments by one person"),
    ("referrals", "Many referrals by one customer"),
    ("shared", "Referral of oneself"),
]


class CustomerTierAnomaly(models.Model):
    """What deserves a second look about tiers, each with its reason in a sentence.

    Nothing is refused or taken away because of it: people look, and decide.
    """

    _name = "customer.tier.anomaly"
    _inherit = "customer.tier.visible.mixin"
    _description = "Anomaly of Tiers"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    kind = fields.Selection(KINDS, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    ladder_id = fields.Many2one("customer.tier.ladder", readonly=True)
    tier_id = fields.Many2one("customer.tier", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    person_id = fields.Many2one("res.users", readonly=True, help="Who has granted.")
    date = fields.Date(readonly=True)
    number = fields.Integer(readonly=True, aggregator=None)
    amount = fields.Float(readonly=True)
    reason = fields.Char(compute="_compute_reason")

    _depends = {
        "customer.tier.transition": ["partner_id", "date", "cause", "to_tier_id"],
        "customer.tier.membership": ["partner_id", "tier_id", "user_id", "since"],
        "customer.tier.grant": ["partner_id", "user_id", "date_from", "state"],
        "customer.purchase": ["partner_id", "company_id", "date", "amount"],
    }

    # === WORDS === #

    @api.depends("kind", "tier_id", "number", "amount", "date", "person_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            describe = getattr(row, f"_describe_{row.kind}", None)
            row.reason = describe() if describe else False

    def _words(self) -> dict:
        # sudo: customer.tier, res.users - names explain a row that may be read
        row = self.sudo()
        return {
            "tier": row.tier_id.name or "",
            "person": row.person_id.name or "",
            "number": formatLang(self.env, self.number or 0, digits=0),
            "date": format_date(self.env, self.date),
        }

    def _describe_split(self):
        return self.env._(
            "%(number)s purchases on %(date)s, the day on which %(tier)s was reached.",
            **self._words(),
        )

    def _describe_credited(self):
        currency = (self.company_id or self.env.company).currency_id
        amount = formatLang(self.env, self.amount, currency_obj=currency)
        if not self.amount:
            return self.env._(
                "What had reached the tier was credited: it was taken away on "
                "%(date)s.",
                **self._words(),
            )
        return self.env._(
            "%(amount)s credited within %(days)s days after %(tier)s was reached.",
            amount=amount,
            days=CREDIT_DAYS,
            **self._words(),
        )

    def _describe_staff(self):
        return self.env._(
            "Somebody of this customer works here and enjoys %(tier)s.", **self._words()
        )

    def _describe_grants(self):
        return self.env._(
            "%(person)s granted %(number)s tiers within %(days)s days, "
            "%(part)s %% of all.",
            days=GRANT_DAYS,
            part=formatLang(self.env, 100 * self.amount, digits=0),
            **self._words(),
        )

    # === QUERY === #

    @property
    def _table_query(self):
        parts = SQL(" UNION ALL ").join(self._kinds_sql())
        log = self.env["customer.tier.transition"]
        return SQL(
            """
            SELECT seen.*, (
                   SELECT member.user_id FROM customer_tier_membership member
                    WHERE member.partner_id = seen.partner_id
                      AND member.ladder_id = seen.ladder_id) AS user_id
              FROM (%s) seen WHERE %s
            """,
            parts,
            log._profiled_sql("seen"),
        )

    @api.model
    def _kinds_sql(self) -> list[SQL]:
        """Return the rows of each kind; modules add theirs.

        Columns: ``id, kind, partner_id, company_id, ladder_id, tier_id, person_id,
        date, number, amount``.
        """
        return [
            self._split_sql(),
            self._revoked_sql(),
            self._credited_sql(),
            self._staff_sql(),
            self._grants_sql(),
        ]

    @api.model
    def _row_id(self, key: str, number: int) -> SQL:
        """Return an id that no row of another kind has."""
        return SQL(
            "%s::bigint * 10 + %s AS id", SQL.identifier(*key.split(".")), number
        )

    @api.model
    def _reached_sql(self) -> SQL:
        """Return the changes of tier that figures brought about, upwards."""
        return SQL(
            "log.cause IN ('entry', 'earned') AND log.to_tier_id IS NOT NULL"
            " AND log.partner_id IS NOT NULL AND %s",
            self.env["customer.tier.transition"]._stands_sql(),
        )

    @api.model
    def _split_sql(self) -> SQL:
        return SQL(
            """
            SELECT %(id)s, 'split' AS kind, log.partner_id, log.company_id,
                   log.ladder_id, log.to_tier_id AS tier_id, NULL::int AS person_id,
                   log.date, same_day.number::int, NULL::float8 AS amount
              FROM customer_tier_transition log
              JOIN LATERAL (
                    SELECT count(*) AS number FROM customer_purchase bought
                     WHERE bought.partner_id = log.partner_id
                       AND COALESCE(bought.company_id = log.company_id, TRUE)
                       AND bought.date = log.date AND bought.is_purchase
              ) same_day ON same_day.number >= %(least)s
              JOIN customer_tier tier ON tier.id = log.to_tier_id
             WHERE %(reached)s AND EXISTS (
                   SELECT FROM customer_tier_condition needed
                    WHERE needed.tier_id = tier.id)
            """,
            id=self._row_id("log.id", 1),
            least=SPLIT_PURCHASES,
            reached=self._reached_sql(),
        )

    @api.model
    def _revoked_sql(self) -> SQL:
        return SQL(
            """
            SELECT %(id)s, 'credited', log.partner_id, log.company_id, log.ladder_id,
                   log.from_tier_id, NULL::int, log.date, NULL::int, NULL::float8
              FROM customer_tier_transition log
             WHERE log.cause = 'revoked' AND log.partner_id IS NOT NULL AND %(stands)s
            """,
            id=self._row_id("log.id", 2),
            stands=self.env["customer.tier.transition"]._stands_sql(),
        )

    @api.model
    def _credited_sql(self) -> SQL:
        """Credit notes that name no purchase leave the tier: people look at them."""
        return SQL(
            """
            SELECT %(id)s, 'credited', log.partner_id, log.company_id, log.ladder_id,
                   log.to_tier_id, NULL::int, log.date, NULL::int,
                   -money.credited::float8
              FROM customer_tier_transition log
              JOIN LATERAL (
                    SELECT SUM(bought.amount) FILTER (
                               WHERE bought.date > log.date AND bought.amount < 0
                           ) AS credited,
                           SUM(bought.amount) FILTER (
                               WHERE bought.date <= log.date AND bought.amount > 0
                           ) AS spent
                      FROM customer_purchase bought
                     WHERE bought.partner_id = log.partner_id
                       AND COALESCE(bought.company_id = log.company_id, TRUE)
                       AND bought.date BETWEEN log.date - %(days)s
                                           AND log.date + %(days)s
              ) money ON -money.credited >= %(part)s * money.spent
             WHERE %(reached)s AND NOT EXISTS (
                   SELECT FROM customer_tier_transition revoked
                    WHERE revoked.partner_id = log.partner_id
                      AND revoked.ladder_id = log.ladder_id
                      AND revoked.cause = 'revoked' AND revoked.date >= log.date)
            """,
            id=self._row_id("log.id", 3),
            days=CREDIT_DAYS,
            part=CREDIT_PART,
            reached=self._reached_sql(),
        )

    @api.model
    def _staff_sql(self) -> SQL:
        return SQL(
            """
            SELECT %(id)s, 'staff', member.partner_id, member.company_id,
                   member.ladder_id, member.tier_id, NULL::int, member.since,
                   NULL::int, NULL::float8
              FROM customer_tier_membership member
              JOIN customer_tier tier ON tier.id = member.tier_id
             WHERE %(works_here)s AND EXISTS (
                   SELECT FROM customer_tier_condition needed
                    WHERE needed.tier_id = tier.id)
            """,
            id=self._row_id("member.id", 4),
            works_here=self.env["customer.tier.membership"]._staff_sql("member"),
        )

    @api.model
    def _grants_sql(self) -> SQL:
        """The latest grant stands for those of the same person before it."""
        return SQL(
            """
            SELECT %(id)s, 'grants', last.partner_id, last.company_id, last.ladder_id,
                   last.tier_id, last.user_id, last.date_from, counted.own::int,
                   counted.own::float8 / counted.every
              FROM customer_tier_grant last
              JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE other.user_id = last.user_id) AS own,
                           count(*) AS every
                      FROM customer_tier_grant other
                     WHERE other.ladder_id = last.ladder_id
                       AND other.state <> 'refused'
                       AND other.date_from > last.date_from - %(days)s
                       AND other.date_from <= last.date_from
              ) counted ON counted.own >= %(least)s
                       AND counted.own >= %(part)s * counted.every
             WHERE last.state <> 'refused' AND NOT EXISTS (
                   SELECT FROM customer_tier_grant later
                    WHERE later.user_id = last.user_id
                      AND later.ladder_id = last.ladder_id
                      AND later.state <> 'refused'
                      AND (later.date_from, later.id) > (last.date_from, last.id)
                      AND later.date_from < last.date_from + %(days)s)
            """,
            id=self._row_id("last.id", 5),
            days=GRANT_DAYS,
            least=GRANTS,
            part=GRANT_PART,
        )

    # === ACTION METHODS === #

    def action_open_customer(self):
        """Open the membership of the customer."""
        self.ensure_one()
        member = self.env["customer.tier.membership"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("ladder_id", "=", self.ladder_id.id),
            ],
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": member._name if member else "res.partner",
            "res_id": member.id or self.partner_id.id,
            "views": [(False, "form")],
        }
