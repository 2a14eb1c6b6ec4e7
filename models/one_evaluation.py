"""One evaluation of a transaction at a time.

An evaluation creates changes through the ORM, and whatever listens to them, such as an
automation rule, may decide about a customer. The evaluation has read everything by
then: what is decided meanwhile is looked at after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

# Where a cursor notes it. Nothing that a savepoint or a commit within would forget.
RUNNING = "customer_retention.evaluation"


@contextmanager
def evaluating(env) -> Iterator[None]:
    """Note for the time of a block that this transaction evaluates."""
    before = is_evaluating(env)
    env.cr.cache[RUNNING] = True
    try:
        yield
    finally:
        env.cr.cache[RUNNING] = before


def is_evaluating(env) -> bool:
    """Tell whether an evaluation of this transaction is at work."""
    return env.cr.cache.get(RUNNING, False)
