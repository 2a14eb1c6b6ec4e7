"""Which complaints may be the same, and why."""

from datetime import datetime, timedelta

from ...logic.duplicates import Case, likeness, reasons

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

DAY = datetime(2025, 6, 30)


def case(key, day=0, **values):
    values.setdefault("account", 7)
    return Case(key, DAY + timedelta(days=day), **values)


class TestDuplicates(UnitCase):
    def test_same_things(self):
        for name in ("order", "invoice", "product"):
            with self.subTest(name=name):
                found = reasons(case(1, **{name: 3}), case(2, 5, **{name: 3}), 30)
                self.assertEqual(found, (name,))

    def test_all_reasons_are_told(self):
        values = {"order": 1, "product": 2, "subject": "The lamp is broken"}
        found = reasons(case(1, **values), case(2, **values), 30)
        self.assertEqual(found, ("order", "product", "words"))

    def test_only_the_same_customer(self):
        self.assertFalse(reasons(case(1, order=3), case(2, order=3, account=8), 30))
        self.assertFalse(reasons(case(1, order=3), case(2, order=3, account=0), 30))

    def test_unknown_people_by_their_address(self):
        one = case(1, account=0, email="a@b.c", product=3)
        same = case(2, account=0, email="a@b.c", product=3)
        other = case(3, account=0, email="x@b.c", product=3)
        nobody = case(4, account=0, product=3)
        self.assertEqual(reasons(one, same, 30), ("product",))
        self.assertFalse(reasons(one, other, 30))
        self.assertFalse(reasons(nobody, case(5, account=0, product=3), 30))

    def test_a_customer_alone_is_no_reason(self):
        self.assertFalse(reasons(case(1, subject="Late"), case(2, subject="Rude"), 30))

    def test_window(self):
        one = case(1, order=3)
        self.assertTrue(reasons(one, case(2, 30, order=3), 30))
        self.assertFalse(reasons(one, case(2, 31, order=3), 30))
        self.assertTrue(reasons(case(2, 30, order=3), one, 30))

    def test_never_itself(self):
        self.assertFalse(reasons(case(1, order=3), case(1, order=3), 30))

    def test_likeness(self):
        self.assertEqual(likeness("Re: RE: Broken lamp", "lamp broken"), 1.0)
        self.assertEqual(likeness("", "lamp"), 0.0)
        self.assertGreater(likeness("灯坏了", "灯又坏了"), 0.6)
