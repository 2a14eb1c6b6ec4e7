from odoo import fields, models
from odoo.tools import SQL


class CustomerCarePlan(models.Model):
    """Somebody congratulates those who told their day and agreed."""

    _inherit = "customer.care.plan"

    trigger = fields.Selection(
        selection_add=[("birthday", "Birthday or Founding Day")],
        ondelete={"birthday": "cascade"},
    )

    def _occasions_birthday_sql(self, company, today) -> SQL:
        """Return the days of this year and those next to it, of people and companies.

        As the gifts have it: those born on 29 February have their day on the 28th in
        other years, and the first one after somebody agreed counts.
        """
        return SQL(
            """
            SELECT account.account_id AS partner_id, day.occasion
              FROM customer_birthday birthday
              JOIN %(accounts)s account ON account.partner_id = birthday.partner_id
        CROSS JOIN generate_series(%(year)s - 1, %(year)s + 1) year
        CROSS JOIN LATERAL (
                SELECT (birthday.date + make_interval(
                    years => year - extract(year FROM birthday.date)::int))::date
                    AS occasion) day
             WHERE birthday.company_id = %(company)s
               AND day.occasion > birthday.date AND day.occasion >= birthday.agreed_on
            """,
            accounts=self.env["customer.account"]._customer_documents_sql(),
            year=today.year,
            company=company.id,
        )

    def _summary_for(self, partner, occasion) -> str:
        """Say whose day it is, of the people of a customer."""
        summary = super()._summary_for(partner, occasion)
        names = (
            self._having_day(partner, occasion) if self.trigger == "birthday" else []
        )
        if not names:
            return summary
        return self.env._(
            "%(what)s: %(names)s", what=summary, names=", ".join(sorted(names))
        )

    def _having_day(self, partner, occasion) -> list[str]:
        """Return the names of the people of a customer whose day it is.

        :param partner: in the company that cares
        """
        # sudo: customer.birthday - the job's, whoever starts it
        birthdays = self.env["customer.birthday"].sudo()
        of_customer = birthdays.search(
            [
                ("partner_id.commercial_partner_id", "=", partner.id),
                ("partner_id", "!=", partner.id),
                ("company_id", "=", partner.env.company._retention_root().id),
            ]
        )
        found = of_customer.filtered(lambda one: one._day_in_range([occasion]))
        return found.mapped("partner_id.name")
