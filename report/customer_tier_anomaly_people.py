from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

# Adjustments of one person within so many days, and their part of everybody's.
ADJUSTMENT_DAYS = 30
ADJUSTMENTS = 5
ADJUSTMENT_PART = 0.5
# Customers that one customer brought within so many days.
REFERRAL_DAYS = 30
REFERRALS = 5
# What two customers may have in common, as bits of a number.
EMAIL, DOMAIN, PHONE, ADDRESS, BANK = (1 << bit for bit in range(5))
# Half the world has an address there: it says nothing about two customers.
FREE_DOMAINS = [
    "126.com",
    "163.com",
    "aol.com",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "web.de",
    "yahoo.com",
    "yandex.ru",
]


class CustomerTierAnomaly(models.Model):
    """What people do about tiers: referrals that look farmed, many adjustments."""

    _inherit = "customer.tier.anomaly"

    _depends = {
        "customer.tier.adjustment": ["user_id", "ladder_id", "date", "referral_id"],
        "customer.referral": ["partner_id", "referrer_id", "date", "state"],
        "res.partner": ["email", "phone", "street", "zip"],
        "res.partner.bank": ["partner_id", "acc_number"],
    }

    # === WORDS === #

    def _describe_adjustments(self):
        return self.env._(
            "%(person)s recorded %(number)s adjustments within %(days)s days, "
            "%(part)s %% of all.",
            days=ADJUSTMENT_DAYS,
            part=round(100 * self.amount),
            **self._words(),
        )

    def _describe_referrals(self):
        return self.env._(
            "Brought %(number)s customers within %(days)s days until %(date)s.",
            days=REFERRAL_DAYS,
            **self._words(),
        )

    def _describe_shared(self):
        # sudo: customer.referral - who brought the customer explains a row one reads
        referral = self.env["customer.referral"].sudo().browse(self.id // 10)
        return self.env._(
            "Was brought by %(referrer)s and has the same %(what)s.",
            referrer=referral.referrer_id.display_name,
            what=", ".join(self._shared_names()),
        )

    def _shared_names(self) -> list[str]:
        names = {
            EMAIL: self.env._("e-mail address"),
            DOMAIN: self.env._("e-mail domain"),
            PHONE: self.env._("phone number"),
            ADDRESS: self.env._("address"),
            BANK: self.env._("bank account"),
        }
        return [name for bit, name in names.items() if self.number & bit]

    # === QUERY === #

    @api.model
    def _kinds_sql(self):
        return [
            *super()._kinds_sql(),
            self._adjustments_sql(),
            self._referrals_sql(),
            self._shared_sql(),
        ]

    @api.model
    def _adjustments_sql(self) -> SQL:
        """The latest adjustment stands for those of the same person before it; those
        of referrals are the job's.
        """
        return SQL(
            """
            SELECT %(id)s, 'adjustments', last.partner_id, last.company_id,
                   last.ladder_id, NULL::int, last.user_id, last.create_date::date,
                   counted.own::int, counted.own::float8 / counted.every
              FROM customer_tier_adjustment last
              JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE other.user_id = last.user_id) AS own,
                           count(*) AS every
                      FROM customer_tier_adjustment other
                     WHERE other.ladder_id = last.ladder_id
                       AND other.referral_id IS NULL
                       AND other.create_date > last.create_date - %(span)s::interval
                       AND other.create_date <= last.create_date
              ) counted ON counted.own >= %(least)s
                       AND counted.own >= %(part)s * counted.every
             WHERE last.referral_id IS NULL AND NOT EXISTS (
                   SELECT FROM customer_tier_adjustment later
                    WHERE later.user_id = last.user_id
                      AND later.ladder_id = last.ladder_id
                      AND later.referral_id IS NULL
                      AND (later.create_date, later.id) > (last.create_date, last.id)
                      AND later.create_date < last.create_date + %(span)s::interval)
            """,
            id=self._row_id("last.id", 6),
            span=f"{ADJUSTMENT_DAYS} days",
            least=ADJUSTMENTS,
            part=ADJUSTMENT_PART,
        )

    @api.model
    def _referrals_sql(self) -> SQL:
        """The latest referral stands for those of the same customer before it."""
        return SQL(
            """
            SELECT %(id)s, 'referrals', last.referrer_id, last.company_id, NULL::int,
                   NULL::int, NULL::int, last.date, counted.own::int, NULL::float8
              FROM customer_referral last
              JOIN LATERAL (
                    SELECT count(*) AS own FROM customer_referral other
                     WHERE other.referrer_id = last.referrer_id
                       AND other.company_id = last.company_id
                       AND other.state <> 'refused'
                       AND other.date > last.date - %(days)s
                       AND other.date <= last.date
              ) counted ON counted.own >= %(least)s
             WHERE last.state <> 'refused' AND NOT EXISTS (
                   SELECT FROM customer_referral later
                    WHERE later.referrer_id = last.referrer_id
                      AND later.company_id = last.company_id
                      AND later.state <> 'refused'
                      AND (later.date, later.id) > (last.date, last.id)
                      AND later.date < last.date + %(days)s)
            """,
            id=self._row_id("last.id", 7),
            days=REFERRAL_DAYS,
            least=REFERRALS,
        )

    @api.model
    def _shared_sql(self) -> SQL:
        """Customers who have something in common with who brought them: any contact of
        the one with any of the other.
        """
        return SQL(
            """
            SELECT * FROM (
            SELECT %(id)s, 'shared', customer.account_id, referral.company_id,
                   NULL::int, NULL::int, referral.user_id, referral.date,
                   bit_or(%(bits)s) AS number, NULL::float8
              FROM customer_referral referral
              JOIN %(mapping)s customer ON customer.partner_id = referral.partner_id
              JOIN %(mapping)s brought ON brought.partner_id = referral.referrer_id
               AND brought.account_id <> customer.account_id
              JOIN %(mapping)s my ON my.account_id = customer.account_id
              JOIN %(mapping)s their ON their.account_id = brought.account_id
              JOIN res_partner mine ON mine.id = my.partner_id
              JOIN res_partner theirs ON theirs.id = their.partner_id
             WHERE referral.state <> 'refused'
          GROUP BY referral.id, customer.account_id) alike WHERE number > 0
            """,
            id=self._row_id("referral.id", 8),
            bits=self._shared_bits_sql(),
            mapping=self.env["customer.account"]._mapping_sql(),
        )

    @api.model
    def _shared_bits_sql(self) -> SQL:
        """Return what the contacts ``mine`` and ``theirs`` have in common."""
        domain = SQL("split_part(%s.email_normalized, '@', 2)", SQL("mine"))
        digits = "right(regexp_replace(%s.phone, '[^0-9]', '', 'g'), 8)"
        traits = {
            EMAIL: SQL("mine.email_normalized = theirs.email_normalized"),
            DOMAIN: SQL(
                "%s = split_part(theirs.email_normalized, '@', 2) AND NOT %s = ANY(%s)",
                domain,
                domain,
                FREE_DOMAINS,
            ),
            PHONE: SQL(
                "length(%s) = 8 AND %s = %s",
                SQL(digits, SQL("mine")),
                SQL(digits, SQL("mine")),
                SQL(digits, SQL("theirs")),
            ),
            ADDRESS: SQL(
                "btrim(mine.street) <> ''"
                " AND lower(btrim(mine.street)) = lower(btrim(theirs.street))"
                " AND COALESCE(mine.zip, '') = COALESCE(theirs.zip, '')"
            ),
            BANK: SQL(
                "EXISTS (SELECT FROM res_partner_bank bank JOIN res_partner_bank same"
                " ON same.sanitized_acc_number = bank.sanitized_acc_number"
                " WHERE bank.partner_id = mine.id AND same.partner_id = theirs.id)"
            ),
        }
        return SQL(" | ").join(
            SQL("CASE WHEN %s THEN %s ELSE 0 END", trait, bit)
            for bit, trait in traits.items()
        )
