"""Which play is worth playing for a customer who leaves, and for how many at a time.

Effort follows value and fits the cause: everything at once for key customers, effort
for ordinary ones, a mail or nothing for small ones. Bad faith and long silence are
causes of their own, whatever else is known.

>>> at_once = Play("at once", "save", value_class="key")
>>> call = Play("call", "save")
>>> choose([call, at_once], Situation("save", "key")).key
'at once'
>>> choose([call, at_once], Situation("save", "small")).key
'call'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

SAVE, WIN_BACK = "save", "win_back"
BAD_FAITH, SILENT, UNKNOWN = "bad_faith", "silent", "unknown"
SERVICE, VALUE, OTHER = "service", "value", "other"
CAUSES = (SERVICE, VALUE, OTHER, BAD_FAITH, SILENT, UNKNOWN)
MALICIOUS = "malicious"
SILENT_DAYS = 365


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known about a customer who leaves or has left.

    :param kind: ``save`` before the loss, ``win_back`` after it
    :param value_class: ``key``, ``ordinary`` or ``small``
    :param reasons: keys of the reasons and of those above them
    :param group: of the main reason: ``service``, ``value``, ``other``; None: unknown
    :param nature: of the loss
    :param silent_days: since the last purchase
    """

    kind: str
    value_class: str
    reasons: frozenset = frozenset()
    group: str | None = None
    nature: str | None = None
    silent_days: int = 0
    open_complaints: int = 0


@dataclass(frozen=True, slots=True)
class Play:
    """What to do, and for whom; None: for everybody.

    :param reasons: keys of reasons it is for, those below included; none: for all
    """

    key: object
    kind: str
    cause: str | None = None
    value_class: str | None = None
    reasons: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """A candidate whose turn it is, and whether chance leaves him alone."""

    key: object
    is_held_out: bool


def cause_of(situation: Situation, silent_days: int = SILENT_DAYS) -> str:
    """Return why somebody leaves, as far as that decides what to do.

    >>> cause_of(Situation("win_back", "key", group="value", nature="malicious"))
    'bad_faith'
    >>> cause_of(Situation("win_back", "key", group="value", silent_days=400))
    'silent'
    >>> cause_of(Situation("save", "key", open_complaints=1))
    'service'
    """
    if situation.nature == MALICIOUS:
        return BAD_FAITH
    if situation.kind == WIN_BACK and situation.silent_days > silent_days:
        return SILENT
    if situation.group:
        return situation.group
    return SERVICE if situation.open_complaints else UNKNOWN


def choose(
    plays: Iterable[Play], situation: Situation, silent_days: int = SILENT_DAYS
) -> Play | None:
    """Return the most precise play that fits: by reason, then cause, then class.

    Of equally precise ones the first counts. Bad faith and long silence get plays for
    them or none: a present for a cheat would be worse than nothing.
    """
    cause = cause_of(situation, silent_days)
    fitting = [play for play in plays if _fits(play, situation, cause)]
    return max(fitting, key=_precision, default=None)


def _fits(play: Play, situation: Situation, cause: str) -> bool:
    must_name = cause in (BAD_FAITH, SILENT)
    return (
        play.kind == situation.kind
        and play.value_class in (None, situation.value_class)
        and (play.cause == cause if must_name else play.cause in (None, cause))
        and (not play.reasons or bool(play.reasons & situation.reasons))
    )


def _precision(play: Play) -> tuple[bool, bool, bool]:
    return bool(play.reasons), bool(play.cause), bool(play.value_class)


def openings(
    candidates: Iterable,
    capacity: int,
    is_held_out: Callable[[object], bool],
) -> Iterator[Opening]:
    """Go down the list until as many are approached as the team can take on.

    Whoever chance leaves alone takes no room, and is told apart before anybody acts.

    >>> [one.key for one in openings("abcdef", 2, lambda key: key in "ad")]
    ['a', 'b', 'c']
    """
    taken = 0
    for key in candidates:
        if taken >= capacity:
            return
        held_out = is_held_out(key)
        taken += not held_out
        yield Opening(key, held_out)


def net_margin(revenue: float, margin_percent: float, cost: float) -> float:
    """Return what is left of what a customer bought afterwards.

    >>> net_margin(1000.0, 30.0, 120.0)
    180.0
    """
    return revenue * margin_percent / 100.0 - cost
