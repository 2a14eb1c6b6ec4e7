"""Complaints beside the helpdesk of the OCA: `make bench PEERS=1 SIZE=100k`.

SIZE is a number of complaints, and of tickets. Both sides get a database of their own
from the same template, the same customers and handlers, and rows as each side itself
creates them, multiplied. What is measured takes turns in one process and is rolled
back. The peers are fetched into the cache, and nothing else sees them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

from peers_report import print_report  # noqa: E402
from run import _in_process, _parse_size, _timed  # noqa: E402

PINS = HERE / "peers.txt"
THEIR_MODULES = ("helpdesk_mgmt", "helpdesk_mgmt_sla")
FEW = 1_000


def main() -> int:
    """Measure and print; nothing to compare with is said and is no failure."""
    from workbench import Failure, open_bench

    options = _options()
    os.environ["BENCH_CLOCK"] = "cpu" if options.cpu else "wall"
    bench = open_bench("test")
    try:
        addons = _their_addons(bench)
    except Failure as failure:
        print(f"\nSkipped: there is nothing to compare with.\n{failure}")
        return 0
    with _databases(bench, addons, options.keep) as names:
        results = _in_process(_measure, *names, str(addons), options.size)
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=2, default=vars))
    print_report(results)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    size = os.environ.get("SIZE") or "100k"
    parser.add_argument("--size", type=_parse_size, default=_parse_size(size))
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    parser.add_argument("--cpu", action="store_true", help="processor time")
    parser.add_argument("--json", help="write what was measured to this file")
    return parser.parse_args()


def _their_addons(bench) -> Path:
    """A folder with the pinned peers, fetched once with pip's own settings."""
    from workbench import _pip_environment, digest, run_logged

    root = bench.places.cache / f"peers-{digest(PINS.read_text())}"
    if not root.exists():
        partial = root.with_suffix(f".{os.getpid()}")
        command = [str(bench.venv.python), "-m", "pip", "download", "--no-deps"]
        command += ["--require-hashes", "-r", str(PINS), "-d", str(partial)]
        with _timed("fetching the peers"):
            try:
                log = bench.places.log("peers")
                run_logged(command, log, "Fetching the peers", _pip_environment())
                for wheel in sorted(partial.glob("*.whl")):
                    zipfile.ZipFile(wheel).extractall(partial)
                    wheel.unlink()
                partial.rename(root)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    return root / "odoo" / "addons"


@contextmanager
def _databases(bench, addons: Path, keep: bool) -> Iterator[list[str]]:
    """A fresh database for each side, with its modules installed."""
    from workbench import ADDON, BARE

    paths = ",".join(map(str, [addons, *bench.odoo.addons]))
    sides = {
        "peers-ours": ("-i", ADDON),
        "peers-theirs": ("-i", ",".join(THEIR_MODULES), f"--addons-path={paths}"),
    }
    real_names = [bench.real_name(name) for name in sides]
    try:
        for name, real in zip(sides, real_names, strict=True):
            with _timed(f"installing {name}"):
                bench.clone(bench.template(BARE), real)
                for setting in ("max_parallel_workers_per_gather = 0", "jit = off"):
                    bench.server.query(f'ALTER DATABASE "{real}" SET {setting}')
                bench._load(real, name, BARE, *sides[name])
        yield real_names
    finally:
        for real in () if keep else real_names:
            bench.drop(real)


# --- in a process of its own ---


def _measure(ours: str, theirs: str, addons: str, size: int) -> list[dict]:
    """What both sides cost with few rows and with many."""
    from measure import start_odoo
    from peers_fill import grow, seed
    from peers_measure import measure_sides
    from peers_ours import Ours
    from peers_theirs import Theirs

    start_odoo(ours, f"--addons-path={addons},{_configured_paths()}")
    sides = [Ours(ours), Theirs(theirs)]
    for side in sides:
        with _timed(f"first rows of {side.name}"):
            seed(side)
    results = []
    for rows in (FEW, size):
        for side in sides:
            with _timed(f"{rows:,} rows of {side.name}"):
                grow(side, rows)
        with _timed(f"measuring at {rows:,} rows"):
            results.append(measure_sides(*sides))
    return results


def _configured_paths() -> str:
    """The folders with addons that the settings of the workbench name."""
    lines = Path(os.environ["ODOO_RC"]).read_text().splitlines()
    (paths,) = [line for line in lines if line.startswith("addons_path")]
    return paths.partition("=")[2].strip()


if __name__ == "__main__":
    sys.exit(main())
