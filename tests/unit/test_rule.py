"""The rule language, example by example."""

import doctest
import json
from datetime import date, timedelta
from decimal import Decimal

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic import catalog, rule, rule_decide, rule_sql, rule_text, rule_tree
from ...logic.catalog import FACTS, Fact
from ...logic.rule import (
    ALWAYS,
    ERROR_CODES,
    All,
    Any,
    Compare,
    Not,
    RuleError,
    break_points,
    break_points_sql,
    facts_of,
    holds,
    missing_facts,
    parse,
    sentence,
    serialize,
    stored_facts_of,
    to_sql,
)

NEW_YEAR = date(2024, 1, 1)
ONE, TWO, THREE = (Compare("purchase_count", ">", n) for n in (1, 2, 3))
TERM_ONE, TERM_TWO, TERM_THREE = (["purchase_count", ">", n] for n in (1, 2, 3))

# A text that is refused, its code and the values the message is made of.
REFUSED = [
    (" " * 10_001, "text_too_long", {"size": 10_001, "limit": 10_000}),
    ("[[", "not_json", {"position": 2}),
    ("[" * 9_999, "not_json", {"position": 0}),
    ('{"fact": 1}', "not_a_list", {}),
    ([TERM_ONE] * 51, "too_many_comparisons", {"count": 51, "limit": 50}),
    (["!"] * 10 + [TERM_ONE], "too_deep", {"limit": 10}),
    (["!"] * 9 + [TERM_ONE, TERM_TWO], "too_deep", {"limit": 10}),
    (["^", TERM_ONE], "unknown_connective", {"token": "^"}),
    (["!"], "missing_operand", {"connective": "!"}),
    (["&", TERM_ONE], "missing_operand", {"connective": "&"}),
    (["|", "!", TERM_ONE], "missing_operand", {"connective": "|"}),
    ([["purchase_count", ">"]], "malformed_term", {"term": "['purchase_count', '>']"}),
    ([[1, "=", 1]], "malformed_term", {"term": "[1, '=', 1]"}),
    ([7], "malformed_term", {"term": "7"}),
    ([[TERM_ONE]], "malformed_term", {"term": "[['purchase_count', '>', 1]]"}),
    ([["user_id.name", "=", "A"]], "dotted_path", {"fact": "user_id.name"}),
    ([["visits", "=", 1]], "unknown_fact", {"fact": "visits"}),
    (
        [["last_purchase_on", "<", "today -30d"]],
        "date_fact",
        {"fact": "last_purchase_on", "instead": "days_since_last"},
    ),
    (
        [["expected_next_on", "<", "2024-01-01"]],
        "date_fact",
        {"fact": "expected_next_on", "instead": "overdue_ratio"},
    ),
    (
        [["purchase_count", "any", [TERM_ONE]]],
        "unknown_operator",
        {"fact": "purchase_count", "operator": "any"},
    ),
    (
        [["fit_need", "ilike", "yes"]],
        "unknown_operator",
        {"fact": "fit_need", "operator": "ilike"},
    ),
    (
        [["purchase_count", "child_of", 1]],
        "unknown_operator",
        {"fact": "purchase_count", "operator": "child_of"},
    ),
    (
        [["revenue_12m", "=", 0]],
        "operator_not_allowed",
        {"fact": "revenue_12m", "operator": "=", "allowed": ("<", "<=", ">", ">=")},
    ),
    (
        [["days_since_last", "in", [1, 2]]],
        "operator_not_allowed",
        {
            "fact": "days_since_last",
            "operator": "in",
            "allowed": ("=", "!=", "<", "<=", ">", ">="),
        },
    ),
    (
        [["purchase_count", "=", [1]]],
        "single_value_expected",
        {"fact": "purchase_count", "operator": "="},
    ),
    (
        [["fit_need", "in", "yes"]],
        "list_expected",
        {"fact": "fit_need", "operator": "in"},
    ),
    (
        [["fit_need", "not in", []]],
        "empty_list",
        {"fact": "fit_need", "operator": "not in"},
    ),
    (
        [["purchase_count", "in", list(range(51))]],
        "too_many_values",
        {"fact": "purchase_count", "count": 51, "limit": 50},
    ),
    (
        [["purchase_count", ">", True]],
        "not_a_number",
        {"fact": "purchase_count", "value": "True"},
    ),
    (
        [["days_since_last", ">", "-30d"]],
        "not_a_number",
        {"fact": "days_since_last", "value": "-30d"},
    ),
    (
        [["days_since_last", ">", None]],
        "not_a_number",
        {"fact": "days_since_last", "value": "None"},
    ),
    (
        '[["revenue_12m", ">", NaN]]',
        "not_finite",
        {"fact": "revenue_12m", "value": "nan"},
    ),
    (
        '[["revenue_12m", ">", -1e999]]',
        "not_finite",
        {"fact": "revenue_12m", "value": "-inf"},
    ),
    (
        [["purchase_count", ">", 2.5]],
        "not_whole",
        {"fact": "purchase_count", "value": "2.5"},
    ),
    (
        [["overdue_ratio", ">", 1e-10]],
        "number_out_of_range",
        {"fact": "overdue_ratio", "value": "1e-10"},
    ),
    (
        [["purchase_count", "<", -(10**15) - 1]],
        "number_out_of_range",
        {"fact": "purchase_count", "value": "-1000000000000001"},
    ),
    (
        [["fit_need", "=", False]],
        "not_a_choice",
        {"fact": "fit_need", "value": "False", "choices": ("yes", "no", "unknown")},
    ),
    (
        [["interval_source", "in", ["own", "none"]]],
        "not_a_choice",
        {"fact": "interval_source", "value": "none", "choices": ("own", "segment")},
    ),
]


class TestText(UnitCase):
    """From text to tree and back."""

    def test_an_empty_list_is_always_true(self):
        """No condition excludes nobody."""
        self.assertEqual(parse("[]"), ALWAYS)
        self.assertEqual(serialize(ALWAYS), [])

    def test_terms_side_by_side_must_all_hold(self):
        """Several terms without a connective mean "and"."""
        self.assertEqual(parse([TERM_ONE, TERM_TWO]), All((ONE, TWO)))
        self.assertEqual(parse([TERM_ONE]), ONE)

    def test_a_connective_takes_the_operands_after_it(self):
        """Polish notation: each binary connective takes two, "!" takes one."""
        tree = parse(["|", "!", TERM_ONE, "&", TERM_TWO, TERM_THREE])
        self.assertEqual(tree, Any((Not(ONE), All((TWO, THREE)))))
        tree = parse(["|", TERM_ONE, TERM_TWO, TERM_THREE])
        self.assertEqual(tree, All((Any((ONE, TWO)), THREE)))

    def test_brackets_do_not_matter(self):
        """Chains of one connective are one flat node."""
        flat = Any((ONE, TWO, THREE))
        self.assertEqual(parse(["|", "|", TERM_ONE, TERM_TWO, TERM_THREE]), flat)
        self.assertEqual(parse(["|", TERM_ONE, "|", TERM_TWO, TERM_THREE]), flat)
        self.assertEqual(serialize(flat), ["|", "|", TERM_ONE, TERM_TWO, TERM_THREE])

    def test_a_tuple_is_as_good_as_a_list(self):
        """Python domains write their terms as tuples."""
        self.assertEqual(
            parse([("fit_need", "in", ("yes", "no"))]),
            parse('[["fit_need", "in", ["yes", "no"]]]'),
        )

    def test_numbers_have_one_spelling(self):
        """A whole float is an integer, and a list names a value once."""
        [term] = serialize(parse([["purchase_count", "in", [3.0, 3, 1]]]))
        self.assertEqual(json.dumps(term), '["purchase_count", "in", [3, 1]]')
        [term] = serialize(parse([["overdue_ratio", ">=", -0.0]]))
        self.assertEqual(json.dumps(term), '["overdue_ratio", ">=", 0]')

    def test_a_rule_at_the_limits_is_accepted(self):
        """Fifty comparisons, ten levels and a long text are still a rule."""
        self.assertEqual(len(parse([TERM_ONE] * 50).parts), 50)
        parse(["!"] * 9 + [TERM_ONE])
        parse("[]".ljust(10_000))

    def test_every_refusal_says_why(self):
        """Each text has its code and the values of the message."""
        for source, code, values in REFUSED:
            with self.subTest(code=code, values=values):
                with self.assertRaises(RuleError) as caught:
                    parse(source)
                self.assertEqual(caught.exception.code, code)
                self.assertEqual(caught.exception.values, values)
                self.assertEqual(set(values), set(ERROR_CODES[code]))

    def test_every_code_is_exercised(self):
        """A new refusal comes with its example."""
        self.assertEqual({code for _source, code, _ in REFUSED}, set(ERROR_CODES))

    def test_a_message_quotes_no_more_than_a_line(self):
        """However long the nonsense is, the message stays readable."""
        with self.assertRaises(RuleError) as caught:
            parse([["fit_need", "=", "x" * 5000]])
        self.assertEqual(len(caught.exception.values["value"]), 60)

    def test_an_empty_part_has_no_text(self):
        """Only the whole rule may be empty."""
        with self.assertRaises(ValueError):
            serialize(Not(ALWAYS))

    def test_the_facts_of_a_rule(self):
        """The names in it, and the stored facts behind them."""
        tree = parse([TERM_ONE, "!", ["overdue_ratio", ">", 2]])
        self.assertEqual(facts_of(tree), {"purchase_count", "overdue_ratio"})
        self.assertEqual(
            stored_facts_of(tree),
            {"purchase_count", "last_purchase_on", "usual_interval"},
        )
        self.assertEqual(facts_of(ALWAYS), frozenset())

    def test_the_sentence_keeps_the_structure(self):
        """Codes, nested like the rule."""
        self.assertEqual(
            sentence(All((ONE, Not(Any((TWO, THREE)))))),
            (
                "all",
                [
                    ("compare", "purchase_count", ">", 1),
                    (
                        "not",
                        (
                            "any",
                            [
                                ("compare", "purchase_count", ">", 2),
                                ("compare", "purchase_count", ">", 3),
                            ],
                        ),
                    ),
                ],
            ),
        )

    def test_the_examples_in_the_documentation_hold(self):
        """The docstrings of the language are its specification."""
        for module in (catalog, rule, rule_decide, rule_sql, rule_text, rule_tree):
            with self.subTest(module=module.__name__):
                self.assertEqual(doctest.testmod(module).failed, 0)


class TestBridgeFacts(UnitCase):
    """Facts that come and go with another module."""

    def setUp(self):
        """Give the catalogue one more fact."""
        super().setUp()
        catalog.register(Fact("days_since_visit", "days", "elapsed", "last_visit_on"))
        self.addCleanup(catalog.unregister, "days_since_visit")

    def test_a_registered_fact_is_part_of_the_language(self):
        """It parses, decides and has a clock."""
        tree = parse([["days_since_visit", ">=", 7]])
        stored = {"last_visit_on": NEW_YEAR}
        self.assertFalse(holds(tree, stored, NEW_YEAR))
        self.assertEqual(break_points(tree, stored, NEW_YEAR), date(2024, 1, 8))

    def test_its_date_is_refused_with_the_fact_to_use(self):
        """A date of a bridge is a date too."""
        with self.assertRaises(RuleError) as caught:
            parse([["last_visit_on", ">", "2024-01-01"]])
        self.assertEqual(caught.exception.values["instead"], "days_since_visit")

    def test_a_fact_that_left_is_missing(self):
        """The rule is recognised, so that it can be skipped with a warning."""
        text = '["|", ["days_since_visit", ">", 7], ["purchase_count", ">", 1]]'
        self.assertEqual(missing_facts(text), set())
        catalog.unregister("days_since_visit")
        self.assertEqual(missing_facts(text), {"days_since_visit"})
        self.assertEqual(
            missing_facts(text, {}), {"days_since_visit", "purchase_count"}
        )

    def test_only_names_can_be_missing(self):
        """A date or a path is an error of the rule, as is a text without terms."""
        wrong = [["last_purchase_on", "=", 1], ["user_id.name", "=", 1]]
        self.assertEqual(missing_facts(wrong), set())
        with self.assertRaises(RuleError):
            missing_facts("[1]")

    def test_registering_twice_is_harmless_unless_it_differs(self):
        """A module may be imported again; two modules may not quarrel."""
        catalog.register(FACTS["days_since_visit"])
        with self.assertRaises(ValueError):
            catalog.register(Fact("days_since_visit", "integer"))

    def test_the_facts_of_the_product_stay(self):
        """A bridge removes its own facts only."""
        with self.assertRaises(ValueError):
            catalog.unregister("purchase_count")
        catalog.unregister("never_heard_of")

    def test_a_definition_must_make_sense(self):
        """What no rule could be compiled for is refused at once."""
        for wrong in (
            {"key": "Bad Key", "kind": "integer"},
            {"key": "a", "kind": "date"},
            {"key": "a", "kind": "integer", "clock": "moon"},
            {"key": "a", "kind": "choice"},
            {"key": "a", "kind": "integer", "choices": ("x",)},
            {"key": "a", "kind": "days", "clock": "elapsed"},
            {"key": "a", "kind": "integer", "clock": "elapsed", "base": "b"},
            {"key": "a", "kind": "ratio", "clock": "overdue", "base": "b"},
            {"key": "a", "kind": "money", "base": "b", "divisor": "c"},
            {"key": "a", "kind": "ratio", "base": "b"},
        ):
            with self.subTest(wrong), self.assertRaises(ValueError):
                Fact(**wrong)


class TestDecision(UnitCase):
    """What a rule says of one account."""

    def assert_holds(self, term, values, expected, as_of=NEW_YEAR):
        """Check one comparison."""
        with self.subTest(term=term, values=values):
            self.assertIs(holds(parse([term]), values, as_of), expected)

    def test_every_operator_on_a_count(self):
        """On an account with two purchases."""
        stored = {"purchase_count": 2}
        for operator, value, expected in (
            ("=", 2, True),
            ("=", 3, False),
            ("!=", 3, True),
            ("!=", 2, False),
            ("<", 3, True),
            ("<", 2, False),
            ("<=", 2, True),
            ("<=", 1, False),
            (">", 1, True),
            (">", 2, False),
            (">=", 2, True),
            (">=", 3, False),
            ("in", [1, 2], True),
            ("in", [3], False),
            ("not in", [3], True),
            ("not in", [2], False),
        ):
            self.assert_holds(["purchase_count", operator, value], stored, expected)

    def test_choices(self):
        """An answer is compared as it is written."""
        stored = {"fit_need": "unknown"}
        self.assert_holds(["fit_need", "=", "unknown"], stored, True)
        self.assert_holds(["fit_need", "!=", "yes"], stored, True)
        self.assert_holds(["fit_need", "in", ["yes", "no"]], stored, False)

    def test_money_may_come_as_decimal(self):
        """The database gives decimals, a rule has floats: both are doubles."""
        for amount in (Decimal("0.1"), 0.1):
            self.assert_holds(["revenue_12m", ">", 0.1], {"revenue_12m": amount}, False)
            self.assert_holds(["revenue_12m", ">=", 0.1], {"revenue_12m": amount}, True)

    def test_the_unknown_compares_as_false(self):
        """Whatever the operator; and the negation of it is true."""
        for unknown in ({}, {"purchase_count": None}, {"purchase_count": False}):
            for operator in ("=", "!=", "<", ">="):
                self.assert_holds(["purchase_count", operator, 0], unknown, False)
            self.assert_holds(["purchase_count", "not in", [1]], unknown, False)
            self.assertTrue(
                holds(Not(Compare("purchase_count", "=", 0)), unknown, NEW_YEAR)
            )

    def test_zero_is_known(self):
        """No purchase is a fact, not the lack of one."""
        self.assert_holds(["purchase_count", "=", 0], {"purchase_count": 0}, True)

    def test_days_are_counted_to_the_day_of_the_question(self):
        """On the day itself none has passed; before it they count down."""
        stored = {"last_purchase_on": NEW_YEAR}
        for day, elapsed in ((0, 0), (1, 1), (366, 366), (-2, -2)):
            as_of = NEW_YEAR + timedelta(days=day)
            self.assert_holds(["days_since_last", "=", elapsed], stored, True, as_of)

    def test_a_ratio_is_a_multiplication(self):
        """0.29 times 100 is a hair less than 29, and 29 days reach it."""
        stored = {"last_purchase_on": NEW_YEAR, "usual_interval": 100.0}
        as_of = NEW_YEAR + timedelta(days=29)
        self.assertLess(0.29 * 100, 29)
        self.assert_holds(["overdue_ratio", ">", 0.29], stored, True, as_of)
        self.assert_holds(["overdue_ratio", "<=", 0.29], stored, False, as_of)

    def test_a_ratio_needs_a_positive_divisor(self):
        """Without a rhythm nobody is overdue, and nobody is in time."""
        for interval in (None, 0, 0.0, -3):
            stored = {"last_purchase_on": NEW_YEAR, "usual_interval": interval}
            self.assert_holds(["overdue_ratio", ">=", 0], stored, False)
            self.assert_holds(["overdue_ratio", "<", 9], stored, False)
        stored = {"revenue_12m": 10, "revenue_prev_12m": Decimal("-5")}
        self.assert_holds(["revenue_trend", "<", 1], stored, False)

    def test_static_ratios(self):
        """They divide two stored facts, whatever the day."""
        stored = {
            "revenue_12m": Decimal("80.00"),
            "revenue_prev_12m": Decimal("100.00"),
            "tenure_days": 60,
            "last_gap_days": 90,
            "usual_interval": 30.0,
        }
        self.assert_holds(["revenue_trend", "<=", 0.8], stored, True)
        self.assert_holds(["revenue_trend", "<", 0.8], stored, False)
        self.assert_holds(["tenure_ratio", ">=", 2], stored, True)
        self.assert_holds(["last_gap_ratio", ">", 3], stored, False)

    def test_connectives(self):
        """All, any and not, on two purchases."""
        stored = {"purchase_count": 2}
        for tree, expected in (
            (ALWAYS, True),
            (Any(()), False),
            (All((ONE, TWO)), False),
            (Any((ONE, TWO)), True),
            (All((ONE, Not(TWO))), True),
        ):
            with self.subTest(tree):
                self.assertIs(holds(tree, stored, NEW_YEAR), expected)


class TestBreakPoints(UnitCase):
    """The days on which the calendar alone changes a decision."""

    stored = {"last_purchase_on": NEW_YEAR, "usual_interval": 21.0}

    def assert_days(self, term, expected, **values):
        """Check on how many days after the purchase a comparison flips."""
        tree, day, found = parse([term]), date.min, []
        while following := break_points(tree, self.stored | values, day):
            self.assertGreater(following, day)
            day = following
            found.append((day - NEW_YEAR).days)
        with self.subTest(term):
            self.assertEqual(found, expected)

    def test_days_since(self):
        """An order flips once, an equality on the day and on the next."""
        self.assert_days(["days_since_last", ">=", 30], [30])
        self.assert_days(["days_since_last", "<", 30], [30])
        self.assert_days(["days_since_last", ">", 30], [31])
        self.assert_days(["days_since_last", "<=", 30], [31])
        self.assert_days(["days_since_last", "=", 30], [30, 31])
        self.assert_days(["days_since_last", "!=", 30], [30, 31])
        self.assert_days(["days_since_last", ">=", 0], [0])
        self.assert_days(["days_since_last", "<", -5], [-5])

    def test_overdue(self):
        """The first whole day on or beyond the product."""
        self.assert_days(["overdue_ratio", ">=", 1.5], [32])
        self.assert_days(["overdue_ratio", ">", 1.5], [32])
        self.assert_days(["overdue_ratio", ">=", 2], [42])
        self.assert_days(["overdue_ratio", ">", 2], [43])
        self.assert_days(["overdue_ratio", "<", 2], [42])
        self.assert_days(["overdue_ratio", "<=", 2], [43])
        self.assert_days(["overdue_ratio", ">=", 0], [0])
        self.assert_days(["overdue_ratio", ">", -0.5], [-10])
        self.assert_days(["overdue_ratio", ">", 0.29], [29], usual_interval=100)

    def test_what_is_not_known_never_flips(self):
        """Neither without a purchase nor without a rhythm."""
        for values in (
            {"last_purchase_on": None},
            {"usual_interval": None},
            {"usual_interval": 0.0},
            {"usual_interval": -1.0},
        ):
            self.assert_days(["overdue_ratio", ">=", 1.5], [], **values)

    def test_the_earliest_of_several(self):
        """Each day is later than the one before; static facts add none."""
        tree = parse(
            [
                ["purchase_count", ">", 1],
                "|",
                ["days_since_last", ">", 90],
                ["overdue_ratio", ">=", 2],
            ]
        )
        first = break_points(tree, self.stored, NEW_YEAR)
        self.assertEqual(first, NEW_YEAR + timedelta(days=42))
        second = break_points(tree, self.stored, first)
        self.assertEqual(second, NEW_YEAR + timedelta(days=91))
        self.assertIsNone(break_points(tree, self.stored, second))

    def test_a_day_beyond_the_calendar_does_not_come(self):
        """Python's last day is in the year 9999."""
        self.assert_days(["days_since_last", ">", 10**15], [])
        days = (date.max - NEW_YEAR).days
        self.assert_days(["days_since_last", ">=", days], [days])
        self.assert_days(["days_since_last", ">", days], [])


class TestSqlText(UnitCase):
    """The shape of the SQL; what it computes is compared in a database."""

    def test_constants_are_parameters(self):
        """In the order in which they stand in the text."""
        tree = parse(
            [
                "!",
                ["fit_need", "in", ["yes", "no"]],
                "|",
                ["revenue_12m", ">", 1.5],
                ["overdue_ratio", "<", 2],
            ]
        )
        text, parameters = to_sql(tree, "r.{}".format, "d")
        self.assertEqual(
            text,
            "(NOT COALESCE(r.fit_need IN (%s, %s), FALSE)"
            " AND (COALESCE(CAST(r.revenue_12m AS double precision)"
            " > CAST(%s AS double precision), FALSE)"
            " OR COALESCE(r.usual_interval > 0"
            " AND CAST((d - r.last_purchase_on) AS double precision)"
            " < CAST(%s AS double precision)"
            " * CAST(r.usual_interval AS double precision), FALSE)))",
        )
        self.assertEqual(parameters, ["yes", "no", 1.5, 2])

    def test_empty_nodes(self):
        """The whole rule may be empty."""
        self.assertEqual(to_sql(ALWAYS, str, "d"), ("TRUE", []))
        self.assertEqual(to_sql(Any(()), str, "d"), ("FALSE", []))

    def test_a_timeless_rule_has_no_break_points(self):
        """There is nothing to select."""
        tree = parse([TERM_ONE, ["revenue_trend", ">", 1]])
        self.assertIsNone(break_points_sql(tree, str, "d"))

    def test_break_points_number_their_parameters(self):
        """As many parameters as places."""
        tree = parse([["days_since_last", "=", 30], ["overdue_ratio", ">", 2]])
        text, parameters = break_points_sql(tree, str, "d")
        self.assertEqual(text.count("%s"), len(parameters))
        self.assertNotIn("%", text.replace("%s", ""))
