"""What must be true of every replay, tried on random customers, rules, decisions."""

from dataclasses import replace
from datetime import timedelta
from random import Random

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.era import Era
from ...logic.facts import FactReader
from ...logic.history import History, Purchase
from ...logic.ladder import Conditions, Ladder, Step
from ...logic.replay import replay
from ...logic.rule import Compare, break_points
from ...logic.verdict import AXES
from .random_histories import (
    DAYS,
    FIRST_DAY,
    Log,
    PlainJudge,
    days_from,
    random_eras,
    random_history,
    random_pins,
    work_through,
)

AS_OF = FIRST_DAY + timedelta(days=DAYS)


def random_case(seed, as_of=AS_OF):
    """A customer with rules and decisions; replayed until a day."""
    random = Random(seed)
    history, eras = random_history(random), random_eras(random)
    pins = random_pins(random, eras)
    return history, eras, pins, replay(history, eras, pins, as_of)


def facts_of_moves(outcome):
    """What a day-by-day judge says of the moves of a replay."""
    return [(move.axis, move.day, move.origin, move.target) for move in outcome.moves]


def by_day(moves):
    """Moves in the order of days; of one day in the order of the axes."""
    return sorted(moves, key=lambda move: (move[1], AXES.index(move[0])))


class TestReplayProperties(UnitCase):
    """Random histories; the seed is in every message."""

    def assert_log_is(self, log, outcome, message):
        """What stands in a log is the timeline of a replay, move by move."""
        for axis in AXES:
            timeline = [move for move in outcome.moves if move.axis == axis]
            self.assertEqual(log.standing(axis), timeline, message)

    def assert_log_tells(self, log, outcome, message):
        """What stands says when it came to what; the evidence may be older."""
        for axis in AXES:
            self.assertEqual(
                [(move.day, move.origin, move.target) for move in log.standing(axis)],
                [
                    (move.day, move.origin, move.target)
                    for move in outcome.moves
                    if move.axis == axis
                ],
                message,
            )

    def test_replay_decides_as_a_judge_of_every_day(self):
        """No day that matters is skipped, and no other is taken for one."""
        moves = 0
        for seed in range(40):
            history, eras, pins, outcome = random_case(seed)
            expected = by_day(PlainJudge(history, eras, pins).moves_until(AS_OF))
            with self.subTest(seed=seed):
                self.assertEqual(by_day(facts_of_moves(outcome)), expected)
            moves += len(expected)
        self.assertGreater(moves, 200, "the random customers never move")

    def test_nightly_job_writes_the_log_of_the_backfill(self):
        """Looking at due days only, from the first day on, ends in the same log."""
        for seed in range(40):
            history, eras, pins, outcome = random_case(seed)
            with self.subTest(seed=seed):
                log = work_through(history, eras, pins, AS_OF)
                self.assert_log_is(log, outcome, f"seed {seed}")
                self.assertFalse(
                    [row for row in log.rows if row[1]], "nothing had to be corrected"
                )

    def test_late_job_writes_the_true_days(self):
        """Nights without a job are caught up with, as of the days they were."""
        late = 0
        for seed in range(40):
            history, eras, pins, outcome = random_case(seed)
            random = Random(-seed)
            awake = {FIRST_DAY + timedelta(days=day) for day in range(0, DAYS, 9)}
            awake = {day for day in awake if random.random() < 0.7} | {AS_OF}
            with self.subTest(seed=seed):
                log = work_through(
                    history,
                    eras,
                    pins,
                    AS_OF,
                    asleep=lambda day, on=awake: day not in on,
                )
                self.assert_log_is(log, outcome, f"seed {seed}")
                late += sum(move.day not in awake for move in outcome.moves)
        self.assertGreater(late, 150, "no move fell into a night without a job")

    def test_order_of_documents_does_not_matter(self):
        """What happened is a set; a heap of invoices in any order tells the same."""
        for seed in range(60):
            history, eras, pins, outcome = random_case(seed)
            random = Random(seed)
            shuffled = replace(
                history,
                purchases=tuple(
                    random.sample(history.purchases, len(history.purchases))
                ),
                quotations=history.quotations[::-1],
                contact_days=history.contact_days[::-1],
                categories=history.categories[::-1],
            )
            with self.subTest(seed=seed):
                self.assertEqual(replay(shuffled, eras, pins[::-1], AS_OF), outcome)

    def test_what_comes_later_changes_nothing_before(self):
        """A purchase after the day of the evaluation does not exist yet."""
        for seed in range(60):
            history, eras, pins, outcome = random_case(seed)
            tomorrow = AS_OF + timedelta(days=1)
            later = replace(
                history,
                purchases=(*history.purchases, Purchase(tomorrow, 75.0, True)),
                contact_days=(*history.contact_days, tomorrow),
                categories=(*history.categories, (tomorrow, 9)),
            )
            found = replay(later, eras, pins, AS_OF)
            with self.subTest(seed=seed):
                self.assertEqual(found.moves, outcome.moves)
                self.assertEqual(found.position, outcome.position)
                self.assertEqual(found.condition, outcome.condition)
                self.assertLessEqual(found.next_on, tomorrow)

    def test_nothing_changes_before_the_next_decision_day(self):
        """Asking again on any day until then finds no move."""
        announced = 0
        for seed in range(40):
            history, eras, pins, _outcome = random_case(seed)
            day = FIRST_DAY + timedelta(days=Random(seed).randint(100, 500))
            outcome = replay(history, eras, pins, day)
            end = AS_OF + timedelta(days=900)
            following = replay(history, eras, pins, end).moves[len(outcome.moves) :]
            with self.subTest(seed=seed):
                if following:
                    self.assertGreater(outcome.next_on, day)
                    self.assertLessEqual(outcome.next_on, following[0].day)
                    announced += outcome.next_on == following[0].day
        self.assertGreater(announced, 5, "the announced day is never a day of a move")

    def test_every_announced_day_is_later(self):
        """The chain of announced days goes forward and comes to an end."""
        for seed in range(20):
            history, eras, pins, outcome = random_case(seed)
            with self.subTest(seed=seed):
                day, links = AS_OF, 0
                while outcome.next_on:
                    self.assertGreater(outcome.next_on, day)
                    day, links = outcome.next_on, links + 1
                    outcome = replay(history, eras, pins, day)
                    self.assertLess(links, 300)

    def test_corrections_lead_to_the_log_of_the_true_past(self):
        """A past purchase appears or goes away; the log then says what a new one
        would, and saying it again adds nothing.
        """
        corrected = 0
        for seed in range(70):
            history, eras, pins, outcome = random_case(seed)
            log, random = Log(), Random(seed)
            log.append(outcome)
            for attempt in range(3):
                history = self.with_another_past(random, history)
                fresh = replay(history, eras, pins, AS_OF, known_since=log.first_day())
                rows = log.append(fresh)
                message = f"seed {seed}, attempt {attempt}"
                if any(move.axis == "condition" for move in fresh.moves):
                    self.assert_log_tells(log, fresh, message)
                self.assertEqual(log.append(fresh), 0, message)
                corrected += bool(rows)
        self.assertGreater(corrected, 50, "the changed pasts change nothing")

    @staticmethod
    def with_another_past(random, history):
        """One purchase removed, or one more."""
        purchases = list(history.purchases)
        if purchases and random.random() < 0.6:
            purchases.remove(random.choice(purchases))
        else:
            day = FIRST_DAY + timedelta(days=random.randint(0, DAYS))
            purchases.append(Purchase(day, 55.0, True))
        return replace(history, purchases=tuple(purchases))

    def test_corrected_log_is_continued(self):
        """After a correction the nightly job goes on as if it had always been so."""
        for seed in range(40):
            history, eras, pins, _outcome = random_case(seed)
            middle = FIRST_DAY + timedelta(days=DAYS // 2)
            log = work_through(history, eras, pins, middle)
            history = self.with_another_past(Random(seed), history)
            for day in days_from(middle, DAYS // 2 + 1)[::35]:
                outcome = replay(history, eras, pins, day, known_since=log.first_day())
                log.append(outcome)
            if any(move.axis == "condition" for move in outcome.moves):
                self.assert_log_tells(log, outcome, f"seed {seed}")

    def test_no_rule_leads_below_a_forward_only_step(self):
        """As long as the ladder stays the same and nobody decides otherwise."""
        floors = 0
        for seed in range(120):
            random = Random(seed)
            history, eras = random_history(random), random_eras(random)[:1]
            steps = eras[0].positions.steps
            rank = {step.key: number for number, step in enumerate(steps)}
            floor = -1
            for move in replay(history, eras, (), AS_OF).moves:
                if move.axis == "position":
                    with self.subTest(seed=seed, day=move.day):
                        self.assertGreaterEqual(rank[move.target], floor)
                    if steps[rank[move.target]].forward_only:
                        floor = max(floor, rank[move.target])
                        floors += floor > 0
        self.assertGreater(floors, 20, "nobody ever reached a floor")

    def test_no_rule_ends_a_minimum_stay(self):
        """Only days later, or a decision."""
        stays = 0
        for seed in range(120):
            random = Random(seed)
            history, eras = random_history(random), random_eras(random)[:1]
            minimum = {
                step.key: step.minimum_days
                for step in (*eras[0].positions.steps, *eras[0].conditions.steps)
            }
            moves = replay(history, eras, (), AS_OF).moves
            for axis in AXES:
                path = [move for move in moves if move.axis == axis]
                for move, following in zip(path, path[1:], strict=False):
                    days = (following.day - move.day).days
                    with self.subTest(seed=seed, day=following.day):
                        self.assertGreaterEqual(days, minimum.get(move.target, 0))
                    stays += days == minimum.get(move.target) and days > 1
        self.assertGreater(stays, 3, "no stay was ever waited for")

    def test_highest_position_never_sinks_within_a_ladder(self):
        """And is never lower than where the customer stands."""
        for seed in range(25):
            random = Random(seed)
            history, eras = random_history(random), random_eras(random)[:1]
            rank = {step.key: no for no, step in enumerate(eras[0].positions.steps)}
            pins, highest = random_pins(random, eras), -1
            for day in days_from(FIRST_DAY, DAYS)[::35]:
                position = replay(history, eras, pins, day).position
                if position.current is not None:
                    with self.subTest(seed=seed, day=day):
                        self.assertGreaterEqual(rank[position.highest], highest)
                        self.assertGreaterEqual(
                            rank[position.highest], rank[position.current]
                        )
                    highest = rank[position.highest]

    def test_silence_is_dated_by_the_last_purchase(self):
        """Dormant begins on the day the threshold is passed, whenever one looks."""
        dormant = Compare("overdue_ratio", ">", 3.5)
        bought = Compare("purchase_count", ">", 0)
        era = Era(
            None,
            Ladder((Step(1, rule=None),)),
            Conditions((Step(11, rule=dormant), Step(12, rule=bought))),
            30.0,
        )
        seen = 0
        for seed in range(80):
            random = Random(seed)
            purchases = random_history(random).purchases
            history = History(tuple(item for item in purchases if item.day <= AS_OF))
            outcome = replay(history, (era,), (), AS_OF)
            if outcome.condition.current != 11:
                continue
            last = max(item.day for item in history.purchases if item.counts)
            usual = self.usual_interval(history, 30.0)
            expected = last + timedelta(days=int(3.5 * usual) + 1)
            with self.subTest(seed=seed):
                self.assertEqual(outcome.condition.since, expected)
            seen += 1
        self.assertGreater(seen, 20, "nobody falls silent")

    @staticmethod
    def usual_interval(history, fallback):
        """Median of the gaps, in plain words."""
        days = sorted({item.day for item in history.purchases if item.counts})
        gaps = sorted((b - a).days for a, b in zip(days, days[1:], strict=False))
        if len(days) < 3:
            return fallback
        middle = len(gaps) // 2
        return gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2

    def test_announced_day_covers_the_clock_of_every_rule(self):
        """Also of rules that decide nothing today."""
        for seed in range(40):
            history, eras, pins, outcome = random_case(seed)
            era = eras[-1]
            if not era.starts or era.starts > AS_OF or not outcome.next_on:
                continue
            values = FactReader(history, era.fallback).at(AS_OF)
            for step in (*era.positions.steps, *era.conditions.steps):
                flip = step.rule and break_points(step.rule, values, AS_OF)
                if flip:
                    self.assertLessEqual(outcome.next_on, flip, f"seed {seed}")
