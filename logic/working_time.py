"""Working time: how much of it lies between two moments, and when it is used up.

A calendar becomes a sorted list of working intervals in naive UTC, read once for a
*horizon*. Everything asked afterwards is a search in sums of whole seconds, so that
ten thousand deadlines cost about as much as one.

>>> from datetime import date, datetime as at
>>> hours = WorkingTime.of([
...     (at(2026, 3, 27, 8), at(2026, 3, 27, 16)),  # a Friday
...     (at(2026, 3, 30, 7), at(2026, 3, 30, 15)),  # the Monday of summer time
... ], at(2026, 3, 23), at(2026, 4, 6))
>>> hours.after(at(2026, 3, 27, 15), 2 * HOUR)
datetime.datetime(2026, 3, 30, 8, 0)
>>> hours.between(at(2026, 3, 27, 15), at(2026, 3, 29, 12)) == HOUR
True

A moment that the horizon does not cover is an error and never a wrong answer; so is
working time that is not used up within it:

>>> hours.after(at(2026, 3, 30, 14), 2 * HOUR)
Traceback (most recent call last):
...
customer_retention.logic.working_time.HorizonError: 2026-04-06 00:00:00

Who has no working hours works around the clock:

>>> AROUND_THE_CLOCK.after(at(2026, 3, 27, 15), 2 * HOUR)
datetime.datetime(2026, 3, 27, 17, 0)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Interval = tuple[datetime, datetime]


class HorizonError(ValueError):
    """The answer lies outside the time for which intervals were read."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Working intervals over a horizon, with their sums.

    :param starts: where the intervals begin, ascending
    :param stops: where they end; none reaches into the next
    :param sums: working seconds before each interval, and last those of all
    :param begins: start of the horizon
    :param ends: end of the horizon
    :param days: midnight and close of business of every day with working time;
        None when days are just 24 hours long
    """

    starts: tuple[datetime, ...]
    stops: tuple[datetime, ...]
    sums: tuple[int, ...]
    begins: datetime
    ends: datetime
    days: tuple[Interval, ...] | None = ()

    @classmethod
    def of(
        cls,
        intervals: Iterable[Interval],
        begins: datetime,
        ends: datetime,
        days: Iterable[Interval] | None = (),
    ) -> WorkingTime:
        """Sort, round to seconds and join intervals that touch or overlap."""
        joined: list[list[datetime]] = []
        for start, stop in sorted(map(_to_seconds, intervals)):
            if start >= stop:
                continue
            if joined and start <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], stop)
            else:
                joined.append([start, stop])
        sums = [0]
        for start, stop in joined:
            sums.append(sums[-1] + seconds_of(stop - start))
        return cls(
            tuple(start for start, _stop in joined),
            tuple(stop for _start, stop in joined),
            tuple(sums),
            begins,
            ends,
            None if days is None else tuple(sorted(map(_to_seconds, days))),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nobody works at all within the horizon."""
        return not self.starts

    def between(self, start: datetime, stop: datetime) -> int:
        """Working seconds from one moment to another; none when they are swapped."""
        return max(self._before(stop) - self._before(start), 0)

    def after(self, start: datetime, seconds: int) -> datetime:
        """The first moment at which so many working seconds have passed.

        No seconds have passed at the start itself, even outside working hours.
        """
        target = self._before(start) + seconds
        if seconds <= 0:
            return start
        index = bisect_left(self.sums, target) - 1
        if index >= len(self.starts):
            raise HorizonError(str(self.ends))
        return self.starts[index] + timedelta(seconds=target - self.sums[index])

    def closing(self, start: datetime, days: int) -> datetime:
        """Close of business of the n-th working day after the day of a moment."""
        if self.days is None:
            return start + timedelta(days=days)
        self._before(start)
        closings = [closing for _midnight, closing in self.days]
        index = bisect_left(closings, start)
        if index < len(self.days) and self.days[index][0] <= start:
            index += 1
        index += days - 1
        if index >= len(self.days):
            raise HorizonError(str(self.ends))
        return closings[index]

    def _before(self, moment: datetime) -> int:
        """Working seconds from the start of the horizon to a moment."""
        if not self.begins <= moment <= self.ends:
            raise HorizonError(str(moment))
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0
        until = min(moment, self.stops[index])
        return self.sums[index] + seconds_of(until - self.starts[index])


def seconds_of(span: timedelta) -> int:
    """Whole seconds of a time span."""
    return span.days * DAY + span.seconds


def _to_seconds(interval: Interval) -> Interval:
    """Round to seconds: a day that ends at 23:59:59.999999 ends at midnight."""
    start, stop = (
        (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
        for moment in interval
    )
    return start, stop


_ALWAYS = (datetime(1900, 1, 1), datetime(9000, 1, 1))
AROUND_THE_CLOCK = WorkingTime.of([_ALWAYS], *_ALWAYS, days=None)
