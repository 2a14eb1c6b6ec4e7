"""Regular updates: by when the customer hears from us again, after each one.

Every so many working hours counts from the update that was just given; every so many
working days ends with the close of business, as people promise it.

>>> from datetime import datetime as at
>>> hours = WorkingTime.of(
...     [(at(2026, 3, day, 8), at(2026, 3, day, 16)) for day in (26, 27, 30)],
...     at(2026, 3, 23), at(2026, 4, 6),
...     days=[(at(2026, 3, day), at(2026, 3, day, 16)) for day in (26, 27, 30)],
... )
>>> next_update(at(2026, 3, 27, 14), 4, "hours", hours)
datetime.datetime(2026, 3, 30, 10, 0)
>>> next_update(at(2026, 3, 26, 9), 2, "days", hours)
datetime.datetime(2026, 3, 30, 16, 0)

Nobody is promised a moment that is over: who was told at night hears again when people
work.

>>> next_update(at(2026, 3, 27, 23), 4, "hours", hours)
datetime.datetime(2026, 3, 30, 12, 0)
"""

from __future__ import annotations

from datetime import datetime

from .working_time import HOUR, WorkingTime

UNITS = ("hours", "days")


def next_update(
    told_at: datetime, number: int, unit: str, time: WorkingTime
) -> datetime | None:
    """Return by when somebody who was told something now hears from us again.

    :param number: of working hours or days; 0 for never
    :raise ValueError: there is no such unit
    """
    if unit not in UNITS:
        raise ValueError(unit)
    if number <= 0:
        return None
    if unit == "days":
        return time.closing(told_at, number)
    return time.after(told_at, number * HOUR)
