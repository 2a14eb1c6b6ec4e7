import random

from ...logic.revenue_bridge import STEPS, Spent, bridge, steps

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


class TestRevenueBridge(UnitCase):
    """Every cent between two periods has a customer and a reason."""

    def test_each_kind_of_customer_goes_to_its_step(self):
        for spent, expected in (
            (Spent(False, None, 500), {"new": 500}),
            (Spent(True, None, 500), {"returned": 500}),
            (Spent(True, 500, None), {"lost": -500}),
            (Spent(False, 500, 0), {"lost": -500}),
            (Spent(True, 500, -50), {"lost": -550}),
            (Spent(True, -50, 500), {"returned": 550}),
            (Spent(True, None, -20), {"shrunk": -20}),
            (Spent(True, -20, None), {"grown": 20}),
            (Spent(True, 300, 500), {"kept": 300, "grown": 200}),
            (Spent(True, 500, 300), {"kept": 300, "shrunk": -200}),
            (Spent(True, 500, 500), {"kept": 500}),
            (Spent(True, None, None), {}),
        ):
            self.assertEqual(steps(spent), expected)

    def test_there_is_no_residual_whatever_happens(self):
        dice = random.Random(8)
        for _period in range(200):
            customers = [
                Spent(
                    dice.random() < 0.5,
                    dice.choice((None, 0, dice.randint(-500, 9000))),
                    dice.choice((None, 0, dice.randint(-500, 9000))),
                )
                for _customer in range(dice.randint(0, 60))
            ]
            found = bridge(customers)
            self.assertEqual(found.start, sum(one.last or 0 for one in customers))
            self.assertEqual(found.end, sum(one.now or 0 for one in customers))
            self.assertEqual(found.start + sum(found.steps.values()), found.end)
            self.assertEqual(set(found.steps), set(STEPS))

    def test_everybody_is_in_one_step_at_most(self):
        dice = random.Random(2)
        for _customer in range(500):
            spent = Spent(
                dice.random() < 0.5, dice.randint(-50, 500), dice.randint(-50, 500)
            )
            self.assertLessEqual(len(steps(spent).keys() - {"kept"}), 1)

    def test_steps_with_a_sign_have_it(self):
        dice = random.Random(3)
        for _customer in range(500):
            found = steps(
                Spent(dice.random() < 0.5, dice.randint(-50, 90), dice.randint(-50, 90))
            )
            for name, amount in found.items():
                if name in ("kept", "new", "returned", "grown"):
                    self.assertGreater(amount, 0)
                else:
                    self.assertLess(amount, 0)
