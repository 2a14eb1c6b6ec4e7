"""The benchmark: `make bench SIZE=100k` generates, measures and prints one table.

SIZE is a number of customers, such as 100k or 1M; they have ten times as many orders.
A company of a quarter of that size is measured first, to say how cost grows.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

Figures = dict[str, float]


@dataclass(frozen=True)
class Line:
    """A line of the report.

    :param value: the figure of one size, from what was measured there.
    :param goal: the largest value that is good; None where there is no goal.
    """

    title: str
    value: Callable[[Figures], float]
    unit: str = "B"
    goal: float | None = None


def _in_units(name: str) -> Callable[[Figures], float]:
    return lambda figures: figures[name] / figures["bare"]


def _plain(name: str) -> Callable[[Figures], float]:
    return lambda figures: figures[name]


def _more_statements(figures: Figures) -> float:
    return figures["confirm_statements"] - figures["confirm_statements_without"]


def _spread(figures: Figures) -> float:
    counts = [figures[f"list_{size}_compared"] for size in (1, 80, 1000)]
    return max(counts) - min(counts)


REPORT = (
    Line("B, the bare aggregate over the orders", _plain("bare"), "s"),
    Line("first build of purchases and rows", _in_units("build"), goal=5),
    Line("  of which reading documents", _in_units("build_purchases")),
    Line("  of which measuring segments", _in_units("build_measure")),
    Line("  of which facts and rows", _in_units("build_rows")),
    Line("everybody again, nothing changed", _in_units("unchanged"), goal=2),
    Line("2 % of the customers ordered", _in_units("dirty"), goal=0.25),
    Line("  moves that followed", _plain("dirty_moves"), ""),
    Line("nightly job, nobody due", _in_units("idle"), goal=0.1),
    Line("nightly job, a day later", _in_units("night")),
    Line("  customers due", _plain("night_accounts"), ""),
    Line("weekly reconciliation", _in_units("reconcile")),
    Line("backfill of the log", _plain("backfill_million"), "s/M"),
    Line("  moves recorded per customer", lambda f: f["moves"] / f["rows"], ""),
    Line("growth of memory", _plain("memory"), "MB", 100),
    Line("tiers: first reading of everybody", _plain("tiers_million"), "s/M"),
    Line("  changes recorded per member", _plain("tiers_changes"), ""),
    Line("everybody again, tiers included", _in_units("tiers_unchanged"), goal=2.5),
    Line("tiers a day later", _in_units("tiers_night")),
    Line("  members due", _plain("tiers_due"), ""),
    Line("tier of one customer, statements", _plain("tiers_one_statements"), ""),
    Line("  more for a hundred", _plain("tiers_more_statements"), "", 0),
    Line("warning signals of everybody", _in_units("churn_signals")),
    Line("everybody scored for the first time", _in_units("churn_first_scores")),
    Line("a process fitted to 20,000 customers", _plain("churn_fit"), "s", 3),
    Line("  a whole weekly learning", _plain("churn_learning"), "s"),
    Line("everybody again with everything", _in_units("churn_everybody"), goal=3),
    Line("a usual day of churn, all together", _in_units("churn_usual_day"), goal=0.5),
    Line("  2 % ordered, with everything", _in_units("churn_ordered")),
    Line("  scores of the night", _in_units("churn_night")),
    Line("  scores that moved", _plain("churn_written"), ""),
    Line("  losses and cases of the night", _in_units("churn_losses")),
    Line("growth of memory, churn", _plain("churn_memory"), "MB", 100),
    Line("the list of the day, found", _plain("today_found"), "ms", 10),
    Line("  shown with its reasons", _plain("today_shown"), "ms"),
    Line("confirmation, with ÷ without", _plain("confirm_ratio"), "×", 1.05),
    Line("  more statements", _more_statements, "", 2),
    Line("  without the addon", _plain("confirm_ms_without"), "ms"),
    Line("pricelists of 1,000, with ÷ without", _plain("prices_ratio"), "×"),
    Line("  more statements", _plain("prices_more_statements"), "", 1),
    Line("  without the addon", _plain("prices_ms_without"), "ms"),
    Line("partner form", _plain("partner_ms"), "ms"),
    Line("  without the addon", _plain("partner_without_ms"), "ms"),
    Line("  statements", _plain("partner_statements"), ""),
    Line("  statements without the addon", _plain("partner_without_statements"), ""),
    Line("list of 1 customer", _plain("list_1_ms"), "ms"),
    Line("list of 80 customers", _plain("list_80_ms"), "ms"),
    Line("list of 1,000 customers", _plain("list_1000_ms"), "ms"),
    Line("  statements at 80", _plain("list_80_statements"), ""),
    Line("  difference between 1, 80 and 1,000", _spread, "", 0),
    Line("own customers, first page", _plain("own_ms"), "ms", 50),
    Line("10,000 deadlines of complaints", _plain("deadlines_seconds"), "s", 0.1),
    Line("100 complaints created ÷ no clocks", _plain("clock_create_ratio"), "×", 1.3),
    Line("  more statements", _plain("clock_create_more_statements"), ""),
    Line("100 complaints moved ÷ no clocks", _plain("clock_move_ratio"), "×"),
    Line("  more statements", _plain("clock_move_more_statements"), "", 12),
    Line("transitions, first page", _plain("transitions_ms"), "ms"),
    Line("purchases, first page", _plain("purchases_ms"), "ms"),
    Line("funnel of everybody", _plain("funnel_ms"), "ms"),
)


def main() -> int:
    """Measure two sizes and print the table; the status is 1 when a goal is missed."""
    options = _options()
    customers = _parse_size(options.size)
    os.environ["BENCH_CLOCK"] = "cpu" if options.cpu else "wall"
    sizes = [customers] if options.only else [customers // 4, customers]
    results = [_measure_size(size, options.keep) for size in sizes]
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2))
    return _print_report(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default=os.environ.get("SIZE") or "100k")
    parser.add_argument("--only", action="store_true", help="not the quarter of it")
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    parser.add_argument(
        "--cpu",
        action="store_true",
        help="processor time instead of the clock, on a machine that is not quiet",
    )
    parser.add_argument("--json", help="write what was measured to this file")
    return parser.parse_args()


def _parse_size(text: str) -> int:
    """Read a number of customers.

    >>> _parse_size("100k"), _parse_size("1M"), _parse_size("2_000")
    (100000, 1000000, 2000)
    """
    factors = {"k": 1_000, "m": 1_000_000}
    factor = factors.get(text[-1:].lower(), 1)
    try:
        number = int(text.rstrip("kKmM")) * factor
    except ValueError:
        sys.exit(f"SIZE={text} is no number. Write 100k or 1M.")
    if number < 4_000:
        sys.exit("SIZE must be at least 4000: less says nothing about cost.")
    return number


def _measure_size(customers: int, keep: bool) -> Figures:
    names = [f"bench-{customers}", f"bench-{customers}-without"]
    with _databases(names, keep) as (bench, real_names):
        figures = _in_process(_prepare, real_names[0], customers)
        with _timed(f"copying {customers} customers"):
            bench.clone(real_names[0], real_names[1])
        with _timed("installing the addon") as timer:
            from workbench import ADDON, BARE

            bench._load(real_names[0], names[0], BARE, "-i", ADDON)
        figures["install"] = timer.taken
        for measure in MEASURES:
            with _timed(f"measuring: {measure.__name__.strip('_')}"):
                figures |= _in_process(measure, *real_names)
    return figures


@contextmanager
def _databases(names: list[str], keep: bool) -> Iterator[tuple]:
    """A fresh database without the addon, and the name of another one."""
    from workbench import BARE, open_bench

    bench = open_bench("test")
    real_names = [bench.real_name(name) for name in names]
    bench.clone(bench.template(BARE), real_names[0])
    settings = {"max_parallel_workers_per_gather": "0", "jit": "off"}
    for name, value in settings.items():
        bench.server.query(f'ALTER DATABASE "{real_names[0]}" SET {name} = {value}')
    try:
        yield bench, real_names
    finally:
        for real in () if keep else real_names:
            bench.drop(real)


class _timed:
    """Say what is going on and how long it took."""

    def __init__(self, title: str) -> None:
        self.title, self.taken = title, 0.0

    def __enter__(self) -> _timed:
        self._started = time.monotonic()
        return self

    def __exit__(self, *_error: object) -> None:
        self.taken = time.monotonic() - self._started
        print(f"  {self.title}: {self.taken:.0f} s", flush=True)


def _in_process(work: Callable[..., Figures], *arguments: object) -> Figures:
    """Measure in a process of its own, which knows nothing of the others."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(work, arguments)


# --- in a process of their own ---


def _prepare(database: str, customers: int) -> Figures:
    from generate import create_masters, generate
    from measure import environment, start_odoo

    start_odoo(database)
    with environment(database) as env:
        create_masters(env)
        env.cr.commit()
        with _timed(f"generating {customers} customers"):
            figures = generate(env, customers, date.today())
        env.cr.commit()
        env.cr._cnx.autocommit = True
        with _timed("VACUUM ANALYZE"):
            env.cr.execute("VACUUM ANALYZE")
    return figures


def _engine(database: str, _without: str) -> Figures:
    from engine import measure_engine
    from measure import start_odoo

    start_odoo(database)
    return measure_engine(database)


def _screens(database: str, _without: str) -> Figures:
    from measure import start_odoo
    from screens import measure_screens

    start_odoo(database)
    return measure_screens(database)


def _confirmation(database: str, without: str) -> Figures:
    from confirm import measure_confirmation
    from measure import start_odoo

    start_odoo(database)
    return measure_confirmation(database, without)


def _prices(database: str, without: str) -> Figures:
    from measure import start_odoo
    from prices import measure_prices

    start_odoo(database)
    return measure_prices(database, without)


def _clocks(database: str, _without: str) -> Figures:
    from measure import start_odoo

    start_odoo(database)
    # Now that Odoo knows where the addon is, which it imports.
    from clocks import measure_clocks

    return measure_clocks(database)


def _tiers(database: str, _without: str) -> Figures:
    from measure import start_odoo

    start_odoo(database)
    # Now that Odoo knows where the addon is, which imports it.
    from tiers import measure_tiers

    return measure_tiers(database)


def _churn(database: str, _without: str) -> Figures:
    from churn import measure_churn
    from measure import start_odoo

    start_odoo(database)
    return measure_churn(database)


# Tiers and churn come last: what was measured before knows of none.
MEASURES = (_engine, _screens, _confirmation, _prices, _clocks, _tiers, _churn)


# --- the report ---


def _print_report(results: list[Figures]) -> int:
    largest = results[-1]
    print(
        "\nAll serial (max_parallel_workers_per_gather = 0), "
        + ("processor time" if os.environ["BENCH_CLOCK"] == "cpu" else "elapsed time")
    )
    for figures in results:
        print(
            "  {customers:,.0f} customers, {orders:,.0f} orders of which "
            "{confirmed:,.0f} confirmed".format(**figures)
        )
    heads = [f"{figures['customers']:,.0f}" for figures in results]
    growth = ["growth"] if len(results) > 1 else []
    print(f"\n{'':42}" + "".join(f"{h:>12}" for h in (*heads, *growth)) + "     goal")
    missed = 0
    for line in REPORT:
        values = [line.value(figures) for figures in results]
        verdict, bad = _verdict(line, values[-1])
        missed += bad
        cells = [f"{_number(value)} {line.unit}".strip() for value in values]
        if growth:
            cells.append(f"{values[-1] / values[0]:.2f}" if values[0] else "")
        print(f"{line.title:42}" + "".join(f"{c:>12}" for c in cells) + verdict)
    print(f"\n{missed} goals missed at {largest['customers']:,.0f} customers.")
    return int(bool(missed))


def _verdict(line: Line, value: float) -> tuple[str, bool]:
    if line.goal is None:
        return "", False
    bad = value > line.goal
    return f"  {'MISSED' if bad else 'ok':>6} ≤ {line.goal:g}", bad


def _number(value: float) -> str:
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main())
