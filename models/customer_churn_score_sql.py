from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from odoo import models
from odoo.tools import SQL

from ..logic.danger import LOST_OVERDUE, SAFE_OVERDUE
from . import churn_formulas as formulas
from .customer_account import AccountScope

# What moved less between two weekly passes is not written: nobody acts on a point or
# two of a hundred.
LEAST_MOVE = 0.02
LEAST_HEALTH = 2.0
# Days that are looked ahead to see when a score will have moved.
AHEAD = 7
EVERYBODY = AccountScope()
# Share of the year in which a customer buys at all.
_BUSY_SHARE = SQL(
    "(CASE WHEN signal.quiet_months > 0 THEN 1 - length(replace("
    "signal.quiet_months::bit(12)::text, '0', '')) / 12.0::float8 ELSE 1 END)"
)


class CustomerChurnScore(models.Model):
    """Scores as SQL, over the rows of relationships.

    What tells whether somebody has moved is worked out for everybody in question, and
    what is shown besides for those who have.
    """

    _inherit = "customer.churn.score"

    def _moved_sql(
        self, company, as_of: date, scope: SQL, accounts: AccountScope = EVERYBODY
    ) -> SQL:
        """Return the scores of a scope that are new or have moved, with the day on
        which time alone will have moved them again, if that is within a week.

        :param accounts: the range of the scope, where it is one: of no table more is
            read then
        """
        moved = [
            self._moved_by_sql(
                company,
                as_of,
                model,
                self._habits_sql(
                    company,
                    as_of,
                    SQL("%s AND %s", members, scope),
                    self._compared_sql(company, as_of, model),
                    accounts,
                ),
            )
            for model, members in self._forecasts(company, as_of)
        ]
        return SQL(
            """
            SELECT fresh.*, %(as_of)s::date + CASE WHEN moves >= 1
                   THEN ceil(%(ahead)s / moves)::int END AS moves_on
              FROM (%(moved)s) fresh
              JOIN customer_relationship row
                ON (row.partner_id, row.company_id)
                 = (fresh.partner_id, fresh.company_id) AND %(rows)s
         LEFT JOIN customer_churn_signal signal
                ON (signal.partner_id, signal.company_id)
                 = (fresh.partner_id, fresh.company_id) AND %(signals)s
        CROSS JOIN LATERAL (
                SELECT GREATEST(abs(later_lost - lost) / %(least)s,
                                abs(%(later_health)s - fresh.health)
                                / %(least_health)s) AS moves OFFSET 0) ahead
            """,
            as_of=as_of,
            ahead=AHEAD,
            moved=SQL(" UNION ALL ").join(moved),
            rows=accounts.condition(SQL("row.partner_id")),
            signals=accounts.condition(SQL("signal.partner_id")),
            least=LEAST_MOVE,
            later_health=self._health_sql(company, as_of + timedelta(AHEAD)),
            least_health=LEAST_HEALTH,
        )

    def _forecasts(self, company, day: date) -> Iterator[tuple]:
        """Yield forecasts with the condition on ``row`` for whom they are."""
        forecasts = self.env["customer.churn.model"]
        in_force = forecasts._in_force(company, day)
        own = [segment_id for segment_id in in_force if segment_id]
        for segment_id, model in sorted(in_force.items()):
            if segment_id:
                yield model, SQL("row.segment_id = %s", segment_id)
            else:
                yield model, SQL("(row.segment_id = ANY(%s)) IS NOT TRUE", own)
        if not in_force:
            yield forecasts, SQL("TRUE")

    # === ONE FORECAST === #

    def _moved_by_sql(self, company, as_of: date, model, habits: SQL) -> SQL:
        """Return the scores by one forecast that are new or have moved."""
        ahead = self._chances_sql(model, self._today_sql(company, model, habits))
        return SQL(
            """
            SELECT partner_id, company_id, user_id, active, %(model)s::int AS model_id,
                   alive_now AS alive, buys_now AS buys, lost_now AS lost,
                   expected_purchases,
                   (expected_purchases * %(worth)s)::numeric AS expected_revenue,
                   yearly_value, buys_now IS NOT NULL AS is_probability,
                   %(at_risk)s AS value_at_risk,
                   value_class, recency_score, frequency_score, monetary_score,
                   rfm_segment_id, health, lost AS later_lost
              FROM (%(ahead)s) ahead
            """,
            model=model.id or None,
            worth=formulas.worth(model),
            at_risk=self._at_risk_sql(
                "ahead", as_of, SQL("yearly_value"), SQL("lost_now")
            ),
            ahead=ahead,
        )

    def _today_sql(self, company, model, habits: SQL) -> SQL:
        """Return who has moved, with what is shown besides, aged by a week: so that
        the same steps tell what will be by then.
        """
        purchases = SQL("NULL::float8")
        if not _by_rhythm(model):
            purchases = SQL("alive * %s", formulas.purchases(model))
        return SQL(
            """
            SELECT partner_id, company_id, user_id, active, revenue_total,
                   purchase_days, usual_interval, yearly_value, health,
                   recency_score, frequency_score, monetary_score, value_class,
                   %(segment)s AS rfm_segment_id, alive AS alive_now, buys AS buys_now,
                   lost AS lost_now, %(purchases)s AS expected_purchases,
                   x, last, age + %(ahead)s AS age, year
              FROM (%(chances)s) placed
             WHERE differs OR known_lost IS NULL
                OR abs(known_lost - lost) >= %(least)s
                OR known_health IS NULL
                OR abs(known_health - health) >= %(least_health)s
                OR known_segment_id IS DISTINCT FROM %(segment)s OFFSET 0
            """,
            segment=self.env["customer.churn.rfm.segment"]._segment_sql(company),
            purchases=purchases,
            ahead=AHEAD,
            chances=self._chances_sql(model, habits),
            least=LEAST_MOVE,
            least_health=LEAST_HEALTH,
        )

    def _chances_sql(self, model, habits: SQL) -> SQL:
        """Return habits with ``alive``, ``buys`` and ``lost``."""
        if _by_rhythm(model):
            return self._rhythm_sql(habits)
        return SQL(
            """
            SELECT *, 1 - buys AS lost
              FROM (SELECT *, %s AS buys FROM (%s) foretold OFFSET 0) corrected
            """,
            formulas.corrected(model),
            self._foretold_sql(model, habits),
        )

    def _foretold_sql(self, model, habits: SQL) -> SQL:
        """Return habits with ``alive`` and chances, step by step: each step works
        out once what the next one reads several times.
        """
        return SQL(
            """
            SELECT *, alive * (1 - %(soon_still)s) AS chance,
                   alive * (1 - %(later_still)s) AS later_chance FROM (
            SELECT *, %(alive)s AS alive FROM (
            SELECT *, %(now)s AS now, %(soon)s AS soon, %(later)s AS later,
                   %(gone)s AS gone FROM (
            SELECT *, %(shape)s AS shape, %(ab)s::float8 + x AS c, %(z)s AS z
              FROM (%(habits)s) habit OFFSET 0) shaped OFFSET 0) weighted
            OFFSET 0) living OFFSET 0
            """,
            alive=formulas.alive(),
            soon_still=formulas.still_quiet(SQL("soon")),
            later_still=formulas.still_quiet(SQL("later")),
            now=formulas.quiet(model, SQL("age")),
            soon=formulas.quiet_for(model, formulas.learned_days(model)),
            later=formulas.quiet_for(model, formulas.horizon(model)),
            gone=formulas.gone(model),
            shape=SQL("%s::float8 + %s * x", model.r, model.regularity),
            ab=formulas.near_gap(model) + model.b,
            z=formulas.year_share(model),
            habits=habits,
        )

    @staticmethod
    def _rhythm_sql(habits: SQL) -> SQL:
        """Return habits with the risk by the own rhythm, as
        ``logic.danger.rhythm_risk``: it is no probability.
        """
        return SQL(
            """
            SELECT *, NULL::float8 AS alive, NULL::float8 AS buys,
                   LEAST(1, GREATEST(0, COALESCE(
                       ((age - last) / NULLIF(usual_interval, 0) - %s) / %s,
                       0))) AS lost
              FROM (%s) habit OFFSET 0
            """,
            SAFE_OVERDUE,
            LOST_OVERDUE - SAFE_OVERDUE,
            habits,
        )

    # === FACTS === #

    def _habits_sql(
        self,
        company,
        as_of: date,
        scope: SQL,
        columns: SQL | None = None,
        accounts: AccountScope = EVERYBODY,
    ) -> SQL:
        """Return the statistics of purchases that the formulas read, in days in
        which the customer buys, as ``logic.churn``.

        :param columns: more of them, over ``row``, ``signal`` and the ``known`` score
        :param accounts: the range of the scope, where it is one
        """
        return SQL(
            """
            SELECT row.partner_id, row.company_id, row.user_id, row.active,
                   row.purchase_days, row.revenue_total, row.usual_interval,
                   GREATEST(row.revenue_12m, 0) AS yearly_value,
                   (row.purchase_days - 1)::float8 AS x,
                   %(last)s AS last,
                   %(last)s + GREATEST(%(as_of)s::date - row.last_purchase_on, 0)
                       - %(quiet)s::float8 AS age,
                   %(year)s * %(busy)s AS year %(columns)s
              FROM %(standing)s row
         LEFT JOIN customer_churn_signal signal
                ON (signal.partner_id, signal.company_id)
                 = (row.partner_id, row.company_id) AND %(signals)s
         LEFT JOIN customer_churn_score known
                ON (known.partner_id, known.company_id)
                 = (row.partner_id, row.company_id) AND %(known)s
             WHERE %(scored)s AND %(scope)s OFFSET 0
            """,
            quiet=self._quiet_days_sql(as_of),
            busy=_BUSY_SHARE,
            year=formulas.YEAR,
            last=SQL(
                "(row.last_purchase_on - row.first_purchase_on) * %s", _BUSY_SHARE
            ),
            as_of=as_of,
            columns=columns or SQL(),
            standing=self._standing_sql(company, as_of),
            scored=self._scored_sql(company),
            scope=scope,
            signals=accounts.condition(SQL("signal.partner_id")),
            known=accounts.condition(SQL("known.partner_id")),
        )

    def _standing_sql(self, company, as_of: date) -> SQL:
        """Return the relation of customers with their facts of a day."""
        return SQL("customer_relationship")

    def _compared_sql(self, company, as_of: date, model) -> SQL:
        """Return what is worked out of the facts and compared with the known score."""
        places = self.env["customer.churn.yardstick"]._places_sql(company)
        fresh = {
            "user_id": SQL("row.user_id"),
            "active": SQL("row.active"),
            "model_id": SQL("%s::int", model.id or None),
            "yearly_value": SQL("GREATEST(row.revenue_12m, 0)"),
            **places,
        }
        return SQL(
            """
            , %(places)s, %(health)s AS health, known.lost AS known_lost,
            known.health AS known_health, known.rfm_segment_id AS known_segment_id,
            (%(known)s) IS DISTINCT FROM (%(fresh)s) AS differs
            """,
            places=SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in places.items()
            ),
            health=self._health_sql(company, as_of),
            known=SQL(", ").join(SQL.identifier("known", name) for name in fresh),
            fresh=SQL(", ").join(fresh.values()),
        )


def _by_rhythm(model) -> bool:
    """Whether customers go by their own rhythm: no forecast was better than that."""
    return not model or model.ranks_by == "rhythm"
