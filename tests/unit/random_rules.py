"""Random rules and random accounts, for the tests that compare two compilations."""

from datetime import date, timedelta
from decimal import Decimal

from ...logic.catalog import FACTS, MEMBERSHIP, WHOLE_KINDS
from ...logic.rule import Compare, Not, all_of, any_of

EPOCH = date(2020, 1, 1)
DATE_KEYS = sorted({fact.base for fact in FACTS.values() if fact.clocked})
NUMBER_KINDS = {
    fact.key: fact.kind
    for fact in FACTS.values()
    if fact.stored_keys == (fact.key,) and fact.kind != "choice"
}
CHOICES = {fact.key: fact.choices for fact in FACTS.values() if fact.choices}

# Numbers on which rounding and comparison like to disagree.
_AWKWARD = (0, -1, 1, 0.1, 0.3, 1.1, 2.675, -0.5, 1 / 3, 7, 30, 1e-9, 10**15)


def random_rule(random, facts=None, depth=4):
    """A rule over some facts, at most 27 comparisons wide."""
    facts = facts or sorted(FACTS)
    if depth == 1 or random.random() < 0.3:
        return random_comparison(random, FACTS[random.choice(facts)])
    if random.random() < 0.2:
        return Not(random_rule(random, facts, depth - 1))
    join = random.choice((all_of, any_of))
    count = random.randint(2, 3)
    return join(*(random_rule(random, facts, depth - 1) for _part in range(count)))


def random_comparison(random, fact):
    """A comparison that the catalogue allows on a fact."""
    operator = random.choice(fact.operators)
    if operator not in MEMBERSHIP:
        return Compare(fact.key, operator, _constant(random, fact))
    constants = (_constant(random, fact) for _each in range(random.randint(1, 3)))
    return Compare(fact.key, operator, tuple(dict.fromkeys(constants)))


def _constant(random, fact):
    if fact.kind == "choice":
        return random.choice(fact.choices)
    if fact.whole:
        if random.random() < 0.3:
            return random.choice((0, 1, 2, -3, 10**15))
        return random.randint(0, 400)
    if random.random() < 0.2:
        return random.choice(_AWKWARD)
    return round(random.uniform(-1, 5), random.randint(0, 17)) or 0


def random_account(random):
    """Stored facts as a database would give them, some of them unknown."""
    values = {key: _random_date(random) for key in DATE_KEYS}
    values |= {key: _number(random, kind) for key, kind in NUMBER_KINDS.items()}
    values |= {key: random.choice(choices) for key, choices in CHOICES.items()}
    return {
        key: None if random.random() < 0.15 else value for key, value in values.items()
    }


def _random_date(random):
    return EPOCH + timedelta(days=random.randint(-400, 1200))


def _number(random, kind):
    """A number of one kind, often one of the few that constants are drawn from."""
    if kind in WHOLE_KINDS:
        return random.choice((0, 1, 2, random.randint(0, 400)))
    number = random.choice(
        (0, 1, 30, 0.1, 0.3, random.uniform(-5, 60), random.randint(1, 90) / 2)
    )
    return Decimal(str(round(number, 2))) if kind == "money" else float(number)
