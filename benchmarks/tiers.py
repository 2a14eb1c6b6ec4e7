"""What tiers cost beside the relationship: reading, evaluating again, one customer.

The engine has been measured before: purchases and relationships are there. The ladder
has four steps at the median and the upper tenths of what customers bought, a rolling
year, grace days and a keep threshold.
"""

from __future__ import annotations

import statistics
from datetime import timedelta
from functools import partial

from generate import order_today
from measure import count_statements, environment, seconds

from odoo.fields import Command

# Shares of the customers below a step.
STEPS = {"Bronze": 0.0, "Silver": 0.5, "Gold": 0.8, "Platinum": 0.95}


def measure_tiers(database: str) -> dict[str, float]:
    """Measure the first reading of tiers, then what follows it."""
    _create_ladder(database)
    result = _first_reading(database)
    result["tiers_unchanged"] = _evaluate_unchanged(database)
    result |= _night(database)
    result |= _few_changed(database)
    return result


def _create_ladder(database: str) -> None:
    with environment(database) as env:
        env.cr.execute(
            "SELECT percentile_disc(%s) WITHIN GROUP (ORDER BY revenue_12m)"
            " FROM customer_relationship WHERE revenue_12m > 0",
            [list(STEPS.values())],
        )
        (amounts,) = env.cr.fetchone()
        thresholds = dict(zip(STEPS, map(float, amounts), strict=True))
        ladder = env["customer.tier.ladder"].create(
            {
                "name": "Benchmark",
                "grace_days": 30,
                "measure_ids": [
                    Command.create({"name": "Revenue", "metric": "revenue"})
                ],
            }
        )
        env["customer.tier"].create(
            [
                {
                    "ladder_id": ladder.id,
                    "name": name,
                    "sequence": number,
                    "threshold": thresholds[name] if number else 0.0,
                    "keep_threshold": thresholds[name] * 0.8 if number else 0.0,
                }
                for number, name in enumerate(STEPS)
            ]
        )
        env["customer.evaluation.run"].search([("state", "=", "waiting")]).unlink()
        env.cr.commit()


def _first_reading(database: str) -> dict[str, float]:
    """Replay everybody from the first purchase on, in slices."""
    with environment(database) as env:
        run = env["customer.evaluation.run"]._start("tier")
        env.cr.commit()

        def work_off() -> None:
            while run.state in ("waiting", "running"):
                run._work_slice()
                env.cr.commit()

        taken = seconds(work_off)
        env.cr.execute("SELECT count(*) FROM customer_tier_membership")
        (members,) = env.cr.fetchone()
        env.cr.execute("SELECT count(*) FROM customer_tier_transition")
        (changes,) = env.cr.fetchone()
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")
        env.cr._cnx.autocommit = False
    return {
        "tiers_million": taken / members * 1_000_000,
        "tiers_changes": changes / members,
    }


def _evaluate_unchanged(database: str) -> float:
    """Everybody again from the purchases, tiers included, and all is well."""

    def evaluate() -> None:
        with environment(database) as env:
            env["customer.relationship"]._evaluate()
            env.cr.commit()

    evaluate()
    return statistics.median(seconds(evaluate) for _number in range(3))


def _night(database: str) -> dict[str, float]:
    """A day later: members whose window has lost a purchase, or whose term ends."""
    with environment(database) as env:
        members = env["customer.tier.membership"]
        ladder = members._ladders_in_use()[:1]
        day = ladder._today() + timedelta(days=1)
        env.cr.execute(
            "SELECT count(*) FROM customer_tier_membership"
            " WHERE next_evaluation_on <= %s",
            [day],
        )
        (due,) = env.cr.fetchone()
        taken = seconds(lambda: members._evaluate(as_of=day))
        env.cr.rollback()
    return {"tiers_night": taken, "tiers_due": due}


def _few_changed(database: str) -> dict[str, float]:
    """Statements of one changed customer, and of a hundred."""
    counts = {}
    for number in (1, 100):
        with environment(database) as env:
            env.cr.execute(
                "SELECT partner_id FROM customer_tier_membership"
                " ORDER BY md5(partner_id::text) LIMIT %s",
                [number],
            )
            accounts = [account_id for (account_id,) in env.cr.fetchall()]
            order_today(env, accounts)
            members = env["customer.tier.membership"]
            relationships = env["customer.relationship"]
            relationships._tiers_later()._sync_and_evaluate(accounts)
            members._evaluate(accounts, cause="import")
            counts[number] = count_statements(
                partial(members._evaluate, accounts, cause="import")
            )
            env.cr.rollback()
    return {
        "tiers_one_statements": counts[1],
        "tiers_more_statements": counts[100] - counts[1],
    }
