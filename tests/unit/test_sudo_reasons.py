"""Whoever goes around access rights says for which model and why, beside the call."""

import ast
import re
from pathlib import Path

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

ROOT = Path(__file__).parents[2]
FOLDERS = ("models", "wizards", "controllers", "report", "addons")
REASON = re.compile(r"# sudo: [a-z_]+(\.[a-z_]+)+(, [a-z_]+(\.[a-z_]+)+)* - \w")
CALL = re.compile(r"\.sudo\((?!False)|compute_sudo|SUPERUSER_ID\)")


def unexplained_calls(text: str) -> list[int]:
    """Return the lines that use more rights without a reason.

    The reason stands in a line of the same statement or in the comment right above it.

    >>> unexplained_calls("rows = self.sudo()  # sudo: res.partner - counted only")
    []
    >>> unexplained_calls("# sudo: res.partner - counted only\\n\\nrows = self.sudo()")
    [3]
    """
    lines = text.splitlines()
    starts = statement_starts(text)
    found = []
    for number, line in enumerate(lines):
        code = line.partition("#")[0]
        if not CALL.search(code):
            continue
        start = starts.get(number + 1, number + 1) - 1
        while start and lines[start - 1].strip().startswith("#"):
            start -= 1
        if not any(REASON.search(one) for one in lines[start : number + 1]):
            found.append(number + 1)
    return found


def statement_starts(text: str) -> dict[int, int]:
    """Return {line: first line of the innermost statement it belongs to}."""
    starts: dict[int, int] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                starts[number] = max(starts.get(number, 0), node.lineno)
    return starts


class TestSudoReasons(UnitCase):
    def test_every_call_says_why(self):
        missing = [
            f"{path.relative_to(ROOT)}:{number}"
            for folder in FOLDERS
            for path in sorted((ROOT / folder).rglob("*.py"))
            if "tests" not in path.parts
            for number in unexplained_calls(path.read_text())
        ]
        self.assertEqual(missing, [])

    def test_calls_without_a_reason_are_found(self):
        self.assertEqual(unexplained_calls("a = self.sudo()\nb = a.sudo()"), [1, 2])
        self.assertEqual(unexplained_calls("# sudo: as above\na = self.sudo()"), [2])
        self.assertEqual(unexplained_calls("count = field(compute_sudo=True)"), [1])
