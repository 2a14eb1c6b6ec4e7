"""Which complaints may be about the same thing, and why.

Two complaints are proposed as duplicates when both were received within the window
and the same customer speaks of the same order, invoice or product, or says nearly the
same words. A common customer alone is no reason: a customer may have several
complaints.

>>> from datetime import datetime
>>> first = Case(1, datetime(2025, 3, 1), account=7, order=5)
>>> again = Case(2, datetime(2025, 3, 4), account=7, order=5)
>>> reasons(first, again, window_days=30)
('order',)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

#: Share of common words from which two subjects say the same.
SAME_WORDS = 0.6


@dataclass(frozen=True, slots=True)
class Case:
    """What is compared of one complaint; keys are opaque, 0 means unknown."""

    key: int
    received_at: datetime
    account: int = 0
    email: str = ""
    order: int = 0
    invoice: int = 0
    product: int = 0
    subject: str = ""


def reasons(one: Case, other: Case, window_days: int) -> tuple[str, ...]:
    """Return why ``one`` may repeat ``other``; empty when nothing says so.

    :param window_days: how far apart both may have been received
    :return: some of ``"order"``, ``"invoice"``, ``"product"``, ``"words"``
    """
    apart = abs((one.received_at - other.received_at).total_seconds())
    if one.key == other.key or apart > window_days * 86400:
        return ()
    if not _same_customer(one, other):
        return ()
    found = [
        name
        for name in ("order", "invoice", "product")
        if getattr(one, name) and getattr(one, name) == getattr(other, name)
    ]
    if likeness(one.subject, other.subject) >= SAME_WORDS:
        found.append("words")
    return tuple(found)


def _same_customer(one: Case, other: Case) -> bool:
    if one.account or other.account:
        return one.account == other.account
    return bool(one.email) and one.email == other.email


def likeness(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, from 0 to 1.

    >>> likeness("Re: Lamp is broken", "lamp broken")
    0.67
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return round(len(first & second) / len(first | second), 2)


def _words(text: str) -> frozenset[str]:
    text = re.sub(r"^\s*((re|fwd?|aw|wg|tr)\s*:\s*)+", "", text or "", flags=re.I)
    words = re.findall(r"\w+", text.lower())
    # scripts without spaces between words are compared by character
    spread = [
        part
        for word in words
        for part in (word if re.search("[一-鿿]", word) else (word,))
    ]
    return frozenset(spread)
