"""Random members and rules of tiers, and a slow judge who looks at every day."""

from dataclasses import replace
from datetime import date, timedelta

from ...logic.tier import Condition, Entry, Grant, Interval, Member, RuleSet, Tier
from ...logic.tier_window import Window

FIRST_DAY = date(2023, 1, 10)
DAYS = 1000
LAST_DAY = FIRST_DAY + timedelta(days=DAYS)
REVENUE, PURCHASES, PURCHASE_DAYS = 1, 2, 3


def day_at(number):
    """The day so many days after the first one."""
    return FIRST_DAY + timedelta(days=number)


def random_day(random):
    """Any day of the history."""
    return day_at(random.randrange(DAYS))


def random_window(random):
    """Every kind of window, also of years that begin on the last of February."""
    return Window(
        kind=random.choice(("rolling", "calendar", "anniversary", "lifetime")),
        months=random.choice((1, 6, 12)),
        period=random.choice(("month", "quarter", "half", "year")),
        year_month=random.choice((1, 2, 4)),
        year_day=random.choice((1, 15, 29)),
    )


def random_tiers(random, keys=(1, 2, 3, 4)):
    """Tiers that are harder to reach the higher they are."""
    steps = sorted(random.sample(range(1, 40), len(keys)))
    tiers = []
    for key, step in zip(keys, steps, strict=True):
        conditions = [_condition(REVENUE, 100.0 * step, random)]
        if random.random() < 0.5:
            measure = random.choice((PURCHASES, PURCHASE_DAYS))
            conditions.append(_condition(measure, float(1 + step // 3), random))
        match = random.choice(("all", "any"))
        tiers.append(Tier(key, tuple(conditions), match))
    if random.random() < 0.4:
        tiers[0] = Tier(keys[0])
    return tuple(tiers)


def _condition(measure, at_least, random):
    keep = at_least * random.choice((0, 0.5, 0.8))
    return Condition(measure, at_least, keep)


def random_rules(random, version=1, starts=None, **values):
    """Any policy; more of them with keywords."""
    rules = RuleSet(
        version=version,
        starts=starts,
        tiers=random_tiers(random),
        window=random_window(random),
        counted_by_day=frozenset([PURCHASE_DAYS]),
        pending_days=random.choice((0, 0, 14)),
        upgrade=random.choice(("at_once", "at_once", "next_period")),
        validity=random.choice(("met", "period", "months")),
        validity_months=random.choice((1, 6, 12)),
        downgrade=random.choice(("never", "one_step", "earned")),
        grace_days=random.choice((0, 0, 30)),
        joined=random.random() < 0.2,
        counts_before_joining=random.random() < 0.5,
    )
    return replace(rules, **values)


def random_rule_sets(random):
    """One version, or two; the second may have lost a tier and gained one."""
    first = random_rules(random)
    if random.random() < 0.6:
        return (first,)
    second = random_rules(random, version=2, starts=random_day(random))
    keys = random.choice(((1, 2, 3, 4), (1, 3, 4), (1, 2, 5, 3, 4), (2, 4)))
    return (first, replace(second, tiers=random_tiers(random, keys)))


def purchase(day, value, known_on=None, number=0):
    """The entries of one purchase, or of the credit note for one."""
    known, sign = known_on or day, 1 if value > 0 else -1
    return (
        Entry(REVENUE, day, known, value, number),
        Entry(PURCHASES, day, known, float(sign), number),
        Entry(PURCHASE_DAYS, day, known, float(sign), number),
    )


def random_entries(random):
    """Purchases, some of them credited later, and credit notes of their own."""
    entries = []
    for number in range(random.randint(0, 14)):
        day = random_day(random)
        value = float(random.choice((90, 250, 333.33, 800, 1500)))
        entries.extend(purchase(day, value, number=number))
        if random.random() < 0.25:
            known = day + timedelta(days=random.choice((0, 3, 40, 200)))
            entries.extend(purchase(day, -value, known, number))
        if random.random() < 0.1:
            day = random_day(random)
            entries.append(Entry(REVENUE, day, day, -120.0, number))
    return tuple(entries)


def random_member(random):
    """A member with everything that can happen to one."""
    return Member(
        entries=random_entries(random),
        grants=tuple(_random_grant(random, key) for key in range(random.randint(0, 2))),
        since=random.choice((None, FIRST_DAY, random_day(random))),
        enrolments=_random_intervals(random, random.randint(0, 2)),
        spells=_random_intervals(random, 2) if random.random() < 0.2 else None,
        holds=_random_intervals(random, random.randint(0, 2)),
    )


def _random_grant(random, key):
    starts = random_day(random)
    ends = starts + timedelta(days=random.randint(1, 300))
    kind = random.choice(("floor", "exact"))
    return Grant(key + 1, random.choice((1, 2, 3, 4)), kind, starts, ends)


def _random_intervals(random, count):
    intervals = []
    for _number in range(count):
        starts = random_day(random)
        length = timedelta(days=random.randint(1, 500))
        intervals.append(Interval(starts, random.choice((None, starts + length))))
    return tuple(intervals)
