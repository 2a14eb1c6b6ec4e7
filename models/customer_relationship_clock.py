from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Facts that change by the clock: the SQL of each over the row, the company's day
# and the columns.
CLOCK_FACTS = {
    "days_since_last": "(%(today)s - %(row)s.last_purchase_on)",
    "days_since_first": "(%(today)s - %(row)s.first_purchase_on)",
    "days_since_contact": "(%(today)s - %(row)s.last_contact_on)",
    "overdue_ratio": "((%(today)s - %(row)s.last_purchase_on)"
    " / NULLIF(%(row)s.usual_interval, 0))",
    "revenue_change": "((%(row)s.revenue_12m / NULLIF("
    "GREATEST(%(row)s.revenue_prev_12m, 0), 0))::float8 - 1)",
}

# Facts that customers who never bought do not have: the latest or greatest first
# must not begin with those.
NULLS_LAST = {
    *CLOCK_FACTS,
    "first_purchase_on",
    "last_purchase_on",
    "usual_interval",
    "average_basket",
    "interval_median",
    "interval_mean",
    "last_gap_days",
    "last_gap_ratio",
    "expected_next_on",
    "first_quotation_on",
    "last_contact_on",
}


class CustomerRelationship(models.Model):
    """Facts that change from day to day without anything happening: never stored, yet
    searched, sorted and aggregated in the database.
    """

    _inherit = "customer.relationship"

    days_since_last = fields.Integer(
        string="Days since Last Purchase",
        compute="_compute_clock_facts",
        search="_search_days_since_last",
        aggregator="avg",
    )
    days_since_first = fields.Integer(
        string="Days since First Purchase",
        compute="_compute_clock_facts",
        search="_search_days_since_first",
        aggregator="avg",
    )
    days_since_contact = fields.Integer(
        string="Days since Last Contact",
        compute="_compute_clock_facts",
        search="_search_days_since_contact",
        aggregator="avg",
    )
    overdue_ratio = fields.Float(
        string="Days since Last Purchase ÷ Usual Interval",
        compute="_compute_clock_facts",
        search="_search_overdue_ratio",
        aggregator="avg",
        help="Days since the last purchase ÷ the usual interval. 2 means: twice "
        "as long as usual.",
    )
    revenue_change = fields.Float(
        string="Change of Revenue",
        compute="_compute_clock_facts",
        search="_search_revenue_change",
        aggregator="avg",
        help="Revenue of the last 12 months ÷ the 12 months before, less one.",
    )

    # === COMPUTE AND SEARCH === #

    @api.depends_context("company")
    @api.depends(
        "first_purchase_on",
        "last_purchase_on",
        "last_contact_on",
        "usual_interval",
        "revenue_12m",
        "revenue_prev_12m",
    )
    def _compute_clock_facts(self):
        today = {company: company._retention_today() for company in self.company_id}
        for row in self:
            day = today.get(row.company_id)
            since_last = _days(row.last_purchase_on, day)
            before = row.revenue_prev_12m
            row.days_since_last = since_last
            row.days_since_first = _days(row.first_purchase_on, day)
            row.days_since_contact = _days(row.last_contact_on, day)
            row.overdue_ratio = (
                since_last / row.usual_interval if row.usual_interval else 0.0
            )
            row.revenue_change = row.revenue_12m / before - 1 if before > 0 else 0.0

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let facts that change by the clock be searched, sorted and aggregated."""
        if field_expr not in CLOCK_FACTS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return SQL(
            CLOCK_FACTS[field_expr],  # pylint: disable=sql-injection
            row=SQL.identifier(alias),
            today=self._today_sql(alias),
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort customers of whom a fact is not known behind all others."""
        is_descending = direction.code.upper() == "DESC"
        if is_descending and not nulls.code and field_name in NULLS_LAST:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _today_sql(self, alias: str) -> SQL:
        """Return the evaluation day of a row's company as an SQL expression."""
        # sudo: res.company - of all companies, whether they use positions or not
        roots = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        days = roots.grouped(lambda root: root._retention_today())
        if len(days) == 1:
            return SQL("%s::date", next(iter(days)))
        cases = SQL(" ").join(
            SQL(
                "WHEN %s = ANY(%s) THEN %s::date",
                SQL.identifier(alias, "company_id"),
                roots.ids,
                day,
            )
            for day, roots in days.items()
        )
        return (
            SQL("CASE %s ELSE %s::date END", cases, fields.Date.today())
            if days
            else SQL("%s::date", fields.Date.today())
        )

    def _search_clock_fact(self, name, operator, value):
        symbols = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
        if operator in symbols:
            number = self._clock_number(value)
            return Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s %s %s",
                    model._field_to_sql(alias, name, query),
                    SQL(symbols[operator]),
                    number,
                )
            )
        if operator in ("in", "not in"):
            return self._search_clock_fact_in(name, operator, set(value))
        return NotImplemented

    def _search_clock_fact_in(self, name, operator, values):
        """Values and "not set" (False), which stands for customers without it."""
        numbers = [self._clock_number(value) for value in values if value is not False]
        domain = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s = ANY(%s::float8[]), %s)",
                model._field_to_sql(alias, name, query),
                numbers,
                False in values,
            )
        )
        return domain if operator == "in" else ~domain

    @api.model
    def _clock_number(self, value):
        """The number that is searched for.

        :raise UserError: it is none
        """
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(
                self.env._("“%(value)s” is not a number to search for.", value=value)
            ) from error

    def _search_days_since_last(self, operator, value):
        return self._search_clock_fact("days_since_last", operator, value)

    def _search_days_since_first(self, operator, value):
        return self._search_clock_fact("days_since_first", operator, value)

    def _search_days_since_contact(self, operator, value):
        return self._search_clock_fact("days_since_contact", operator, value)

    def _search_overdue_ratio(self, operator, value):
        return self._search_clock_fact("overdue_ratio", operator, value)

    def _search_revenue_change(self, operator, value):
        return self._search_clock_fact("revenue_change", operator, value)


def _days(start, end) -> int:
    return (end - start).days if start and end else 0
