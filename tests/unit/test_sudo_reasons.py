"""Whoever goes around access rights says for which model and why, beside the call."""

import re
from pathlib import Path

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

ROOT = Path(__file__).parents[2]
NOT_SHIPPED = ("tests", "benchmarks")
MODEL = r"[a-z_]+(\.[a-z_]+)+"
REASON = re.compile(rf"# sudo: {MODEL}(, {MODEL})* - \w")
CALL = re.compile(r"\.sudo\(|sudo=True|compute_sudo(?!=False)|SUPERUSER_ID\)")


def unexplained_calls(text: str) -> list[int]:
    """Return the lines that use more rights without a reason.

    The reason stands in the same line or in the line directly above it.

    >>> unexplained_calls("rows = self.sudo()  # sudo: res.partner - counted only")
    []
    >>> unexplained_calls("# sudo: res.partner - counted only\\nrows = self.sudo()")
    []
    >>> unexplained_calls("# sudo: res.partner - counted only\\n\\nrows = self.sudo()")
    [3]
    """
    lines = text.splitlines()
    return [
        number
        for number, line in enumerate(lines, start=1)
        if CALL.search(line.partition("#")[0])
        and not REASON.search(line)
        and not (number > 1 and is_reason(lines[number - 2]))
    ]


def is_reason(line: str) -> bool:
    """Return whether the line is a comment that gives a reason, and nothing else."""
    return bool(REASON.match(line.strip()))


class TestSudoReasons(UnitCase):
    def test_every_call_says_why(self):
        missing = [
            f"{path.relative_to(ROOT)}:{number}"
            for path in sorted(ROOT.rglob("*.py"))
            if not set(NOT_SHIPPED) & set(path.relative_to(ROOT).parts)
            for number in unexplained_calls(path.read_text())
        ]
        self.assertEqual(missing, [])

    def test_calls_without_a_reason_are_found(self):
        self.assertEqual(unexplained_calls("a = self.sudo()\nb = a.sudo()"), [1, 2])
        self.assertEqual(unexplained_calls("# sudo: as above\na = self.sudo()"), [2])
        self.assertEqual(unexplained_calls("count = field(compute_sudo=True)"), [1])
        self.assertEqual(unexplained_calls("name = field(related_sudo=True)"), [1])

    def test_a_reason_is_near_its_own_call(self):
        reason = "# sudo: res.partner - counted only\n"
        self.assertEqual(unexplained_calls(f"{reason}# and more\na = b.sudo()"), [3])
        self.assertEqual(unexplained_calls(f"{reason}a = (\n    b.sudo()\n)"), [3])
        self.assertEqual(unexplained_calls(f"a = 1  {reason}b = a.sudo()"), [2])
        self.assertEqual(unexplained_calls(f"a = (\n    {reason}    b.sudo()\n)"), [])
