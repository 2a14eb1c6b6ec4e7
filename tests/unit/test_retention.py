import random
from itertools import product

from ...logic.holdout import held_out
from ...logic.retention import (
    BAD_FAITH,
    CAUSES,
    SILENT,
    Play,
    Situation,
    cause_of,
    choose,
    net_margin,
    openings,
)

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

CLASSES = ("key", "ordinary", "small")


class TestPlays(UnitCase):
    """The play fits the cause and the value, or there is none."""

    def situations(self):
        for kind, value_class, group, nature, days, complaints in product(
            ("save", "win_back"),
            CLASSES,
            (None, "service", "value", "other"),
            (None, "competitive", "malicious"),
            (10, 365, 366),
            (0, 2),
        ):
            reasons = frozenset({1, 2}) if group else frozenset()
            yield Situation(kind, value_class, reasons, group, nature, days, complaints)

    def test_every_situation_has_a_cause(self):
        for situation in self.situations():
            self.assertIn(cause_of(situation), CAUSES)

    def test_silence_is_no_cause_before_the_loss(self):
        causes = {
            cause_of(situation)
            for situation in self.situations()
            if situation.kind == "save"
        }
        self.assertNotIn(SILENT, causes)

    def test_no_play_is_played_for_somebody_it_is_not_for(self):
        dice = random.Random(4)
        for _round in range(300):
            plays = self.random_plays(dice)
            for situation in dice.sample(list(self.situations()), 20):
                play = choose(plays, situation)
                if not play:
                    continue
                self.assertEqual(play.kind, situation.kind)
                self.assertIn(play.value_class, (None, situation.value_class))
                self.assertIn(play.cause, (None, cause_of(situation)))
                self.assertTrue(not play.reasons or play.reasons & situation.reasons)

    def test_bad_faith_and_long_silence_get_nothing_that_is_for_everybody(self):
        general = [Play(kind, kind) for kind in ("save", "win_back")]
        for situation in self.situations():
            named = cause_of(situation) in (BAD_FAITH, SILENT)
            self.assertEqual(choose(general, situation) is None, named)

    def test_one_more_play_never_takes_a_play_away(self):
        dice = random.Random(8)
        for _round in range(200):
            plays = self.random_plays(dice)
            for situation in dice.sample(list(self.situations()), 10):
                if choose(plays[:-1], situation):
                    self.assertTrue(choose(plays, situation))

    def test_the_more_precise_play_wins_wherever_it_stands(self):
        situation = Situation("win_back", "key", frozenset({1}), "service")
        plays = [
            Play("any", "win_back"),
            Play("class", "win_back", value_class="key"),
            Play("cause", "win_back", cause="service"),
            Play("both", "win_back", cause="service", value_class="key"),
            Play("reason", "win_back", reasons=frozenset({1})),
        ]
        for number in range(5, 0, -1):
            some = plays[:number]
            random.Random(number).shuffle(some)
            self.assertEqual(choose(some, situation).key, plays[number - 1].key)

    def test_of_equals_the_first_counts(self):
        plays = [Play("first", "save"), Play("second", "save")]
        self.assertEqual(choose(plays, Situation("save", "key")).key, "first")

    def random_plays(self, dice):
        return [
            Play(
                number,
                dice.choice(("save", "win_back")),
                dice.choice((None, *CAUSES)),
                dice.choice((None, *CLASSES)),
                frozenset(dice.sample((1, 2, 3), dice.choice((0, 0, 1)))),
            )
            for number in range(dice.randint(1, 8))
        ]


class TestOpenings(UnitCase):
    """As many as the team can take on, the most valuable first, drawn before."""

    def test_capacity_is_kept_and_used(self):
        dice = random.Random(2)
        for _round in range(300):
            keys = list(range(dice.randint(0, 60)))
            capacity, share = dice.randint(0, 12), dice.random()
            found = list(
                openings(
                    keys, capacity, lambda key, s=share: held_out(str(key), "x", s)
                )
            )
            approached = [one.key for one in found if not one.is_held_out]
            self.assertLessEqual(len(approached), capacity)
            self.assertEqual([one.key for one in found], keys[: len(found)])
            if len(found) < len(keys):
                self.assertEqual(len(approached), capacity)

    def test_nobody_is_drawn_who_would_not_have_been_called(self):
        """After the last one approached chance decides on nobody."""
        found = list(openings(range(100), 3, lambda key: key % 2 == 0))
        self.assertFalse(found[-1].is_held_out)
        self.assertEqual(list(openings(range(9), 0, lambda key: True)), [])

    def test_margin_after_the_cost_of_offers(self):
        self.assertEqual(net_margin(0.0, 30.0, 50.0), -50.0)
        self.assertEqual(net_margin(-100.0, 50.0, 0.0), -50.0)
