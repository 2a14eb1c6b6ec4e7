"""How well purchases of public logs are foretold: `make bench FORECASTS=1`.

Ours stands beside the plain rule and the library ``lifetimes``. The logs and the
library are fetched into an environment of their own; nothing else sees them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

PINS = HERE / "forecasts.txt"


def main() -> int:
    """Print the table; nothing to compare with is said and is no failure."""
    from workbench import Failure, open_bench

    bench = open_bench("test")
    try:
        python = _environment(bench)
    except Failure as failure:
        print(f"\nSkipped: there is nothing to compare with.\n{failure}")
        return 0
    return subprocess.run([str(python), str(HERE / "forecasts_table.py")]).returncode


def _environment(bench) -> Path:
    """The Python of an environment with the pinned packages, made once."""
    from workbench import _pip_environment, digest, run_logged

    root = bench.places.cache / f"forecasts-{digest(PINS.read_text())}"
    python, done = root / "bin" / "python", root / "complete"
    if not done.exists():
        log = bench.places.log("forecasts")
        create = [sys.executable, "-m", "venv", "--clear", str(root)]
        run_logged(create, log, "Making an environment", _pip_environment())
        install = [str(python), "-m", "pip", "install", "-r", str(PINS)]
        run_logged(install, log, "Fetching logs and peers", _pip_environment())
        done.touch()
    return python


if __name__ == "__main__":
    sys.exit(main())
