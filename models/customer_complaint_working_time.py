from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, models

from ..logic.working_time import AROUND_THE_CLOCK, HorizonError, WorkingTime

# Where a transaction keeps what it has read: {(calendar, company): GrowingTime}
CACHE = "customer_retention.working_time"

FIRST_HORIZON = timedelta(weeks=16)

# Somebody who does not work for so long has no working hours.
LONGEST_HORIZON = timedelta(days=12 * 366)


class GrowingTime:
    """Working time that reads more of its calendar when a question needs it.

    It answers what :class:`WorkingTime` answers. A calendar without any time in
    many years counts around the clock.
    """

    def __init__(self, read, begins, ends):
        self._read = read
        self._begins, self._ends = begins, ends
        self._time = read(begins, ends)

    def between(self, start, stop):
        try:
            return self._time.between(start, stop)
        except HorizonError:
            self._cover(start, stop)
            return self._time.between(start, stop)

    def after(self, start, seconds):
        try:
            return self._time.after(start, seconds)
        except HorizonError:
            self._cover(start, start)
            return self._grown(lambda known: known.after(start, seconds))

    def closing(self, start, days):
        self._cover(start, start)
        return self._grown(lambda known: known.closing(start, days))

    def _cover(self, first, last):
        """Read what is missing before or after."""
        if self._time is AROUND_THE_CLOCK:
            return
        if first < self._begins or last > self._ends:
            self._begins = min(self._begins, _monday_before(first))
            self._ends = max(self._ends, last + FIRST_HORIZON)
            self._time = self._read(self._begins, self._ends)

    def _grown(self, question):
        while True:
            try:
                return question(self._time)
            except HorizonError:
                self._grow()

    def _grow(self):
        span = self._ends - self._begins
        if span > LONGEST_HORIZON:
            self._time = AROUND_THE_CLOCK
            return
        self._ends += span
        self._time = self._read(self._begins, self._ends)


class CustomerComplaintWorkingTime(models.AbstractModel):
    """Calendars as :mod:`logic.working_time` wants them, read once for many clocks.

    The hours of a policy come first, then those of the team, then those of the
    company. A calendar without hours is passed over; without any the clock runs
    around the clock, so that a complaint is never refused because of a calendar.
    """

    _name = "customer.complaint.working.time"
    _description = "Working Time of Complaints"

    @api.model
    def _choose_calendar(self, candidates):
        """The first calendar that has hours, and those passed over because they
        have none.

        :param candidates: calendars in the order of preference; empty ones are no
            candidates
        :return: two recordsets, both possibly empty
        """
        # sudo: resource.calendar - whoever complains, the team's hours count
        calendars = self.env["resource.calendar"].sudo()
        skipped = calendars.browse()
        for calendar in candidates:
            # sudo: resource.calendar - the team's hours count, whoever complains
            calendar = calendar.sudo()
            if not calendar:
                continue
            if self._has_hours(calendar):
                return calendar, skipped
            skipped |= calendar
        return calendars.browse(), skipped

    @api.model
    def _has_hours(self, calendar):
        if calendar.flexible_hours:
            return bool(calendar.hours_per_day)
        # at once and complete: core is about to read the same lines
        # sudo: resource.calendar.attendance - as the calendar
        lines = self.env["resource.calendar.attendance"].sudo()
        return any(
            line.hour_to > line.hour_from
            for line in lines.search_fetch([("calendar_id", "=", calendar.id)])
            if line.day_period != "lunch" and not line.display_type
        )

    @api.model
    def _working_time(self, calendar, company, since):
        """Working time of a calendar in a company, from a moment on.

        :param calendar: empty for around the clock
        :param since: naive UTC; earlier moments may be asked for, too
        """
        if not calendar:
            return AROUND_THE_CLOCK
        cache = self.env.cr.cache.setdefault(CACHE, {})
        key = calendar.id, company.id
        if key not in cache:
            begins = _monday_before(since)
            cache[key] = GrowingTime(
                lambda first, last: self._read_calendar(calendar, company, first, last),
                begins,
                max(since, self.env.cr.now()) + FIRST_HORIZON,
            )
        return cache[key]

    @api.model
    def _forget_working_time(self):
        """Read calendars again: somebody changed one."""
        self.env.cr.cache.pop(CACHE, None)

    @api.model
    def _read_calendar(self, calendar, company, begins, ends):
        """The working intervals of a calendar, by its own zone and for one company.

        Core takes leaves of every company that the user may read, and a zone from
        the context: both would make a deadline depend on who looks.
        """
        # sudo: resource.calendar - as in _choose_calendar
        calendar = calendar.sudo().with_context(employee_timezone=None)
        # sudo: res.company - the companies above, for their holidays
        companies = company.sudo().parent_ids | company
        if not self._has_hours(calendar):
            return AROUND_THE_CLOCK
        zone = pytz.timezone(calendar.tz or "UTC")
        found = calendar._work_intervals_batch(
            pytz.utc.localize(begins),
            pytz.utc.localize(ends),
            domain=[
                ("time_type", "=", "leave"),
                ("company_id", "in", [False, *companies.ids]),
            ],
            tz=zone,
        )[False]
        intervals = [(_naive(start), _naive(stop)) for start, stop, _line in found]
        closings = defaultdict(lambda: datetime.min)
        for start, stop, _line in found:
            day = start.date()
            closings[day] = max(closings[day], _naive(stop))
        days = [
            (_naive(zone.localize(datetime.combine(day, time.min))), closing)
            for day, closing in closings.items()
        ]
        return WorkingTime.of(intervals, begins, ends, days)


def _naive(moment):
    return moment.astimezone(pytz.utc).replace(tzinfo=None)


def _monday_before(moment):
    """A Monday at least a week earlier: weeks of flexible hours begin alike, then."""
    day = moment.date() - timedelta(days=moment.weekday() + 7)
    return datetime.combine(day, time.min)
