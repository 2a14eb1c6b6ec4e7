"""The rule of severity, without a database."""

from itertools import product

from ...logic.severity import LEVELS, Case, Limits, propose

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

LIMITS = Limits(trifle=20, high=1000, critical=10000, customer=50000, days=90)
AMOUNTS = (0, 5, 20, 999, 1000, 10000)
REVENUES = (0, 49999, 50000)
EARLIER = (0, 1, 5)


def level(**facts):
    """How serious a complaint with these facts is, as a number."""
    return LEVELS.index(propose(Case(**facts), LIMITS).severity)


class TestSeverity(UnitCase):
    def test_safety_is_critical_whatever_else(self):
        for amount, revenue, earlier in product(AMOUNTS, REVENUES, EARLIER):
            case = Case(True, amount, revenue, earlier)
            proposal = propose(case, LIMITS)
            self.assertEqual(proposal.severity, "critical")
            self.assertEqual([one.code for one in proposal.reasons], ["safety"])

    def test_more_never_makes_it_less_serious(self):
        for amount, revenue, earlier in product(AMOUNTS[1:], REVENUES, EARLIER):
            here = level(amount=amount, revenue=revenue, earlier=earlier)
            for more in (
                {"amount": amount * 2},
                {"revenue": revenue + 1},
                {"earlier": earlier + 1},
                {"is_safety": True},
            ):
                facts = {"amount": amount, "revenue": revenue, "earlier": earlier}
                self.assertGreaterEqual(level(**{**facts, **more}), here)

    def test_an_important_customers_trifle_is_not_low(self):
        proposal = propose(Case(amount=5, revenue=60000), LIMITS)
        self.assertEqual(proposal.severity, "high")
        self.assertEqual(
            [reason.code for reason in proposal.reasons], ["customer", "trifle"]
        )

    def test_repetition_is_one_step(self):
        self.assertEqual(level(amount=5, earlier=1), level())
        self.assertEqual(level(earlier=3), level(amount=1000))
        self.assertEqual(level(amount=10000, earlier=1), LEVELS.index("critical"))

    def test_limits_that_are_off(self):
        nothing = Limits()
        for amount, revenue, earlier in product(AMOUNTS, REVENUES, EARLIER):
            case = Case(False, amount, revenue, earlier)
            self.assertEqual(propose(case, nothing).severity, "normal")

    def test_every_other_severity_has_a_reason(self):
        for amount, revenue, earlier in product(AMOUNTS, REVENUES, EARLIER):
            proposal = propose(Case(False, amount, revenue, earlier), LIMITS)
            if proposal.severity != "normal":
                self.assertTrue(proposal.reasons)
