"""Keeping in touch at a cadence: what is due, for whom, and how much of it.

A plan names an occasion in a customer's life and how many days before or after it
somebody cares. What was due within the last week is still done; what is older has
passed. Nobody is cared for while a complaint is open or twice in a week, and nothing
beyond what the team can do in a week is planned.

>>> due_on("expected", date(2025, 7, 10), 7)
datetime.date(2025, 7, 3)
>>> due_on("purchase", date(2025, 7, 10), 7)
datetime.date(2025, 7, 17)
"""

from __future__ import annotations

from datetime import date, timedelta

# Occasions, and whether the days are counted before (-1) or after (1) them.
TRIGGERS = {
    "quotation": 1,
    "sent": 1,
    "confirmed": 1,
    "purchase": 1,
    "first_purchase": 1,
    "expected": -1,
    "contact": 1,
    "recovery": 1,
    "anniversary": 1,
    # Where deliveries are known, and the days that customers have told.
    "delivered": 1,
    "birthday": -1,
}
# Silence does not pass: it is due until somebody breaks it.
LASTING = frozenset({"contact"})
# Days for which something that was due is still done.
GRACE = 7
# For so many days after care was planned nothing else is planned for the same customer.
REST = 7
# The least grade of five with which a recovery counts as good.
GOOD_GRADE = 4


def is_ahead(trigger: str) -> bool:
    """Whether somebody cares before the occasion, which can be foreseen."""
    return TRIGGERS.get(trigger, 1) < 0


def due_on(trigger: str, occasion: date, days: int) -> date:
    """The day on which somebody should care about an occasion.

    Occasions that bridges add count their days after the occasion.
    """
    return occasion + TRIGGERS.get(trigger, 1) * timedelta(days=days)


def occasions_due(
    trigger: str, days: int, today: date, since: date | None = None
) -> tuple[date | None, date]:
    """The first and last occasion that is due today; None: however long ago.

    :param since: what had been due before that day has passed

    >>> occasions_due("purchase", 14, date(2025, 6, 30))
    (datetime.date(2025, 6, 10), datetime.date(2025, 6, 16))
    >>> occasions_due("contact", 30, date(2025, 6, 30))
    (None, datetime.date(2025, 5, 31))
    """
    distance = TRIGGERS.get(trigger, 1) * timedelta(days=days)
    last = today - distance
    if trigger in LASTING:
        return None, last
    earliest = today - timedelta(days=GRACE - 1)
    return max(earliest, since or earliest) - distance, last


def left_this_week(capacity: int, planned: int) -> int:
    """How many more activities the team can be asked for until Sunday."""
    return max(0, capacity - planned)
