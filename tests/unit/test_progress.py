"""What the workbench shows of a running command: a whole sentence of its log."""

import importlib.util
import sys
import tempfile
from pathlib import Path

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

SCRIPT = Path(__file__).parents[2] / "tools" / "workbench.py"
PREFIX = "2026-01-31 02:03:04,567 4711 INFO cr1a2b3c_demo"


def load_workbench():
    """The script as a module; it is started by its path, never imported."""
    spec = importlib.util.spec_from_file_location("retention_workbench", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class TestLastLine(UnitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workbench = load_workbench()
        cls.addClassCleanup(sys.modules.pop, "retention_workbench")

    def shown(self, text):
        """What is shown beside the clock when a log ends with ``text``."""
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "some.log"
            log.write_text(text)
            return self.workbench._last_line(log)

    def test_message_without_what_only_developers_need(self):
        name = "odoo.addons.customer_retention.demo.build"
        line = f"{PREFIX} {name}: Demo company: make_orders in 12.3 s \n"
        self.assertEqual(self.shown(line), " (Demo company: make_orders in 12.3 s)")

    def test_long_line_ends_after_a_word(self):
        shown = self.shown("Downloading " + "some_package " * 9)
        self.assertTrue(shown.endswith(" some_package …)"), shown)
        self.assertLessEqual(len(shown), 64)

    def test_nothing_is_shown_of_an_empty_log(self):
        self.assertEqual(self.shown(""), "")
        self.assertEqual(self.workbench._last_line(None), "")
