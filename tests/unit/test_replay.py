"""The path of one customer through rules and decisions, on days one can count."""

from datetime import date, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.era import Era
from ...logic.history import History, Purchase, Quotation
from ...logic.ladder import Conditions, Ladder, Step
from ...logic.replay import replay
from ...logic.rule import parse
from ...logic.verdict import Pin

PROSPECT, FIRST, REPEAT, LOYAL = 1, 2, 3, 4
ACTIVE, DORMANT, LOST = 11, 12, 13


def day(text):
    """The date of an ISO text."""
    return date.fromisoformat(text)


def bought(*days):
    """A history of purchases of 100."""
    return History(purchases=tuple(Purchase(day(text), 100.0) for text in days))


def ladder(**changes):
    """Prospect, first-time, repeat and loyal; values of a step by its name."""
    rules = {
        "prospect": [],
        "first": [["purchase_days", ">=", 1]],
        "repeat": [["purchase_days", ">=", 2]],
        "loyal": [["purchase_days", ">=", 3], ["overdue_ratio", "<=", 2]],
    }
    return Ladder(
        tuple(
            Step(
                key,
                **{
                    "version": key,
                    "rule": parse(rules[name]),
                    **changes.get(name, {}),
                },
            )
            for key, name in enumerate(rules, 1)
        )
    )


def conditions(**changes):
    """Active up to 1.5 usual intervals, dormant up to 6, then lost."""
    rules = {
        "active": [["overdue_ratio", "<=", 1.5]],
        "dormant": [["overdue_ratio", "<=", 6]],
        "lost": [["purchase_count", ">=", 1]],
    }
    return Conditions(
        tuple(
            Step(
                key,
                **{
                    "version": key,
                    "rule": parse(rules[name]),
                    **changes.get(name, {}),
                },
            )
            for key, name in enumerate(rules, 11)
        )
    )


ERA = Era(None, ladder(), conditions(), fallback=30.0)


def path(outcome, axis="position"):
    """(day, target, cause) of the moves on an axis."""
    return [
        (move.day.isoformat(), move.target, move.cause)
        for move in outcome.moves
        if move.axis == axis
    ]


class TestReplayOfRules(UnitCase):
    """One set of rules, no decisions."""

    def run_until(self, history, as_of, *eras, pins=(), **options):
        """Replay with the rules of these tests, or others."""
        return replay(history, eras or (ERA,), pins, day(as_of), **options)

    def test_every_move_has_its_true_day(self):
        """Also the ones the calendar alone brings about."""
        history = bought("2024-01-01", "2024-01-31", "2024-03-01")
        outcome = self.run_until(history, "2024-12-31")
        self.assertEqual(
            path(outcome),
            [
                ("2024-01-01", FIRST, "entry"),
                ("2024-01-31", REPEAT, "rule"),
                ("2024-03-01", LOYAL, "rule"),
            ],
        )
        # A usual interval of 30 days: 45 are full on the 46th day of silence.
        self.assertEqual(
            path(outcome, "condition"),
            [
                ("2024-01-01", ACTIVE, "entry"),
                ("2024-04-16", DORMANT, "rule"),
                ("2024-08-29", LOST, "rule"),
            ],
        )

    def test_prospect_enters_with_the_first_quotation(self):
        """And has no condition before the first purchase."""
        history = History(
            quotations=(Quotation(day("2024-01-01"), None, 10.0),),
            purchases=bought("2024-02-01").purchases,
        )
        outcome = self.run_until(history, "2024-02-10")
        self.assertEqual(
            path(outcome),
            [("2024-01-01", PROSPECT, "entry"), ("2024-02-01", FIRST, "rule")],
        )
        self.assertEqual(path(outcome, "condition"), [("2024-02-01", ACTIVE, "entry")])

    def test_nothing_known_is_no_customer(self):
        """No move, and no day to come back."""
        outcome = self.run_until(History(), "2024-01-01")
        self.assertEqual(outcome.moves, ())
        self.assertIsNone(outcome.position.current)
        self.assertIsNone(outcome.next_on)

    def test_customer_whose_documents_are_gone_stays_known(self):
        """Since the day the log knows it."""
        outcome = self.run_until(History(), "2024-06-01", known_since=day("2024-02-01"))
        self.assertEqual(path(outcome), [("2024-02-01", PROSPECT, "entry")])

    def test_next_day_is_the_first_on_which_something_can_change(self):
        """The day before it, nothing has changed; on it, it has."""
        history = bought("2024-01-01", "2024-01-31", "2024-03-01")
        outcome = self.run_until(history, "2024-03-01")
        self.assertEqual(outcome.next_on, day("2024-04-16"))
        eve = self.run_until(history, "2024-04-15")
        self.assertEqual(eve.moves, outcome.moves)
        self.assertEqual(eve.next_on, day("2024-04-16"))
        self.assertEqual(
            self.run_until(history, "2024-04-16").condition.current, DORMANT
        )

    def test_standing_tells_where_from_and_since_when(self):
        """Current, previous and highest."""
        era = Era(None, ladder(loyal={"forward_only": False}), conditions(), 30.0)
        history = bought("2024-01-01", "2024-01-31", "2024-03-01")
        position = self.run_until(history, "2024-12-31", era).position
        self.assertEqual(position.current, REPEAT)
        self.assertEqual(position.since, day("2024-05-01"))
        self.assertEqual(position.previous, LOYAL)
        self.assertEqual(position.highest, LOYAL)
        self.assertEqual(position.version, REPEAT)

    def test_entitled_is_what_the_rules_say_now(self):
        """Although the customer stays where it is."""
        history = bought("2024-01-01", "2024-01-31", "2024-03-01")
        position = self.run_until(history, "2024-12-31").position
        self.assertEqual((position.entitled, position.current), (REPEAT, LOYAL))

    def test_move_keeps_the_facts_its_rule_read(self):
        """Dates as text, and no other facts."""
        history = bought("2024-01-01", "2024-01-31", "2024-03-01")
        outcome = self.run_until(history, "2024-12-31")
        dormant = next(move for move in outcome.moves if move.target == DORMANT)
        self.assertEqual(
            dormant.facts, {"last_purchase_on": "2024-03-01", "usual_interval": 30.0}
        )
        self.assertEqual(dormant.version, DORMANT)

    def test_rule_waits_for_the_end_of_a_minimum_stay(self):
        """The move is dated on the day the stay ends, and so is the next look."""
        era = Era(None, ladder(first={"minimum_days": 20}), conditions(), 30.0)
        history = bought("2024-01-01", "2024-01-05")
        waiting = self.run_until(history, "2024-01-06", era)
        self.assertEqual(path(waiting), [("2024-01-01", FIRST, "entry")])
        self.assertEqual(waiting.pending_on, day("2024-01-21"))
        self.assertEqual(waiting.next_on, day("2024-01-21"))
        outcome = self.run_until(history, "2024-01-21", era)
        self.assertEqual(path(outcome)[1:], [("2024-01-21", REPEAT, "rule")])
        self.assertIsNone(outcome.pending_on)

    def test_passing_reason_during_a_stay_leaves_no_trace(self):
        """Who is late and buys again within the stay has been active throughout."""
        era = Era(None, ladder(), conditions(active={"minimum_days": 110}), 30.0)
        history = bought("2024-01-01", "2024-01-31", "2024-03-01", "2024-04-18")
        late = self.run_until(history, "2024-04-17", era)
        self.assertEqual(late.pending_on, day("2024-04-20"))
        outcome = self.run_until(history, "2024-05-01", era)
        self.assertEqual(path(outcome, "condition"), [("2024-01-01", ACTIVE, "entry")])


class TestReplayOfEras(UnitCase):
    """Rules that change."""

    def test_new_rules_decide_from_their_first_day_on(self):
        """What was before keeps the verdict of its rules."""
        stricter = Era(
            day("2024-03-01"),
            ladder(
                repeat={
                    "rule": parse([["purchase_days", ">=", 3]]),
                    "version": 33,
                    "forward_only": False,
                },
                loyal={"rule": None},
            ),
            conditions(),
            30.0,
        )
        history = bought("2024-01-01", "2024-01-11")
        outcome = replay(history, (ERA, stricter), (), day("2024-04-01"))
        self.assertEqual(
            path(outcome),
            [
                ("2024-01-01", FIRST, "entry"),
                ("2024-01-11", REPEAT, "rule"),
                ("2024-03-01", FIRST, "rule_changed"),
            ],
        )
        before = replay(history, (ERA, stricter), (), day("2024-02-01"))
        self.assertEqual(before.position.version, REPEAT)
        self.assertLessEqual(before.next_on, day("2024-03-01"))

    def _stricter(self, **loyal):
        """From 1 August 2024 on "loyal" asks for more; version 44."""
        rule = parse([["purchase_days", ">=", 5], ["overdue_ratio", "<=", 2]])
        changes = {"rule": rule, "version": 44, **loyal}
        return Era(day("2024-08-01"), ladder(loyal=changes), conditions(), 30.0)

    def test_kept_step_names_the_version_that_led_there(self):
        """Not a later one, whose rule has never held."""
        history = bought("2024-01-01", "2024-01-31", "2024-03-01")
        outcome = replay(history, (ERA, self._stricter()), (), day("2024-09-01"))
        position = outcome.position
        self.assertEqual((position.entitled, position.by_rules), (REPEAT, LOYAL))
        self.assertEqual(position.version, LOYAL)

    def test_minimum_stay_does_not_change_the_version_that_led_there(self):
        """A step that only its stay keeps is as it was reached."""
        stay = {"forward_only": False, "minimum_days": 300}
        history = bought("2024-01-01", "2024-01-31", "2024-03-01")
        eras = (ERA, self._stricter(**stay))
        position = replay(history, eras, (), day("2024-09-01")).position
        self.assertEqual((position.entitled, position.by_rules), (REPEAT, LOYAL))
        self.assertEqual(position.version, LOYAL)

    def test_step_whose_new_rule_holds_names_the_new_version(self):
        """It is the one that decides now."""
        history = bought(*(f"2024-0{month}-01" for month in range(1, 8)))
        outcome = replay(history, (ERA, self._stricter()), (), day("2024-08-15"))
        self.assertEqual(outcome.position.by_rules, LOYAL)
        self.assertEqual(outcome.position.version, 44)

    def test_decision_keeps_the_version_of_what_the_rules_say(self):
        """Also of a step that the rules reached behind the decision, and keep."""
        pin = Pin(1, "position", FIRST, day("2024-01-15"))
        history = bought("2024-01-01", "2024-01-31", "2024-03-01")
        outcome = replay(history, (ERA, self._stricter()), (pin,), day("2024-09-01"))
        position = outcome.position
        self.assertEqual((position.current, position.by_rules), (FIRST, LOYAL))
        self.assertEqual(position.version, LOYAL)

    def test_step_that_left_the_ladder_holds_nobody(self):
        """Its customers go where the rules of the day say."""
        shorter = Era(day("2024-03-01"), Ladder(ladder().steps[:2]), conditions(), 30.0)
        outcome = replay(
            bought("2024-01-01", "2024-01-11"), (ERA, shorter), (), day("2024-04-01")
        )
        self.assertEqual(path(outcome)[-1], ("2024-03-01", FIRST, "rule_changed"))
        self.assertEqual(outcome.position.highest, FIRST)

    def test_usual_interval_of_the_segment_changes_with_the_rules(self):
        """A longer one keeps a newcomer active for longer, from its day on."""
        slower = Era(day("2024-02-25"), ladder(), conditions(), 60.0)
        outcome = replay(bought("2024-01-01"), (ERA, slower), (), day("2024-06-01"))
        self.assertEqual(
            path(outcome, "condition"),
            [
                ("2024-01-01", ACTIVE, "entry"),
                ("2024-02-16", DORMANT, "rule"),
                ("2024-02-25", ACTIVE, "rule_changed"),
                ("2024-04-01", DORMANT, "rule"),
            ],
        )


class TestReplayOfPins(UnitCase):
    """Decisions of people."""

    def run_until(self, as_of, *pins):
        """Replay a customer of two purchases with decisions."""
        return replay(bought("2024-01-01", "2024-01-31"), (ERA,), pins, day(as_of))

    def pin(self, key=7, target=LOYAL, starts="2024-01-15", ends=None, axis="position"):
        """A decision from the 15th of January on."""
        return Pin(key, axis, target, day(starts), ends and day(ends))

    def test_decision_wins_and_the_rules_go_on_beside_it(self):
        """What they say meanwhile is known."""
        outcome = self.run_until("2024-02-10", self.pin())
        self.assertEqual(
            path(outcome),
            [("2024-01-01", FIRST, "entry"), ("2024-01-15", LOYAL, "pin")],
        )
        self.assertEqual(outcome.position.by_rules, REPEAT)
        self.assertEqual(outcome.position.pin, 7)
        self.assertEqual(outcome.position.highest, LOYAL)
        self.assertEqual(outcome.moves[-1].facts, {})

    def test_after_a_decision_the_rules_decide_as_if_it_had_not_been(self):
        """A decision does not lift the floor of a ladder that goes forward only."""
        pin = self.pin(ends="2024-02-10")
        outcome = self.run_until("2024-03-01", pin)
        self.assertEqual(path(outcome)[-1], ("2024-02-10", REPEAT, "pin_ended"))
        self.assertIsNone(outcome.position.pin)
        self.assertEqual(
            self.run_until("2024-02-09", pin).pending_on, day("2024-02-10")
        )

    def test_decision_that_agrees_with_the_rules_is_no_move(self):
        """It holds, though."""
        outcome = self.run_until("2024-01-20", self.pin(target=FIRST))
        self.assertEqual(len(path(outcome)), 1)
        self.assertEqual(outcome.position.pin, 7)

    def test_later_decision_wins_over_an_earlier_one(self):
        """And gives way to it when it ends."""
        early = self.pin(key=7, target=LOYAL)
        late = self.pin(key=8, target=PROSPECT, starts="2024-02-01", ends="2024-02-10")
        outcome = self.run_until("2024-03-01", late, early)
        self.assertEqual(
            path(outcome)[1:],
            [
                ("2024-01-15", LOYAL, "pin"),
                ("2024-02-01", PROSPECT, "pin"),
                ("2024-02-10", LOYAL, "pin"),
            ],
        )

    def test_planned_decision_is_a_day_to_come_back(self):
        """Until then it changes nothing."""
        outcome = self.run_until("2024-01-10", self.pin())
        self.assertEqual(outcome.position.current, FIRST)
        self.assertEqual(outcome.pending_on, day("2024-01-15"))
        self.assertEqual(outcome.next_on, day("2024-01-15"))

    def test_decision_alone_makes_a_customer(self):
        """From the day of the decision on."""
        outcome = replay(
            History(), (ERA,), (self.pin(target=PROSPECT),), day("2024-02-01")
        )
        self.assertEqual(path(outcome), [("2024-01-15", PROSPECT, "pin")])

    def test_decision_on_the_condition_leaves_the_position_alone(self):
        """Each axis has its own decisions."""
        pin = self.pin(target=LOST, axis="condition", starts="2024-02-05")
        outcome = self.run_until("2024-02-10", pin)
        self.assertEqual(outcome.condition.current, LOST)
        self.assertEqual(outcome.condition.by_rules, ACTIVE)
        self.assertEqual(outcome.position.current, REPEAT)
        self.assertIsNone(outcome.position.pin)

    def test_withdrawn_decision_never_counted(self):
        """One that ends on the day it begins."""
        outcome = self.run_until("2024-03-01", self.pin(ends="2024-01-15"))
        self.assertEqual([target for _day, target, _cause in path(outcome)], [2, 3])

    def test_visits_only_days_that_matter(self):
        """Fifty years of silence are no work."""
        outcome = replay(
            bought("1974-01-01", "1974-01-31", "1974-03-01"),
            (ERA,),
            (),
            day("1974-03-01") + timedelta(days=18_000),
        )
        self.assertEqual(outcome.condition.current, LOST)
        self.assertIsNone(outcome.next_on)
