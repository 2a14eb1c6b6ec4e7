import random
from math import ceil

from ...logic import rfm

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestFifths(UnitCase):
    def test_a_fifth_is_that_of_all_who_are_not_greater(self):
        dice = random.Random(2)
        for number in (1, 2, 5, 7, 60, 333):
            values = [
                dice.randint(0, dice.choice([3, 40, 900])) for _n in range(number)
            ]
            fences = rfm.fences(values)
            for value in values:
                below = sum(other <= value for other in values)
                self.assertEqual(
                    rfm.fifth(value, fences), ceil(5 * (below / number)), values
                )

    def test_fences_rise(self):
        dice = random.Random(5)
        for number in (3, 20, 200):
            fences = rfm.fences([dice.random() for _n in range(number)])
            self.assertEqual(list(fences), sorted(fences))
            self.assertEqual(len(fences), 4)
