import random
from math import exp, log

from ...logic.churn import Habit, Process, alive, buys_within, expected, log_likelihood
from ...logic.churn_fit import fit

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase


def random_process(dice, kind="mbg", regularity=1):
    values = [exp(dice.uniform(-1.5, 1.5)) for _parameter in range(4)]
    return Process(kind, *values, regularity=regularity)


def random_habit(dice):
    x = dice.choice((0, 0, 1, 2, 5, 20, 80))
    age = dice.uniform(0.5, 200)
    last = age * dice.uniform(0.01, 1) if x else 0.0
    return Habit(x, last, age)


def played(dice, process, customers, age):
    """Purchase days of customers who all came at one time, as a computer plays them."""
    for _customer in range(customers):
        rate = dice.gammavariate(process.r, 1 / process.alpha)
        leaves = dice.betavariate(process.a, process.b)
        days = [0.0]
        while dice.random() >= leaves:
            days.append(days[-1] + dice.gammavariate(process.regularity, 1 / rate))
            if days[-1] > age:
                days.pop()
                break
        yield days


def known(days, age):
    """What is known at an age of a customer with these purchase days."""
    seen = [day for day in days if day <= age]
    logs = sum(log(b - a) for a, b in zip(seen, seen[1:], strict=False))
    return Habit(len(seen) - 1, seen[-1], age, logs)


def simulated(dice, process, customers, age):
    return [known(days, age) for days in played(dice, process, customers, age)]


class TestChurn(UnitCase):
    """What holds for every process and every customer."""

    def setUp(self):
        super().setUp()
        self.dice = random.Random(20261122)

    def cases(self, number=150):
        for _case in range(number):
            k = self.dice.randint(1, 4)
            yield random_process(self.dice, regularity=k), random_habit(self.dice)

    def test_within_no_time_nobody_buys(self):
        for process, habit in self.cases():
            self.assertAlmostEqual(buys_within(process, habit, 0), 0, 9)
            self.assertAlmostEqual(expected(process, habit, 0), 0, 9)

    def test_the_longer_the_likelier_and_never_more_than_alive(self):
        for process, habit in self.cases():
            chances = [buys_within(process, habit, t) for t in (1, 5, 25, 125, 1e9)]
            self.assertEqual(chances, sorted(chances))
            self.assertLessEqual(chances[-1], alive(process, habit) + 1e-9)

    def test_given_all_time_whoever_is_alive_buys(self):
        for process, habit in self.cases():
            if process.r + process.regularity * habit.x > 0.5:
                whole = buys_within(process, habit, 1e30)
                self.assertAlmostEqual(whole, alive(process, habit), 6)

    def test_days_and_weeks_say_the_same(self):
        for process, habit in self.cases():
            days = Process(
                "mbg",
                process.r,
                process.alpha * 7,
                process.a,
                process.b,
                process.regularity,
            )
            same = Habit(habit.x, habit.last * 7, habit.age * 7)
            self.assertAlmostEqual(alive(process, habit), alive(days, same), 9)
            self.assertAlmostEqual(
                buys_within(process, habit, 4), buys_within(days, same, 28), 9
            )
            self.assertAlmostEqual(
                expected(process, habit, 4), expected(days, same, 28), 7
            )

    def test_whoever_bought_once_may_be_gone(self):
        once = Habit(0, 0, 30)
        process = random_process(self.dice)
        self.assertLess(alive(process, once), 1)
        older = Process("bg", process.r, process.alpha, process.a, process.b)
        self.assertEqual(alive(older, once), 1)

    def test_the_longer_the_silence_the_less_alive(self):
        for process, habit in self.cases():
            later = Habit(habit.x, habit.last, habit.age + 10, habit.log_gaps)
            self.assertLessEqual(alive(process, later), alive(process, habit) + 1e-12)

    def test_what_is_foretold_is_what_a_computer_plays(self):
        """The mean number and share of buyers in the second half; also when regular."""
        for k, tolerance in ((1, 0.05), (3, 0.12)):
            process = Process("mbg", 2.0, 8.0, 1.2, 3.0, regularity=k)
            foretold = happened = chances = buyers = 0.0
            for days in played(self.dice, process, 12000, 60):
                habit = known(days, 30)
                foretold += expected(process, habit, 30)
                chances += buys_within(process, habit, 30)
                happened += len(days) - 1 - habit.x
                buyers += len(days) - 1 > habit.x
            self.assertAlmostEqual(chances / buyers, 1, delta=0.05)
            self.assertAlmostEqual(foretold / happened, 1, delta=tolerance)

    def test_parameters_are_found_again(self):
        process = Process("mbg", 0.9, 5.0, 0.8, 2.5, regularity=2)
        found = fit(simulated(self.dice, process, 6000, 60), regularity=2)
        for name in ("r", "alpha"):
            ratio = getattr(found.process, name) / getattr(process, name)
            self.assertAlmostEqual(ratio, 1, delta=0.15)
        leaves = found.process.a / (found.process.a + found.process.b)
        self.assertAlmostEqual(leaves, 0.8 / 3.3, delta=0.03)

    def test_thirty_customers_give_no_nonsense(self):
        process = Process("mbg", 0.52, 6.18, 0.89, 1.61)
        for _draw in range(15):
            few = simulated(self.dice, process, 30, 39)
            found = fit(few)
            self.assertTrue(found.converged)
            for habit in few:
                moved = buys_within(found.process, habit, 39) - buys_within(
                    process, habit, 39
                )
                self.assertLess(abs(moved), 0.5)

    def test_impossible_customers_and_processes_are_refused(self):
        for values in ((1, 0, 5), (0, 3, 5), (1, 6, 5), (-1, 0, 5)):
            with self.assertRaises(ValueError):
                Habit(*values)
        for values in (("mbg", 0, 1, 1, 1), ("xyz", 1, 1, 1, 1), ("bg", 1, 1, 1, 1, 2)):
            with self.assertRaises(ValueError):
                Process(*values)
        with self.assertRaises(ValueError):
            fit([])

    def test_densities_are_shares_of_what_is_played(self):
        """No purchase at all, and exactly one, whenever it was."""
        process, age, steps = Process("mbg", 1.3, 3.0, 1.1, 2.0), 2.0, 400
        nothing = exp(log_likelihood(process, Habit(0, 0, age)))
        times = [age * (step + 0.5) / steps for step in range(steps)]
        densities = [exp(log_likelihood(process, Habit(1, at, age))) for at in times]
        once = sum(densities) * age / steps
        habits = simulated(self.dice, process, 40000, age)
        self.assertAlmostEqual(nothing, sum(h.x == 0 for h in habits) / 40000, 2)
        self.assertAlmostEqual(once, sum(h.x == 1 for h in habits) / 40000, 2)
