from datetime import date

from ...logic import handover

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestHandover(UnitCase):
    """Who matters most hears first; leaving counts more than a last purchase."""

    def test_key_customers_are_called_first(self):
        day = date(2024, 12, 30)
        key, ordinary, small = (
            handover.introduce_by(day, value) for value in ("key", "ordinary", "small")
        )
        self.assertEqual(key, date(2025, 1, 2))
        self.assertLess(key, ordinary)
        self.assertLess(ordinary, small)
        for unknown in (None, "", "new"):
            self.assertEqual(handover.introduce_by(day, unknown), ordinary)

    def test_outcomes(self):
        day = date(2025, 3, 1)
        before, after = date(2025, 2, 1), date(2025, 4, 1)
        for bought, lost_on, outcome in (
            (True, None, "bought"),
            (False, None, "waiting"),
            (True, after, "lost"),
            (False, before, "before"),
            (True, before, "bought"),
        ):
            with self.subTest(outcome=outcome):
                self.assertEqual(handover.outcome(day, bought, lost_on), outcome)
