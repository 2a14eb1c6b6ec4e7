"""Why a standing changed: one word of those that `Standing.cause` knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .tier import Grant
from .tier_path import Path
from .tier_standing import Standing


@dataclass(frozen=True, slots=True)
class Change:
    """What a day has brought.

    :param last: the standing before, None at first.
    :param revoked: whether what became known took a tier away.
    :param had_tier: whether there has ever been a tier.
    """

    day: date
    last: Standing | None
    effective: int | None
    grant: Grant | None
    revoked: bool
    had_tier: bool


def cause_of(change: Change, path: Path) -> str:
    """Return why the standing has changed, a decision of a person before a rule."""
    state, last, grant = path.state, change.last, change.grant
    if not state.is_member:
        return _cause_of_leaving(change, path)
    if grant and (last is None or grant.starts > last.day):
        return "granted"
    if last and last.grant and not _is_in_force(last.grant, change, path):
        return "grant_ended"
    if entered := _entered(change, path):
        return entered
    if state.rules.starts == change.day and last:
        return "rule"
    if change.revoked:
        return "revoked"
    return _moved(change, path) if change.had_tier else "entry"


def _cause_of_leaving(change: Change, path: Path) -> str:
    rules, day = path.state.rules, change.day
    if rules.joined and not path.in_intervals(path.enrolments, day):
        return "rule" if rules.starts == day else "left"
    return "revoked" if change.revoked else "ladder"


def _is_in_force(key: int, change: Change, path: Path) -> bool:
    grants = path.member.grants
    return any(one.key == key and one.in_force(change.day) for one in grants)


def _entered(change: Change, path: Path) -> str | None:
    """Return how a member came in on this very day."""
    if path.state.rules.joined and path.joined_on(change.day):
        return "enrolled"
    if path.entered_on(change.day) and change.day != path.first_entered():
        return "ladder"
    return None


def _moved(change: Change, path: Path) -> str:
    """Tell up from down, of what counts or else of what is earned."""
    rank, last = path.state.rules.rank, change.last
    if last and change.effective == last.effective:
        return "earned" if rank(path.state.earned) > rank(last.earned) else "expired"
    was = last.effective if last else None
    return "earned" if rank(change.effective) > rank(was) else "expired"
