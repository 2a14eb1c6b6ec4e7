"""The formulas of ``logic.churn`` as expressions of SQL, over columns of one customer.

They read ``x, last, age, year`` (days) and, worked out before, ``shape, c, z, now,
later, gone, chance, later_chance``: see :meth:`customer.churn.score._foretold_sql`.
``test_churn_scores`` holds them equal to the logic on random customers.
"""

from __future__ import annotations

from odoo.tools import SQL

from ..logic.churn import TERMS
from ..logic.churn_study import INTERVALS_AHEAD, LONGEST_HORIZON
from ..logic.recalibration import LARGEST_LOGIT

YEAR = 365.0


def near_gap(model) -> float:
    """Return the parameter next to a removable gap of the formulas at 1."""
    return model.a if abs(model.a - 1) > 1e-6 else 1 + 1e-6


def unseen(model, until: SQL, number: int) -> SQL:
    """Return the weight of so many events since the last purchase."""
    weight = SQL("1::float8")
    for j in range(1, number + 1):
        weight = SQL(
            "(%s * (%s - last) / (%s::float8 + %s) * (shape + %s) / %s)",
            weight,
            until,
            model.alpha,
            until,
            j - 1,
            j,
        )
    return weight


def quiet(model, until: SQL) -> SQL:
    """Return the log weight of: alive, and quiet until a time; without what is the
    same for being gone.
    """
    weights = [unseen(model, until, j) for j in range(model.regularity)]
    return SQL(
        "(ln(%s) - shape * ln(%s::float8 + %s))",
        SQL(" + ").join(weights),
        model.alpha,
        until,
    )


def quiet_for(model, days: SQL) -> SQL:
    """Return the log weight of: alive, and quiet for so many days from now on."""
    return quiet(model, SQL("age + %s", days))


def learned_days(model) -> SQL:
    """Return the days over which the correction was learned."""
    return SQL("%s::float8", float(model._learned_days()))


def horizon(model) -> SQL:
    """Return the days in which a purchase is foretold, over ``usual_interval``, as
    ``logic.churn_study.own_horizon``.
    """
    days = SQL("%s::float8", float(model.horizon_days))
    if not model.own_horizon:
        return days
    own = SQL("LEAST(%s * usual_interval, %s)", INTERVALS_AHEAD, LONGEST_HORIZON)
    return SQL("GREATEST(%s, COALESCE(%s, 0)::float8)", days, own)


def gone(model) -> SQL:
    """Return the log weight of: left at the last purchase."""
    return SQL(
        "(ln(%s::float8) - ln(%s::float8 + x) - shape * ln(%s::float8 + last))",
        model.a,
        model.b,
        model.alpha,
    )


def alive() -> SQL:
    """Return the probability of not having left for good."""
    return SQL("CASE WHEN gone - now < 700 THEN 1 / (1 + exp(gone - now)) ELSE 0 END")


def still_quiet(ahead: SQL) -> SQL:
    """Return the probability that somebody alive buys nothing for some days more.

    The server refuses numbers that are too small for it, where Python has 0.

    :param ahead: log weight of being quiet until then
    """
    return SQL("exp(GREATEST(%s - now, -700))", ahead)


def corrected(model) -> SQL:
    """Return the corrected probability of a purchase within the horizon, as
    ``logic.churn_study.foretold``.
    """
    intercept, *weights = model.correction
    signals = [SQL("ln(age - last + 1)")]
    if model.ranks_by == "model":
        signals = [
            _logit("chance"),
            *signals,
            SQL("ln(x + 1)"),
            SQL("ln(age + 1)"),
        ]
    log_odds = _bounded(
        SQL(" + ").join(
            [
                SQL("%s::float8", intercept),
                *(
                    SQL("%s::float8 * %s", weight, signal)
                    for weight, signal in zip(weights, signals, strict=True)
                ),
            ]
        )
    )
    if model.own_horizon or model._learned_days() != model.horizon_days:
        more = SQL("%s - %s", _logit("later_chance"), _logit("chance"))
        log_odds = _bounded(SQL("%s + %s", log_odds, more))
    return SQL("1 / (1 + exp(-%s))", log_odds)


def _logit(column: str) -> SQL:
    """Return the log odds of a probability, finite for 0 and 1, too."""
    inside = SQL("LEAST(GREATEST(%s, 1e-9), 1 - 1e-9)", SQL.identifier(column))
    return SQL("ln(%s / (1 - %s))", inside, inside)


def _bounded(log_odds: SQL) -> SQL:
    return SQL("LEAST(GREATEST(%s, %s), %s)", log_odds, -LARGEST_LOGIT, LARGEST_LOGIT)


def purchases(model) -> SQL:
    """Return the purchases expected of somebody alive within a year."""
    a, totals, weights = near_gap(model), [], []
    for j in range(model.regularity):
        weight = unseen(model, SQL("age"), j)
        series = _series(SQL("(c - shape - %s)", j), a - 1)
        grown = SQL("exp(GREATEST(%s * ln(1 - z), -700)) * %s", a - 1, series)
        totals.append(SQL("%s * (1 - %s)", weight, grown))
        weights.append(weight)
    return SQL(
        "(c / %s::float8 * (%s) / (%s))",
        a - 1,
        SQL(" + ").join(totals),
        SQL(" + ").join(weights),
    )


def year_share(model) -> SQL:
    """Return the share ``z`` of a year in the time that scales the series."""
    return SQL(
        "year / (%s::float8 + year + %s * age)",
        model.regularity * model.alpha,
        model.regularity,
    )


def _series(p: SQL, q: float) -> SQL:
    """Return the hypergeometric series over ``c`` at ``z`` by Horner's scheme, as
    logic.churn.
    """
    total = SQL("1::float8")
    for j in range(TERMS, 0, -1):
        total = SQL(
            "(1 + %s * (%s + %s) * %s::float8 / ((c + %s) * %s) * z)",
            total,
            p,
            j - 1,
            q + j - 1,
            j - 1,
            j,
        )
    return total


def worth(model) -> SQL:
    """Return the mean worth of a future purchase day, pulled towards everybody's."""
    if not model or not model.spend_p:
        return SQL("0")
    return SQL(
        "(%(p)s::float8 * (%(v)s::float8 + GREATEST(revenue_total, 0)::float8)"
        " / (%(p)s::float8 * purchase_days + %(q)s::float8 - 1))",
        p=model.spend_p,
        q=max(model.spend_q, 1.0),
        v=model.spend_v,
    )


def fifth(fifths: dict[int, list], place: int, column: str, kind: str) -> SQL:
    """Return the fifth of its peers a ``row`` belongs to, 5 the best, as
    ``logic.rfm.fifth``.

    Whoever came into a small segment when there was none is compared with the first.
    """
    cases = {
        segment_id: SQL(
            "1 + width_bucket(%s, %s::%s)",
            SQL.identifier("row", column),
            known[place],
            SQL(kind),  # pylint: disable=sql-injection  # a type, no value
        )
        for segment_id, known in sorted(fifths.items())
    }
    if not cases:
        return SQL("NULL::int")
    rest = cases.pop(0, None) or next(iter(cases.values()))
    if not cases:
        return rest
    return SQL(
        "CASE row.segment_id %s ELSE %s END",
        SQL(" ").join(
            SQL("WHEN %s THEN %s", segment_id, case)
            for segment_id, case in cases.items()
        ),
        rest,
    )
