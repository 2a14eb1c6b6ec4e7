"""Sentences put together, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce


def listed(env, sentences: Iterable[str]) -> str:
    """Return sentences one after the other, parted as the reader's language parts them.

    >>> listed(env, ["2.1 × their usual 34 days", "complaint open for 12 days"])
    '2.1 × their usual 34 days; complaint open for 12 days'
    """
    first, *others = [*filter(None, sentences)] or [""]
    return reduce(
        lambda said, more: env._("%(said)s; %(more)s", said=said, more=more),
        others,
        first,
    )
