"""What customers in a comparable situation usually get, and who gets far more or less.

Unequal compensation hurts as much as a poor one: a handler should know what comparable
customers got. Comparable is the same cause at the same severity and about the same
value; where too few of those are known, severity counts no more, then the cause only as
the wider one above it. As long as even that is too little, a table says what is usual.

>>> table = [Row("refund", 50, 100, category="late", severity=None)]
>>> situation = Situation(path=("service", "late"), severity="high", value=200)
>>> advise([], table, situation)
Advice(kind='refund', low=100.0, usual=150.0, high=200.0, source='table', count=0)

>>> cases = [Case("refund", share, 100, ("service", "late"), "high")
...          for share in (40, 50, 50, 60, 60)]
>>> advice = advise(cases, table, situation, enough=5)
>>> advice.source, advice.usual, advice.count
('history', 100.0, 5)
>>> compare(400, advice), compare(110, advice), compare(20, advice)
('above', None, 'below')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

#: How much smaller or larger the value of a comparable case may be.
ABOUT = 3.0
#: How far above the upper, or below the lower end a proposal is unusual.
FAR = 1.5


@dataclass(frozen=True, slots=True)
class Situation:
    """What somebody has to decide about.

    :param path: the cause, from the widest to the narrowest category
    :param value: money at stake, 0 if unknown
    :param tier: the customer's tier, None for none
    """

    path: tuple = ()
    severity: str = "normal"
    value: float = 0.0
    tier: object = None


@dataclass(frozen=True, slots=True)
class Case:
    """What a customer got: everything of value given on one complaint.

    :param kind: the kind of remedy that made up most of it
    """

    kind: str
    given: float
    value: float
    path: tuple = ()
    severity: str = "normal"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: percent of the value at stake, or amounts without one.

    :param category: None for any
    :param severity: None for any
    :param value_from: smallest value it is for
    :param value_to: value it is no longer for; None: no end
    :param tier: None for any
    """

    kind: str
    percent_low: float = 0.0
    percent_high: float = 0.0
    category: object = None
    severity: str | None = None
    value_from: float = 0.0
    value_to: float | None = None
    amount_low: float = 0.0
    amount_high: float = 0.0
    tier: object = None


@dataclass(frozen=True, slots=True)
class Advice:
    """The usual remedy and its range.

    :param source: ``history`` or ``table``
    :param count: how many cases it rests on
    """

    kind: str
    low: float
    usual: float
    high: float
    source: str
    count: int = 0


def advise(
    cases: Sequence[Case],
    table: Iterable[Row],
    situation: Situation,
    enough: int = 10,
) -> Advice | None:
    """Return what is usual in a situation; None if nothing is known.

    :param enough: how many comparable cases it takes to go by the own history
    """
    for comparable in _comparable(cases, situation):
        if len(comparable) >= enough:
            return _from_cases(comparable, situation)
    return _from_table(table, situation)


def compare(amount: float, advice: Advice | None) -> str | None:
    """Return ``above`` or ``below`` when an amount is far from the usual range."""
    if advice is None or not advice.high:
        return None
    if amount > advice.high * FAR:
        return "above"
    if 0 < amount < advice.low / FAR:
        return "below"
    return None


def _comparable(
    cases: Sequence[Case], situation: Situation
) -> Iterator[Sequence[Case]]:
    """Yield comparable cases, the closest first."""
    near = [case for case in cases if _about_as_valuable(case, situation)]
    for depth in range(len(situation.path), 0, -1):
        branch = situation.path[:depth]
        of_cause = [case for case in near if case.path[:depth] == branch]
        yield [case for case in of_cause if case.severity == situation.severity]
        yield of_cause


def _about_as_valuable(case: Case, situation: Situation) -> bool:
    if not situation.value or not case.value:
        return bool(situation.value) == bool(case.value)
    return 1 / ABOUT <= case.value / situation.value <= ABOUT


def _from_cases(cases: Sequence[Case], situation: Situation) -> Advice:
    """The middle half of what they got, in proportion to the value."""
    kind = Counter(case.kind for case in cases).most_common(1)[0][0]
    scale = situation.value or 1.0
    shares = sorted(case.given / (case.value or 1.0) for case in cases)
    low = shares[len(shares) // 4]
    high = shares[-1 - len(shares) // 4]
    amounts = (round(share * scale, 2) for share in (low, median(shares), high))
    return Advice(kind, *amounts, source="history", count=len(cases))


def _from_table(table: Iterable[Row], situation: Situation) -> Advice | None:
    """The most precise line that fits; of equals the first."""
    fitting = [row for row in table if _fits(row, situation)]
    if not fitting:
        return None
    row = max(fitting, key=lambda row: _precision(row, situation))
    if situation.value:
        low = situation.value * row.percent_low / 100
        high = situation.value * row.percent_high / 100
    else:
        low, high = row.amount_low, row.amount_high
    low, high = round(float(low), 2), round(float(max(low, high)), 2)
    return Advice(row.kind, low, round((low + high) / 2, 2), high, source="table")


def _fits(row: Row, situation: Situation) -> bool:
    return (
        (row.category is None or row.category in situation.path)
        and (row.severity is None or row.severity == situation.severity)
        and (row.tier is None or row.tier == situation.tier)
        and situation.value >= row.value_from
        and (row.value_to is None or situation.value < row.value_to)
    )


def _precision(row: Row, situation: Situation) -> tuple:
    """A narrower cause counts more than the severity, that more than the customer's
    tier, and that more than the value.
    """
    depth = 0 if row.category is None else 1 + situation.path.index(row.category)
    ends = bool(row.value_from) + (row.value_to is not None)
    return depth, row.severity is not None, row.tier is not None, ends
