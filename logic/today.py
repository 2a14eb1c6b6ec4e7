"""Whom to call today, what to do about them, and when to think of them again.

The list is as long as what the team can still call this week, and never longer than a
fifth of all customers: who was called rests for a time that depends on what came of it,
so that tomorrow's list is another one.

>>> list_size(capacity=25, customers=3000, done=7)
18
>>> list_size(capacity=25, customers=30, done=0)
6
>>> rest_days("unreached"), rest_days("reached", usual=14)
(1, 14)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .danger import BANDS, is_shrinking, rhythm_risk

# Days until somebody who was reached and has no complaint is thought of again.
USUAL_REST = 28
# How many days after another result, whatever the company's usual rest is.
RESTS = {"unreached": 1, "message": 3, "unhappy": 7, "refused": 91}
# Tried, but nobody was spoken to: it uses up no call.
FRUITLESS = "unreached"
LONGEST_REST = 366


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides about the next step with a customer.

    :ivar overdue: days since the last purchase ÷ usual interval
    :ivar change: revenue of 12 months ÷ the 12 before, less one; None without those
    :ivar planned: whether somebody has an activity with the customer already
    """

    complaints: int = 0
    quotations: int = 0
    purchase_days: int = 0
    overdue: float = 0.0
    change: float | None = None
    planned: bool = False


def next_step(situation: Situation) -> str:
    """Return the code of what helps most, the most pressing first.

    What somebody has planned already is done before anything new is begun; nobody is
    sold anything while a complaint is open.

    >>> next_step(Situation(complaints=1, overdue=3.0))
    'complaint'
    >>> next_step(Situation(overdue=3.0, quotations=1))
    'quotation'
    """
    steps = (
        ("complaint", situation.complaints > 0),
        ("planned", situation.planned),
        ("quotation", situation.quotations > 0),
        ("first", situation.purchase_days == 1),
        ("shrinking", situation.change is not None and is_shrinking(situation.change)),
        ("overdue", rhythm_risk(situation.overdue) > 0),
    )
    return next((code for code, applies in steps if applies), "due")


def list_size(capacity: int, customers: int, done: int) -> int:
    """How many customers stand on the list.

    :param capacity: calls the team makes in a week
    :param customers: how many there are in all
    :param done: how many of the list were called since the week began
    """
    worst = BANDS[0]
    share = max(1, int(worst.share * customers))
    return max(0, min(worst.weeks * capacity, share) - done)


def rest_days(result: str, usual: int = USUAL_REST) -> int:
    """Days for which a customer stays off the list after a contact."""
    return RESTS.get(result, usual)


def week_start(day: date) -> date:
    """The Monday of the week of a day.

    >>> week_start(date(2025, 7, 2))
    datetime.date(2025, 6, 30)
    """
    return day - timedelta(days=day.weekday())
