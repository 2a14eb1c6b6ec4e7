"""Working hours of a week in a time zone, as intervals in naive UTC."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from ...logic.working_time import WorkingTime

OFFICE = ((8, 12), (13, 17))


def to_utc(moment, zone):
    """The naive UTC moment of a wall clock in a zone."""
    local = moment.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(timezone.utc).replace(tzinfo=None)


def office(zone, begins, ends, hours=OFFICE, weekdays=range(5), leaves=()):
    """Working time of an office: the same hours on certain days of the week.

    :param leaves: days on which nobody works
    """
    intervals, days = [], []
    day = begins.date()
    while day < ends.date():
        if day.weekday() in weekdays and day not in leaves:
            midnight = datetime.combine(day, time.min)
            found = [
                (
                    to_utc(midnight + timedelta(hours=start), zone),
                    to_utc(midnight + timedelta(hours=stop), zone),
                )
                for start, stop in hours
            ]
            intervals += found
            days.append((to_utc(midnight, zone), max(stop for _, stop in found)))
        day += timedelta(days=1)
    return WorkingTime.of(intervals, begins, ends, days)


def random_office(random, begins, ends):
    """An office somewhere, with hours and leaves of its own."""
    zone = random.choice(("Europe/Berlin", "Asia/Ho_Chi_Minh", "America/New_York"))
    first = random.randint(5, 10)
    hours = [(first, first + random.randint(1, 5))]
    if random.random() < 0.7:
        start = hours[0][1] + random.choice((0, 0.5, 1))
        hours.append((start, start + random.randint(1, 5)))
    weekdays = random.sample(range(7), random.randint(1, 7))
    span = (ends - begins).days
    leaves = {
        (begins + timedelta(days=random.randrange(span))).date()
        for _number in range(random.randint(0, 20))
    }
    return office(zone, begins, ends, hours, weekdays, leaves)
