from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ..logic.facts import OWN_RHYTHM_DAYS
from ..logic.history import FIT_QUESTIONS
from .customer_account import AccountScope

# Columns of the facts, in the order of `_facts_sql`. What can be told from these
# and a day (days since, overdue ratio) is no column.
FACT_COLUMNS = (
    "segment_id",
    "user_id",
    "active",
    "is_excluded",
    "purchase_count",
    "purchase_days",
    "first_purchase_on",
    "last_purchase_on",
    "tenure_days",
    "revenue_total",
    "revenue_12m",
    "revenue_prev_12m",
    "average_basket",
    "interval_median",
    "interval_mean",
    "usual_interval",
    "interval_source",
    "last_gap_days",
    "last_gap_ratio",
    "expected_next_on",
    "category_count_12m",
    "first_quotation_on",
    "open_quotation_count",
    "open_quotation_value",
    "last_contact_on",
    *(f"fit_{question}" for question in FIT_QUESTIONS),
    "fit_yes_count",
)


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """What to aggregate: whose facts, in which company, as of which day.

    :param fallbacks: usual interval in days by segment.
    :param with_log: also accounts of which nothing but logged moves is left.
    :param last_seller: look for the salesperson of the last order, one index look-up
        for each account without a salesperson.
    """

    company_id: int
    as_of: date
    scope: AccountScope
    fallbacks: tuple[tuple[int, float], ...] = ()
    with_log: bool = False
    last_seller: bool = False


class CustomerRelationship(models.Model):
    """Aggregates the facts of many accounts; `logic.facts` is their definition."""

    _inherit = "customer.relationship"

    @api.model
    def _facts_sql(self, question: FactQuestion) -> SQL:
        """Return a relation with ``partner_id``, `FACT_COLUMNS` and ``turns_on``.

        ``turns_on`` is the first day after ``as_of`` on which a fact changes without
        anything happening: something leaves a 12-month window, a quotation runs out,
        a document dated ahead comes of age.
        """
        return SQL(
            """
            SELECT rhythm.partner_id, segment_id, user_id, active, is_excluded,
                   purchase_count, purchase_days, first_purchase_on,
                   last_purchase_on, last_purchase_on - first_purchase_on
                       AS tenure_days,
                   revenue_total, revenue_12m, revenue_prev_12m,
                   revenue_total::float8 / NULLIF(purchase_count, 0)
                       AS average_basket,
                   interval_median,
                   (last_purchase_on - first_purchase_on)::float8
                       / NULLIF(purchase_days - 1, 0) AS interval_mean,
                   usual_interval,
                   CASE WHEN usual_interval IS NULL THEN NULL
                        WHEN purchase_days >= %(own)s THEN 'own' ELSE 'segment'
                   END AS interval_source,
                   last_gap_days,
                   last_gap_days / NULLIF(usual_interval, 0) AS last_gap_ratio,
                   last_purchase_on + ceil(usual_interval)::int AS expected_next_on,
                   category_count_12m, first_quotation_on, open_quotation_count,
                   open_quotation_value, last_contact_on,
                   %(fit)s, fit_yes_count, %(added)s turns_on
              FROM (SELECT base.*, %(usual)s AS usual_interval
                      FROM (%(base)s) base) rhythm
            """,
            own=OWN_RHYTHM_DAYS,
            usual=self._usual_interval_sql(),
            base=self._facts_base_sql(question),
            fit=SQL(", ").join(SQL.identifier(f"fit_{name}") for name in FIT_QUESTIONS),
            added=SQL().join(
                SQL("%s,", SQL.identifier(name)) for name in self._added_fact_columns()
            ),
        )

    @api.model
    def _fact_columns(self) -> tuple[str, ...]:
        """Names of the columns that are facts, in the order of `_facts_sql`."""
        return (*FACT_COLUMNS, *self._added_fact_columns())

    @api.model
    def _added_fact_columns(self) -> tuple[str, ...]:
        """Facts of other parts of the product: they add a source, what is known from
        it and the tracks that `logic` reads, too.
        """
        return ()

    def _usual_interval_sql(self) -> SQL:
        return SQL(
            "CASE WHEN purchase_days >= %s THEN interval_median"
            " WHEN purchase_days > 0 THEN fallback END",
            OWN_RHYTHM_DAYS,
        )

    def _facts_base_sql(self, question: FactQuestion) -> SQL:
        """Join what each source of facts says about the accounts that exist.

        Each source is read once: who exists is known from what the sources say.
        """
        sources = self._fact_sources(question)
        return SQL(
            """
            WITH %(sources)s
            SELECT account.partner_id, partner.active,
                   COALESCE(excluded.is_excluded, FALSE) AS is_excluded,
                   %(segment)s AS segment_id, %(user)s AS user_id,
                   CASE %(segment)s %(fallbacks)s END AS fallback, %(facts)s,
                   LEAST(%(turns)s) AS turns_on
              FROM (%(accounts)s) account
              JOIN %(mapping)s mapping ON mapping.partner_id = account.partner_id
               AND mapping.account_id = account.partner_id
              JOIN res_partner partner ON partner.id = account.partner_id
            %(joins)s
            """,
            mapping=self.env["customer.account"]._mapping_sql(question.scope),
            accounts=self._accounts_sql(question),
            segment=self.env["customer.segment"]._segment_sql(
                question.company_id, SQL("partner")
            ),
            user=self._salesperson_sql(question),
            fallbacks=SQL(" ").join(
                SQL("WHEN %s THEN %s::float8", segment_id, days)
                for segment_id, days in question.fallbacks or ((0, 0.0),)
            ),
            facts=self._known_facts_sql(),
            turns=SQL(", ").join(
                SQL.identifier(alias, "turns_on") for alias in sources
            ),
            sources=SQL(", ").join(
                SQL("%s AS MATERIALIZED (%s)", SQL.identifier(alias), rows)
                for alias, rows in sources.items()
            ),
            joins=self._joins_sql(sources),
        )

    @staticmethod
    def _joins_sql(aliases: Iterable[str]) -> SQL:
        return SQL(" ").join(
            SQL(
                "LEFT JOIN %s ON %s = account.partner_id",
                SQL.identifier(alias),
                SQL.identifier(alias, "partner_id"),
            )
            for alias in aliases
        )

    def _fact_sources(self, question: FactQuestion) -> dict[str, SQL]:
        """Return {alias: relation with a row for each account it knows}.

        Each has ``partner_id`` and ``turns_on``.
        """
        return {
            "bought": self._purchase_facts_sql(question),
            "ahead": self._purchases_ahead_sql(question),
            "category": self._category_facts_sql(question),
            "quoted": self._quotation_facts_sql(question),
            "contact": self._contact_facts_sql(question),
            "fit": self._fit_facts_sql(question),
            "excluded": self._excluded_sql(question),
        }

    def _known_facts_sql(self) -> SQL:
        """Return the facts of the sources; those that nothing is known of are 0."""
        fits = SQL(", ").join(
            SQL(
                "COALESCE(%s, 'unknown') AS %s",
                SQL.identifier("fit", name),
                SQL.identifier(f"fit_{name}"),
            )
            for name in FIT_QUESTIONS
        )
        return SQL(
            """
            COALESCE(bought.purchase_count, 0) AS purchase_count,
            COALESCE(bought.purchase_days, 0) AS purchase_days,
            bought.first_purchase_on, bought.last_purchase_on,
            COALESCE(bought.revenue_total, 0) AS revenue_total,
            COALESCE(bought.revenue_12m, 0) AS revenue_12m,
            COALESCE(bought.revenue_prev_12m, 0) AS revenue_prev_12m,
            bought.interval_median, bought.last_gap_days,
            COALESCE(category.number, 0) AS category_count_12m,
            quoted.first_quotation_on,
            COALESCE(quoted.open_count, 0) AS open_quotation_count,
            COALESCE(quoted.open_value, 0) AS open_quotation_value,
            contact.last_contact_on,
            %s, COALESCE(fit.yes_count, 0) AS fit_yes_count
            """,
            fits,
        )

    def _accounts_sql(self, question: FactQuestion) -> SQL:
        """Return ``partner_id`` of every account that has, or should have, a row."""
        known = self._known_accounts_sql(question)
        if question.with_log:
            known = self._logged_accounts_sql(question)
        pinned = SQL(
            "SELECT partner_id FROM %s decided WHERE %s",
            self._decisions_sql("customer_relationship_pin", question),
            question.scope.condition(SQL("partner_id")),
        )
        # Who must not be profiled has a bare row that says so.
        excluded = SQL(
            "SELECT partner_id FROM excluded WHERE is_excluded AND %s",
            question.scope.condition(SQL("partner_id")),
        )
        asked = [
            SQL("SELECT partner_id FROM %s", SQL.identifier(alias))
            for alias in ("bought", "ahead", "quoted", "fit")
        ]
        return SQL(" UNION ").join([*asked, pinned, excluded, known])

    def _known_accounts_sql(self, question: FactQuestion) -> SQL:
        """Of the rows that were there without any document, those that the log
        tells something about: few, where reading the log would be a lot.
        """
        return SQL(
            """
            SELECT partner_id FROM customer_relationship row
             WHERE company_id = %s AND %s AND last_purchase_on IS NULL
               AND first_quotation_on IS NULL
               AND EXISTS (SELECT FROM customer_relationship_transition log
                            WHERE log.partner_id = row.partner_id
                              AND log.company_id = row.company_id)
            """,
            question.company_id,
            question.scope.condition(SQL("partner_id")),
        )

    def _salesperson_sql(self, question: FactQuestion) -> SQL:
        """The customer's salesperson, or else whoever made the last sale."""
        known = SQL(
            """(SELECT row.user_id FROM customer_relationship row
                 WHERE row.partner_id = partner.id AND row.company_id = %s)""",
            question.company_id,
        )
        if question.last_seller:
            # Imports and automatic orders are made by the robot, who looks after
            # nobody.
            seller = SQL(
                "NULLIF(COALESCE(sale.user_id, invoice.invoice_user_id), %s)",
                SUPERUSER_ID,
            )
            known = SQL(
                """(SELECT %s
                      FROM customer_purchase bought
                 LEFT JOIN sale_order sale
                        ON bought.source = 'order' AND sale.id = bought.res_id
                 LEFT JOIN account_move invoice
                        ON bought.source = 'invoice' AND invoice.id = bought.res_id
                     WHERE bought.partner_id = partner.id
                       AND bought.company_id = %s AND bought.date <= %s
                       AND %s IS NOT NULL
                  ORDER BY bought.date DESC, bought.res_id DESC LIMIT 1)""",
                seller,
                question.company_id,
                question.as_of,
                seller,
            )
        return SQL("COALESCE(partner.user_id, %s)", known)
