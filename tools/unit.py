#!/usr/bin/env python3
"""Run what needs no Odoo: the tests of ``tests/unit`` and the examples in ``logic``."""

import doctest
import importlib
import sys
import types
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "customer_retention"


def register(*folders):
    """Make a folder importable without its ``__init__``: the root's needs Odoo."""
    package = types.ModuleType(".".join((NAME, *folders)))
    package.__path__ = [str(ROOT.joinpath(*folders))]
    sys.modules[package.__name__] = package


def main():
    """Run everything; the exit status is zero when nothing failed."""
    for folders in ((), ("tests",), ("tests", "unit")):
        register(*folders)
    load, suite = unittest.defaultTestLoader, unittest.TestSuite()
    for path in sorted(ROOT.glob("logic/[!_]*.py")):
        module = importlib.import_module(f"{NAME}.logic.{path.stem}")
        suite.addTests(doctest.DocTestSuite(module))
    for path in sorted(ROOT.glob("tests/unit/test_*.py")):
        module = importlib.import_module(f"{NAME}.tests.unit.{path.stem}")
        suite.addTests(load.loadTestsFromModule(module))
    result = unittest.TextTestRunner(verbosity=len(sys.argv)).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
