"""What watching for churn costs: signals, learning, scores, and the list of the day.

The engine and the tiers have been measured before, so that re-evaluating everybody is
everything there is: facts, stages, tiers and scores. Days follow each other as they do
in a company: customers order, those who are due are evaluated, and the night's jobs do
all that churn needs.
"""

from __future__ import annotations

import statistics
from datetime import timedelta
from unittest.mock import patch

from engine import DIRTY_SHARE
from generate import order_today
from measure import Memory, environment, median_seconds, seconds

# Customers a fit is measured with.
SAMPLE = 20_000
# Usual days, the means of which are told.
DAYS = 4


def measure_churn(database: str) -> dict[str, float]:
    """Measure the first night, then what follows it."""
    with environment(database) as env:
        env.cr.commit()  # the models are loaded now, as in every process
    with Memory() as memory:
        result = _first_night(database)
        _analyze(database)
        result |= _learning(database)
        result["churn_everybody"] = _everybody(database)
        result |= _usual_days(database)
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
    """Everybody again from the purchases: facts, stages, tiers and scores, with the
    yardstick of the scores.
    """

    def evaluate() -> None:
        with environment(database) as env:
            company = env.ref("base.main_company")
            env["customer.relationship"]._evaluate()
            env["customer.churn.yardstick"]._expire(company)
            scores = env["customer.churn.score"]
            scores._refresh(company, company._retention_today())
            env.cr.commit()

    evaluate()
    return statistics.median(seconds(evaluate) for _number in range(3))


def _usual_days(database: str) -> dict[str, float]:
    """The days between two weekly passes: customers order, and the night comes.

    These days last seconds: what was evaluated before the last night is nothing new.
    """
    from odoo.addons.customer_retention.models import (
        customer_churn_event_sync,
        customer_churn_yardstick,
    )

    with environment(database) as env:  # losses and cases of the past
        env["customer.retention.case"]._work_company(env.ref("base.main_company"))
        env.cr.commit()
    _analyze(database)
    days, none = [], timedelta(0)
    with (
        patch.object(customer_churn_event_sync, "OVERLAP", none),
        patch.object(customer_churn_yardstick, "OVERLAP", none),
    ):
        days = [_usual_day(database, number) for number in range(1, DAYS + 1)]
    means = {name: statistics.mean(day[name] for day in days) for name in days[0]}
    times = ("churn_ordered", "churn_night", "churn_losses")
    return means | {"churn_usual_day": sum(means[name] for name in times)}


def _usual_day(database: str, number: int) -> dict[str, float]:
    written = []
    with environment(database) as env:
        company, models = env.ref("base.main_company"), env["customer.churn.model"]
        company.retention_evaluation_date = company._retention_today() + timedelta(1)
        queue = env["customer.relationship.queue"]
        orders = order_today(env, _buyers(env, number))
        # Made and confirmed on the day that is evaluated, as in a company.
        env.cr.execute(
            "UPDATE sale_order SET date_order = moment, create_date = moment"
            "  FROM (SELECT %s::date + time '12:00' AS moment) noon"
            " WHERE id = ANY(%s)",
            [company._retention_today(), [order_id for order_id, _partner in orders]],
        )
        for order_id, partner_id in orders:
            queue._enqueue([partner_id], "document", [order_id])
        env.cr.commit()
        ordered = seconds(queue._cron_work_queue)
        env["customer.evaluation.run"]._cron_due()
        env.cr.commit()
        night = seconds(lambda: written.append(models._score_company(company)))
        env.cr.commit()
        cases = env["customer.retention.case"]
        losses = seconds(lambda: cases._work_company(company))
        env.cr.commit()
    return {
        "churn_ordered": ordered,
        "churn_night": night,
        "churn_written": written[0],
        "churn_losses": losses,
    }


def _buyers(env, number: int) -> list[int]:
    """Customers who buy regularly, others each day."""
    env.cr.execute(
        """
        SELECT partner_id FROM customer_relationship row
          JOIN customer_relationship_condition condition
            ON condition.id = row.condition_id AND condition.kind = 'active'
         WHERE interval_source = 'own' ORDER BY md5(%s || partner_id::text)
         LIMIT (SELECT round(count(*) * %s) FROM customer_relationship)
        """,
        [str(number), DIRTY_SHARE],
    )
    return [account_id for (account_id,) in env.cr.fetchall()]


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
