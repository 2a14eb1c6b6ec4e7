from __future__ import annotations

from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..logic.repurchase import HORIZONS, MOST_MATCHES, SPEEDS

# Days of purchases before the complaint that comparable customers are found by.
LOOK_BACK = 365
# Complaints measured in one transaction.
SLICE_SIZE = 500
# Two customers are comparable when both their numbers fall between the same bounds.
PURCHASE_DAYS_BOUNDS = [2, 3, 6, 12]
RECENCY_BOUNDS = [31, 91, 181]
# A complaint ends with its resolution, or unresolved when it is closed; what went on in
# another one is measured there.
ENDED_AT = SQL("COALESCE(complaint.resolved_at, complaint.closed_at)")
IS_MEASURED = SQL("(%s IS NOT NULL AND complaint.merged_into_id IS NULL)", ENDED_AT)


class CustomerComplaintRepurchase(models.Model):
    """How the purchases after a complaint are measured: in slices, set by set."""

    _inherit = "customer.complaint.repurchase"

    @api.model
    def _cron_measure(self) -> None:
        """Measure what has been resolved, until its last horizon is over."""
        for root in self.env["res.company"].search([("parent_id", "=", False)]):
            today = root._retention_today()
            waiting = self._get_unmeasured(root, today)
            for start in range(0, len(waiting), SLICE_SIZE):
                part = waiting[start : start + SLICE_SIZE]
                self._measure(root, part, today)
                left = len(waiting) - start - len(part)
                if not self.env["ir.cron"]._commit_progress(len(part), remaining=left):
                    return

    @api.model
    def _get_unmeasured(self, root, today: date) -> list[int]:
        """Complaints whose row is missing, out of date or has a horizon to fill.

        In the order of their receipt: a slice compares within few days.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT complaint.id
                  FROM customer_complaint complaint
                  JOIN res_company company ON company.id = complaint.company_id
             LEFT JOIN customer_complaint_repurchase known
                    ON known.complaint_id = complaint.id
                 WHERE split_part(company.parent_path, '/', 1)::int = %(root)s
                   AND complaint.kind = 'complaint'
                   AND complaint.account_id IS NOT NULL
                   AND (known.id IS NULL AND %(is_measured)s
                        OR known.id IS NOT NULL AND (
                           NOT %(is_measured)s
                           OR known.resolved_on <> %(ended_on)s
                           OR EXISTS (
                              SELECT FROM unnest(%(horizons)s::int[]) horizon
                               WHERE known.measured_on < known.resolved_on + horizon
                                 AND known.resolved_on + horizon <= %(today)s)))
              ORDER BY complaint.received_at, complaint.id
                """,
                root=root.id,
                today=today,
                horizons=list(HORIZONS),
                is_measured=IS_MEASURED,
                ended_on=root._retention_day_sql(ENDED_AT),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _measure(self, root, complaint_ids: list[int], today: date) -> None:
        """Write the rows of some complaints anew; those not resolved have none."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM customer_complaint_repurchase"
                " WHERE complaint_id = ANY(%s)",
                complaint_ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH resolved AS (%(resolved)s),
                     standing AS (%(standing)s),
                     matched AS (%(matched)s)
                INSERT INTO customer_complaint_repurchase (%(columns)s)
                SELECT %(values)s
                  FROM resolved
             LEFT JOIN LATERAL (%(own)s) own ON TRUE
             LEFT JOIN LATERAL (%(others)s) others ON TRUE
                """,
                resolved=self._get_resolved_sql(root, complaint_ids),
                standing=self._get_standing_sql(),
                matched=self._get_matched_sql(root),
                columns=self._get_columns_sql(),
                values=self._get_values_sql(today),
                own=self._get_own_sql(),
                others=self._get_others_sql(),
            )
        )
        self.invalidate_model()

    def _get_resolved_sql(self, root, complaint_ids: list[int]) -> SQL:
        """The complaints that are over, and what was done for the customer."""
        speeds = SQL(" ").join(
            SQL("WHEN days <= %s THEN %s", most, key) for key, most in SPEEDS
        )
        return SQL(
            """
            SELECT *, CASE %(speeds)s ELSE 'longer' END AS speed
              FROM (
                SELECT complaint.id, complaint.account_id, %(root)s AS company_id,
                       complaint.category_id, complaint.main_cause_id,
                       complaint.severity, complaint.outcome, complaint.team_id,
                       %(received_on)s AS received_on, %(ended_on)s AS resolved_on,
                       %(ended_on)s - %(received_on)s AS days,
                       (SELECT action.type_id
                          FROM customer_recovery_action action
                         WHERE action.complaint_id = complaint.id
                           AND action.state = 'done'
                      ORDER BY action.cost DESC NULLS LAST, action.id
                         LIMIT 1) AS remedy_type_id
                  FROM customer_complaint complaint
                 WHERE complaint.id = ANY(%(ids)s)
                   AND %(is_measured)s
              ) timed
            """,
            speeds=speeds,
            root=root.id,
            ids=complaint_ids,
            received_on=root._retention_day_sql(SQL("complaint.received_at")),
            ended_on=root._retention_day_sql(ENDED_AT),
            is_measured=IS_MEASURED,
        )

    def _get_standing_sql(self) -> SQL:
        """How every customer stood on the day before each complaint."""
        return SQL(
            """
            SELECT day.company_id, day.received_on, purchase.partner_id,
                   width_bucket(count(DISTINCT purchase.date), %(days)s::bigint[])
                     AS frequency,
                   width_bucket(day.received_on - max(purchase.date),
                                %(recency)s::int[]) AS recency
              FROM (SELECT DISTINCT company_id, received_on FROM resolved) day
              JOIN customer_purchase purchase
                ON purchase.company_id = day.company_id
               AND purchase.is_purchase
               AND purchase.date < day.received_on
               AND purchase.date >= day.received_on - %(look_back)s
          GROUP BY day.company_id, day.received_on, purchase.partner_id
            """,
            days=PURCHASE_DAYS_BOUNDS,
            recency=RECENCY_BOUNDS,
            look_back=LOOK_BACK,
        )

    def _get_matched_sql(self, root) -> SQL:
        """Some customers of each cell who had not complained, the same ones always."""
        return SQL(
            """
            SELECT * FROM (
                SELECT standing.*, row_number() OVER (
                           PARTITION BY company_id, received_on, frequency, recency
                           ORDER BY md5(partner_id::text || received_on::text)
                       ) AS number
                  FROM standing
                 WHERE NOT EXISTS (
                    SELECT FROM customer_complaint other
                     WHERE other.account_id = standing.partner_id
                       AND other.kind = 'complaint'
                       AND %(spoken_on)s BETWEEN standing.received_on - %(look_back)s
                           AND standing.received_on
                 )
            ) numbered WHERE number <= %(most)s
            """,
            spoken_on=root._retention_day_sql(SQL("other.received_at")),
            look_back=LOOK_BACK,
            most=MOST_MATCHES,
        )

    def _get_own_sql(self) -> SQL:
        """What the customer bought before the complaint and after the resolution."""
        return SQL(
            "SELECT %s FROM customer_purchase purchase"
            " WHERE purchase.partner_id = resolved.account_id"
            " AND purchase.company_id = resolved.company_id",
            SQL(", ").join(self._get_own_columns_sql(horizon) for horizon in HORIZONS),
        )

    @staticmethod
    def _get_own_columns_sql(horizon: int) -> SQL:
        return SQL(
            """
            count(*) FILTER (
                WHERE is_purchase AND date > resolved.resolved_on
                  AND date <= resolved.resolved_on + %(horizon)s) AS times_%(name)s,
            sum(amount) FILTER (
                WHERE date > resolved.resolved_on
                  AND date <= resolved.resolved_on + %(horizon)s) AS after_%(name)s,
            sum(amount) FILTER (
                WHERE date < resolved.received_on
                  AND date >= resolved.received_on - %(horizon)s) AS before_%(name)s
            """,
            horizon=horizon,
            name=SQL(str(horizon)),
        )

    def _get_others_sql(self) -> SQL:
        """How many of the comparable customers bought in the same days."""
        return SQL(
            """
            SELECT count(*) AS number, %(shares)s
              FROM (
                SELECT COALESCE(min(purchase.date), 'infinity') AS next_on
                  FROM standing mine
                  JOIN matched
                    ON matched.company_id = mine.company_id
                   AND matched.received_on = mine.received_on
                   AND matched.frequency = mine.frequency
                   AND matched.recency = mine.recency
                   AND matched.partner_id <> mine.partner_id
             LEFT JOIN customer_purchase purchase
                    ON purchase.partner_id = matched.partner_id
                   AND purchase.company_id = matched.company_id
                   AND purchase.is_purchase
                   AND purchase.date > resolved.resolved_on
                 WHERE mine.partner_id = resolved.account_id
                   AND mine.company_id = resolved.company_id
                   AND mine.received_on = resolved.received_on
              GROUP BY matched.partner_id
              ) bought
            """,
            shares=SQL(", ").join(
                SQL(
                    "avg((next_on <= resolved.resolved_on + %s)::int) AS share_%s",
                    horizon,
                    SQL(str(horizon)),
                )
                for horizon in HORIZONS
            ),
        )

    def _get_columns_sql(self) -> SQL:
        names = [
            "complaint_id, company_id, account_id, received_on, resolved_on,"
            " days_to_resolve, speed, category_id, main_cause_id, remedy_type_id,"
            " severity, outcome, team_id, matched_count, measured_on"
        ]
        for horizon in HORIZONS:
            names += [
                f"is_over_{horizon}",
                f"bought_{horizon}",
                f"revenue_{horizon}",
                f"before_{horizon}",
                f"matched_{horizon}",
            ]
        return SQL(", ".join(names))

    def _get_values_sql(self, today: date) -> SQL:
        """The values of a row; a horizon that is not over has none."""
        parts = [
            SQL(
                "resolved.id, resolved.company_id, resolved.account_id,"
                " resolved.received_on, resolved.resolved_on, resolved.days,"
                " resolved.speed, resolved.category_id, resolved.main_cause_id,"
                " resolved.remedy_type_id, resolved.severity, resolved.outcome,"
                " resolved.team_id, COALESCE(others.number, 0), %s::date",
                today,
            )
        ]
        for horizon in HORIZONS:
            over = SQL("resolved.resolved_on <= %s", today - timedelta(days=horizon))
            number = SQL(str(horizon))
            parts.append(
                SQL(
                    "%(over)s, CASE WHEN %(over)s THEN (own.times_%(n)s > 0)::int END,"
                    " CASE WHEN %(over)s THEN COALESCE(own.after_%(n)s, 0) END,"
                    " CASE WHEN %(over)s THEN COALESCE(own.before_%(n)s, 0) END,"
                    " CASE WHEN %(over)s THEN others.share_%(n)s END",
                    over=over,
                    n=number,
                )
            )
        return SQL(", ").join(parts)
