"""Who may give what to a customer who complains, and who has to be asked.

Everybody decides within limits: per action, for everything given on a complaint, for
everything a customer got within a year. A team has a budget a month besides, which
binds its people and its manager. Above that, the lowest level is asked that may decide
alone. Somebody the complaint is about never decides. The highest level may go beyond
its own limits for what somebody else has asked for: four eyes.

>>> limits = {HANDLER: Limit(per_action=50, per_complaint=80), MANAGER: Limit()}
>>> decide(Person(HANDLER), Request(50), limits)
Verdict(is_within=True, reason='within', needs=None, values={'limit': 50})
>>> decide(Person(HANDLER), Request(51), limits)
Verdict(is_within=False, reason='per_action', needs='complaint_manager', \
values={'amount': 51, 'limit': 50})

Small steps do not lead further than a large one:

>>> verdict = decide(Person(HANDLER), Request(40, Spent(complaint=41)), limits)
>>> verdict.reason, verdict.values
('per_complaint', {'amount': 40, 'limit': 80, 'spent': 41})
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

HANDLER = "handler"
TEAM_MANAGER = "team_manager"
MANAGER = "complaint_manager"
ADMINISTRATOR = "administrator"
#: Who is asked, lowest first.
LEVELS = (HANDLER, TEAM_MANAGER, MANAGER, ADMINISTRATOR)
#: What happens without a person deciding, as a guarantee.
AUTOMATIC = "automatic"
#: Whoever else there is: may propose.
NOBODY = "nobody"
#: Whom the budget of a team binds.
OF_TEAM = (AUTOMATIC, HANDLER, TEAM_MANAGER)

Amount = Decimal | int | float


@dataclass(frozen=True, slots=True)
class Limit:
    """What a level may give alone, in company currency; None: any amount."""

    per_action: Amount | None = None
    per_complaint: Amount | None = None
    per_customer_year: Amount | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What has been approved already."""

    complaint: Amount = 0
    customer_year: Amount = 0
    team_month: Amount = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, about one complaint.

    :param is_concerned: the complaint is about this person
    :param is_author: this person has proposed the action or asked for it
    """

    level: str
    is_concerned: bool = False
    is_author: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be given.

    :param amount: the larger of what the customer gets and what it costs
    :param budget: what the team may give in a month; None: no budget
    :param caution: why no remedy may come about without a person, if so
    """

    amount: Amount
    spent: Spent = Spent()
    budget: Amount | None = None
    caution: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may decide; if not, the level to ask, and why.

    :param reason: ``free``, ``within``, ``four_eyes``; otherwise ``concerned``,
        ``caution``, ``no_authority``, ``per_action``, ``per_complaint``,
        ``per_customer_year``, ``team_budget``
    """

    is_within: bool
    reason: str
    needs: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


def decide(
    person: Person, request: Request, limits: Mapping[str, Limit | None]
) -> Verdict:
    """Judge whether a person may approve a request.

    :param limits: by level; a level that is missing may give nothing, the highest
        one anything
    """
    if person.is_concerned:
        return _ask(person, request, limits, "concerned")
    if person.level == AUTOMATIC and request.caution:
        return _ask(person, request, limits, "caution", {"caution": request.caution})
    if person.level not in (*LEVELS, AUTOMATIC):
        return _ask(person, request, limits, "no_authority")
    if not request.amount:
        return Verdict(True, "free")
    excess = _excess(person.level, request, limits)
    if excess is None:
        limit = _limit(person.level, limits)
        return Verdict(True, "within", values={"limit": limit.per_action})
    if person.level == LEVELS[-1] and not person.is_author:
        return Verdict(True, "four_eyes", values=excess[1])
    return _ask(person, request, limits, *excess)


def higher_levels(level: str) -> tuple[str, ...]:
    """Return whom to ask after a level, the next one first; never beyond the last."""
    if level not in LEVELS:
        return LEVELS
    return LEVELS[LEVELS.index(level) + 1 :] or LEVELS[-1:]


def cautious_severity(chosen: str, proposed: str | None, order: tuple[str, ...]) -> str:
    """Return the less serious one of what a person and what the rules say.

    A person may find a complaint more severe than the rules do; what may be given
    without asking follows the rules then.

    >>> cautious_severity("critical", "normal", ("low", "normal", "critical"))
    'normal'
    >>> cautious_severity("low", "normal", ("low", "normal", "critical"))
    'low'
    """
    if proposed not in order:
        return chosen
    return min(chosen, proposed, key=order.index)


def claim(
    claims: Mapping[str, int],
    who: int | None,
    change: tuple[str | None, str],
    known: str,
    order: tuple[str, ...],
) -> dict[str, int]:
    """Return who vouches for each severity that is reached: whoever raised it to it.

    :param claims: the same before the change
    :param who: the person who changes what the rules look at; None: nobody
    :param change: what the rules proposed before, and propose now
    :param known: what they would propose without what people recorded

    >>> order = ("low", "normal", "high", "critical")
    >>> claim({}, 7, ("normal", "critical"), "normal", order)
    {'high': 7, 'critical': 7}
    >>> claim({"high": 7}, 8, ("high", "critical"), "normal", order)
    {'high': 7, 'critical': 8}
    >>> claim({"high": 7, "critical": 7}, 8, ("critical", "high"), "normal", order)
    {'high': 7}
    >>> claim({}, 7, (None, "high"), "high", order)
    {}
    """
    before, after = (order.index(one) if one in order else -1 for one in change)
    result = {}
    for index in range(order.index(known) + 1, after + 1):
        level = order[index]
        person = claims.get(level) if index <= before else who
        if person:
            result[level] = person
    return result


def severity_for(
    who: int,
    chosen: str,
    proposed: str | None,
    claims: Mapping[str, int],
    order: tuple[str, ...],
) -> str:
    """Return the severity that the limits of a person go by: nobody raises the own.

    >>> order = ("low", "normal", "high", "critical")
    >>> severity_for(7, "critical", "critical", {"high": 7, "critical": 7}, order)
    'normal'
    >>> severity_for(8, "critical", "critical", {"high": 7, "critical": 7}, order)
    'critical'
    >>> severity_for(8, "critical", "critical", {"high": 7, "critical": 8}, order)
    'high'
    """
    severity = cautious_severity(chosen, proposed, order)
    own = [order.index(level) for level, person in claims.items() if person == who]
    if not own or min(own) > order.index(severity):
        return severity
    return order[max(min(own) - 1, 0)]


def _ask(
    person: Person,
    request: Request,
    limits: Mapping[str, Limit | None],
    reason: str,
    values: Mapping[str, object] | None = None,
) -> Verdict:
    """Whom to ask: the lowest level above that may decide alone, else the highest."""
    candidates = higher_levels(person.level)
    for level in candidates:
        if not request.amount or _excess(level, request, limits) is None:
            return Verdict(False, reason, level, values or {})
    return Verdict(False, reason, candidates[-1], values or {})


def _limit(level: str, limits: Mapping[str, Limit | None]) -> Limit | None:
    return limits.get(level) or (Limit() if level == LEVELS[-1] else None)


def _excess(
    level: str, request: Request, limits: Mapping[str, Limit | None]
) -> tuple[str, dict] | None:
    """Return which limit of a level is exceeded first, and by what; None if none is."""
    limit = _limit(level, limits)
    if limit is None:
        return "no_authority", {"amount": request.amount}
    for name, bound, spent in _bounds(level, limit, request):
        if bound is not None and spent + request.amount > bound:
            values = {"amount": request.amount, "limit": bound}
            return name, {**values, "spent": spent} if spent else values
    return None


def _bounds(
    level: str, limit: Limit, request: Request
) -> Iterator[tuple[str, Amount | None, Amount]]:
    """Yield (name, bound, already given) of everything that binds a level."""
    spent = request.spent
    yield "per_action", limit.per_action, 0
    yield "per_complaint", limit.per_complaint, spent.complaint
    yield "per_customer_year", limit.per_customer_year, spent.customer_year
    if level in OF_TEAM:
        yield "team_budget", request.budget, spent.team_month
