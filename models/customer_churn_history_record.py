from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..logic.churn_rates import due_months, month_end, month_of, spans
from .retries import each_apart

# How many months back figures are worked out when nothing is there yet.
MONTHS = 25
# The present month is recorded again after so many days.
RECORD_EVERY = timedelta(days=7)

COLUMNS = (
    *("customers", "customers_before", "customers_kept", "customers_new"),
    *("customers_lost", "customers_back", "revenue", "revenue_year"),
    *("revenue_before", "revenue_again", "revenue_kept", "margin", "value_at_risk"),
)


class CustomerChurnHistory(models.Model):
    """The job that records months, each in one statement."""

    _inherit = "customer.churn.history"

    @api.model
    def _cron_record(self) -> None:
        """Record the months that are due, a month a commit, the latest first."""
        companies = self.env["res.company"]._churn_roots()
        each_apart(self.env, companies, self._record_company)

    @api.model
    def _record_company(self, company) -> bool:
        """Record the months of a company that are due.

        :return: False if there was no time for all of them
        """
        due = self._due_months(company)
        for left, month in zip(range(len(due) - 1, -1, -1), due, strict=True):
            self._record_month(company, month)
            if left and not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return False
        return True

    @api.model
    def _due_months(self, company) -> list[date]:
        """Return the months that are not recorded for good yet, the latest first."""
        # sudo: customer.relationship - when the first one bought, whoever asks
        rows = self.env["customer.relationship"].sudo().with_context(active_test=False)
        ((first_day,),) = rows._read_group(
            [("company_id", "=", company.id)], [], ["first_purchase_on:min"]
        )
        if not first_day:
            return []
        # sudo: customer.churn.history - what is there, whoever may see it
        recorded = self.sudo()._read_group(
            [("company_id", "=", company.id)], ["month:day"], ["recorded_on:min"]
        )
        return due_months(first_day, company._retention_today(), dict(recorded), MONTHS)

    @api.model
    def _is_fresh(self, company) -> bool:
        """Whether the present month was recorded within a week."""
        today = company._retention_today()
        # sudo: customer.churn.history - what is there, whoever may see it
        known = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("month", "=", month_of(today)),
                ("recorded_on", ">", today - RECORD_EVERY),
                ("recorded_on", "<=", today),
            ],
            limit=1,
        )
        return bool(known)

    @api.model
    def _record(self, company) -> None:
        """Record every month that is due at once."""
        for month in self._due_months(company):
            self._record_month(company, month)

    @api.model
    def _record_month(self, company, month: date) -> None:
        """Write the figures of one month; what was recorded of it before goes."""
        self.env.flush_all()
        today = company._retention_today()
        as_of = min(month_end(month), today)
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_churn_history WHERE company_id = %s"
                " AND month = %s",
                company.id,
                month,
            )
        )
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_churn_history
                       (company_id, month, recorded_on, user_id, segment_id, %s)
                SELECT %s, %s, %s, user_id, segment_id, %s
                  FROM (%s) account
              GROUP BY user_id, segment_id
                """,
                columns,
                company.id,
                month,
                today,
                self._sums_sql(),
                self._accounts_sql(company, month, as_of),
            )
        )
        self.invalidate_model()

    @api.model
    def _sums_sql(self) -> SQL:
        """Return the figures of some accounts, in the order of the columns."""
        return SQL(
            """
            count(*) FILTER (WHERE now > 0),
            count(*) FILTER (WHERE before > 0),
            count(*) FILTER (WHERE now > 0 AND before > 0),
            count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_lost),
            count(*) FILTER (WHERE is_back),
            COALESCE(sum(this_month), 0), COALESCE(sum(now), 0),
            COALESCE(sum(GREATEST(0, before)), 0),
            COALESCE(sum(now) FILTER (WHERE before > 0), 0),
            COALESCE(sum(GREATEST(0, LEAST(now, before))), 0),
            sum(margin), COALESCE(sum(value_at_risk), 0)
            """
        )

    @api.model
    def _accounts_sql(self, company, month: date, as_of: date) -> SQL:
        """Return what is added up, a row an account that had bought by then.

        Facts of different tables are put below each other and summed: where nobody
        has counted the rows yet, a join of them could be made row by row.
        """
        facts = (
            self._customers_sql(company, month, as_of),
            self._bought_sql(company, month, as_of),
            self._moved_sql(company, month, as_of),
            self._earned_sql(company, month, as_of),
            self._risk_sql(company, as_of),
        )
        return SQL(
            """
            SELECT max(user_id) AS user_id, max(segment_id) AS segment_id,
                   bool_or(is_new) AS is_new, COALESCE(sum(now), 0) AS now,
                   COALESCE(sum(before), 0) AS before, sum(this_month) AS this_month,
                   bool_or(is_lost) AS is_lost, bool_or(is_back) AS is_back,
                   sum(margin) AS margin, sum(value_at_risk) AS value_at_risk
              FROM (%s) AS fact (partner_id, user_id, segment_id, is_new, now, before,
                    this_month, is_lost, is_back, margin, value_at_risk)
          GROUP BY partner_id
            HAVING bool_or(is_new) IS NOT NULL
            """,
            SQL(" UNION ALL ").join(facts),
        )

    @api.model
    def _customers_sql(self, company, month: date, as_of: date) -> SQL:
        """Return who had bought by then, and whose customer it is."""
        return SQL(
            """
            SELECT partner_id, user_id, segment_id, first_purchase_on >= %s,
                   NULL::numeric, NULL::numeric, NULL::numeric, NULL::bool, NULL::bool,
                   NULL::numeric, NULL::numeric
              FROM customer_relationship
             WHERE company_id = %s AND NOT is_excluded AND first_purchase_on <= %s
            """,
            month,
            company.id,
            as_of,
        )

    @api.model
    def _bought_sql(self, company, month: date, as_of: date) -> SQL:
        """Return the revenue of 12 months, of the 12 before, and of the month."""
        now, before = spans(as_of, 12)
        return SQL(
            """
            SELECT partner_id, NULL, NULL, NULL,
                   sum(amount) FILTER (WHERE date >= %(now)s),
                   sum(amount) FILTER (WHERE date < %(now)s),
                   sum(amount) FILTER (WHERE date >= %(month)s),
                   NULL, NULL, NULL, NULL
              FROM customer_purchase
             WHERE company_id = %(company)s AND date BETWEEN %(before)s AND %(as_of)s
          GROUP BY partner_id
            """,
            company=company.id,
            now=now.first,
            before=before.first,
            month=month,
            as_of=as_of,
        )

    @api.model
    def _moved_sql(self, company, month: date, as_of: date) -> SQL:
        """Return who became lost or was won back, if that was not corrected since."""
        log = self.env["customer.relationship.transition"]
        return SQL(
            """
            SELECT log.partner_id, NULL, NULL, NULL, NULL, NULL, NULL,
                   condition.kind = 'lost', condition.kind = 'won_back', NULL, NULL
              FROM customer_relationship_transition log
              JOIN customer_relationship_condition condition
                ON condition.id = log.to_condition_id
             WHERE log.company_id = %(company)s AND log.axis = 'condition'
               AND condition.kind IN ('lost', 'won_back')
               AND log.date BETWEEN %(month)s AND %(as_of)s AND %(stands)s
            """,
            company=company.id,
            month=month,
            as_of=as_of,
            stands=log._stands_sql(),
        )

    @api.model
    def _earned_sql(self, company, month: date, as_of: date) -> SQL:
        """Return the margin of the orders of the month where margins are known."""
        nothing = SQL("NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL")
        if "margin" not in self.env["sale.order"]._fields:
            return SQL("SELECT NULL, %s, NULL, NULL WHERE FALSE", nothing)
        return SQL(
            """
            SELECT bought.partner_id, %s,
                   (sale.margin / COALESCE(NULLIF(sale.currency_rate, 0), 1))::numeric,
                   NULL
              FROM customer_purchase bought
              JOIN sale_order sale
                ON sale.id = bought.res_id AND bought.source = 'order'
             WHERE bought.company_id = %s AND bought.date BETWEEN %s AND %s
            """,
            nothing,
            company.id,
            month,
            as_of,
        )

    @api.model
    def _risk_sql(self, company, as_of: date) -> SQL:
        """Return the value at risk: as it is scored today, or as it was on a day; of
        the customers whom the lists of today show.
        """
        scores = self.env["customer.churn.score"]
        scored = SQL(
            "SELECT partner_id, value_at_risk FROM customer_churn_score"
            " WHERE company_id = %s AND active",
            company.id,
        )
        if as_of < company._retention_today():
            scored = scores._past_scores_sql(company, as_of)
        return SQL(
            "SELECT partner_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
            " value_at_risk FROM (%s) scored",
            scored,
        )


class CustomerChurnModel(models.Model):
    """The figures of the month follow the scores of the night, once a week and when a
    month is over: each time all purchases of two years are added up.
    """

    _inherit = "customer.churn.model"

    @api.model
    def _steps(self, company, learn: bool = False) -> Iterator[Callable[[], int]]:
        yield from super()._steps(company, learn)
        if learn:  # somebody wants to see all of it now
            yield partial(self._record_months, company, every=True)
        elif not self.env["customer.churn.history"]._is_fresh(company):
            yield partial(self._record_months, company)

    @api.model
    def _record_months(self, company, every: bool = False) -> int:
        """Record the latest month that is due, and leave the others to their job.

        :param every: record all of them now
        """
        history = self.env["customer.churn.history"]
        if every:
            history._record(company)
            return 0
        due = history._due_months(company)
        if due:
            history._record_month(company, due[0])
        cron = self.env.ref("customer_retention.ir_cron_churn_history", False)
        if due[1:] and cron:
            cron.sudo()._trigger()  # sudo: ir.cron - months that wait, whoever scores
        return 0
