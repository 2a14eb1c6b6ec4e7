import ast
import re
from pathlib import Path

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

ROOT = Path(__file__).resolve().parents[2]

# What a later feature is called in code.
WORDS = {
    "complaint": re.compile(
        r"customer[._](complaint|recovery|corrective|service_guarantee)"
        r"|complaint_|recovery_"
    )
}
# Files of later features; the rules are named by what they decide.
LATER = {
    *("customer_recovery", "customer_corrective", "customer_service", "complaint"),
    *("customer_held",),
    *("abuse", "authority", "duplicates", "effect", "incoming", "remedy"),
    *("repurchase", "severity", "sla", "working_time"),
}
# Core models are extended for every feature in one thin file each, and what lists
# everything there is lists every feature.
EXEMPT = re.compile(
    r"^(res_|resource_|sale_|account_|crm_|mail_|rating_|digest_|base_|product_|stock_|__init__)"
)


class TestDirection(UnitCase):
    """Customers ← complaints: what comes first does not know what comes later."""

    def test_the_relationship_does_not_mention_complaints(self):
        seen = 0
        for path in self._files_before("complaint"):
            seen += 1
            for line, text in self._mentions(path):
                if WORDS["complaint"].search(text):
                    self.fail(f"{path.relative_to(ROOT)}:{line} mentions {text!r}")
        self.assertGreater(seen, 50)

    def _files_before(self, feature):
        for folder in ("logic", "models", "wizards", "report", "controllers"):
            for path in sorted((ROOT / folder).glob("*.py")):
                later = any(word in path.stem for word in LATER)
                if not later and not EXEMPT.match(path.name):
                    yield path

    @staticmethod
    def _mentions(path):
        """Names and texts of a module, without its comments and docstrings."""
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                yield node.lineno, node.attr
            elif isinstance(node, ast.Name):
                yield node.lineno, node.id
            elif isinstance(node, ast.ImportFrom):
                yield node.lineno, node.module or ""
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if " " not in node.value:
                    yield node.lineno, node.value
