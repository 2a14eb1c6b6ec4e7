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
    ),
    "tier": re.compile(r"customer[._](tier|account_group|referral)|tier_|referral_"),
    "churn": re.compile(
        r"customer[._](churn|contact[._]log|care|handover|dependence|diligence)|churn_"
        r"|customer[._]retention[._](case|play|offer|draw|effect|campaign)"
    ),
}
# Files of later features, the last feature first; the rules are named by what they
# decide.
LATER = {
    "churn": {
        *("churn", "danger", "grading", "recalibration", "spend"),
        *("revenue_bridge",),
        *("health", "season", "rfm"),
        *("today", "contact_log", "care", "handover", "dependence", "diligence"),
        *("holdout", "retention"),
    },
    "complaint": {
        *("customer_recovery", "customer_corrective", "customer_service", "complaint"),
        *("customer_held", "customer_document"),
        *("abuse", "authority", "duplicates", "effect", "incoming", "remedy"),
        *("repurchase", "severity", "sla", "working_time"),
    },
    "tier": {"tier", "account_group", "referral", "renewal", "minimise"},
}
# Core models are extended for every feature in one thin file each, and what lists
# everything there is lists every feature.
EXEMPT = re.compile(
    r"^(res_|resource_|sale_|account_|crm_|mail_|rating_|digest_|base_|product_|stock_|__init__)"
)


class TestDirection(UnitCase):
    """Customers ← tiers ← complaints: what comes first does not know what is later."""

    def test_the_relationship_does_not_mention_complaints(self):
        self._check("relationship", "complaint")

    def test_the_relationship_does_not_mention_tiers(self):
        self._check("relationship", "tier")

    def test_tiers_do_not_mention_complaints(self):
        self._check("tier", "complaint")

    def test_nothing_before_it_mentions_churn(self):
        for feature in ("relationship", "tier", "complaint"):
            self._check(feature, "churn")

    def _check(self, feature, later):
        """The files of a feature do not mention a later one."""
        seen = 0
        for path in self._files_of(feature):
            seen += 1
            for line, text in self._mentions(path):
                if WORDS[later].search(text):
                    self.fail(f"{path.relative_to(ROOT)}:{line} mentions {text!r}")
        self.assertGreater(seen, 50)

    def _files_of(self, feature):
        for folder in ("logic", "models", "wizards", "report", "controllers"):
            for path in sorted((ROOT / folder).glob("*.py")):
                if not EXEMPT.match(path.name) and self._feature(path) == feature:
                    yield path

    @staticmethod
    def _feature(path):
        """The last of the features a file is about."""
        for feature, words in LATER.items():
            if any(word in path.stem for word in words):
                return feature
        return "relationship"

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
