"""Handing customers over: who is introduced when, and what came of it.

>>> introduce_by(date(2025, 6, 30), "key")
datetime.date(2025, 7, 3)
>>> outcome(bought=False, lost=True)
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


def outcome(bought: bool, lost: bool) -> str:
    """What became of a customer since the hand-over.

    :param bought: whether there was a purchase after it
    :param lost: whether the customer counts as lost now; who bought and left is lost
    """
    if lost:
        return "lost"
    return "bought" if bought else "waiting"
