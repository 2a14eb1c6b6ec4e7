"""Where a clock stands at a moment: what has happened to it, and what comes next.

* It is *warned of* from the moment of its warning on, and once warned of it stays so.
* It is *breached* when its deadline has passed.
* A rung of the ladder is climbed when its time has come, counted from the warning or
  from the breach; nobody is told about a paused clock before it runs again.
* Somebody has to look again when the next of these is due: the warning, the second
  after the deadline, the next rung; while it is paused, when the pause ends by itself.

>>> from datetime import datetime as at
>>> from .sla import Target, start
>>> from .working_time import AROUND_THE_CLOCK, HOUR
>>> clock = start(Target(4 * HOUR, warn_percent=50), at(2026, 3, 2, 9))
>>> found = standing(clock, AROUND_THE_CLOCK, at(2026, 3, 2, 11))
>>> found.is_warned, found.is_breached, found.next_event_at
(True, False, datetime.datetime(2026, 3, 2, 13, 0, 1))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .sla import Clock, Rung, Time, deadline, pause_ends_at, rung_at, warn_at

# In its very second a deadline has not passed.
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clock stands.

    :param deadline: when the promise is broken; None while that is open
    :param warn_at: when to warn, or when it was warned of; None for never
    :param level: the highest rung it has reached
    :param climbs: the rungs to climb now, as ``(moment, level)``
    :param next_event_at: when somebody has to look again; None for never
    """

    deadline: datetime | None
    warn_at: datetime | None
    is_warned: bool
    is_breached: bool
    level: int
    climbs: tuple[tuple[datetime, int], ...]
    next_event_at: datetime | None


def standing(
    clock: Clock,
    time: Time,
    now: datetime,
    ladder: Iterable[Rung] = (),
    warned_at: datetime | None = None,
    level: int = 0,
) -> Standing:
    """Tell where a clock stands.

    :param clock: its open part began by ``now``
    :param ladder: the rungs of its policy
    :param warned_at: when it was warned of, if it was
    :param level: the rung it has reached
    """
    due_at = deadline(clock, time)
    warning = warned_at or warn_at(clock, time)
    is_warned = bool(warned_at or warning and warning <= now)
    is_breached = due_at is not None and due_at < now
    rungs = [
        (rung_at(rung, warning, due_at, time), rung.level)
        for rung in ladder
        if rung.level > level and (is_breached if rung.at_breach else is_warned)
    ]
    ahead = [moment for moment, _level in rungs if moment > now]
    ahead += [warning] if warning and not is_warned else []
    ahead += [due_at + SECOND] if due_at and not is_breached else []
    due = [] if clock.is_paused else [rung for rung in rungs if rung[0] <= now]
    ends_at = pause_ends_at(clock, time)
    return Standing(
        deadline=due_at,
        warn_at=warning,
        is_warned=is_warned,
        is_breached=is_breached,
        level=max((reached for _moment, reached in due), default=level),
        climbs=tuple(due),
        next_event_at=ends_at if clock.is_paused else min(ahead, default=None),
    )
