import random
from datetime import date, timedelta

from ...logic import care

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestCare(UnitCase):
    def test_what_is_due_today_is_due_within_the_grace(self):
        dice = random.Random(4)
        for _round in range(300):
            trigger = dice.choice([*care.TRIGGERS, "of_a_bridge"])
            days = dice.randint(0, 400)
            today = date(2024, 1, 1) + timedelta(dice.randint(0, 800))
            first, last = care.occasions_due(trigger, days, today)
            self.assertEqual(care.due_on(trigger, last, days), today)
            if trigger in care.LASTING:
                self.assertIsNone(first)
                continue
            oldest = care.due_on(trigger, first, days)
            self.assertEqual(oldest, today - timedelta(care.GRACE - 1))

    def test_no_more_than_the_team_can_do(self):
        for capacity, planned, left in ((50, 0, 50), (50, 20, 30), (50, 70, 0)):
            self.assertEqual(care.left_this_week(capacity, planned), left)
