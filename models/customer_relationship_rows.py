from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from odoo import api, models
from odoo.tools import SQL


class CustomerRelationship(models.Model):
    """Writes the facts into the rows, and takes them out of those not profiled."""

    _inherit = "customer.relationship"

    def _write_fresh_rows(self, company, as_of: date, update: bool = True) -> None:
        """Insert new rows and update those that were asked about, in one statement.

        An account that must not be profiled keeps a bare row: no facts, no verdict.
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_relationship (
                    partner_id, company_id, %(columns)s, entitled_stage_id,
                    entitled_condition_id, next_evaluation_on, evaluated_on,
                    evaluated_at)
                SELECT fresh.partner_id, %(company)s, %(fresh)s,
                       verdict.entitled_stage_id, verdict.entitled_condition_id,
                       verdict.next_on, %(as_of)s, now() AT TIME ZONE 'UTC'
                  FROM customer_fresh fresh
                  JOIN customer_verdict verdict
                    ON verdict.partner_id = fresh.partner_id
                %(update)s
                """,
                columns=SQL(", ").join(map(SQL.identifier, self._fact_columns())),
                company=company.id,
                fresh=self._fact_columns_sql("fresh"),
                as_of=as_of,
                update=self._update_row_sql() if update else SQL(),
            )
        )
        self._strip_excluded(company)

    def _update_row_sql(self) -> SQL:
        names = (
            *self._fact_columns(),
            "entitled_stage_id",
            "entitled_condition_id",
            "next_evaluation_on",
            "evaluated_on",
            "evaluated_at",
        )
        return SQL(
            "ON CONFLICT (partner_id, company_id) DO UPDATE SET (%s) = ROW(%s)",
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(SQL.identifier("excluded", name) for name in names),
        )

    def _strip_excluded(self, company) -> None:
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_relationship row SET %s
                  FROM customer_verdict verdict
                 WHERE verdict.is_excluded AND row.company_id = %s
                   AND row.partner_id = verdict.partner_id
                """,
                self._bare_sql(),
                company.id,
            )
        )

    @api.model
    def _strip_now(self, partner_ids: Iterable[int]) -> None:
        """Leave nothing in the rows of customers who are excluded from profiling.

        Rows that a job is at work on are left to the queue.
        """
        accounts = self.env["customer.account"]._account_ids(partner_ids)
        if not accounts:
            return
        exclusions = self.env["customer.profiling.exclusion"]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_relationship row SET is_excluded = TRUE, %s
                 WHERE id IN (
                    SELECT id FROM customer_relationship known
                     WHERE partner_id = ANY(%s) AND is_excluded IS NOT TRUE
                       AND NOT %s
                       FOR UPDATE SKIP LOCKED)
                """,
                self._bare_sql(),
                list(accounts.values()),
                exclusions._profiled_sql("known"),
            )
        )
        self.invalidate_model()

    def _bare_sql(self) -> SQL:
        """Return the assignments that take facts and verdict out of a row."""
        kept = ("user_id", "active", "is_excluded")
        cleared = [name for name in self._fact_columns() if name not in kept]
        return SQL(", ").join(
            SQL("%s = NULL", SQL.identifier(name))
            for name in (*cleared, *self._verdict_columns())
        )
