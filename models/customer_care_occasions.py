from __future__ import annotations

from datetime import date, timedelta

from odoo import models
from odoo.tools import SQL

from ..logic.care import GOOD_GRADE, REST, occasions_due
from ..logic.facts import YEAR_DAYS


class CustomerCarePlan(models.Model):
    """What happened in the lives of customers, of each trigger one statement.

    A trigger is a value of the selection and a method ``_occasions_<trigger>_sql`` that
    returns ``partner_id`` (of the account) and ``occasion`` (a day) of what happened in
    a company: modules add both.
    """

    _inherit = "customer.care.plan"

    def _due_sql(self, company, today: date) -> SQL:
        """Return ``partner_id, occasion`` of what is due and was not planned yet.

        Who was asked about a lasting occasion and had the activity taken away is due
        again after a rest.
        """
        self.ensure_one()
        self.env.flush_all()
        first, last = occasions_due(
            self.trigger, self.days, today, company.retention_side_effects_from
        )
        return SQL(
            """
            SELECT happened.partner_id, max(happened.occasion) AS occasion
              FROM (%(occasions)s) happened
             WHERE happened.occasion <= %(last)s AND %(recent)s
               AND NOT EXISTS (
                   SELECT FROM customer_care_touch touch
                    WHERE touch.partner_id = happened.partner_id
                      AND touch.plan_id = %(plan)s
                      AND touch.company_id = %(company)s
                      AND touch.occasion >= happened.occasion
                      AND %(asked)s)
          GROUP BY happened.partner_id
            """,
            occasions=self._occasions_sql(company, today),
            last=last,
            recent=SQL("happened.occasion >= %s", first) if first else SQL("TRUE"),
            plan=self.id,
            company=company.id,
            asked=SQL("TRUE")
            if first
            else SQL(
                "(touch.activity_id IS NOT NULL OR touch.date > %s)",
                today - timedelta(days=REST),
            ),
        )

    def _occasions_of(self, due: SQL, partners) -> dict[int, date]:
        """Return ``{account id: occasion}`` of some of those who are due."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, occasion FROM (%s) due"
                    " WHERE partner_id = ANY(%s)",
                    due,
                    partners.ids,
                )
            )
        )

    def _occasions_sql(self, company, today: date) -> SQL:
        """Return ``partner_id`` and ``occasion`` of the trigger of this plan."""
        self.ensure_one()
        return getattr(self, f"_occasions_{self.trigger}_sql")(company, today)

    def _due_since(self, today: date) -> date:
        """Return a day before the first occasion that can be due, in any time zone.

        Documents from before need not be read.
        """
        first, _last = occasions_due(self.trigger, self.days, today)
        return first - timedelta(days=1)

    # === OFFERS === #

    def _occasions_quotation_sql(self, company, today: date) -> SQL:
        """Return the days on which quotations were made that are still open."""
        return SQL(
            "SELECT partner_id, opened_on AS occasion FROM customer_quotation"
            " WHERE company_id = %s AND COALESCE(closed_on > %s, TRUE)",
            company.id,
            today,
        )

    def _occasions_sent_sql(self, company, today: date) -> SQL:
        """Return the days on which quotations were sent that are still open.

        The message that core posts then keeps the day.
        """
        return SQL(
            """
            SELECT quotation.partner_id, max(%(day)s) AS occasion
              FROM customer_quotation quotation
              JOIN sale_order sale ON sale.id = quotation.order_id
              JOIN %(companies)s company ON company.id = sale.company_id
              JOIN mail_message message ON message.model = 'sale.order'
               AND message.res_id = sale.id AND message.subtype_id = %(subtype)s
             WHERE quotation.company_id = %(company)s AND sale.state = 'sent'
               AND COALESCE(quotation.closed_on > %(today)s, TRUE)
          GROUP BY quotation.partner_id, quotation.id
            """,
            companies=self.env["res.company"]._retention_companies_sql(),
            day=self.env["res.company"]._retention_day_sql(
                SQL("message.date"), SQL("company.tz")
            ),
            subtype=self.env["ir.model.data"]._xmlid_to_res_id("sale.mt_order_sent")
            or None,
            company=company.id,
            today=today,
        )

    # === PURCHASES === #

    def _occasions_confirmed_sql(self, company, today: date) -> SQL:
        """Return the days on which orders were confirmed, whatever is a purchase."""
        return SQL(
            """
            SELECT account.account_id AS partner_id, %(day)s AS occasion
              FROM sale_order sale
              JOIN %(accounts)s account ON account.partner_id = sale.partner_id
              JOIN %(companies)s company ON company.id = sale.company_id
             WHERE company.root_id = %(company)s AND sale.state = 'sale'
               AND sale.date_order >= %(since)s
            """,
            accounts=self.env["customer.account"]._customer_documents_sql(),
            companies=self.env["res.company"]._retention_companies_sql(),
            day=self.env["res.company"]._retention_day_sql(
                SQL("sale.date_order"), SQL("company.tz")
            ),
            company=company.id,
            since=self._due_since(today),
        )

    def _occasions_purchase_sql(self, company, _today: date) -> SQL:
        return _facts_sql(company, SQL("last_purchase_on"))

    def _occasions_first_purchase_sql(self, company, _today: date) -> SQL:
        """Return when somebody bought who has bought once."""
        return SQL(
            "%s AND purchase_days = 1", _facts_sql(company, SQL("first_purchase_on"))
        )

    def _occasions_expected_sql(self, company, _today: date) -> SQL:
        return _facts_sql(company, SQL("expected_next_on"))

    def _occasions_anniversary_sql(self, company, today: date) -> SQL:
        """Return the latest anniversaries of first purchases."""
        return SQL(
            "%s AND first_purchase_on <= %s::date - %s",
            _facts_sql(
                company,
                SQL(
                    "(first_purchase_on + make_interval("
                    "years => extract(year FROM age(%s::date, first_purchase_on))::int"
                    "))::date",
                    today,
                ),
            ),
            today,
            YEAR_DAYS,
        )

    # === CONTACTS AND COMPLAINTS === #

    def _occasions_contact_sql(self, company, _today: date) -> SQL:
        """Return since when nobody was in touch: the last contact, or purchase."""
        return _facts_sql(company, SQL("GREATEST(last_contact_on, last_purchase_on)"))

    def _occasions_recovery_sql(self, company, _today: date) -> SQL:
        """Return complaints that were put right, as the customer says."""
        return SQL(
            """
            SELECT complaint.account_id AS partner_id, %(day)s AS occasion
              FROM customer_complaint complaint
              JOIN %(companies)s place ON place.id = complaint.company_id
              JOIN customer_relationship row ON row.partner_id = complaint.account_id
               AND row.company_id = place.root_id
             WHERE place.root_id = %(company)s AND complaint.resolved_at IS NOT NULL
               AND row.complaint_last_grade >= %(good)s
            """,
            companies=self.env["res.company"]._retention_companies_sql(),
            day=self.env["res.company"]._retention_day_sql(
                SQL("complaint.resolved_at"), SQL("place.tz")
            ),
            company=company.id,
            good=GOOD_GRADE,
        )


def _facts_sql(company, occasion: SQL) -> SQL:
    """Return a day that the relationships of a company tell."""
    return SQL(
        "SELECT partner_id, %s AS occasion FROM customer_relationship"
        " WHERE company_id = %s",
        occasion,
        company.id,
    )
