"""What watching for churn costs: signals, learning, scores, and the list of the day.

The engine and the tiers have been measured before, so that re-evaluating everybody is
everything there is: facts, stages, tiers and scores.
"""

from __future__ import annotations

import statistics
from datetime import timedelta

from measure import Memory, environment, median_seconds, seconds

# Customers a fit is measured with.
SAMPLE = 20_000


def measure_churn(database: str) -> dict[str, float]:
    """Measure the first night, then what follows it."""
    with environment(database) as env:
        env.cr.commit()  # the models are loaded now, as in every process
    with Memory() as memory:
        result = _first_night(database)
        _analyze(database)
        result |= _learning(database)
        result["churn_everybody"] = _everybody(database)
        result |= _next_day(database)
    result["churn_memory"] = memory.growth
    result |= _today(database)
    return result


def _first_night(database: str) -> dict[str, float]:
    """Read the signals of everybody in slices, learn, and score."""
    with environment(database) as env:
        company, models = env.ref("base.main_company"), env["customer.churn.model"]
        partners = _partner_writes(env)

        def read() -> None:
            while models._read_signals(company):
                env.cr.commit()

        signals = seconds(read)
        learned = seconds(lambda: models._score_company(company, learn=True))
        env.cr.commit()
        env.cr.execute("SELECT count(*) FROM customer_churn_score")
        (scores,) = env.cr.fetchone()
        if _partner_writes(env) != partners:
            raise AssertionError("Customers were written")
    return {
        "churn_signals": signals,
        "churn_first_scores": learned,
        "churn_scores": scores,
    }


def _partner_writes(env) -> int:
    env.cr.commit()
    env.cr.execute(
        "SELECT n_tup_upd + n_tup_ins + n_tup_del FROM pg_stat_all_tables"
        " WHERE relname = 'res_partner'"
    )
    return env.cr.fetchone()[0]


def _analyze(database: str) -> None:
    with environment(database) as env:
        connection = env.cr._cnx
        env.cr.commit()
        connection.autocommit = True
        env.cr.execute("VACUUM ANALYZE")
        connection.autocommit = False


def _learning(database: str) -> dict[str, float]:
    """The fit of one process to a sample, and a whole weekly learning."""
    from odoo.addons.customer_retention.logic.churn_fit import fit

    with environment(database) as env:
        company, models = env.ref("base.main_company"), env["customer.churn.model"]
        as_of = company._retention_today()
        habits = models._look(company, None, as_of, 0).habits[:SAMPLE]
        fitted = seconds(lambda: fit(habits))
        learned = seconds(lambda: models._learn_segment(company, None, as_of))
        env.cr.rollback()
    return {
        "churn_fit": fitted,
        "churn_fitted": len(habits),
        "churn_learning": learned,
    }


def _everybody(database: str) -> float:
    """Everybody again from the purchases: facts, stages, tiers and scores."""

    def evaluate() -> None:
        with environment(database) as env:
            company = env.ref("base.main_company")
            env["customer.relationship"]._evaluate()
            scores = env["customer.churn.score"]
            scores._refresh(company, company._retention_today())
            env.cr.commit()

    evaluate()
    return statistics.median(seconds(evaluate) for _number in range(3))


def _next_day(database: str) -> dict[str, float]:
    """A day later: probabilities decay, and only what moved is written."""
    with environment(database) as env:
        company = env.ref("base.main_company")
        day = company._retention_today() + timedelta(days=1)
        scores, written = env["customer.churn.score"], []
        taken = seconds(lambda: written.append(scores._refresh(company, day)))
        env.cr.rollback()
    return {"churn_day": taken, "churn_day_written": written[0]}


def _today(database: str) -> dict[str, float]:
    """The customers worth a call, found; and the list with everything it says."""
    with environment(database) as env:
        env = env(user=env.ref("base.user_admin"))
        company, scores = env.ref("base.main_company"), env["customer.churn.score"]

        def show() -> None:
            env.invalidate_all()
            scores.get_today()

        return {
            "today_found": 1000
            * median_seconds(lambda: scores._today_ids(company, 25), 20),
            "today_shown": 1000 * median_seconds(show, 5),
        }
