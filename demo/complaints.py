"""Invents a year of complaints of the demo company: what went wrong, and what then.

Pure data out of the planned company, like the plan itself. Complaints hang on real
orders. Whoever was helped quickly tends to be a customer who still buys; whoever waited
is more often one who left, so that the company's own figures have something to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from .plan_records import Order, Plan

COUNT = 120
DAYS = 365
RECENT_DAYS = 16
RECENT_COUNT = 50
# What is older is not taken up again, and left lying for months.
REOPENED_DAYS = 60
# Carriers were changed on this day before today: the demo's corrective action.
CARRIER_CHANGED = 170
KEPT_HABITS = {"steady", "growing", "seasonal", "newcomer", "returned"}


@dataclass(frozen=True, slots=True)
class Story:
    """Something that goes wrong: how customers put it, and why it happened.

    :param category: end of the external identifier of a category
    :param cause: the same of a cause, empty when nobody found one
    :param wants: ends of the external identifiers of the remedies sought
    :param recovery: kind of the usual recovery action, empty for none
    """

    subject: str
    text: str
    category: str
    cause: str
    wants: tuple[str, ...]
    recovery: str
    weight: int = 4
    safety: bool = False


# fmt: off
STORIES = (
    Story("Pallet damaged on arrival",
          "The film was torn and two boxes were crushed. We need replacements before "
          "our shift on Monday.",
          "core_mistake", "partner_carrier", ("speed", "compensation"),
          "replacement", 14),
    Story("Delivered to the wrong gate",
          "The driver left everything at the visitors' car park and nobody told us.",
          "core_mistake", "partner_carrier", ("inconvenience", "never_again"),
          "apology", 8),
    Story("Invoice shows the old price",
          "We agreed on another price in spring. This is the second time.",
          "core_billing", "process_handover", ("compensation", "never_again"),
          "refund", 9),
    Story("Short by one box",
          "The delivery note says twelve, we counted eleven.",
          "core_mistake", "process_check", ("speed",), "replacement", 8),
    Story("Wrong article in the box",
          "Right label, wrong content. Our line stood still for an hour.",
          "core_mistake", "process_check", ("speed", "compensation"), "replacement", 7),
    Story("Nobody calls back",
          "I left three messages last week. Is anybody there?",
          "encounter_unresponsive", "people_workload", ("heard", "respect"), "call", 8),
    Story("Rude answer on the telephone",
          "Your colleague hung up on our buyer.",
          "encounter_impolite", "people_attitude", ("respect", "accountable"),
          "apology", 3),
    Story("Wrong advice about the seal",
          "We were told it stands 120 degrees. It does not.",
          "encounter_unknowledgeable", "people_training", ("cause", "compensation"),
          "refund", 4),
    Story("Price rose without notice",
          "Eight per cent from one order to the next, and not a word about it.",
          "pricing_increase", "policy_price", ("cause", "heard"), "discount", 6),
    Story("Freight charged although promised free",
          "Your salesperson said that freight is included above this amount.",
          "pricing_deceptive", "process_promise", ("compensation",), "refund", 5),
    Story("Two weeks late",
          "You promised calendar week 14. Our customers are waiting as well.",
          "inconvenience_service", "place_stock", ("speed", "cause"), "discount", 8),
    Story("Gloves tear at the seam",
          "Half of the pairs opened on the first day.",
          "core_mistake", "product_defect", ("compensation", "never_again"),
          "refund", 5),
    Story("Warning label missing on the drum",
          "One of our people opened it without protection. Nobody was hurt, this time.",
          "ethics_unsafe", "process_check", ("accountable", "never_again"), "visit", 1,
          True),
    Story("Cannot return within the time printed",
          "We were on company holidays for three of the fourteen days.",
          "response_negative", "policy_terms", ("heard",), "goodwill", 3),
    Story("Your offer changed after we agreed",
          "The confirmation is not what we had discussed.",
          "ethics_hard_sell", "process_promise", ("cause", "respect"), "call", 3),
)
PRAISE = (
    ("Thank you for the Saturday delivery", "Your driver saved our weekend."),
    ("Great help with the drawings", "She found the mistake that we did not see."),
)
SUGGESTIONS = (
    ("Print the order number on the box", "It would spare us opening every one."),
    ("Offer a smaller packing unit", "A box of 50 would be enough for most of us."),
)
CHANNELS = (("email", 8), ("phone", 7), ("portal", 3), ("web", 3), ("person", 1))
# fmt: on


@dataclass(frozen=True, slots=True)
class Case:
    """A complaint and what became of it; moments are local time of the company.

    Moments are None where it has not happened by today.

    :param grade: answer of the survey, from "1" to "5"; empty without one
    """

    order: Order
    story: Story
    kind: str
    channel: str
    received: datetime
    acknowledged: datetime | None
    answered: datetime | None
    decided: datetime | None
    resolved: datetime | None
    closed: datetime | None
    waits: tuple[datetime, datetime | None] | None
    promised: datetime | None
    outcome: str
    share: float
    grade: str
    is_reopened: bool


def plan_complaints(plan: Plan, seed: int = 2203) -> tuple[Case, ...]:
    """The complaints of a planned company, the oldest first.

    There are more of the last weeks than of the others: somebody has to work on them.
    """
    chance = Random(seed)
    habits = {customer.key: customer.habit for customer in plan.customers}
    orders = [
        order
        for order in plan.orders
        if order.state == "sale" and 2 <= (plan.today - order.day).days < DAYS
    ]
    chance.shuffle(orders)
    orders.sort(key=lambda order: (plan.today - order.day).days > RECENT_DAYS)
    recent = sum((plan.today - order.day).days <= RECENT_DAYS for order in orders)
    chosen = orders[: min(recent, RECENT_COUNT)] + orders[recent:]
    cases = (
        _case(chance, order, habits[order.customer], plan.today) for order in chosen
    )
    found = [case for case in cases if case][:COUNT]
    return tuple(sorted(found, key=lambda case: case.received))


def _case(chance: Random, order: Order, habit: str, today: date) -> Case | None:
    received_on = order.day + timedelta(days=chance.randint(1, 6))
    if received_on >= today:
        return None
    story = _story(chance, (today - received_on).days)
    if story is None:
        return None
    received = _moment(chance, received_on)
    kind = _kind(chance)
    if kind != "complaint":
        return _friendly(chance, order, kind, received, today)
    recent = (today - received_on).days < RECENT_DAYS
    steps = _steps(chance, received, habit in KEPT_HABITS and not recent)
    known = {name: _past(moment, today) for name, moment in steps.items()}
    refused = chance.random() < 0.1
    grade = _grade(chance, steps["resolved"] - received, refused)
    return Case(
        order=order,
        story=story,
        kind="complaint",
        channel=chance.choices(*zip(*CHANNELS, strict=True))[0],
        received=received,
        **known,
        waits=_wait(chance, steps, today),
        promised=_promise(chance, steps, today),
        outcome="refused"
        if refused
        else chance.choice(("accepted",) * 4 + ("partly",)),
        share=chance.choice((0.05, 0.1, 0.1, 0.2)),
        grade=grade if known["resolved"] and chance.random() < 0.55 else "",
        is_reopened=bool(known["closed"])
        and chance.random() < 0.05
        and (today - received_on).days < REOPENED_DAYS,
    )


def _story(chance: Random, days_ago: int) -> Story | None:
    """A story; since the carrier was changed, most of its own do not happen."""
    weights = [story.weight for story in STORIES]
    story = chance.choices(STORIES, weights)[0]
    is_past = story.cause == "partner_carrier" and days_ago < CARRIER_CHANGED
    return None if is_past and chance.random() < 0.8 else story


def _kind(chance: Random) -> str:
    kinds = ("complaint", "praise", "suggestion")
    return chance.choices(kinds, (16, 1, 1))[0]


def _friendly(
    chance: Random, order: Order, kind: str, received: datetime, today: date
) -> Case:
    """Praise or a suggestion: read, answered with thanks and closed."""
    subject, text = chance.choice(PRAISE if kind == "praise" else SUGGESTIONS)
    answered = received + timedelta(hours=chance.randint(2, 30))
    return Case(
        order=order,
        story=Story(subject, text, "", "", (), ""),
        kind=kind,
        channel="email",
        received=received,
        acknowledged=None,
        answered=_past(answered, today),
        decided=None,
        resolved=None,
        closed=_past(answered, today),
        waits=None,
        promised=None,
        outcome="",
        share=0.0,
        grade="",
        is_reopened=False,
    )


def _steps(chance: Random, received: datetime, is_kept: bool) -> dict[str, datetime]:
    """When things happen; customers who still buy had been helped faster."""
    slow = chance.random() < (0.12 if is_kept else 0.6)
    acknowledged = received + timedelta(minutes=chance.randint(1, 90))
    if slow:
        acknowledged += timedelta(hours=chance.randint(8, 40))
    answered = acknowledged + timedelta(hours=chance.randint(1, 50 if slow else 7))
    days = chance.uniform(6, 24) if slow else chance.choice((0.2, 0.6, 1, 2, 3, 5))
    decided = answered + timedelta(days=days)
    resolved = decided + timedelta(days=chance.uniform(0.05, 6 if slow else 2))
    return {
        "acknowledged": acknowledged,
        "answered": answered,
        "decided": decided,
        "resolved": resolved,
        "closed": resolved + timedelta(days=chance.randint(4, 9)),
    }


def _wait(chance: Random, steps: dict[str, datetime], today: date):
    """From when to when we waited for the customer, in some cases."""
    if chance.random() > 0.2:
        return None
    start = _past(steps["answered"] + timedelta(hours=1), today)
    end = _past(steps["answered"] + timedelta(hours=chance.randint(8, 60)), today)
    return (start, end) if start and (end is None or end < steps["decided"]) else None


def _promise(chance: Random, steps: dict[str, datetime], today: date):
    """Until when we promised to call, where the decision is still to come."""
    if _past(steps["decided"], today) or not _past(steps["answered"], today):
        return None
    day = today + timedelta(days=chance.choice((-1, 1, 2, 4)))
    return datetime.combine(day, time(10)) if chance.random() < 0.5 else None


def _grade(chance: Random, taken: timedelta, refused: bool) -> str:
    if refused or taken.days > 14:
        return chance.choice("1223")
    return chance.choice("3445555" if taken.days < 4 else "23344")


def _moment(chance: Random, day: date) -> datetime:
    return datetime.combine(day, time(chance.randint(8, 16), chance.randint(0, 59)))


def _past(moment: datetime, today: date) -> datetime | None:
    return moment if moment.date() < today else None
