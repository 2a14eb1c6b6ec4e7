"""What tiers cost prices: pricelists of 1,000 customers, with the addon and without.

Two databases with the same customers take turns in one process. Nine of ten customers
are members of a ladder whose tiers have prices; nothing of it is kept.
"""

from __future__ import annotations

import statistics
from contextlib import ExitStack

from measure import count_statements, environment, pause_collector, seconds

CUSTOMERS = 1000
ROUNDS = 60
WARM_UP = 10


def measure_prices(with_addon: str, without: str) -> dict[str, float]:
    """Find the pricelists of 1,000 customers, nothing being known before."""
    names = ("with", "without")
    times: dict[str, list[float]] = {name: [] for name in names}
    with ExitStack() as stack:
        environments = {
            name: stack.enter_context(environment(database))
            for name, database in zip(names, (with_addon, without), strict=True)
        }
        partners = {name: _prepare(env) for name, env in environments.items()}
        _join(environments["with"], partners["with"])
        pause_collector()
        for number in range(ROUNDS + WARM_UP):
            for name in names if number % 2 else reversed(names):
                times[name].append(seconds(lambda name=name: _read(partners[name])))
        statements = {
            name: count_statements(lambda name=name: _read(partners[name]))
            for name in names
        }
        for env in environments.values():
            env.cr.rollback()
    ratios = [
        one / other
        for one, other in zip(*(times[name][WARM_UP:] for name in names), strict=True)
    ]
    return {
        "prices_ratio": statistics.median(ratios),
        "prices_ms": 1000 * statistics.median(times["with"][WARM_UP:]),
        "prices_ms_without": 1000 * statistics.median(times["without"][WARM_UP:]),
        "prices_more_statements": statements["with"] - statements["without"],
    }


def _prepare(env):
    """Switch pricelists on, with one for everybody; return the customers."""
    env.user.group_ids |= env.ref("product.group_product_pricelist")
    env["product.pricelist"].create({"name": "Everybody", "sequence": 1})
    return env["res.partner"].search(
        [("name", "=like", "Customer %")], limit=CUSTOMERS, order="id"
    )


def _join(env, partners) -> None:
    """Put nine of ten customers into one of two tiers."""
    ladder = env["customer.tier.ladder"].create({"name": "Measured"})
    tiers = env["customer.tier"].create(
        [
            {
                "name": name,
                "ladder_id": ladder.id,
                "pricelist_id": env["product.pricelist"].create({"name": name}).id,
            }
            for name in ("Silver", "Gold")
        ]
    )
    env.flush_all()
    members = partners[: CUSTOMERS * 9 // 10]
    env.cr.execute(
        """INSERT INTO customer_tier_membership (partner_id, ladder_id, tier_id, active)
           SELECT id, %s, (%s::int[])[1 + id %% 2], TRUE
             FROM unnest(%s) member(id)""",
        (ladder.id, tiers.ids, members.ids),
    )
    env.cr.execute("ANALYZE customer_tier_membership")


def _read(partners) -> None:
    partners.env.invalidate_all()
    partners.mapped("property_product_pricelist")
