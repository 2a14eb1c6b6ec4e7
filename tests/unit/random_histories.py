"""Random customers, rules through time and decisions, and slow ways to judge them."""

from datetime import date, timedelta

from ...logic.catalog import FACTS
from ...logic.era import Era
from ...logic.facts import FactReader
from ...logic.history import Fit, History, Purchase, Quotation
from ...logic.ladder import Conditions, Ladder, Step
from ...logic.log import continuation
from ...logic.replay import replay
from ...logic.rule import Compare, all_of, holds
from ...logic.verdict import AXES, Pin
from .random_rules import random_rule

FIRST_DAY = date(2022, 12, 20)
DAYS = 700
ANSWERS = ("yes", "no", "unknown")


def days_from(first, count):
    """The days of a period, in order."""
    return [first + timedelta(days=number) for number in range(count)]


# ------------------------------------------------------------------------------
# What happened, what people decided, what the rules are
# ------------------------------------------------------------------------------


def random_history(random):
    """A customer with a rhythm, interrupted, and with everything that can happen."""
    purchases = _random_purchases(random)
    days = [item.day for item in purchases] or [FIRST_DAY]
    return History(
        purchases=tuple(purchases),
        quotations=tuple(
            _random_quotation(random) for _ in range(random.randint(0, 4))
        ),
        contact_days=tuple(_random_day(random) for _ in range(random.randint(0, 6))),
        fits=tuple(
            Fit(_random_day(random), tuple(random.choices(ANSWERS, k=6)))
            for _ in range(random.randint(0, 3))
        ),
        # What nobody bought belongs to no category.
        categories=tuple(
            (random.choice(days), random.randint(1, 4))
            for _ in range(random.randint(0, 6))
            if purchases
        ),
    )


def _random_purchases(random):
    day = FIRST_DAY + timedelta(days=random.randint(0, 200))
    rhythm = random.choice((3, 10, 30, 70))
    purchases = []
    for _number in range(random.randint(0, 14)):
        amount = random.choice((10, 99.99, 1e6, 0.1, 33.33, random.uniform(1, 500)))
        purchases.append(Purchase(day, round(amount, 2), True))
        if random.random() < 0.2:
            purchases.append(Purchase(day, -round(amount / 2, 2), False))
        if random.random() < 0.15:
            purchases.append(Purchase(day, round(amount / 3, 2), True))
        gap = max(1, round(random.gauss(rhythm, rhythm / 3)))
        day += timedelta(days=gap * random.choice((1, 1, 1, 1, 6)))
    random.shuffle(purchases)
    return purchases


def _random_quotation(random):
    opened = _random_day(random)
    closed = opened + timedelta(days=random.randint(1, 60))
    return Quotation(opened, random.choice((closed, closed, None)), 120.5)


def _random_day(random):
    return FIRST_DAY + timedelta(days=random.randint(0, DAYS))


def random_eras(random):
    """One to three sets of rules over the same steps, each with a first day."""
    starts = sorted(random.sample(range(60, DAYS - 60), random.randint(0, 2)))
    return (
        _random_era(random, None, 0),
        *(
            _random_era(random, FIRST_DAY + timedelta(days=start), number)
            for number, start in enumerate(starts, 1)
        ),
    )


def _random_era(random, start, number):
    keys = random.sample(range(1, 6), random.randint(2, 5))
    others = random.sample(range(11, 16), random.randint(1, 5))
    return Era(
        start,
        Ladder(tuple(_random_step(random, key, number) for key in keys)),
        Conditions(tuple(_random_step(random, key, number) for key in others)),
        random.choice((None, 20.0, 45.5)),
    )


def _random_step(random, key, number):
    rule = None if random.random() < 0.1 else _random_rule(random)
    return Step(
        key=key,
        version=100 * number + key,
        rule=rule,
        forward_only=random.random() < 0.5,
        minimum_days=random.choice((0, 0, 0, 1, 25)),
    )


def _random_rule(random):
    """A rule; half of the time one that reads the clock, as those of practice do."""
    if random.random() < 0.5:
        return random_rule(random, sorted(FACTS), 3)
    late = Compare("overdue_ratio", random.choice(("<=", ">")), random.choice((1, 2.5)))
    bought = Compare("purchase_days", ">=", random.randint(1, 5))
    return random.choice((late, bought, all_of(late, bought)))


def random_pins(random, eras):
    """Decisions on steps of the rules, with and without an end."""
    pins = []
    for key in range(random.choice((0, 0, 1, 2))):
        axis, steps = random.choice(
            (
                ("position", eras[0].positions.steps),
                ("condition", eras[0].conditions.steps),
            )
        )
        starts = _random_day(random)
        ends = starts + timedelta(days=random.randint(1, 90))
        target = random.choice(steps).key
        pins.append(Pin(key + 1, axis, target, starts, random.choice((ends, None))))
    return tuple(pins)


# ------------------------------------------------------------------------------
# What is known on a day
# ------------------------------------------------------------------------------


def known_on(history, day):
    """The history without what is dated later; when a quotation ends is known."""
    return History(
        purchases=tuple(item for item in history.purchases if item.day <= day),
        quotations=tuple(item for item in history.quotations if item.opened <= day),
        contact_days=tuple(item for item in history.contact_days if item <= day),
        fits=tuple(item for item in history.fits if item.day <= day),
        categories=tuple(item for item in history.categories if item[0] <= day),
    )


def days_of_news(history, eras, pins):
    """The days on which something is entered: somebody looks at the customer then."""
    days = {item.day for item in history.purchases}
    days.update(item.opened for item in history.quotations)
    days.update(history.contact_days)
    days.update(item.day for item in history.fits)
    days.update(item[0] for item in history.categories)
    days.update(era.starts for era in eras if era.starts)
    days.update(pin.starts for pin in pins)
    return days


# ------------------------------------------------------------------------------
# Judging day by day
# ------------------------------------------------------------------------------


class PlainJudge:
    """Decides every single day in plain words; slow, and knows no break points."""

    def __init__(self, history, eras, pins):
        self.eras, self.pins = eras, pins
        self.reader = FactReader(history)
        starts = [history.first_day(), *(pin.starts for pin in pins)]
        self.first_day = min((day for day in starts if day), default=None)
        self.by_rules = dict.fromkeys(AXES)
        self.rules_since = dict.fromkeys(AXES)
        self.current = dict.fromkeys(AXES)

    def moves_until(self, as_of):
        """Every (axis, day, origin, target) from the first day on."""
        moves, day = [], self.first_day
        while day and day <= as_of:
            era = [era for era in self.eras if not era.starts or era.starts <= day][-1]
            self.reader.fallback = era.fallback
            values = self.reader.at(day)
            for axis, steps in (
                ("position", era.positions.steps),
                ("condition", era.conditions.steps),
            ):
                self.follow_rules(axis, steps, values, day)
                target = self.decided(axis, day) or self.by_rules[axis]
                if target != self.current[axis]:
                    moves.append((axis, day, self.current[axis], target))
                    self.current[axis] = target
            day += timedelta(days=1)
        return moves

    def follow_rules(self, axis, steps, values, day):
        """Move the track of the rules, unless the customer has to stay."""
        wanted = self.wanted(axis, steps, values, day)
        here = next((step for step in steps if step.key == self.by_rules[axis]), None)
        since = self.rules_since[axis]
        if here and (day - since).days < here.minimum_days:
            wanted = here.key
        if since is None or wanted != self.by_rules[axis]:
            self.by_rules[axis], self.rules_since[axis] = wanted, day

    def wanted(self, axis, steps, values, day):
        """The step the rules ask for today."""
        true = [
            step.key for step in steps if step.rule and holds(step.rule, values, day)
        ]
        if axis == "condition":
            return true[0] if true else None
        keys = [step.key for step in steps]
        best = keys.index(true[-1]) if true else 0
        if self.by_rules[axis] in keys:
            floors = [
                number
                for number in range(keys.index(self.by_rules[axis]) + 1)
                if steps[number].forward_only
            ]
            best = max([best, *floors[-1:]])
        return keys[best]

    def decided(self, axis, day):
        """The step people decided on, if a decision is in force."""
        running = [
            pin
            for pin in self.pins
            if pin.axis == axis
            and pin.starts <= day
            and (pin.ends is None or day < pin.ends)
        ]
        return max(running, key=lambda pin: pin.key).target if running else None


class Log:
    """The append-only log of one customer, as the database keeps it."""

    def __init__(self):
        self.rows = []

    def append(self, outcome):
        """Append what a replay found; return the number of rows."""
        before = len(self.rows)
        for axis in AXES:
            timeline = [move for move in outcome.moves if move.axis == axis]
            recorded = [(move.day, move.target) for move in self.standing(axis)]
            found = continuation(axis, recorded, timeline)
            for number, move in enumerate(found.moves):
                self.rows.append((move, None if number else found.corrects_from))
        return len(self.rows) - before

    def standing(self, axis):
        """The moves that no later row corrects."""
        rows = [
            (move.day, number, move)
            for number, (move, _corrects) in enumerate(self.rows)
            if move.axis == axis
            and not any(
                later.axis == axis and corrects and corrects <= move.day
                for later, corrects in self.rows[number + 1 :]
            )
        ]
        return [move for _day, _number, move in sorted(rows, key=lambda row: row[:2])]

    def first_day(self):
        """The day since when the log knows the customer."""
        standing = [self.standing(axis) for axis in AXES]
        return min((moves[0].day for moves in standing if moves), default=None)


def work_through(history, eras, pins, as_of, asleep=lambda day: False):
    """The log that the nightly job and the queue write, from the first day on.

    The job looks at the customer when something was entered since it last looked, or
    when the day has come that it announced then; on no other day.

    :param asleep: days on which no job runs.
    """
    log, news, due = Log(), days_of_news(history, eras, pins), None
    waiting, outcome = False, None
    for day in days_from(FIRST_DAY, (as_of - FIRST_DAY).days + 1):
        waiting |= day in news
        if asleep(day) or not (waiting or (due and due <= day)):
            continue
        outcome = replay(
            known_on(history, day),
            tuple(era for era in eras if not era.starts or era.starts <= day),
            tuple(pin for pin in pins if pin.starts <= day),
            day,
            known_since=log.first_day(),
        )
        log.append(outcome)
        waiting, due = False, outcome.next_on
    return log
