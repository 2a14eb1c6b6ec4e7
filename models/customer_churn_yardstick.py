from __future__ import annotations

import json
from datetime import date, timedelta

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..logic.churn_study import FEWEST
from ..logic.rfm import FIFTHS
from . import churn_formulas

# Everybody is measured anew after so many days.
MEASURE_EVERY = timedelta(days=7)
# Where there are fewer customers, everybody is every night: it takes no time, and each
# new one moves the others.
FEW = 1000
# Transactions that were open when everybody was scored are seen by the next night.
OVERLAP = timedelta(hours=2)
# What has fifths.
MEASURES = ("last_purchase_on", "purchase_days", "revenue_total")


class CustomerChurnYardstick(models.Model):
    """What the customers of a company are compared with, until the next week.

    Where the fifths of recency, frequency and revenue begin, and from which yearly
    value on a customer is key, or no longer small: whoever buys is measured by it at
    once, and nobody else's place changes meanwhile. It is measured when everybody is
    scored: once a week, every night where there are few, and when a setting that
    places customers has changed, which takes it away.
    """

    _name = "customer.churn.yardstick"
    _description = "Yardstick of Customers"
    _rec_name = "company_id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    fifths = fields.Json(
        readonly=True,
        help="For each segment with enough customers, and for the rest of them (0), "
        "where the second to the last fifth begin, by last purchase, purchase days "
        "and revenue.",
    )
    customer_count = fields.Integer(
        string="Customers", readonly=True, help="Who spent anything within a year."
    )
    key_from = fields.Float(digits=False, readonly=True)
    small_below = fields.Float(digits=False, readonly=True)
    scored_on = fields.Date(readonly=True, help="Everybody was scored as of this day.")
    looked_on = fields.Date(
        readonly=True, help="Who may have moved was scored as of this day."
    )
    looked_at = fields.Datetime(readonly=True)
    losses_at = fields.Datetime(
        readonly=True, help="Losses followed all evaluations before this time."
    )

    _company_unique = models.Constraint(
        "UNIQUE(company_id)", "A company has one yardstick."
    )

    # === LIFE === #

    @api.model
    def _of(self, company) -> CustomerChurnYardstick:
        """Return the yardstick of a company; measured now where there is none."""
        # sudo: customer.churn.yardstick - everybody is measured by the same
        return self._known(company) or self.sudo()._measure(company)

    @api.model
    def _known(self, company) -> CustomerChurnYardstick:
        """Return the yardstick of a company, if there is one."""
        # sudo: customer.churn.yardstick - everybody is measured by the same
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _expire(self, companies=None) -> None:
        """Have everybody measured and scored anew: what decides has changed."""
        domain = [("company_id", "in", companies.ids)] if companies else []
        # sudo: customer.churn.yardstick - whoever changed what decides
        self.sudo().search(domain).unlink()
        self.env.registry.clear_cache()

    def _is_due(self, as_of: date) -> bool:
        """Whether everybody is to be scored again on a day."""
        self.ensure_one()
        return (
            not self.scored_on
            or self.customer_count < FEW
            or self.scored_on + MEASURE_EVERY <= as_of
            or self.looked_on > as_of
        )

    def _since_sql(self, as_of: date) -> SQL:
        """Return ``partner_id, is_gone`` of accounts that were read since the last
        look; gone is who has no purchase any more or must not be profiled.

        Signals are read just before that: a day's own count where it happens twice.
        """
        self.ensure_one()
        return SQL(
            """
            SELECT partner_id, (purchase_days > 0 AND NOT is_excluded) IS NOT TRUE
              FROM customer_relationship
             WHERE company_id = %(company)s AND evaluated_at >= %(since)s
             UNION ALL
            SELECT partner_id, FALSE FROM customer_churn_signal
             WHERE company_id = %(company)s AND read_on >= %(read)s
            """,
            company=self.company_id.id,
            since=self.looked_at - OVERLAP,
            read=min(as_of, self.looked_on + timedelta(1)),
        )

    def _looked(self, as_of: date) -> None:
        """Remember since when scores are to be brought up to date."""
        self.write({"looked_on": as_of, "looked_at": self.env.cr.now()})
        self.flush_recordset()

    # === MEASURING === #

    @api.model
    def _measure(self, company) -> CustomerChurnYardstick:
        """Measure the customers of a company as they are."""
        fifths = {
            str(segment_id): measures
            for segment_id, *measures in self.env.execute_query(
                self._fifths_sql(company)
            )
        }
        ((number, key_from, small_below),) = self.env.execute_query(
            self._bounds_sql(company)
        )
        # Whoever measures at the same time is told so by the database, and tries again.
        ((yardstick_id,),) = self.env.execute_query(
            SQL(
                """
                INSERT INTO customer_churn_yardstick
                       (company_id, fifths, customer_count, key_from, small_below)
                VALUES (%s, %s, %s, %s, %s)
                    ON CONFLICT (company_id) DO UPDATE
                   SET (fifths, customer_count, key_from, small_below, scored_on,
                        looked_on, losses_at)
                     = (excluded.fifths, excluded.customer_count, excluded.key_from,
                        excluded.small_below, NULL, NULL, NULL)
             RETURNING id
                """,
                company.id,
                json.dumps(fifths, default=str),
                number,
                key_from,
                small_below,
            )
        )
        self.invalidate_model()
        self.env.registry.clear_cache()
        return self.browse(yardstick_id)

    def _peers(self, company) -> dict[int, int]:
        """Return how many customers are compared with each other, by segment; 0 for
        those of all segments with too few.
        """
        sizes = {0: 0}
        for segment_id, number in self.env["customer.churn.model"]._segment_sizes(
            company
        ):
            peers = segment_id if number >= FEWEST else 0
            sizes[peers] = sizes.get(peers, 0) + number
        return sizes

    def _fifths_sql(self, company) -> SQL:
        """Return ``peers`` and where their fifths begin, as ``logic.rfm.fences``.

        A percentile is looked for half a place beyond the last one below it, so that
        its place is exact, whatever the division leaves.
        """
        sizes = self._peers(company)
        places = SQL(", ").join(
            SQL("(%s * size / %s + 0.5) / size", place, FIFTHS)
            for place in range(1, FIFTHS)
        )
        return SQL(
            """
            SELECT peers, %(fences)s
              FROM (SELECT CASE WHEN segment_id = ANY(%(segments)s) THEN segment_id
                                ELSE 0 END AS peers, last_purchase_on, purchase_days,
                           revenue_total::float8 AS revenue_total
                      FROM customer_relationship row WHERE %(scored)s) customer
              JOIN unnest(%(segments)s::int[], %(sizes)s::int[]) peers (peers, size)
             USING (peers)
          GROUP BY peers, size
            """,
            segments=list(sizes),
            sizes=list(sizes.values()),
            scored=self.env["customer.churn.score"]._scored_sql(company),
            fences=SQL(", ").join(
                SQL(
                    "percentile_disc(ARRAY[%s]::float8[]) WITHIN GROUP (ORDER BY %s)",
                    places,
                    SQL.identifier(name),
                )
                for name in MEASURES
            ),
        )

    def _bounds_sql(self, company) -> SQL:
        """Return how many spent anything, the least value of a key customer, and that
        of one who is not small.
        """
        return SQL(
            """
            SELECT count(*), min(value) FILTER (WHERE share < %(key)s),
                   min(value) FILTER (WHERE share < GREATEST(%(key)s, 1 - %(small)s))
              FROM (SELECT value, (sum(value) OVER (ORDER BY value DESC, partner_id
                                       ROWS UNBOUNDED PRECEDING) - value)
                                  / sum(value) OVER () AS share
                      FROM (SELECT row.partner_id, row.revenue_12m::float8 AS value
                              FROM customer_relationship row
                             WHERE %(scored)s AND row.revenue_12m > 0) customer) ranked
            """,
            key=company.churn_key_share / 100.0,
            small=company.churn_small_share / 100.0,
            scored=self.env["customer.churn.score"]._scored_sql(company),
        )

    # === PLACES === #

    @api.model
    def _places_sql(self, company) -> dict[str, SQL]:
        """Return {column of the score: its expression over ``row``}."""
        if not self._known_measures(company.id):
            self._measure(company)
        fifths, _key_from, _small_below = self._known_measures(company.id)
        return {
            "recency_score": churn_formulas.fifth(
                fifths, 0, "last_purchase_on", "date[]"
            ),
            "frequency_score": churn_formulas.fifth(
                fifths, 1, "purchase_days", "int[]"
            ),
            "monetary_score": churn_formulas.fifth(
                fifths, 2, "revenue_total", "numeric[]"
            ),
            "value_class": self._class_sql(company, SQL("row.revenue_12m")),
        }

    @api.model
    def _class_sql(self, company, value: SQL) -> SQL:
        """Return the class of a yearly value; NULL where nobody was measured."""
        measures = self._known_measures(company.id)
        if not measures:
            return SQL("NULL::varchar")
        _fifths, key_from, small_below = measures
        return SQL(
            "CASE WHEN %(value)s >= %(key)s::numeric THEN 'key'"
            " WHEN %(value)s >= %(ordinary)s::numeric THEN 'ordinary'"
            " ELSE 'small' END",
            value=value,
            key=key_from,
            ordinary=small_below,
        )

    @api.model
    @tools.ormcache("company_id")
    def _known_measures(self, company_id: int) -> tuple | None:
        """Return ({segment: fifths of each measure}, key from, small below)."""
        # sudo: customer.churn.yardstick - everybody is measured by the same
        known = self.sudo().search([("company_id", "=", company_id)], limit=1)
        if not known:
            return None
        fifths = {int(segment): each for segment, each in (known.fifths or {}).items()}
        return fifths, known.key_from or None, known.small_below or None
