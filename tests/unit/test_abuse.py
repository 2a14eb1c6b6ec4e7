"""Signs of abuse: their figures, their minimum and their end."""

import random
from datetime import date, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.abuse import History, Thresholds, signs

TODAY = date(2025, 6, 30)


def ago(days):
    return TODAY - timedelta(days=days)


class TestAbuse(UnitCase):
    """Examples and properties."""

    def _codes(self, today=TODAY, **history):
        return [sign.code for sign in signs(History(**history), today)]

    def _days(self, rng, limit):
        return [ago(rng.randrange(0, 120)) for _day in range(rng.randrange(limit))]

    def _amounts(self, rng):
        return [(day, rng.uniform(1, 50)) for day in self._days(rng, 5)]

    def test_one_bad_delivery_makes_nobody_a_suspect(self):
        history = {
            "complaints": [ago(3), ago(2)],
            "orders": [ago(5)],
            "refunds": [(ago(1), 100)],
            "revenue": [(ago(5), 100)],
        }
        self.assertFalse(self._codes(**history))

    def test_a_good_customer_may_complain_often(self):
        complaints = [ago(10 * n) for n in range(6)]
        orders = [ago(10 * n) for n in range(12)]
        self.assertFalse(self._codes(complaints=complaints, orders=orders))
        self.assertTrue(self._codes(complaints=complaints, orders=orders[:11]))

    def test_compensation_beyond_a_part_of_the_revenue_is_a_sign(self):
        refunds = [(ago(9), 40.0), (ago(5), 21.0)]
        revenue = [(ago(50), 200.0)]
        [sign] = signs(History(refunds=refunds, revenue=revenue), TODAY)
        self.assertEqual(sign.code, "refund_share")
        self.assertEqual(sign.values["refunded"], 61.0)
        self.assertEqual(sign.values["revenue"], 200.0)

    def test_others_with_the_same_address_are_named(self):
        linked = {"B": [ago(4)], "A": [ago(3)], "Old": [ago(900)]}
        [sign] = signs(History(linked=linked), TODAY)
        self.assertEqual(sign.values["names"], ["A", "B"])

    def test_nought_switches_a_sign_off(self):
        history = History(
            complaints=[ago(day) for day in range(5)],
            refunds=[(ago(day), 40.0) for day in range(5)],
            linked={"A": [ago(3)]},
        )
        self.assertEqual(len(signs(history, TODAY)), 3)
        off = Thresholds(complaints=0, refunds=0, identities=0)
        self.assertFalse(signs(history, TODAY, off))

    def test_what_is_to_come_does_not_count(self):
        self.assertFalse(self._codes(complaints=[ago(-n) for n in range(1, 6)]))

    def test_every_sign_is_gone_on_the_day_it_names_and_there_the_day_before(self):
        rng = random.Random(11)
        thresholds = Thresholds(window=90)
        seen = set()
        for _round in range(400):
            history = History(
                complaints=self._days(rng, 6),
                orders=self._days(rng, 6),
                refunds=self._amounts(rng),
                revenue=self._amounts(rng),
                linked={"A": self._days(rng, 2), "B": self._days(rng, 2)},
            )
            for sign in signs(history, TODAY, thresholds):
                seen.add(sign.code)
                self.assertGreater(sign.expires_on, TODAY)
                later = signs(history, sign.expires_on, thresholds)
                self.assertNotIn(sign.code, [other.code for other in later])
                day_before = sign.expires_on - timedelta(days=1)
                still = signs(history, day_before, thresholds)
                self.assertIn(sign.code, [other.code for other in still])
        self.assertEqual(len(seen), 3, "the rounds must show every sign")
