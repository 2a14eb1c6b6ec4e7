"""A replay that goes on from a checkpoint answers what one from the start answers."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from random import Random
from unittest.mock import patch

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic import tier_checkpoint
from ...logic.tier import Interval
from ...logic.tier_checkpoint import Replaying
from ...logic.tier_replay import Replay, replay
from .random_tiers import (
    DAYS,
    day_at,
    purchase,
    random_day,
    random_member,
    random_rule_sets,
    random_rules,
)

CASES = 30
# Days on which a member is looked at, one after the other.
LOOKS = 12
# What the histories below came to, by edition of the checkpoints: rows stay, and a new
# edition adds one.
PINNED = {1: "80925404f8fdcdfa2f91fff9"}
OTHER_RESULTS = """
A replay of the same histories answers something else than edition {edition} of the
checkpoints did, or keeps it otherwise. Members would go on from what the earlier code
has found out. If the change is meant, raise EDITION in logic/tier_checkpoint.py and add
to PINNED:
    {next}: "{digest}",
If it is not, the replay of tiers has a mistake that nothing else has found.
"""


def told(standings):
    """What is told of standings, old and new ones alike."""
    return [
        (one.day, one.earned, one.effective, one.cause, one.valid_until, one.grant)
        for one in standings
    ]


class TestTierCheckpoint(UnitCase):
    """The seeds are fixed; everything is tried on whatever can happen to a member."""

    def setUp(self):
        super().setUp()
        self.went_on = self.began = 0
        go_on, begin = Replay.go_on, Replay.__init__

        def counted(replaying, *arguments):
            self.went_on += 1
            return go_on(replaying, *arguments)

        def counted_begin(replaying, *arguments):
            self.began += 1
            return begin(replaying, *arguments)

        for name, method in (("go_on", counted), ("__init__", counted_begin)):
            patcher = patch.object(Replay, name, method)
            patcher.start()
            self.addCleanup(patcher.stop)

    def _check(self, replaying, member, day, text, message):
        """Look at a member on a day; return the text of the next checkpoint."""
        start = replaying.load(text)
        found, kept = replaying.replay(member, day, start)
        wanted = replay(member, replaying.rule_sets, day)
        for name in ("now", "due_on", "next_on"):
            self.assertEqual(getattr(found, name), getattr(wanted, name), message)
        for name in ("standings", "transitions"):
            self.assertEqual(
                told(getattr(found, name)), told(getattr(wanted, name)), message
            )
        fresh = {one.day: one for one in wanted.standings}
        for one in found.standings:
            if start is None or one.day > start.day:
                self.assertEqual(one, fresh[one.day], message)
        return kept.dump() if kept else None

    def _known(self, member, day):
        """The member with the documents that are known on a day."""
        entries = (one for one in member.entries if one.known_on <= day)
        return replace(member, entries=tuple(entries))

    def test_looking_day_after_day_answers_what_one_reading_answers(self):
        for seed in range(CASES):
            random = Random(seed)
            member, rule_sets = random_member(random), random_rule_sets(random)
            replaying, text = Replaying(rule_sets), None
            for number in sorted(random.sample(range(DAYS), LOOKS)):
                day = day_at(number)
                known = self._known(member, day)
                text = self._check(replaying, known, day, text, (seed, day))
        self.assertGreater(self.went_on, CASES * LOOKS // 4)

    def test_whatever_changes_between_two_looks(self):
        """Documents of any day come and go, and so do decisions of people, spells,
        holds and versions of the rules.
        """
        for seed in range(CASES):
            random = Random(seed)
            member, rule_sets = random_member(random), random_rule_sets(random)
            text = None
            for number in sorted(random.sample(range(DAYS), LOOKS)):
                day = day_at(number)
                member, rule_sets = self._changed(random, member, rule_sets, day)
                known = self._known(member, day)
                replaying = Replaying(rule_sets)
                text = self._check(replaying, known, day, text, (seed, day))
        self.assertGreater(self.went_on, CASES)

    def _changed(self, random, member, rule_sets, day):
        """Change one thing, or nothing."""
        change = random.choice((*("nothing",) * 4, "late", "gone", "member", "rules"))
        if change == "late":
            late = day - timedelta(days=random.choice((0, 1, 5, 20, 300)))
            value = random.choice((400.0, -90.0))
            more = purchase(late, value, number=day.toordinal())
            member = replace(member, entries=(*member.entries, *more))
        elif change == "gone" and member.entries:
            gone = random.choice(member.entries).document
            left = (one for one in member.entries if one.document != gone)
            member = replace(member, entries=tuple(left))
        elif change == "member":
            other = random_member(random)
            name = random.choice(("grants", "since", "enrolments", "spells", "holds"))
            member = replace(member, **{name: getattr(other, name)})
        elif change == "rules":
            rule_sets = random_rule_sets(random)
        return member, rule_sets

    def test_looking_again_on_the_same_day_goes_on_too(self):
        for seed in range(CASES):
            random = Random(seed)
            rules = random_rules(random, pending_days=0, joined=False)
            member = replace(random_member(random), spells=None)
            replaying, day = Replaying((rules,)), day_at(DAYS)
            text = self._check(replaying, member, day, None, seed)
            if not text:
                continue
            before = self.went_on
            more = replace(member, entries=(*member.entries, *purchase(day, 700.0)))
            again = self._check(replaying, more, day, text, seed)
            self.assertEqual(self.went_on, before + 1)
            self.assertEqual(again, text)

    def test_an_earlier_day_begins_with_the_first(self):
        for seed in range(40):
            random = Random(seed)
            member, rule_sets = random_member(random), random_rule_sets(random)
            replaying = Replaying(rule_sets)
            text = self._check(replaying, member, day_at(DAYS), None, seed)
            self._check(replaying, member, random_day(random), text, seed)

    def test_a_purchase_that_waits_does_not_begin_anew(self):
        """The checkpoint is old enough for what is known to count later."""
        for seed in range(8):
            random = Random(seed)
            rules = random_rules(random, pending_days=14, joined=False)
            replaying, text = Replaying((rules,)), None
            days = [day_at(300 + 5 * number) for number in range(60)]
            bought = [purchase(day, 500.0, number=day.day) for day in days[::2]]
            member = replace(random_member(random), spells=None, holds=(), grants=())
            entries = tuple(entry for one in bought for entry in one)
            member = replace(member, entries=entries, since=None)
            for day in days[10:]:
                known = self._known(member, day)
                self.began = 0
                text = self._check(replaying, known, day, text, (seed, day))
                if day != days[10]:
                    # This one, and the complete one that it is compared with.
                    self.assertEqual(self.began, 2, (seed, day))

    def test_a_checkpoint_of_another_edition_is_none(self):
        random = Random(1)
        member, (rules,) = random_member(random), (random_rules(random, joined=False),)
        replaying = Replaying((rules,))
        member = replace(member, spells=(Interval(None, None),))
        _timeline, kept = replaying.replay(member, day_at(DAYS))
        text = kept.dump()
        self.assertEqual(replaying.load(text).dump(), text)
        with patch.object(tier_checkpoint, "EDITION", 0):
            self.assertIsNone(replaying.load(text))
        others = Replaying((replace(rules, version=7),))
        self.assertIsNone(others.load(text))
        self.assertIsNone(replaying.load(None))

    def test_other_results_are_another_edition(self):
        digest = blake2b(digest_size=12)
        for seed in range(4 * CASES):
            random = Random(seed)
            replaying = Replaying(random_rule_sets(random))
            member = random_member(random)
            timeline, kept = replaying.replay(member, random_day(random))
            answered = [told(timeline.standings), timeline.due_on, timeline.next_on]
            digest.update(repr([answered, self._kept(kept)]).encode())
        edition, found = tier_checkpoint.EDITION, digest.hexdigest()
        message = OTHER_RESULTS.format(edition=edition, next=edition + 1, digest=found)
        self.assertEqual(PINNED.get(edition), found, message)

    def _kept(self, checkpoint):
        """What a checkpoint says but for the edition and the fingerprint, which tells
        by itself when it is another one."""
        if not checkpoint:
            return None
        _edition, day, _inputs, *rest = json.loads(checkpoint.dump())
        return [day, *rest]
