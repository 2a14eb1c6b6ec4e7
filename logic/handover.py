"""Handing customers over: who is introduced when, and what came of it.

>>> introduce_by(date(2025, 6, 30), "key")
datetime.date(2025, 7, 3)
>>> outcome(date(2025, 6, 30), bought=False, lost_on=date(2025, 9, 1))
'lost'
"""

from __future__ import annotations

from datetime import date, timedelta

# Days until the new account manager has called, by the value of the customer.
INTRODUCTIONS = {"key": 3, "ordinary": 14, "small": 28}


def introduce_by(day: date, value_class: str | None) -> date:
    """The last day on which a customer should hear from the new account manager.

    Customers without a value yet have as much time as ordinary ones.
    """
    days = INTRODUCTIONS.get(value_class or "", INTRODUCTIONS["ordinary"])
    return day + timedelta(days=days)


def outcome(day: date, bought: bool, lost_on: date | None) -> str:
    """What became of a customer since the hand-over of a day.

    :param bought: whether there was a purchase after it
    :param lost_on: since when the customer counts as lost; who bought and left is
        lost, and who had been lost before was not lost by it
    """
    if lost_on and lost_on > day:
        return "lost"
    if bought:
        return "bought"
    return "before" if lost_on else "waiting"
