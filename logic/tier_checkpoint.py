"""Where a replay may go on instead of beginning with the first day.

What a replay has found out up to a day follows from what had become known by that day,
from decisions of people and from the rules. A *checkpoint* keeps it together with a
fingerprint of all these. The next replay goes on from there if they are still the same,
and answers what one from the start would; otherwise it begins with the first day. So
nobody has to say what has changed, and a checkpoint that is gone costs time only.

A checkpoint is some days old: documents are often dated a few days back. It is older
where something already known will change what was before, as a purchase does that
waits until it cannot be returned any more.

>>> from .tier import Condition, Entry, Tier
>>> from .tier_window import Window
>>> rules = (RuleSet(1, (Tier(1, (Condition(1, 1000),)),), Window("calendar")),)
>>> bought = [Entry(1, day, day, 600) for day in (date(2024, 2, 1), date(2024, 5, 1))]
>>> replaying = Replaying(rules)
>>> _timeline, kept = replaying.replay(Member(tuple(bought[:1])), date(2024, 3, 1))
>>> kept.day, kept == replaying.load(kept.dump())
(datetime.date(2024, 2, 22), True)
>>> timeline, _kept = replaying.replay(Member(tuple(bought)), date(2024, 5, 1), kept)
>>> [(one.day, one.effective) for one in timeline.standings]
[(datetime.date(2024, 5, 1), 1)]
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b

from .tier import Member, RuleSet
from .tier_figures import News
from .tier_path import Rewound
from .tier_replay import Replay
from .tier_right import Right, State
from .tier_standing import Standing, Timeline
from .tier_window import DAY

# Raise it whenever a replay of the same answers something else, or is kept otherwise.
EDITION = 1
# What is dated no longer ago than this may still become known.
SETTLED = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a replay knew at the end of a day.

    :param inputs: fingerprint of everything that decided until then.
    :param standings: only with what later days look at.
    """

    day: date
    inputs: str
    state: State
    standings: tuple[Standing, ...]

    def dump(self) -> str:
        """Return it as text, short."""
        return json.dumps(
            [
                EDITION,
                self.day.toordinal(),
                self.inputs,
                _dump_state(self.state),
                [_dump_standing(one) for one in self.standings],
            ],
            separators=(",", ":"),
        )


class Replaying:
    """Replays the members of one ladder, from a checkpoint where it is good."""

    def __init__(self, rule_sets: tuple[RuleSet, ...]) -> None:
        """Take the versions by first day, the earliest first; at least one."""
        self.rule_sets = rule_sets
        self._by_version = {rules.version: rules for rules in rule_sets}
        plain = [
            (replace(rules, counted_by_day=frozenset()), sorted(rules.counted_by_day))
            for rules in rule_sets
        ]
        self._rules = _fingerprint(plain)

    def replay(
        self, member: Member, until: date, start: Checkpoint | None = None
    ) -> tuple[Timeline, Checkpoint | None]:
        """Replay one member until a day; see `tier_replay.replay`.

        :param start: where an earlier replay has got to; of its standings the result
            tells day, cause, tiers, grant and term only.
        :return: the result, and from where the next replay may go on.
        """
        if start and start.day < until:
            replaying = Replay(member, self.rule_sets, until)
            if start.inputs == self._inputs(member, replaying, start.day):
                replaying.go_on(start.state, start.standings)
                # Something may become known of days before the checkpoint.
                with suppress(Rewound):
                    return self._finish(replaying, start)
        return self._finish(Replay(member, self.rule_sets, until), None)

    def _finish(
        self, replaying: Replay, start: Checkpoint | None
    ) -> tuple[Timeline, Checkpoint | None]:
        day = _settled_on(replaying)
        replaying.walk(day)
        kept = self._keep(replaying, day, start)
        replaying.walk(replaying.until)
        return replaying.timeline(), kept

    def _keep(
        self, replaying: Replay, day: date, start: Checkpoint | None
    ) -> Checkpoint | None:
        state = replaying.path.state
        if start and state.day == start.state.day:
            return start  # nothing has happened since
        if not state.is_member:
            return None
        inputs = self._inputs(replaying.member, replaying, day)
        return Checkpoint(day, inputs, state, tuple(replaying.standings))

    def _inputs(self, member: Member, replaying: Replay, day: date) -> str:
        """Return the fingerprint of what decides until a day."""
        return _fingerprint(
            self._rules,
            member.grants,
            member.since,
            member.enrolments,
            member.spells,
            member.holds,
            [_told(one) for on, news in replaying.news if on <= day for one in news],
        )

    def load(self, text: str | None) -> Checkpoint | None:
        """Return what `Checkpoint.dump` wrote, None where the rules are others."""
        edition, *rest = json.loads(text) if text else (None,)
        if edition != EDITION:
            return None
        day, inputs, state, standings = rest
        rules = self._by_version.get(state[1])
        return rules and Checkpoint(
            date.fromordinal(day),
            inputs,
            _load_state(state, rules),
            tuple(_load_standing(one) for one in standings),
        )


def _settled_on(replaying: Replay) -> date:
    """Return the last day before which nothing known so far will change anything."""
    day = replaying.until - SETTLED
    for on, news in reversed(replaying.news):
        if on <= day:
            break
        day = min(day, *(one.day - DAY for one in news))
    return day


def _fingerprint(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _told(news: News) -> tuple[int, ...]:
    amounts = (news.counting, news.credited, news.waiting)
    return (news.on.toordinal(), news.day.toordinal(), news.measure, *amounts)


# === TEXT === #


def _ordinal(day: date | None) -> int | None:
    return day and day.toordinal()


def _day(ordinal: int | None) -> date | None:
    return ordinal and date.fromordinal(ordinal)


def _dump_state(state: State) -> list:
    return [
        _ordinal(state.day),
        state.rules.version,
        _ordinal(state.anchor),
        [_dump_right(key, right) for key, right in state.rights.items()],
        list(state.sums.items()),
        state.is_member,
    ]


def _load_state(row: Iterable, rules: RuleSet) -> State:
    day, _version, anchor, rights, sums, is_member = row
    return State(
        _day(day),
        rules,
        _day(anchor),
        {key: _load_right(*right) for key, *right in rights},
        dict(sums),
        is_member,
    )


def _dump_right(key: int, right: Right) -> list:
    days = (right.since, right.until, right.limit)
    kept_by = right.by_figures + 2 * right.by_higher
    return [key, *(one.toordinal() for one in days), kept_by]


def _load_right(since: int, until: int, limit: int, kept_by: int) -> Right:
    days = (date.fromordinal(one) for one in (since, until, limit))
    return Right(*days, bool(kept_by & 1), bool(kept_by & 2))


def _dump_standing(one: Standing) -> list:
    tiers = (one.earned, one.effective, one.grant)
    return [_ordinal(one.day), one.cause, _ordinal(one.valid_until), *tiers]


def _load_standing(row: Iterable) -> Standing:
    day, cause, valid_until, earned, effective, grant = row
    return Standing(
        date.fromordinal(day),
        earned=earned,
        effective=effective,
        cause=cause,
        valid_until=_day(valid_until),
        grant=grant,
    )
