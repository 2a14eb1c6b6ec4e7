from __future__ import annotations

from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..logic.churn import Habit
from ..logic.churn_study import FEWEST, Look, horizon_of, learning_spans, study
from ..logic.spend import fit_spend

# Customers drawn at random of each segment: more do not move a probability.
SAMPLE = 20_000
# Scatters ids, so that a sample is no accident of age (Knuth 1973, section 6.4).
_BIG_PRIME = 2654435761


class CustomerChurnModel(models.Model):
    """Learns forecasts from purchases, each past day from what was known on it."""

    _inherit = "customer.churn.model"

    @api.model
    def _learn(self, company, as_of: date) -> CustomerChurnModel:
        """Learn the forecasts of a company and of each of its segments.

        :return: the new rows, that of the whole company first.
        """
        # sudo: customer.churn.model - forecasts do not depend on who asks for them
        engine = self.sudo()
        sizes = dict(engine._segment_sizes(company))
        values = [engine._learn_segment(company, None, as_of)]
        for segment_id, number in sizes.items():
            if not segment_id or number < FEWEST:
                continue
            if len(sizes) == 1:  # the same customers: nothing else could be learned
                values.append(values[0] | {"segment_id": segment_id})
            else:
                values.append(engine._learn_segment(company, segment_id, as_of))
        return engine.create(values)

    def _learn_segment(self, company, segment_id: int | None, as_of: date) -> dict:
        """Values of a new row: graded, or by rhythm where there are too few."""
        horizon = self._horizon(company, segment_id)
        today = self._look(company, segment_id, as_of, 0)
        values = {
            "company_id": company.id,
            "segment_id": segment_id,
            "fitted_on": as_of,
            "horizon_days": horizon,
            "own_horizon": not company.churn_horizon_days,
            "customer_count": len(today.habits),
            "ranks_by": "rhythm",
            **self._spend_values(company, segment_id),
        }
        span, found = self._study(company, segment_id, as_of, horizon, today.habits)
        if found is None:
            return values
        graded = found.recency if found.ranks_by == "recency" else found.model
        return values | {
            "ranks_by": found.ranks_by,
            "learned_days": span,
            "regularity": found.process.regularity,
            **{name: getattr(found.process, name) for name in ("r", "alpha", "a", "b")},
            "correction": [found.correction.intercept, *found.correction.weights],
            "graded_on": as_of - timedelta(span),
            "model_auc": found.model.auc or 0.0,
            "recency_auc": found.recency.auc or 0.0,
            "model_brier": found.model.brier,
            "recency_brier": found.recency.brier,
            "base_brier": found.base_brier,
            "reliability": [
                [group.customers, group.forecast, group.happened]
                for group in graded.groups
            ],
        }

    def _horizon(self, company, segment_id: int | None) -> int:
        """Days in which a purchase is foretold: as set, or by what is usual."""
        if company.churn_horizon_days:
            return company.churn_horizon_days
        usual = self.env.execute_query(
            SQL(
                "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY usual_interval)"
                "  FROM customer_relationship"
                " WHERE company_id = %s AND interval_source = 'own' AND %s",
                company.id,
                self._segment_condition(segment_id),
            )
        )[0][0]
        return horizon_of(usual)

    def _study(self, company, segment_id, as_of: date, horizon: int, today):
        """Study the past over the longest time whose forecast is better than none.

        :param today: habits of the customers as they are
        :return: (days learned over, what was found); (0, None) where there were too
            few customers
        """
        history, studied = self._history_days(company, segment_id, as_of), []
        for span in learning_spans(history, horizon):
            earlier, later = (
                self._look(company, segment_id, as_of - timedelta(span * steps), span)
                for steps in (2, 1)
            )
            if found := study(earlier, later, today, float(span)):
                studied.append((span, found))
                if found.ranks_by != "rhythm":
                    return span, found
        return studied[0] if studied else (0, None)

    def _history_days(self, company, segment_id, as_of: date) -> int:
        """Return the days since anybody's first purchase."""
        first = self.env.execute_query(
            SQL(
                "SELECT min(first_purchase_on) FROM customer_relationship"
                " WHERE company_id = %s AND %s",
                company.id,
                self._segment_condition(segment_id),
            )
        )[0][0]
        return (as_of - first).days if first else 0

    def _look(self, company, segment_id: int | None, origin: date, horizon) -> Look:
        """Return customers as known on a day, from purchases of that day and before,
        and who bought within the horizon after it.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT count(gap_days) FILTER (WHERE known),
                       max(date) FILTER (WHERE known) - min(date),
                       %(origin)s::date - min(date),
                       COALESCE(sum(ln(gap_days)) FILTER (WHERE known), 0)::float8,
                       bool_or(NOT known)
                  FROM (SELECT purchase.*, date <= %(origin)s AS known
                          FROM customer_purchase purchase
                          JOIN (%(sample)s) drawn USING (partner_id)
                         WHERE purchase.company_id = %(company)s AND is_purchase
                           AND date <= %(until)s) bought
              GROUP BY partner_id
                HAVING min(date) <= %(origin)s
              ORDER BY (partner_id * %(prime)s::bigint) %% 4294967296
                """,
                origin=origin,
                until=origin + timedelta(horizon),
                sample=self._sample_sql(company, segment_id),
                company=company.id,
                prime=_BIG_PRIME,
            )
        )
        habits = tuple(
            Habit(number, float(last), float(age), logs)
            for number, last, age, logs, _bought in rows
        )
        return Look(habits, tuple(bool(row[-1]) for row in rows))

    def _sample_sql(self, company, segment_id: int | None) -> SQL:
        """Return ``partner_id`` of customers drawn at random, the same every time."""
        return SQL(
            """
            SELECT partner_id FROM customer_relationship
             WHERE company_id = %s AND purchase_days > 0 AND NOT is_excluded AND %s
          ORDER BY (partner_id * %s::bigint) %% 4294967296 LIMIT %s
            """,
            company.id,
            self._segment_condition(segment_id),
            _BIG_PRIME,
            SAMPLE,
        )

    def _spend_values(self, company, segment_id: int | None) -> dict:
        """Parameters of what a purchase day is worth; zeros where nobody spent."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT purchase_days, revenue_total::float8 / purchase_days
                  FROM customer_relationship JOIN (%s) drawn USING (partner_id)
                 WHERE company_id = %s AND revenue_total > 0
                """,
                self._sample_sql(company, segment_id),
                company.id,
            )
        )
        if not rows:
            return {}
        spend = fit_spend(rows)
        return {"spend_p": spend.p, "spend_q": spend.q, "spend_v": spend.v}

    def _segment_sizes(self, company) -> list[tuple[int, int]]:
        """Return (segment, or 0 for none, number of its customers)."""
        return self.env.execute_query(
            SQL(
                "SELECT COALESCE(segment_id, 0), count(*)"
                "  FROM customer_relationship row WHERE %s GROUP BY 1 ORDER BY 1",
                self.env["customer.churn.score"]._scored_sql(company),
            )
        )

    @staticmethod
    def _segment_condition(segment_id: int | None) -> SQL:
        return SQL("segment_id = %s", segment_id) if segment_id else SQL("TRUE")
