from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date


class CustomerReferral(models.Model):
    """What a referral cannot be: to oneself, in a circle, twice, or too late."""

    _inherit = "customer.referral"

    def _check_plausible(self):
        """Refuse a referral that would only farm rewards.

        :raise ValidationError: which says what to do instead
        """
        self.ensure_one()
        for message in (
            self._self_message(),
            self._circle_message(),
            self._twice_message(),
            self._day_message(),
            self._late_message(),
        ):
            if message:
                raise ValidationError(message)

    def _self_message(self):
        if self.referrer_id.commercial_partner_id != (
            self.partner_id.commercial_partner_id
        ):
            return None
        return self.env._(
            "%(customer)s cannot bring itself, nor one of its own contacts. Choose "
            "the customer who recommended us.",
            customer=self.partner_id.display_name,
        )

    def _twice_message(self):
        others = self._of_the_customer() - self
        if not others:
            return None
        return self.env._(
            "%(customer)s was brought by %(referrer)s already. A manager can refuse "
            "that referral first.",
            customer=self.partner_id.display_name,
            referrer=others[0].referrer_id.display_name,
        )

    def _of_the_customer(self):
        """Return the referrals of the customer that count, the first one that does
        first: who had been several customers may have several.
        """
        # sudo: customer.referral - whoever recorded it, a customer is brought once
        found = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "refused"),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    self.partner_id.commercial_partner_id.id,
                ),
            ]
        )
        return found.sorted(lambda one: (one.state != "rewarded", one.date, one.id))

    def _farming_message(self):
        """What customers have become since it was recorded: itself, a circle, or one
        whom somebody else had brought before.
        """
        if self._of_the_customer()[:1] != self:
            return self._twice_message()
        return self._self_message() or self._circle_message()

    def _circle_message(self):
        if not self._closes_circle():
            return None
        return self.env._(
            "%(customer)s brought %(referrer)s, directly or through others, and cannot "
            "be brought by them.",
            customer=self.partner_id.display_name,
            referrer=self.referrer_id.display_name,
        )

    def _closes_circle(self) -> bool:
        """Whether whoever brought the referrer leads back to the customer."""
        self.flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE link AS (%(links)s),
                chain AS (
                    SELECT %(start)s::int AS account_id
                     UNION
                    SELECT link.referrer_id FROM chain
                      JOIN link ON link.partner_id = chain.account_id)
                SELECT 1 FROM chain WHERE account_id = %(customer)s LIMIT 1
                """,
                links=self._links_sql(self.company_id.id, without=self.id),
                start=self.referrer_id.commercial_partner_id.id,
                customer=self.partner_id.commercial_partner_id.id,
            )
        )
        return bool(rows)

    @api.model
    def _links_sql(self, company_id: int, without: int | None = None) -> SQL:
        """Return who brought whom in a company, as accounts: the referrals that count.

        Columns ``id``, ``partner_id``, ``referrer_id`` and ``date``. Who became one
        customer by a merge has not brought itself, and was brought once.
        """
        return SQL(
            """SELECT DISTINCT ON (customer.account_id)
                      referral.id, customer.account_id AS partner_id,
                      brought.account_id AS referrer_id, referral.date
                 FROM customer_referral referral
                 JOIN %(mapping)s customer ON customer.partner_id = referral.partner_id
                 JOIN %(mapping)s brought ON brought.partner_id = referral.referrer_id
                WHERE referral.company_id = %(company)s
                  AND referral.state <> 'refused'
                  AND referral.id IS DISTINCT FROM %(without)s::int
                  AND customer.account_id <> brought.account_id
             ORDER BY customer.account_id, referral.state <> 'rewarded',
                      referral.date, referral.id""",
            mapping=self.env["customer.account"]._mapping_sql(),
            company=company_id,
            without=without or None,
        )

    def _day_message(self):
        """What counts is the moment in which it is recorded; only who loads what an
        earlier system knew says that it happened before.
        """
        today = self.company_id._retention_today()
        if self.date == today or (self.date < today and self._may_backdate()):
            return None
        return self.env._(
            "A referral is recorded on the day on which it counts: enter %(today)s. "
            "Only an administrator records what happened earlier.",
            today=format_date(self.env, today),
        )

    @api.model
    def _may_backdate(self) -> bool:
        return self.env.su or self.env.user.has_group("customer_retention.group_admin")

    def _late_message(self):
        """Who has bought before did not have to be brought."""
        first = self._first_purchase_day()
        if not first or first >= self.date:
            return None
        return self.env._(
            "%(customer)s has bought since %(day)s and did not have to be brought.",
            customer=self.partner_id.display_name,
            day=format_date(self.env, first),
        )

    def _first_purchase_day(self):
        # sudo: customer.purchase - one day, to refuse what is no referral
        purchases = self.env["customer.purchase"].sudo()
        purchase = purchases.search(
            [
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("is_purchase", "=", True),
            ],
            order="date, id",
            limit=1,
        )
        return fields.Date.to_date(purchase.date) if purchase else None
