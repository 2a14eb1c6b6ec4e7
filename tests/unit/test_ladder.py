"""Where the rules lead a customer, step by step."""

from datetime import date

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.ladder import Conditions, Ladder, Step, stay_ends_on

TODAY = date(2024, 1, 1)


def steps(*forward_only):
    """Steps whose rule is the number of purchases it asks for."""
    return tuple(
        Step(number, rule=number, forward_only=forward)
        for number, forward in enumerate(forward_only)
    )


def enough(rule, values, _day):
    """The rules of these tests: at least so many."""
    return values["purchases"] >= rule


class TestLadder(UnitCase):
    """Positions."""

    def entitled(self, ladder, purchases):
        """The step that so many purchases entitle to."""
        return ladder.entitled({"purchases": purchases}, TODAY, enough)

    def test_highest_rule_that_holds_entitles(self):
        """Not the first one, and not the last one of the ladder."""
        ladder = Ladder(steps(True, True, True))
        self.assertEqual(self.entitled(ladder, 1), 1)
        self.assertEqual(self.entitled(ladder, 7), 2)

    def test_without_a_rule_that_holds_one_stands_at_the_bottom(self):
        """Everybody stands somewhere."""
        ladder = Ladder(steps(True, True)[1:])
        self.assertEqual(self.entitled(ladder, 0), 0)

    def test_step_for_decisions_entitles_nobody(self):
        """Its rule is None; the step below it counts."""
        ladder = Ladder((*steps(True, True), Step(9)))
        self.assertEqual(self.entitled(ladder, 7), 1)

    def test_empty_ladder_has_no_place(self):
        """And asks nothing of anybody."""
        self.assertIsNone(self.entitled(Ladder(()), 3))
        self.assertIsNone(Ladder(()).target(None, None))

    def test_climbing_skips_steps(self):
        """One goes where the rules say at once."""
        self.assertEqual(Ladder(steps(True, True, True)).target(0, 2), 2)

    def test_forward_only_step_is_kept(self):
        """Whatever the rules say later."""
        self.assertEqual(Ladder(steps(True, True, True)).target(2, 0), 2)

    def test_descent_ends_on_the_next_forward_only_step(self):
        """Steps that go both ways do not hold anybody."""
        ladder = Ladder(steps(True, True, False, False))
        self.assertEqual(ladder.target(3, 0), 1)
        self.assertEqual(ladder.target(3, 2), 2)

    def test_descent_goes_all_the_way_where_nothing_holds(self):
        """The floor is the place of the rules themselves."""
        self.assertEqual(Ladder(steps(False, False, False)).target(2, 0), 0)
        self.assertEqual(Ladder(steps(True, False, False)).target(2, 0), 0)

    def test_newcomer_goes_where_the_rules_say(self):
        """There is no floor before the first step."""
        self.assertEqual(Ladder(steps(True, True, True)).target(None, 2), 2)


class TestConditions(UnitCase):
    """Conditions."""

    def test_first_rule_that_holds_applies(self):
        """The order of the list decides."""
        conditions = Conditions(steps(False, False, False)[::-1])
        found = conditions.entitled({"purchases": 1}, TODAY, enough)
        self.assertEqual(conditions.steps[found].key, 1)

    def test_none_may_apply(self):
        """Who never bought has no condition."""
        conditions = Conditions(steps(False, False)[1:])
        self.assertIsNone(conditions.entitled({"purchases": 0}, TODAY, enough))

    def test_condition_knows_no_floor(self):
        """Whatever holds is where the customer is."""
        conditions = Conditions(steps(True, True))
        self.assertEqual(conditions.target(1, 0), 0)
        self.assertIsNone(conditions.target(1, None))


class TestStay(UnitCase):
    """Minimum stays."""

    def test_stay_ends_so_many_days_later(self):
        """Ten days from the 1st of January end on the 11th."""
        step = Step(1, minimum_days=10)
        self.assertEqual(stay_ends_on(step, TODAY), date(2024, 1, 11))
        self.assertEqual(stay_ends_on(Step(1), TODAY), TODAY)
        self.assertEqual(stay_ends_on(None, TODAY), TODAY)
