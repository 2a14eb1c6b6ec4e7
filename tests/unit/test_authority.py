"""Who may give what, and who has to be asked."""

import random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.authority import (
    ADMINISTRATOR,
    AUTOMATIC,
    HANDLER,
    LEVELS,
    MANAGER,
    NOBODY,
    TEAM_MANAGER,
    Limit,
    Person,
    Request,
    Spent,
    cautious_severity,
    decide,
)

LIMITS = {
    AUTOMATIC: Limit(20, 20, 40),
    HANDLER: Limit(50, 100, 200),
    TEAM_MANAGER: Limit(200, 400, 800),
    MANAGER: Limit(1000, 2000, 5000),
}


class TestAuthority(UnitCase):
    """Examples."""

    def test_what_costs_nothing_needs_no_limit(self):
        for level in (*LEVELS, AUTOMATIC):
            self.assertEqual(decide(Person(level), Request(0), {}).reason, "free")

    def test_a_level_without_limit_gives_nothing(self):
        verdict = decide(Person(HANDLER), Request(1), {})
        self.assertEqual(verdict.reason, "no_authority")
        self.assertEqual(verdict.needs, ADMINISTRATOR)

    def test_who_has_no_part_in_complaints_asks_the_handler(self):
        verdict = decide(Person(NOBODY), Request(0), LIMITS)
        self.assertEqual((verdict.is_within, verdict.needs), (False, HANDLER))

    def test_the_lowest_level_that_may_is_asked(self):
        for amount, needs in (
            (60, TEAM_MANAGER),
            (201, MANAGER),
            (1001, ADMINISTRATOR),
        ):
            verdict = decide(Person(HANDLER), Request(amount), LIMITS)
            self.assertEqual((verdict.is_within, verdict.needs), (False, needs))

    def test_each_bound_is_named(self):
        cases = {
            "per_complaint": Spent(complaint=60),
            "per_customer_year": Spent(customer_year=160),
            "team_budget": Spent(team_month=980),
        }
        for reason, spent in cases.items():
            request = Request(45, spent, budget=1000)
            self.assertEqual(decide(Person(HANDLER), request, LIMITS).reason, reason)

    def test_the_budget_of_a_team_does_not_bind_who_leads_the_teams(self):
        request = Request(45, Spent(team_month=980), budget=1000)
        self.assertEqual(decide(Person(TEAM_MANAGER), request, LIMITS).needs, MANAGER)
        self.assertTrue(decide(Person(MANAGER), request, LIMITS).is_within)

    def test_whom_it_is_about_never_decides(self):
        for level in LEVELS:
            for amount in (0, 10):
                person = Person(level, is_concerned=True)
                verdict = decide(person, Request(amount), LIMITS)
                self.assertFalse(verdict.is_within)
                self.assertEqual(verdict.reason, "concerned")

    def test_beyond_the_highest_limit_it_takes_two(self):
        limits = {**LIMITS, ADMINISTRATOR: Limit(10000)}
        author = Person(ADMINISTRATOR, is_author=True)
        other = Person(ADMINISTRATOR)
        self.assertEqual(decide(author, Request(20000), limits).needs, ADMINISTRATOR)
        self.assertEqual(decide(other, Request(20000), limits).reason, "four_eyes")

    def test_suspicion_only_stops_what_nobody_decides(self):
        request = Request(10, caution="suspect")
        verdict = decide(Person(AUTOMATIC), request, LIMITS)
        self.assertEqual((verdict.reason, verdict.needs), ("caution", HANDLER))
        self.assertTrue(decide(Person(HANDLER), request, LIMITS).is_within)

    def test_a_raised_severity_raises_no_limit(self):
        order = ("low", "normal", "high")
        self.assertEqual(cautious_severity("high", "low", order), "low")
        self.assertEqual(cautious_severity("high", None, order), "high")
        self.assertEqual(cautious_severity("low", "high", order), "low")


class TestAuthorityProperties(UnitCase):
    """What holds for any limits and amounts."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(20250701)

    def _bound(self):
        return self.random.choice([None, *range(0, 300, 25)])

    def _limits(self):
        return {
            level: Limit(self._bound(), self._bound(), self._bound())
            for level in (*LEVELS, AUTOMATIC)
            if self.random.random() < 0.8
        }

    def _request(self, amount=None):
        some = self.random.randrange
        return Request(
            some(0, 300) if amount is None else amount,
            Spent(some(0, 200), some(0, 300), some(0, 500)),
            self.random.choice([None, 200, 500]),
            self.random.choice([None, None, "suspect"]),
        )

    def _person(self):
        return Person(
            self.random.choice([*LEVELS, AUTOMATIC, NOBODY]),
            self.random.random() < 0.1,
            self.random.random() < 0.5,
        )

    def test_more_money_never_needs_less_authority(self):
        for _round in range(2000):
            person, request, limits = self._person(), self._request(), self._limits()
            larger = Request(
                request.amount + self.random.randrange(1, 100),
                request.spent,
                request.budget,
                request.caution,
            )
            if decide(person, larger, limits).is_within:
                self.assertTrue(decide(person, request, limits).is_within)

    def test_who_is_asked_stands_higher_or_is_another_of_the_highest(self):
        for _round in range(2000):
            person = self._person()
            verdict = decide(person, self._request(), self._limits())
            self.assertEqual(verdict.is_within, verdict.needs is None)
            if verdict.needs and person.level in LEVELS[:-1]:
                self.assertGreater(
                    LEVELS.index(verdict.needs), LEVELS.index(person.level)
                )

    def test_small_steps_never_lead_beyond_a_limit(self):
        for _round in range(500):
            limits = {HANDLER: Limit(self._bound(), self._bound(), self._bound())}
            budget = self.random.choice([None, 200, 500])
            given = 0
            for _step in range(30):
                amount = self.random.randrange(1, 60)
                request = Request(amount, Spent(given, given, given), budget)
                if decide(Person(HANDLER), request, limits).is_within:
                    given += amount
            limit = limits[HANDLER]
            for bound in (limit.per_complaint, limit.per_customer_year, budget):
                if bound is not None:
                    self.assertLessEqual(given, bound)

    def test_whoever_is_asked_could_approve(self):
        for _round in range(2000):
            request, limits = self._request(), self._limits()
            verdict = decide(self._person(), request, limits)
            if verdict.needs:
                asked = decide(Person(verdict.needs), request, limits)
                self.assertTrue(asked.is_within, (request, limits, verdict))
