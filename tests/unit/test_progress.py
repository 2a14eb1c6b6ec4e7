"""What the workbench tells a person: how far it is, what went wrong, the way out."""

import importlib.util
import socket
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

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


class WorkbenchCase(UnitCase):
    """The script at hand as ``self.workbench``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workbench = load_workbench()
        cls.addClassCleanup(sys.modules.pop, "retention_workbench")


class TestLastLine(WorkbenchCase):
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


class TestTrouble(WorkbenchCase):
    def test_known_trouble_is_one_sentence_with_the_way_out(self):
        for log, words in (
            (
                "tar: write error: No space left on device",
                "The disk is full. Free some",
            ),
            ("E: Failed to fetch x  Hash Sum mismatch", "Run the command again"),
            ("Could not resolve 'archive.example'", "Check the connection"),
            ("ERROR: No matching distribution found for lxml", "Python 3.11"),
            ("GPG error: NO_PUBKEY 0123", "debian-archive-keyring"),
        ):
            told = self.workbench.explain(f"some output\n{log}\n", "The set-up")
            self.assertTrue(told.startswith("The set-up failed. "), told)
            self.assertIn(words, told)
            self.assertNotIn("some output", told)

    def test_unknown_trouble_shows_the_end_of_the_log(self):
        log = "\n".join(f"line {number}" for number in range(40))
        told = self.workbench.explain(log, "The set-up")
        self.assertIn("line 39", told)
        self.assertNotIn("line 24", told)

    def test_full_disk_is_told_before_anything_begins(self):
        places = SimpleNamespace(cache="/some/cache")
        usage = SimpleNamespace(free=0.3e9)
        with (
            patch.object(self.workbench.shutil, "disk_usage", return_value=usage),
            self.assertRaisesRegex(self.workbench.Failure, "Only 0.3 GB are free"),
        ):
            self.workbench.check_disk(places)

    def test_taken_port_is_told_with_another_one(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with self.assertRaisesRegex(self.workbench.Failure, rf"{port}[\s\S]*PORT="):
                self.workbench.check_port(port, "demo")
