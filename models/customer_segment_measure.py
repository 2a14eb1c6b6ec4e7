from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from ..logic.facts import OWN_RHYTHM_DAYS

# Below this many customers with an own rhythm a median says little.
MINIMUM_SAMPLE = 30

# Facts of which the median of the segment is shown beside the customer's.
COMPARED_FACTS = (
    "purchase_count",
    "purchase_days",
    "revenue_total",
    "revenue_12m",
    "revenue_prev_12m",
    "average_basket",
    "interval_median",
    "interval_mean",
    "usual_interval",
    "last_gap_days",
    "tenure_days",
    "category_count_12m",
)


class CustomerSegment(models.Model):
    """Measures what is usual in a segment."""

    _inherit = "customer.segment"

    @api.model
    def _measure(self, first: bool = False) -> None:
        """Measure the usual interval of every segment from its customers.

        :param first: nobody has set anything yet: a measured interval becomes the
            one in force, and has always been.
        """
        # sudo: customer.segment - measuring is the job's, not the user's
        segments = self.sudo().search([])  # pylint: disable=no-search-all
        measured = self._read_intervals()
        for segment in segments:
            interval, count = measured.get(segment.id, (0.0, 0))
            values = {"measured_interval": interval, "measured_count": count}
            if first and count >= MINIMUM_SAMPLE and segment.version_number <= 1:
                values["usual_interval"] = max(1.0, interval)
            segment._write_measured(values)

    def _write_measured(self, values: dict) -> None:
        """Write figures that have always counted; a run for them is under way."""
        self._counting_always()._without_run().write(values)

    def _read_intervals(self) -> dict[int, tuple[float, int]]:
        """Return {segment: (median of the customers' usual intervals, customers)}.

        Customers who are not profiled do not tell what is usual.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(segment)s, percentile_cont(0.5) WITHIN GROUP (
                           ORDER BY rhythm.usual), count(*)
                  FROM (SELECT partner_id, company_id,
                               percentile_cont(0.5) WITHIN GROUP (
                               ORDER BY gap_days) AS usual
                          FROM customer_purchase bought
                         WHERE NOT EXISTS (
                               SELECT FROM customer_relationship row
                                WHERE row.is_excluded
                                  AND row.partner_id = bought.partner_id
                                  AND row.company_id = bought.company_id)
                      GROUP BY partner_id, company_id
                        HAVING count(gap_days) + 1 >= %(own)s) rhythm
                  JOIN res_partner partner ON partner.id = rhythm.partner_id
              GROUP BY 1
                """,
                segment=self._segment_by_company_sql(),
                own=OWN_RHYTHM_DAYS,
            )
        )
        return {segment: (usual, count) for segment, usual, count in rows if segment}

    @api.model
    def _segment_by_company_sql(self) -> SQL:
        """Return the segment of ``partner`` in the company of ``rhythm``.

        A company with segments of its own asks those too, in its order.
        """
        # sudo: customer.segment - as above
        companies = self.sudo().search([("company_id", "!=", False)]).company_id
        shared = self._segment_sql(False, SQL("partner"))
        if not companies:
            return shared
        own = SQL(" ").join(
            SQL("WHEN %s THEN %s", one.id, self._segment_sql(one.id, SQL("partner")))
            for one in companies
        )
        return SQL("CASE rhythm.company_id %s ELSE %s END", own, shared)

    @api.model
    def _measure_medians(self, company) -> None:
        """Keep the median of each fact, by segment, for one company."""
        columns = SQL(", ").join(
            SQL(
                "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s::float8)",
                SQL.identifier(fact),
            )
            for fact in COMPARED_FACTS
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT segment_id, %s FROM customer_relationship
                 WHERE company_id = %s AND segment_id IS NOT NULL
                   AND purchase_count > 0 AND active
              GROUP BY segment_id
                """,
                columns,
                company.id,
            )
        )
        for segment_id, *medians in rows:
            # sudo: customer.segment - as above
            segment = self.sudo().browse(segment_id)
            segment.medians = {
                **(segment.medians or {}),
                str(company.id): dict(zip(COMPARED_FACTS, medians, strict=True)),
            }
