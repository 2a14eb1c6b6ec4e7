from __future__ import annotations

from datetime import date

from odoo import models
from odoo.tools import SQL

from ..logic.churn_study import FEWEST
from ..logic.danger import BANDS, LOST_OVERDUE, SAFE_OVERDUE
from . import churn_formulas as formulas

QUINTILES = 5


class CustomerChurnScore(models.Model):
    """Scores and their places as SQL, over the rows of relationships."""

    _inherit = "customer.churn.score"

    def _ranked_sql(self, company, as_of: date, scope: SQL, everybody: bool) -> SQL:
        """Return the scores of a scope with value class, danger and quintiles."""
        scores = self._scores_sql(company, as_of, scope)
        places = self._all_places_sql(company, scores)
        if not everybody:
            places = self._few_places_sql(company, scores, scope)
        return SQL(
            """
            SELECT placed.*, %(danger)s AS danger, %(segment)s AS rfm_segment_id,
                   %(health)s AS health
              FROM (%(places)s) placed
              JOIN customer_relationship row
                ON (row.partner_id, row.company_id)
                 = (placed.partner_id, placed.company_id)
         LEFT JOIN customer_churn_signal signal
                ON (signal.partner_id, signal.company_id)
                 = (placed.partner_id, placed.company_id)
            """,
            danger=self._danger_sql(company.churn_capacity),
            segment=self.env["customer.churn.rfm.segment"]._segment_sql(company),
            health=self._health_sql(company, as_of),
            places=places,
        )

    def _all_places_sql(self, company, scores: SQL) -> SQL:
        """Return each score with its place among all customers of the company."""
        return SQL(
            """
            SELECT *, CASE WHEN value_share < %(key)s THEN 'key'
                           WHEN value_share >= 1 - %(small)s THEN 'small'
                           ELSE 'ordinary' END AS value_class
              FROM (SELECT *, count(*) OVER () AS customers,
                           count(*) OVER (ORDER BY value_at_risk DESC) AS danger_rank,
                           COALESCE((sum(yearly_value) OVER (
                               ORDER BY yearly_value DESC, partner_id
                               ROWS UNBOUNDED PRECEDING) - yearly_value)
                             / NULLIF(sum(yearly_value) OVER (), 0), 1) AS value_share,
                           %(recency)s AS recency_score,
                           %(frequency)s AS frequency_score,
                           %(monetary)s AS monetary_score
                      FROM (SELECT *, CASE WHEN count(*) OVER (PARTITION BY segment_id)
                                             >= %(enough)s THEN segment_id END AS peers
                              FROM (%(scores)s) score) row) ranked
            """,
            key=company.churn_key_share / 100.0,
            small=company.churn_small_share / 100.0,
            scores=scores,
            enough=FEWEST,
            recency=_quintile("last_purchase_on"),
            frequency=_quintile("purchase_days"),
            monetary=_quintile("revenue_total"),
        )

    def _few_places_sql(self, company, scores: SQL, scope: SQL) -> SQL:
        """Return a few scores with their places among the others, as they were scored
        last. Nobody counts further than bands reach; quintiles wait for the night.
        """
        return SQL(
            """
            SELECT few.*, known.recency_score, known.frequency_score,
                   known.monetary_score,
                   CASE WHEN few.yearly_value > 0
                             AND few.yearly_value >= (%(least_key)s) THEN 'key'
                        WHEN few.yearly_value <= (%(most_small)s) THEN 'small'
                        ELSE 'ordinary' END AS value_class,
                   ahead.number + count(*) OVER (ORDER BY few.value_at_risk DESC)
                       AS danger_rank,
                   others.number + count(*) OVER () AS customers
              FROM (%(scores)s) few
         LEFT JOIN customer_churn_score known
                ON (known.partner_id, known.company_id)
                 = (few.partner_id, few.company_id)
        CROSS JOIN LATERAL (SELECT count(*) AS number FROM (
                    SELECT FROM customer_churn_score row
                     WHERE row.company_id = %(company)s AND NOT (%(scope)s)
                       AND row.value_at_risk >= few.value_at_risk
                     LIMIT %(reach)s) counted) ahead
        CROSS JOIN (SELECT count(*) AS number FROM (
                    SELECT FROM customer_churn_score row
                     WHERE row.company_id = %(company)s AND NOT (%(scope)s)
                     LIMIT %(reach)s) counted) others
            """,
            scores=scores,
            scope=scope,
            company=company.id,
            reach=BANDS[-1].weeks * company.churn_capacity + 1,
            least_key=self._class_bound_sql(company, "min", "key"),
            most_small=self._class_bound_sql(company, "max", "small"),
        )

    @staticmethod
    def _class_bound_sql(company, aggregate: str, value_class: str) -> SQL:
        return SQL(
            "SELECT %s(yearly_value) FROM customer_churn_score"
            " WHERE company_id = %s AND value_class = %s",
            SQL.identifier(aggregate),
            company.id,
            value_class,
        )

    def _scores_sql(
        self, company, as_of: date, scope: SQL, forecast_of: date | None = None
    ) -> SQL:
        """Return the probabilities and values of the accounts of a scope.

        :param forecast_of: the day whose forecasts are used, by default the same
        """
        forecasts = self.env["customer.churn.model"]
        models_in_force = forecasts._in_force(company, forecast_of or as_of)
        cases = [
            self._model_sql(company, as_of, scope, model, segment_id, models_in_force)
            for segment_id, model in sorted(models_in_force.items())
        ]
        if not cases:
            cases = [self._rhythm_sql(company, as_of, scope, None, SQL("TRUE"))]
        return SQL(" UNION ALL ").join(cases)

    def _model_sql(self, company, as_of, scope, model, segment_id, in_force) -> SQL:
        """Return the scores of the customers one forecast is for."""
        others = [one for one in in_force if one]
        members = SQL("row.segment_id = %s", segment_id)
        if not segment_id:
            members = SQL("(row.segment_id = ANY(%s)) IS NOT TRUE", others)
        if model.ranks_by == "rhythm":
            return self._rhythm_sql(company, as_of, scope, model, members)
        return SQL(
            """
            SELECT %(known)s, %(model)s::int AS model_id, alive, corrected AS buys,
                   purchases AS expected_purchases,
                   (purchases * %(worth)s)::numeric AS expected_revenue,
                   GREATEST(revenue_12m, 0) AS yearly_value,
                   1 - corrected AS lost, TRUE AS is_probability,
                   round((GREATEST(revenue_12m, 0) * (1 - corrected))::numeric, 2)
                       AS value_at_risk
              FROM (SELECT *, %(corrected)s AS corrected
                      FROM (%(foretold)s) foretold) row
            """,
            known=SQL(_FACT_COLUMNS),
            model=model.id,
            worth=formulas.worth(model),
            corrected=formulas.corrected(model),
            foretold=self._foretold_sql(
                model, self._habits_sql(company, as_of, scope, members)
            ),
        )

    def _foretold_sql(self, model, habits: SQL) -> SQL:
        """Return habits with ``alive``, chances and ``purchases``, step by step:
        each step works out once what the next one reads several times.
        """
        return SQL(
            """
            SELECT *, alive * (1 - exp(soon - now)) AS chance,
                   alive * (1 - exp(later - now)) AS later_chance,
                   alive * %(purchases)s AS purchases FROM (
            SELECT *, %(alive)s AS alive FROM (
            SELECT *, %(now)s AS now, %(soon)s AS soon, %(later)s AS later,
                   %(gone)s AS gone FROM (
            SELECT *, %(shape)s AS shape, %(ab)s::float8 + x AS c, %(z)s AS z
              FROM (%(habits)s) habit OFFSET 0) shaped OFFSET 0) weighted
            OFFSET 0) living OFFSET 0
            """,
            purchases=formulas.purchases(model),
            alive=formulas.alive(),
            now=formulas.quiet(model, SQL("age")),
            soon=formulas.quiet_for(model, model._learned_days()),
            later=formulas.quiet_for(model, model.horizon_days),
            gone=formulas.gone(model),
            shape=SQL("%s::float8 + %s * x", model.r, model.regularity),
            ab=formulas.near_gap(model) + model.b,
            z=formulas.year_share(model),
            habits=habits,
        )

    def _rhythm_sql(self, company, as_of, scope, model, members) -> SQL:
        """Return scores by the own rhythm, as ``logic.danger.rhythm_risk``: these are
        no probabilities.
        """
        return SQL(
            """
            SELECT %(known)s, %(model)s::int AS model_id,
                   NULL::float8 AS alive, NULL::float8 AS buys,
                   NULL::float8 AS expected_purchases,
                   NULL::numeric AS expected_revenue,
                   GREATEST(revenue_12m, 0) AS yearly_value, lost,
                   FALSE AS is_probability,
                   round((GREATEST(revenue_12m, 0) * lost)::numeric, 2)
                       AS value_at_risk
              FROM (SELECT *, LEAST(1, GREATEST(0, COALESCE(
                           ((age - last - quiet) / NULLIF(usual_interval, 0) - %(safe)s)
                           / %(span)s, 0))) AS lost
                      FROM (SELECT habit.*, %(quiet)s AS quiet
                              FROM (%(habits)s) habit) habit) row
            """,
            known=SQL(_FACT_COLUMNS),
            model=model.id if model else None,
            safe=SAFE_OVERDUE,
            span=LOST_OVERDUE - SAFE_OVERDUE,
            quiet=self._account_quiet_days_sql(as_of),
            habits=self._habits_sql(company, as_of, scope, members),
        )

    def _habits_sql(self, company, as_of: date, scope: SQL, members: SQL) -> SQL:
        """Return the statistics of purchases that the formulas read, in days."""
        return SQL(
            """
            SELECT row.partner_id, row.company_id, row.user_id, row.active,
                   row.last_purchase_on, row.purchase_days, row.revenue_total,
                   row.revenue_12m, row.usual_interval, row.segment_id,
                   (row.purchase_days - 1)::float8 AS x,
                   (row.last_purchase_on - row.first_purchase_on)::float8 AS last,
                   GREATEST(%(as_of)s::date, row.last_purchase_on)
                       - row.first_purchase_on + 0.0::float8 AS age
              FROM customer_relationship row
             WHERE row.company_id = %(company)s AND row.purchase_days > 0
               AND NOT row.is_excluded AND %(members)s AND %(scope)s
            """,
            as_of=as_of,
            company=company.id,
            members=members,
            scope=scope,
        )


_FACT_COLUMNS = """row.partner_id, row.company_id, row.user_id, row.active,
    row.last_purchase_on, row.purchase_days, row.revenue_total, row.segment_id"""


def _quintile(column: str) -> SQL:
    """Return the fifth of its peers a row belongs to, 5 the best; equals share.

    Peers are the customers of the segment; those of segments with too few are peers of
    each other.
    """
    return SQL(
        "ceil(%s * cume_dist() OVER (PARTITION BY peers ORDER BY %s))::int",
        QUINTILES,
        SQL.identifier(column),
    )
