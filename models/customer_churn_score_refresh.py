from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..logic.danger import BANDS, LOW
from .bulk_load import int_array
from .customer_account import AccountScope
from .customer_churn_score_sql import EVERYBODY

SCORE_COLUMNS = (
    "user_id",
    "active",
    "model_id",
    "alive",
    "buys",
    "expected_purchases",
    "expected_revenue",
    "yearly_value",
    "lost",
    "is_probability",
    "value_at_risk",
    "value_class",
    "recency_score",
    "frequency_score",
    "monetary_score",
    "rfm_segment_id",
    "health",
    "moves_on",
)


class CustomerChurnScore(models.Model):
    """Brings scores up to date, a few statements for however many customers."""

    _inherit = "customer.churn.score"

    @api.model
    def _has_scores(self, company) -> bool:
        # sudo: customer.churn.score - whether there are any, whoever may see them
        return bool(self.sudo().search([("company_id", "=", company.id)], limit=1))

    @api.model
    def _refresh(self, company, as_of: date, account_ids: list[int] | None = None):
        """Bring scores up to date; nothing is written where nothing moved.

        Once a week, and when what decides has changed, everybody is scored. On the
        days between only those are who may have moved: whose facts or signals were
        read, and whom time alone moves by now. Fifths and value classes are measured
        by the yardstick of the week.

        :param account_ids: only these accounts, ranked among the others as they are.
        :return: number of rows written.
        """
        if account_ids is None:
            return sum(step() for step in self._refresh_steps(company, as_of))
        scope = SQL("row.partner_id = ANY(%s)", int_array(account_ids))
        # sudo: customer.churn.score - scores do not depend on who asks for them
        engine = self.sudo()
        return engine._in_step(engine._refresh_scope, company, as_of, scope)

    @api.model
    def _refresh_steps(self, company, as_of: date) -> Iterator[Callable[[], int]]:
        """Yield what there is to do, step by step: whoever does it may commit after
        each one, and go on after the last one that was committed.

        Until everybody is scored, bands of danger stay what they were: those of some
        customers would be ranked by the new forecast, of others by the last one.
        """
        # sudo: customer.churn.score - scores do not depend on who asks for them
        engine, yardsticks = self.sudo(), self.env["customer.churn.yardstick"]
        do = partial(partial, engine._in_step)
        known = yardsticks._known(company)
        if known and not known._is_due(as_of):
            yield do(engine._refresh_moving, company, as_of)
            return
        if not known._is_underway(as_of):
            yield do(engine._begin_everybody, company, as_of)
        while scope := yardsticks._next_scope(company):
            yield do(engine._refresh_slice, company, as_of, scope)
        yield do(engine._finish_everybody, company)
        if not yardsticks._known(company).scored_on:  # what decides has changed since
            yield from self._refresh_steps(company, as_of)

    def _in_step(self, work: Callable[..., int], *args) -> int:
        """Do something that reads and writes tables."""
        self.env.flush_all()
        written = work(*args)
        self.invalidate_model()
        return written

    def _begin_everybody(self, company, as_of: date) -> int:
        self.env["customer.churn.yardstick"]._begin(company, as_of)
        return 0

    def _refresh_slice(self, company, as_of: date, accounts: AccountScope) -> int:
        """Score a range of accounts."""
        scope = accounts.condition(SQL("row.partner_id"))
        written = self._write_scores(company, as_of, scope, accounts)
        self._delete_orphans(company, scope)
        self.env["customer.churn.yardstick"]._reached(company, accounts)
        return written

    def _finish_everybody(self, company) -> int:
        self._follow_danger(company, SQL("TRUE"))
        self.env["customer.churn.yardstick"]._finish(company)
        return 0

    def _refresh_moving(self, company, as_of: date) -> int:
        """Score whoever may have moved, kept in a table of this transaction."""
        yardstick = self.env["customer.churn.yardstick"]._of(company)
        self.env.cr.execute(
            SQL(
                """
                DROP TABLE IF EXISTS customer_churn_moving;
                CREATE TEMPORARY TABLE customer_churn_moving ON COMMIT DROP AS
                SELECT partner_id, bool_or(is_gone) AS is_gone FROM (
                       SELECT partner_id, FALSE AS is_gone FROM customer_churn_score
                        WHERE company_id = %s AND moves_on <= %s
                        UNION ALL %s) moving
                 GROUP BY partner_id;
                ANALYZE customer_churn_moving
                """,
                company.id,
                as_of,
                yardstick._since_sql(as_of),
            )
        )
        moving = "SELECT partner_id FROM customer_churn_moving"
        written = self._write_scores(
            company, as_of, SQL("row.partner_id IN (%s)", SQL(moving))
        )
        gone = SQL("row.partner_id IN (%s WHERE is_gone)", SQL(moving))
        self._delete_orphans(company, gone)
        self._follow_danger(company, SQL("TRUE"))
        yardstick._looked(as_of)
        return written

    def _refresh_scope(self, company, as_of: date, scope: SQL) -> int:
        """Score the rows of a scope, ranked among the others as they are."""
        written = self._write_scores(company, as_of, scope)
        self._delete_orphans(company, scope)
        self._follow_danger(company, scope)
        return written

    def _write_scores(
        self, company, as_of: date, scope: SQL, accounts: AccountScope = EVERYBODY
    ) -> int:
        columns = SQL(", ").join(map(SQL.identifier, SCORE_COLUMNS))
        excluded = SQL(", ").join(
            SQL.identifier("excluded", name) for name in SCORE_COLUMNS
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_churn_score AS known
                       (partner_id, company_id, evaluated_on, danger, %(columns)s)
                SELECT partner_id, company_id, %(as_of)s, %(low)s, %(columns)s
                  FROM (%(moved)s) fresh
                    ON CONFLICT (partner_id, company_id) DO UPDATE
                   SET (evaluated_on, %(columns)s)
                     = ROW(excluded.evaluated_on, %(excluded)s)
                """,
                columns=columns,
                excluded=excluded,
                as_of=as_of,
                low=LOW,
                moved=self._moved_sql(company, as_of, scope, accounts),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _scored_sql(self, company) -> SQL:
        """Return the condition on a relationship ``row`` for having a score."""
        return SQL(
            "row.company_id = %s AND row.purchase_days > 0 AND NOT row.is_excluded",
            company.id,
        )

    def _delete_orphans(self, company, scope: SQL) -> None:
        """Forget customers without a purchase, without a row, and not profiled ones.

        :param scope: condition on the score, which is called ``row``
        """
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_churn_score row
                 WHERE row.company_id = %s AND %s AND NOT EXISTS (
                       SELECT FROM customer_relationship relationship
                        WHERE relationship.partner_id = row.partner_id
                          AND relationship.company_id = row.company_id
                          AND relationship.purchase_days > 0
                          AND NOT relationship.is_excluded)
                """,
                company.id,
                scope,
            )
        )

    def _follow_danger(self, company, scope: SQL) -> None:
        """Give the bands to the highest values at risk, and take them from others."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_score row SET danger = fresh.danger
                  FROM (SELECT id, COALESCE(top.danger, %(low)s) AS danger
                          FROM (%(top)s) top
                     FULL JOIN (SELECT id FROM customer_churn_score
                                 WHERE company_id = %(company)s
                                   AND danger <> %(low)s) known USING (id)) fresh
                 WHERE row.id = fresh.id AND row.danger IS DISTINCT FROM fresh.danger
                   AND %(scope)s
                """,
                low=LOW,
                company=company.id,
                top=self._top_sql(company),
                scope=scope,
            )
        )

    def _top_sql(self, company) -> SQL:
        """Return ``id, danger`` of as many as bands reach, of those whom lists show;
        equal values share a rank, and one more is looked at so that they do beyond the
        last one, too.
        """
        return SQL(
            """
            SELECT id, %s AS danger
              FROM (SELECT id, value_at_risk, count(*) OVER () AS customers,
                           count(*) OVER (ORDER BY value_at_risk DESC) AS danger_rank
                      FROM (SELECT id, value_at_risk FROM customer_churn_score
                             WHERE company_id = %s AND active
                          ORDER BY value_at_risk DESC, id DESC LIMIT %s) first) ranked
            """,
            self._danger_sql(company.churn_capacity),
            company.id,
            BANDS[-1].weeks * company.churn_capacity + 1,
        )

    def _danger_sql(self, capacity: int) -> SQL:
        """Return the band of ``danger_rank`` among ``customers``, as logic.danger."""
        bands = [
            SQL(
                "WHEN danger_rank <= LEAST(%s, GREATEST(1, %s * customers)) THEN %s",
                band.weeks * capacity,
                band.share,
                band.code,
            )
            for band in BANDS
        ]
        return SQL(
            "CASE WHEN value_at_risk <= 0 THEN %s %s ELSE %s END",
            LOW,
            SQL(" ").join(bands),
            LOW,
        )
