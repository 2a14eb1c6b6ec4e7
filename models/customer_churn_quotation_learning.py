from __future__ import annotations

from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..logic.quotation_danger import STEPS

# What is older tells about other prices and other people.
LEARNED_DAYS = 730


class CustomerChurnModel(models.Model):
    """How many quotations were won after how long, counted by age.

    Core does not keep when a quotation was cancelled: it is the day it ran out, or was
    changed last.
    """

    _inherit = "customer.churn.model"

    def _learn_segment(self, company, segment_id: int | None, as_of: date) -> dict:
        values = super()._learn_segment(company, segment_id, as_of)
        if segment_id is None:
            values["quotation_curves"] = self._quotation_curves(company, as_of)
        return values

    @api.model
    def _quotation_curves(self, company, as_of: date) -> dict[str, list[list[int]]]:
        counts = [
            SQL(
                "count(*) FILTER (WHERE age >= %s),"
                " count(*) FILTER (WHERE age >= %s AND won)",
                step,
                step,
            )
            for step in STEPS
        ]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT has_bought, %s FROM (%s) fate GROUP BY has_bought
                """,
                SQL(", ").join(counts),
                self._fates_sql(company, as_of),
            )
        )
        return {
            "known" if has_bought else "new": [
                [step, numbers[2 * n], numbers[2 * n + 1]]
                for n, step in enumerate(STEPS)
            ]
            for has_bought, *numbers in rows
        }

    def _fates_sql(self, company, as_of: date) -> SQL:
        """Return quotations that ended: after how many days, and whether won; of those
        that were open for a day, as in the table of quotations.
        """
        companies = self.env["res.company"]
        return SQL(
            """
            SELECT won, ended_on - opened_on AS age,
                   EXISTS (SELECT FROM customer_purchase bought
                            WHERE bought.partner_id = ended.partner_id
                              AND bought.company_id = %(company)s AND is_purchase
                              AND bought.date < ended.opened_on) AS has_bought
              FROM (SELECT account.account_id AS partner_id, sale.state = 'sale' AS won,
                           %(created_on)s AS opened_on,
                           CASE WHEN sale.state = 'sale' THEN %(confirmed_on)s
                                WHEN sale.state = 'cancel'
                                THEN LEAST(%(changed_on)s, sale.validity_date + 1)
                                ELSE sale.validity_date + 1 END AS ended_on
                      FROM sale_order sale
                      JOIN %(accounts)s account ON account.partner_id = sale.partner_id
                      JOIN %(companies)s company ON company.id = sale.company_id
                     WHERE company.root_id = %(company)s
                       AND sale.create_date > %(since)s
                       AND (sale.state <> 'sale' OR %(won)s)) ended
             WHERE ended_on > opened_on AND ended_on <= %(as_of)s
            """,
            company=company.id,
            **self.env["customer.quotation"]._moments_sql(),
            changed_on=companies._retention_day_sql(
                SQL("sale.write_date"), SQL("company.tz")
            ),
            accounts=self.env["customer.account"]._customer_documents_sql(),
            companies=companies._retention_companies_sql(),
            since=as_of - timedelta(LEARNED_DAYS),
            as_of=as_of,
        )
