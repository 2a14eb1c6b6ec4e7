from __future__ import annotations

from odoo import models
from odoo.tools import SQL

from ..logic.facts import YEAR_DAYS
from ..logic.history import FIT_QUESTIONS
from .bulk_load import int_array
from .customer_relationship_facts import FactQuestion

# The last gap travels with its day in one number, so that the gap of the latest day
# is a plain maximum and needs no sort: day * 2^20 + gap.
_GAP_BITS = 1 << 20


class CustomerRelationship(models.Model):
    """What each source says of the accounts it knows, one relation a source."""

    _inherit = "customer.relationship"

    def _purchase_facts_sql(self, question: FactQuestion) -> SQL:
        return SQL(
            """
            SELECT partner_id,
                   count(*) FILTER (WHERE is_purchase) AS purchase_count,
                   count(gap_days) + bool_or(is_purchase)::int AS purchase_days,
                   min(date) FILTER (WHERE is_purchase) AS first_purchase_on,
                   max(date) FILTER (WHERE is_purchase) AS last_purchase_on,
                   sum(amount) AS revenue_total,
                   sum(amount) FILTER (WHERE date > %(year)s) AS revenue_12m,
                   sum(amount) FILTER (WHERE date > %(two_years)s
                                         AND date <= %(year)s) AS revenue_prev_12m,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY gap_days)
                       AS interval_median,
                   (max((date - DATE '0001-01-01')::bigint * %(bits)s + gap_days)
                       %% %(bits)s)::int AS last_gap_days,
                   LEAST(min(date) FILTER (WHERE date > %(year)s) + %(days)s,
                         min(date) FILTER (WHERE date > %(two_years)s
                                             AND date <= %(year)s) + 2 * %(days)s
                   ) AS turns_on
              FROM customer_purchase
             WHERE company_id = %(company)s AND date <= %(as_of)s AND %(scope)s
          GROUP BY partner_id
            """,
            **self._window_parameters(question),
            bits=_GAP_BITS,
        )

    def _purchases_ahead_sql(self, question: FactQuestion) -> SQL:
        return SQL(
            """
            SELECT partner_id, min(date) AS turns_on FROM customer_purchase
             WHERE company_id = %(company)s AND date > %(as_of)s AND %(scope)s
          GROUP BY partner_id
            """,
            **self._window_parameters(question),
        )

    def _category_facts_sql(self, question: FactQuestion) -> SQL:
        """Return the number of categories bought within a year.

        The purchases of a mass lie beside each other by customer: they are read in
        that order and not by day, which the sum sees to.
        """
        day = SQL("date") if question.scope.ids else SQL("date + 0")
        return SQL(
            """
            SELECT partner_id, count(*) AS number, min(since) + %(days)s AS turns_on
              FROM (SELECT partner_id, unnest(categ_ids), min(date) AS since
                      FROM customer_purchase
                     WHERE company_id = %(company)s AND %(scope)s
                       AND %(day)s > %(year)s AND %(day)s <= %(as_of)s
                  GROUP BY 1, 2) category
          GROUP BY partner_id
            """,
            **self._window_parameters(question),
            day=day,
        )

    def _quotation_facts_sql(self, question: FactQuestion) -> SQL:
        return SQL(
            """
            SELECT partner_id,
                   min(opened_on) FILTER (WHERE opened_on <= %(as_of)s)
                       AS first_quotation_on,
                   count(*) FILTER (WHERE still_open) AS open_count,
                   sum(amount) FILTER (WHERE still_open) AS open_value,
                   LEAST(min(opened_on) FILTER (WHERE opened_on > %(as_of)s),
                         min(closed_on) FILTER (WHERE closed_on > %(as_of)s)
                   ) AS turns_on
              FROM (SELECT *, opened_on <= %(as_of)s
                           AND (closed_on IS NULL OR closed_on > %(as_of)s)
                              AS still_open
                      FROM customer_quotation) quotation
             WHERE company_id = %(company)s AND %(scope)s
          GROUP BY partner_id
            """,
            **self._window_parameters(question),
        )

    def _contact_facts_sql(self, question: FactQuestion) -> SQL:
        return SQL(
            """
            SELECT partner_id,
                   max(date) FILTER (WHERE date <= %(as_of)s) AS last_contact_on,
                   min(date) FILTER (WHERE date > %(as_of)s) AS turns_on
              FROM customer_contact_day
             WHERE %(scope)s
          GROUP BY partner_id
            """,
            **self._window_parameters(question),
        )

    def _fit_facts_sql(self, question: FactQuestion) -> SQL:
        """Return the latest answers; of two on one day, the one recorded last."""
        return SQL(
            """
            SELECT partner_id, %(names)s, %(yes)s AS yes_count, ahead.turns_on
              FROM (SELECT DISTINCT partner_id FROM %(fits)s fit
                     WHERE %(scope)s) assessed
         LEFT JOIN (SELECT DISTINCT ON (partner_id) fit.* FROM %(fits)s fit
                     WHERE date <= %(as_of)s AND %(scope)s
                  ORDER BY partner_id, date DESC, id DESC) latest
                USING (partner_id)
         LEFT JOIN (SELECT partner_id, min(date) AS turns_on FROM %(fits)s fit
                     WHERE date > %(as_of)s AND %(scope)s
                  GROUP BY partner_id) ahead USING (partner_id)
            """,
            **self._window_parameters(question),
            fits=self._decisions_sql("customer_fit", question),
            names=SQL(", ").join(
                SQL.identifier("latest", name) for name in FIT_QUESTIONS
            ),
            yes=SQL(" + ").join(
                SQL("(COALESCE(%s, 'no') = 'yes')::int", SQL.identifier("latest", name))
                for name in FIT_QUESTIONS
            ),
        )

    def _decisions_sql(self, table: str, question: FactQuestion) -> SQL:
        """Return people's records with the account in ``partner_id``: whoever was a
        customer then may be a contact of another one by now.
        """
        columns = SQL(", ").join(
            SQL.identifier("decision", name)
            for name in ("id", *FIT_QUESTIONS, "date")
            if table == "customer_fit"
        )
        return SQL(
            """(SELECT mapping.account_id AS partner_id, %s FROM %s decision
                  JOIN %s mapping ON mapping.partner_id = decision.partner_id
                 WHERE decision.company_id = %s)""",
            columns or SQL.identifier("decision", "id"),
            SQL.identifier(table),
            self.env["customer.account"]._mapping_sql(),
            question.company_id,
        )

    def _excluded_sql(self, question: FactQuestion) -> SQL:
        return SQL(
            """
            SELECT mapping.account_id AS partner_id,
                   bool_or(date_from <= %(as_of)s
                           AND COALESCE(date_until >= %(as_of)s, TRUE)
                   ) AS is_excluded,
                   LEAST(min(date_from) FILTER (WHERE date_from > %(as_of)s),
                         min(date_until) FILTER (WHERE date_until >= %(as_of)s) + 1
                   ) AS turns_on
              FROM customer_profiling_exclusion exclusion
              JOIN %(mapping)s mapping ON mapping.partner_id = exclusion.partner_id
             WHERE exclusion.company_id IS NULL
                OR exclusion.company_id = %(company)s
          GROUP BY mapping.account_id
            """,
            company=question.company_id,
            as_of=question.as_of,
            mapping=self.env["customer.account"]._mapping_sql(),
        )

    def _logged_accounts_sql(self, question: FactQuestion) -> SQL:
        """Return the accounts that the log tells something about."""
        logged = SQL(
            "SELECT partner_id FROM customer_relationship_transition log"
            " WHERE company_id = %s",
            question.company_id,
        )
        ids = question.scope.ids
        if ids is None:
            return SQL(
                "%s AND partner_id IS NOT NULL AND %s",
                logged,
                question.scope.condition(SQL("partner_id")),
            )
        # Of a few it is enough to find the first of their rows.
        return SQL(
            "SELECT partner_id FROM unnest(%s) AS asked (partner_id) WHERE EXISTS"
            " (%s AND log.partner_id = asked.partner_id)",
            int_array(ids),
            logged,
        )

    @staticmethod
    def _window_parameters(question: FactQuestion) -> dict[str, object]:
        return {
            "company": question.company_id,
            "as_of": question.as_of,
            "scope": question.scope.condition(SQL("partner_id")),
            "days": YEAR_DAYS,
            "year": SQL("%s::date - %s", question.as_of, YEAR_DAYS),
            "two_years": SQL("%s::date - %s", question.as_of, 2 * YEAR_DAYS),
        }
