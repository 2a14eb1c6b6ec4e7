"""How serious a complaint is, and why: a proposal that a person may change.

Safety comes first: where somebody was or may be hurt, it is critical and nothing else
is asked. Otherwise the most serious of these decides:

- money at stake, measured by two limits of the company;
- the value of the customer, who has bought for at least a limit within twelve months;

and a complaint that is not the customer's first within the company's window is one
step more serious than it would be alone. A dispute about a trifle is low.

>>> limits = Limits(trifle=20, high=1000, critical=10000, customer=50000, days=90)
>>> propose(Case(), limits)
Proposal(severity='normal', reasons=())
>>> propose(Case(is_safety=True), limits).severity
'critical'
>>> propose(Case(amount=1500), limits).reasons
(Reason(code='money', values={'amount': 1500, 'limit': 1000}),)
>>> propose(Case(amount=1500, earlier=1), limits).severity
'critical'
>>> propose(Case(amount=5), limits).severity
'low'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LEVELS = ("low", "normal", "high", "critical")


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as much, in company currency; 0 switches a limit off.

    :param days: window in which another complaint counts as repeated
    """

    trifle: float = 0
    high: float = 0
    critical: float = 0
    customer: float = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """What is known about a complaint.

    :param amount: money in dispute; 0 when unknown
    :param revenue: what the customer bought within twelve months
    :param earlier: complaints of the customer within the window before this one
    """

    is_safety: bool = False
    amount: float = 0
    revenue: float = 0
    earlier: int = 0

    def known(self) -> Case:
        """Return the case without what people recorded about it."""
        return Case(revenue=self.revenue)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code with its values; put into words in the reader's language."""

    code: str
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A severity and all that speaks for it, the strongest first."""

    severity: str
    reasons: tuple[Reason, ...] = ()


def propose(case: Case, limits: Limits) -> Proposal:
    """Return the severity of a complaint with its reasons."""
    if case.is_safety:
        return Proposal("critical", (Reason("safety"),))
    found = [_by_money(case, limits), _by_customer(case, limits)]
    found = sorted((one for one in found if one), key=lambda one: -one[0])
    level = found[0][0] if found else LEVELS.index("normal")
    reasons = [reason for _level, reason in found]
    if limits.days and case.earlier:
        level = min(level + 1, len(LEVELS) - 1)
        values = {"count": case.earlier, "days": limits.days}
        reasons.append(Reason("repeated", values))
    return Proposal(LEVELS[level], tuple(reasons))


def _by_money(case: Case, limits: Limits) -> tuple[int, Reason] | None:
    for limit, level in ((limits.critical, "critical"), (limits.high, "high")):
        if limit and case.amount >= limit:
            values = {"amount": case.amount, "limit": limit}
            return LEVELS.index(level), Reason("money", values)
    if 0 < case.amount < limits.trifle:
        values = {"amount": case.amount, "limit": limits.trifle}
        return LEVELS.index("low"), Reason("trifle", values)
    return None


def _by_customer(case: Case, limits: Limits) -> tuple[int, Reason] | None:
    if not limits.customer or case.revenue < limits.customer:
        return None
    values = {"revenue": case.revenue, "limit": limits.customer}
    return LEVELS.index("high"), Reason("customer", values)
