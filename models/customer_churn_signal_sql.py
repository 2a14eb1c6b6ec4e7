from __future__ import annotations

from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..logic.facts import YEAR_DAYS
from ..logic.season import (
    ALL_MONTHS,
    FEWEST_YEARS,
    MISSED_PURCHASES,
    MONTH_DAYS,
    MOST_YEARS,
)
from .customer_account import AccountScope
from .customer_relationship_facts import FactQuestion

# Payments of so many days are compared with those of the year before them.
RECENT_DAYS = 182
FEWEST_PAID_BEFORE = 2


class CustomerChurnSignal(models.Model):
    """The signals as SQL, of any day, from nothing that was dated later."""

    _inherit = "customer.churn.signal"

    @api.model
    def _signals_sql(self, company, as_of: date, facts: SQL, scope) -> SQL:
        """Return ``partner_id`` and the signals of customers.

        :param facts: customers with their facts of that day
        """
        sources = self._signal_sources(company, as_of, scope)
        return SQL(
            """
            WITH fact AS MATERIALIZED (%(facts)s), %(sources)s
            SELECT fact.partner_id, %(columns)s FROM fact %(joins)s
            """,
            facts=facts,
            sources=SQL(", ").join(
                SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), rows)
                for name, rows in sources.items()
            ),
            columns=self._signal_columns_sql(),
            joins=SQL(" ").join(
                SQL(
                    "LEFT JOIN %s ON %s = fact.partner_id",
                    SQL.identifier(name),
                    SQL.identifier(name, "partner_id"),
                )
                for name in sources
            ),
        )

    def _signal_sources(self, company, as_of: date, scope) -> dict[str, SQL]:
        """Return {alias: relation with a row for each account it knows}."""
        return {
            "complained": self._open_complaints_sql(company, as_of, scope),
            "paid": self._payments_sql(company, as_of, scope),
            "credited": self._credited_sql(company, as_of, scope),
            "priced": self._prices_sql(company, as_of, scope),
            "left_on": self._contacts_left_sql(company, as_of, scope),
            "season": self._seasons_sql(company, as_of, scope),
        }

    def _signal_columns_sql(self) -> SQL:
        return SQL(
            """complained.complaint_id, complained.complaint_since,
            paid.unpaid_since, paid.payment_change, credited.returned_12m,
            priced.price_change, left_on.contact_lost_on, left_on.contacts_left,
            COALESCE(season.quiet_months, 0) AS quiet_months"""
        )

    def _open_complaints_sql(self, company, as_of: date, scope) -> SQL:
        """Return the oldest complaint that was open at the end of the day."""
        question = FactQuestion(company.id, as_of, scope)
        return SQL(
            """
            SELECT DISTINCT ON (partner_id) partner_id, complaint_id,
                   received_on AS complaint_since
              FROM (%s) life
             WHERE is_open AND received_on <= %s
          ORDER BY partner_id, received_on, complaint_id
            """,
            self.env["customer.relationship"]._complaint_lives_sql(question),
            as_of,
        )

    def _payments_sql(self, company, as_of: date, scope) -> SQL:
        """Return since when something is unpaid, and how much later is paid.

        An invoice is paid on the day of the last payment that was matched with it.
        """
        return SQL(
            """
            SELECT partner_id,
                   min(due) FILTER (WHERE paid_on IS NULL AND NOT is_settled
                                       OR paid_on > %(as_of)s) AS unpaid_since,
                   CASE WHEN count(*) FILTER (WHERE %(before)s) >= %(fewest)s THEN
                   avg(paid_on - due) FILTER (WHERE %(recent)s)
                   - avg(paid_on - due) FILTER (WHERE %(before)s) END AS payment_change
              FROM (%(invoices)s) invoice
          GROUP BY partner_id
            """,
            as_of=as_of,
            fewest=FEWEST_PAID_BEFORE,
            recent=SQL(
                "NOT is_reversed AND paid_on > %s::date - %s AND paid_on <= %s",
                as_of,
                RECENT_DAYS,
                as_of,
            ),
            before=SQL(
                "NOT is_reversed AND paid_on > %s::date - %s"
                " AND paid_on <= %s::date - %s",
                as_of,
                RECENT_DAYS + YEAR_DAYS,
                as_of,
                RECENT_DAYS,
            ),
            invoices=self._invoices_sql(company, as_of, scope),
        )

    def _invoices_sql(self, company, as_of: date, scope) -> SQL:
        """Return posted invoices of the last years, and old ones that are unpaid."""
        return SQL(
            """
            SELECT account.account_id AS partner_id, move.invoice_date_due AS due,
                   move.payment_state = 'reversed' AS is_reversed, is_settled,
                   CASE WHEN is_settled THEN (
                        SELECT max(payment.max_date)
                          FROM account_move_line line
                          JOIN account_partial_reconcile payment
                            ON payment.debit_move_id = line.id
                         WHERE line.move_id = move.id
                           AND line.display_type = 'payment_term') END AS paid_on
              FROM %(accounts)s account
              JOIN account_move move ON move.partner_id = account.partner_id
              JOIN %(companies)s company ON company.id = move.company_id
        CROSS JOIN LATERAL (SELECT move.amount_residual = 0
                        OR move.payment_state IN ('in_payment', 'paid', 'reversed')
                        AS is_settled) state
             WHERE company.root_id = %(company)s AND move.move_type = 'out_invoice'
               AND move.state = 'posted' AND move.amount_total > 0
               AND move.invoice_date <= %(as_of)s
               AND (NOT is_settled OR move.invoice_date > %(as_of)s::date - %(days)s)
            """,
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            companies=self.env["res.company"]._retention_companies_sql(),
            company=company.id,
            as_of=as_of,
            days=RECENT_DAYS + 2 * YEAR_DAYS,
        )

    def _credited_sql(self, company, as_of: date, scope) -> SQL:
        return SQL(
            """
            SELECT partner_id, -sum(amount) AS returned_12m FROM customer_purchase
             WHERE company_id = %s AND %s AND amount < 0
               AND date > %s::date - %s AND date <= %s
          GROUP BY partner_id
            """,
            company.id,
            scope.condition(SQL("partner_id")),
            as_of,
            YEAR_DAYS,
            as_of,
        )

    def _contacts_left_sql(self, company, as_of: date, scope) -> SQL:
        """Return when the last contact person was archived who had ordered, or after
        whom nobody is left to talk to; and the day of each of them.

        Core does not keep when somebody was archived: it is the day of the last change
        that was there when it was first read, whatever changes the person later.
        """
        return SQL(
            """
            SELECT partner_id, max(day) AS contact_lost_on,
                   jsonb_object_agg(person_id, day) AS contacts_left
              FROM (%s) person WHERE day <= %s GROUP BY partner_id
            """,
            self._archived_contacts_sql(company, scope),
            as_of,
        )

    def _archived_contacts_sql(self, company, scope) -> SQL:
        return SQL(
            """
            SELECT account.account_id AS partner_id, person.id AS person_id,
                   LEAST(%(day)s, (known.contacts_left ->> person.id::text)::date)
                       AS day
              FROM %(accounts)s account
              JOIN res_partner person ON person.id = account.partner_id
         LEFT JOIN customer_churn_signal known
                ON known.partner_id = account.account_id
               AND known.company_id = %(company)s
             WHERE NOT person.active AND person.id <> account.account_id
               AND person.type = 'contact' AND person.is_company IS NOT TRUE
               AND (EXISTS (SELECT FROM sale_order sale
                             WHERE sale.partner_id = person.id AND sale.state = 'sale')
                    OR NOT EXISTS (
                       SELECT FROM res_partner other
                        WHERE other.commercial_partner_id = account.account_id
                          AND other.id <> account.account_id AND other.active
                          AND other.type = 'contact'))
            """,
            day=company._retention_day_sql(SQL("person.write_date")),
            accounts=self.env["customer.account"]._mapping_sql(scope),
            company=company.id,
        )

    def _seasons_sql(self, company, as_of: date, scope: AccountScope) -> SQL:
        """Return the quiet months of customers, as logic.season."""
        return SQL(
            """
            SELECT known.partner_id, %(mask)s AS quiet_months
              FROM (%(years)s) known
        CROSS JOIN LATERAL (
                SELECT %(all)s & (~bit_or(1 << (EXTRACT(month FROM date)::int - 1)))
                       AS quiet
                  FROM customer_purchase bought
                 WHERE bought.partner_id = known.partner_id
                   AND bought.company_id = %(company)s AND bought.is_purchase
                   AND bought.date <= known.last
                   AND bought.date > known.last - %(days)s * known.years) month
        CROSS JOIN LATERAL (
                SELECT quiet & %(one)s & %(two)s AS starts) run
             WHERE starts <> 0
            """,
            mask=_kept_sql(),
            years=SQL(
                """
                SELECT fact.partner_id, fact.last_purchase_on AS last,
                       fact.usual_interval, LEAST(%s, (fact.last_purchase_on
                           - fact.first_purchase_on) / %s) AS years
                  FROM fact
                 WHERE (fact.last_purchase_on - fact.first_purchase_on) / %s >= %s
                   AND fact.usual_interval > 0
                """,
                MOST_YEARS,
                YEAR_DAYS,
                YEAR_DAYS,
                FEWEST_YEARS,
            ),
            all=ALL_MONTHS,
            company=company.id,
            days=YEAR_DAYS,
            one=_turned_sql("quiet", 1),
            two=_turned_sql("quiet", 2),
        )


def _turned_sql(column: str, by: int) -> SQL:
    """Return the bits of the months so many months later, as logic.season."""
    bits = SQL.identifier(column)
    by %= 12
    return SQL("(((%s >> %s) | (%s << %s)) & %s)", bits, by, bits, 12 - by, ALL_MONTHS)


def _kept_sql() -> SQL:
    """Return the quiet months in a row, or 0 where too few purchases are missed."""
    kept = SQL(
        "(starts | %s | %s)", _turned_sql("starts", -1), _turned_sql("starts", -2)
    )
    return SQL(
        "CASE WHEN length(replace(%s::bit(12)::text, '0', '')) * %s::float8"
        " * known.years / known.usual_interval >= %s::float8 THEN %s ELSE 0 END",
        kept,
        MONTH_DAYS,
        MISSED_PURCHASES,
        kept,
    )
