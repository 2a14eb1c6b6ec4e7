from __future__ import annotations

from collections import defaultdict
from datetime import date

from babel.dates import get_month_names

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse, format_amount, format_date, get_lang

from .saved_values import show_saved

# Purchase days that fit on the picture of the rhythm.
RHYTHM_DAYS = 120

# Calendar years of revenue, the current one included.
REVENUE_YEARS = 5

# Facts in the order they are shown, each beside the median of the segment.
SHOWN_FACTS = (
    "purchase_days",
    "days_since_last",
    "usual_interval",
    "average_basket",
    "revenue_12m",
    "revenue_trend",
    "revenue_total",
    "category_count_12m",
    "tenure_days",
    "days_since_contact",
    "open_quotation_value",
)

INSIGHTS = (
    "fact_comparison",
    "rhythm",
    "revenue_by_month",
    "top_products",
    "offered_not_bought",
    "categories_bought",
    "history",
)

# Facts that a field shows as 0 when nothing is known of them.
UNKNOWN_IF_ZERO = {"usual_interval", "average_basket"}


class CustomerRelationship(models.Model):
    """What the form shows of the purchases of a customer, as of the evaluation.

    The sums of a relationship are open to whoever may see the relationship, also
    those of documents of a colleague; the documents themselves are not.
    """

    _inherit = "customer.relationship"

    @api.depends(
        "partner_id", "company_id", "evaluated_on", "segment_id", "is_excluded"
    )
    @api.depends_context("lang")
    def _compute_insight(self):
        rows = show_saved(self, INSIGHTS)
        days = {row.id: row._explanation_day() for row in rows}
        shown = rows.filtered(lambda row: not row.is_excluded)
        rows._set_insight_empty()
        purchases = shown._gather_purchase_days(days)
        products = shown._gather_products(days)
        names = self._product_names(products)
        for row in shown:
            key, as_of = row._origin.id, days[row.id]
            row.fact_comparison = row._insight_facts(as_of)
            row.rhythm = row._insight_rhythm(purchases[key], as_of)
            row.revenue_by_month = row._insight_revenue(purchases[key], as_of)
            row.top_products = row._insight_top_products(products[key], names, as_of)
            row.offered_not_bought = row._insight_offered(products[key], names)
            row.categories_bought = row._insight_categories(products[key])
        history = rows._gather_history(days)
        for row in rows:
            row.history = history[row._origin.id]

    def _set_insight_empty(self):
        """A customer who must not be profiled has no figures, only a history."""
        for name in INSIGHTS:
            self[name] = False

    # === GATHER === #

    def _insight_rows_sql(self, days) -> SQL:
        """A relation of these rows: ``id, partner_id, company_id, as_of``."""
        self.flush_recordset(["partner_id", "company_id"])
        return SQL(
            """(
            SELECT row.id, row.partner_id, row.company_id, asked.as_of
              FROM UNNEST(%(ids)s::int[], %(days)s::date[]) AS asked (id, as_of)
              JOIN customer_relationship row ON row.id = asked.id
            )""",
            ids=self._origin.ids,
            days=[days[row.id] for row in self if row._origin],
        )

    def _gather_purchase_days(self, days):
        """What was bought day by day: ``{id: [(day, revenue, bought), …]}``.

        ``revenue`` is net of credit notes, ``bought`` the amount of purchases alone,
        None on a day without any.
        """
        result = defaultdict(list)
        if not self._origin:
            return result
        rows = self.env.execute_query(
            SQL(
                """
                SELECT row.id, purchase.date, SUM(purchase.amount)::float8,
                       SUM(purchase.amount) FILTER (WHERE purchase.is_purchase)::float8
                  FROM %s row
                  JOIN customer_purchase purchase
                    ON purchase.partner_id = row.partner_id
                   AND purchase.company_id = row.company_id
                   AND purchase.date <= row.as_of
                 GROUP BY row.id, purchase.date
                 ORDER BY row.id, purchase.date
                """,
                self._insight_rows_sql(days),
            )
        )
        for row_id, *values in rows:
            result[row_id].append(tuple(values))
        return result

    # === FACTS === #

    def _insight_facts(self, as_of):
        """Each fact beside the median of the segment, both as texts."""
        wording = self.env["customer.rule.wording"]
        texts, medians = wording._fact_texts(), self._segment_medians()
        facts = []
        for key in SHOWN_FACTS:
            value = wording._read_fact(key, self._insight_values(key), as_of)
            if value is None:
                continue
            median = medians.get(key)
            label = wording._start(wording._fact_label(key, texts))
            if key == "revenue_trend":
                label = self.env._("Change of revenue")
            facts.append(
                {
                    "key": key,
                    "label": label,
                    "value": self._insight_text(key, value),
                    "median": self._insight_text(key, median) or None,
                    "help": wording._fact_help(key, texts),
                }
            )
        return facts

    def _insight_text(self, key, value):
        """A fact or its median as shown; empty when not known."""
        if key == "revenue_trend" and value is not None:
            change = f"{round(value * 100) - 100:+d}"
            return self.env._("%(change)s%%", change=change)
        wording = self.env["customer.rule.wording"]
        return wording._format_fact(key, value, self.currency_id)

    def _insight_values(self, key):
        """The stored facts behind a fact; an average or interval of 0 is unknown."""
        fact = self.env["customer.rule.wording"]._available_facts().get(key)
        keys = fact.stored_keys if fact else ()
        return {
            name: self[name] or None if name in UNKNOWN_IF_ZERO else self[name]
            for name in keys
        }

    def _segment_medians(self):
        # sudo: customer.segment - what is usual among customers is no secret
        medians = self.sudo().segment_id.medians or {}
        return medians.get(str(self.company_id.id), {})

    # === RHYTHM === #

    def _insight_rhythm(self, purchases, as_of: date):
        """The purchases on a time line, and the one expected next."""
        bought = [
            (day, amount) for day, _net, amount in purchases if amount is not None
        ]
        return {
            "as_of": as_of.isoformat(),
            "as_of_text": self._insight_day_text(as_of),
            "first": bought[0][0].isoformat() if bought else None,
            "last": bought[-1][0].isoformat() if bought else None,
            "expected_next": self.expected_next_on
            and self.expected_next_on.isoformat()
            or None,
            "expected_next_text": self.expected_next_on
            and format_date(self.env, self.expected_next_on)
            or "",
            "usual_interval": self.usual_interval or None,
            "source": self.interval_source or None,
            "sentence": self._insight_rhythm_sentence(bought, as_of),
            "purchases": [
                {
                    "date": day.isoformat(),
                    "date_text": format_date(self.env, day),
                    "amount": amount,
                    "amount_text": self._format_money(amount),
                }
                for day, amount in bought[-RHYTHM_DAYS:]
            ],
        }

    def _insight_day_text(self, as_of: date):
        """The day everything is seen from: a company may look at the past."""
        # sudo: res.company - the day of the root of the reader's branch
        company = self.company_id.sudo()
        is_fixed = company.retention_evaluation_date
        if as_of == company._retention_today() and not is_fixed:
            return self.env._("today")
        return format_date(self.env, as_of)

    def _insight_rhythm_sentence(self, bought, as_of):
        """The rhythm in one sentence, saying whose it is."""
        if not bought:
            return self.env._("No purchase yet.")
        if not self.usual_interval:
            return self.env._("Not enough purchases to know a rhythm.")
        wording = self.env["customer.rule.wording"]
        usual = wording._format_days(self.usual_interval)
        if self.interval_source == "segment":
            rhythm = self.env._(
                "Customers of the segment “%(segment)s” usually buy every %(usual)s; "
                "this one has bought on fewer than three days.",
                # sudo: customer.segment - its name is part of the reason
                segment=self.sudo().segment_id.name or "",
                usual=usual,
            )
        else:
            rhythm = self.env._("Usually buys every %(usual)s.", usual=usual)
        return f"{rhythm} {self._insight_expectation(as_of)}".strip()

    def _insight_expectation(self, as_of):
        expected = self.expected_next_on
        if not expected:
            return ""
        day = format_date(self.env, expected)
        if expected >= as_of:
            return self.env._("The next purchase is expected on %(date)s.", date=day)
        days = self.env["customer.rule.wording"]._format_days((as_of - expected).days)
        return self.env._(
            "The next purchase was expected on %(date)s, %(days)s ago.",
            date=day,
            days=days,
        )

    # === REVENUE === #

    def _insight_revenue(self, purchases, as_of: date):
        """Five calendar years by month, the current one last."""
        sums = defaultdict(float)
        for day, net, _bought in purchases:
            sums[day.year, day.month] += net
        years = []
        for year in range(as_of.year - REVENUE_YEARS + 1, as_of.year + 1):
            values = [sums[year, month] for month in range(1, 13)]
            values = [self.currency_id.round(value) for value in values]
            years.append(
                {
                    "year": year,
                    "values": values,
                    "texts": [
                        value and self._format_money(value) or "" for value in values
                    ],
                }
            )
        return {
            "labels": self._month_labels(),
            "years": years,
            "currency_id": self.currency_id.id,
        }

    @api.model
    def _month_labels(self):
        locale = babel_locale_parse(get_lang(self.env).code)
        names = get_month_names("abbreviated", context="stand-alone", locale=locale)
        return [names[month] for month in range(1, 13)]

    def _format_money(self, amount):
        return format_amount(self.env, amount, self.currency_id)
