"""Where a member stands, and how it came about: what a replay answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .tier_window import Span


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands from a day on; tiers by key, None where there is none.

    :param cause: ``entry``, ``enrolled``, ``ladder``, ``earned``, ``kept``,
        ``expired``, ``revoked``, ``granted``, ``grant_ended``, ``rule`` or ``left``.
    :param valid_until: last day of the term or of the grant, None if it has none.
    :param qualified_on: day on which the earned tier was reached.
    :param values: figures of the window, by measure.
    :param grant: key of the grant that gives the effective tier.
    """

    day: date
    measured: int | None = None
    earned: int | None = None
    effective: int | None = None
    cause: str = "entry"
    valid_until: date | None = None
    qualified_on: date | None = None
    version: int = 0
    values: Mapping[int, float] = field(default_factory=dict)
    grant: int | None = None
    window: Span | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Result of a replay.

    :param standings: changes in order; see `transitions` for those of what counts.
    :param now: standing as of the last day. Its ``valid_until`` is the last day on
        which the effective tier is certain if nothing more is bought, grace included.
    :param due_on: last day of the term of the earned tier, before any grace.
    :param next_on: first later day on which anything can change by itself.
    """

    standings: tuple[Standing, ...]
    now: Standing
    due_on: date | None = None
    next_on: date | None = None

    @property
    def transitions(self) -> tuple[Standing, ...]:
        """The standings at which the effective tier changed or was renewed."""
        before, result = None, []
        for one in self.standings:
            if one.effective != before or one.cause == "kept":
                result.append(one)
            before = one.effective
        return tuple(result)
