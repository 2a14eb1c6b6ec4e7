"""What the addon costs the ERP: confirming quotations with it and without it.

Two databases with the same customers and orders take turns in one process, so that
whatever else the machine does weighs on both.
"""

from __future__ import annotations

import statistics
from contextlib import ExitStack

from generate import PRODUCTS
from measure import (
    Statements,
    environment,
    in_processor_time,
    pause_collector,
    seconds,
)
from screens import SALESPERSON, measure_partner_form

PAIRS = 150
WARM_UP = 10


def measure_confirmation(with_addon: str, without: str) -> dict[str, float]:
    """Confirm pairs of quotations, each in a transaction of its own."""
    names = ("with", "without")
    times: dict[str, list[float]] = {name: [] for name in names}
    texts: dict[str, list[str]] = {}
    forms: dict[str, dict[str, float]] = {}
    with ExitStack() as stack:
        environments = {
            name: stack.enter_context(environment(database))
            for name, database in zip(names, (with_addon, without), strict=True)
        }
        quotations = {
            name: _create_quotations(env) for name, env in environments.items()
        }
        pause_collector()
        for number in range(PAIRS + WARM_UP):
            # Who comes first changes, or the second would find warmer caches.
            for name in names if number % 2 else reversed(names):
                times[name].append(_confirm(quotations[name][number]))
        for name, env in environments.items():
            statements = Statements()
            with statements.watched():
                _confirm(quotations[name][-1])
            texts[name] = statements.texts
            salesperson = env["res.users"].search([("login", "=", SALESPERSON)])
            forms[name] = measure_partner_form(env(user=salesperson.id))
    taken = {name: times[name][WARM_UP:] for name in names}
    return {
        "confirm_ratio": _ratio(taken["with"], taken["without"]),
        "confirm_ms": 1000 * _usual(taken["with"]),
        "confirm_ms_without": 1000 * _usual(taken["without"]),
        "confirm_statements": len(texts["with"]),
        "confirm_statements_without": len(texts["without"]),
        "partner_without_statements": forms["without"]["partner_statements"],
        "partner_without_ms": forms["without"]["partner_ms"],
    }


def _create_quotations(env):
    partners = env["res.partner"].search(
        [("name", "=like", "Customer %")], limit=PAIRS + WARM_UP + 1, order="id"
    )
    products = env["product.product"].search(
        [("default_code", "=like", "BENCH%")], limit=PRODUCTS
    )
    quotations = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": 1.0})
                    for product in products[number : number + 3]
                ],
            }
            for number, partner in enumerate(partners)
        ]
    )
    env.cr.commit()
    return quotations


def _confirm(quotation) -> float:
    quotation.env.invalidate_all()

    def confirm() -> None:
        quotation.action_confirm()
        quotation.env.cr.commit()

    return seconds(confirm)


def _ratio(times: list[float], others: list[float]) -> float:
    """How much longer one of a pair takes than the other."""
    if in_processor_time():
        return sum(times) / sum(others)
    pairs = zip(times, others, strict=True)
    return statistics.median(one / other for one, other in pairs)


def _usual(times: list[float]) -> float:
    """The median; the mean of processor times, which come in hundredths of a second."""
    return (statistics.mean if in_processor_time() else statistics.median)(times)
