"""The facts of one customer, on days of which the answer is known."""

from datetime import date, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.catalog import FACTS
from ...logic.complaint_facts import complaint_tracks
from ...logic.facts import FactReader
from ...logic.history import Fit, History, Purchase, Quotation
from ...logic.referral import referral_tracks
from ...logic.tier_rank import rank_track


def day(text):
    """The date of an ISO text."""
    return date.fromisoformat(text)


def bought(*days, amount=100.0):
    """A history of purchases of the same amount."""
    return History(purchases=tuple(Purchase(day(text), amount) for text in days))


def read(history, as_of, fallback=None):
    """The facts on one day."""
    return FactReader(history, fallback).at(day(as_of))


class TestPurchaseFacts(UnitCase):
    """Counts and revenue."""

    def test_two_purchases_of_one_day_are_one_purchase_day(self):
        """They count twice as purchases and leave no gap of zero days."""
        facts = read(bought("2024-01-01", "2024-01-01", "2024-01-11"), "2024-02-01")
        self.assertEqual(facts["purchase_count"], 3)
        self.assertEqual(facts["purchase_days"], 2)
        self.assertEqual(facts["interval_median"], 10.0)

    def test_credit_note_lowers_the_revenue_and_nothing_else(self):
        """It is no purchase, and no purchase day."""
        history = History(
            purchases=(
                Purchase(day("2024-01-01"), 100.0),
                Purchase(day("2024-01-20"), -30.0, counts=False),
            )
        )
        facts = read(history, "2024-02-01")
        self.assertEqual(facts["revenue_total"], 70.0)
        self.assertEqual(facts["average_basket"], 70.0)
        self.assertEqual(facts["purchase_days"], 1)
        self.assertEqual(facts["last_purchase_on"], day("2024-01-01"))

    def test_lone_credit_note_makes_no_purchase(self):
        """There is revenue, and no average to speak of."""
        history = History(purchases=(Purchase(day("2024-01-01"), -30.0, False),))
        facts = read(history, "2024-02-01")
        self.assertEqual(facts["revenue_total"], -30.0)
        self.assertEqual(facts["purchase_count"], 0)
        self.assertIsNone(facts["average_basket"])
        self.assertIsNone(facts["first_purchase_on"])

    def test_trailing_year_is_the_365_days_that_end_today(self):
        """The day 365 days ago is already in the year before, leap day or not."""
        first = day("2023-06-30")
        history = bought("2023-06-30")
        for days, expected in (
            (0, (100.0, 0.0)),
            (364, (100.0, 0.0)),
            (365, (0.0, 100.0)),
            (729, (0.0, 100.0)),
            (730, (0.0, 0.0)),
        ):
            facts = FactReader(history).at(first + timedelta(days=days))
            with self.subTest(days=days):
                found = (facts["revenue_12m"], facts["revenue_prev_12m"])
                self.assertEqual(found, expected)

    def test_sums_do_not_depend_on_the_order_of_documents(self):
        """Ten cents thirty times are three, however they are added up."""
        amounts = [0.1] * 30 + [1e9, -1e9]
        history = History(
            purchases=tuple(Purchase(day("2024-01-01"), amount) for amount in amounts)
        )
        backwards = History(purchases=history.purchases[::-1])
        self.assertEqual(read(history, "2024-01-01")["revenue_total"], 3.0)
        self.assertEqual(read(backwards, "2024-01-01")["revenue_total"], 3.0)

    def test_what_is_dated_later_does_not_exist_yet(self):
        """On the day itself it does."""
        history = bought("2024-01-01", "2024-03-01")
        self.assertEqual(read(history, "2024-02-29")["purchase_count"], 1)
        self.assertEqual(read(history, "2024-03-01")["purchase_count"], 2)
        self.assertEqual(read(history, "2023-12-31")["purchase_count"], 0)

    def test_categories_count_for_a_year_from_their_purchase(self):
        """One category bought twice is one."""
        history = History(
            categories=(
                (day("2024-01-01"), 1),
                (day("2024-02-01"), 1),
                (day("2024-01-01"), 2),
            )
        )
        self.assertEqual(read(history, "2024-06-01")["category_count_12m"], 2)
        self.assertEqual(read(history, "2024-12-31")["category_count_12m"], 1)
        self.assertEqual(read(history, "2025-01-31")["category_count_12m"], 0)


class TestRhythmFacts(UnitCase):
    """Intervals: the customer's own, or those of its segment."""

    def test_two_purchase_days_are_no_rhythm_yet(self):
        """The segment's interval stands in, and the facts say so."""
        facts = read(bought("2024-01-01", "2024-01-11"), "2024-02-01", fallback=45.0)
        self.assertEqual(facts["usual_interval"], 45.0)
        self.assertEqual(facts["interval_source"], "segment")
        self.assertEqual(facts["interval_median"], 10.0)
        self.assertEqual(facts["expected_next_on"], day("2024-02-25"))

    def test_three_purchase_days_are_a_rhythm(self):
        """The median of both gaps; the mean is the stay divided by the gaps."""
        history = bought("2024-01-01", "2024-01-11", "2024-02-10")
        facts = read(history, "2024-03-01", fallback=45.0)
        self.assertEqual(facts["usual_interval"], 20.0)
        self.assertEqual(facts["interval_source"], "own")
        self.assertEqual(facts["interval_mean"], 20.0)
        self.assertEqual(facts["tenure_days"], 40)
        self.assertEqual(facts["last_gap_days"], 30)
        self.assertEqual(facts["last_gap_ratio"], 1.5)
        self.assertEqual(facts["expected_next_on"], day("2024-03-01"))

    def test_expected_day_rounds_up(self):
        """Half a day late is the day after."""
        history = bought("2024-01-01", "2024-01-02", "2024-01-04", "2024-01-09")
        facts = read(
            History(purchases=(*history.purchases, Purchase(day("2024-01-12"), 1.0))),
            "2024-02-01",
        )
        self.assertEqual(facts["usual_interval"], 2.5)
        self.assertEqual(facts["expected_next_on"], day("2024-01-15"))

    def test_without_any_interval_nothing_is_expected(self):
        """No segment, one purchase: unknown, not zero."""
        facts = read(bought("2024-01-01"), "2024-02-01")
        for key in (
            "usual_interval",
            "interval_source",
            "expected_next_on",
            "last_gap_days",
            "last_gap_ratio",
            "interval_mean",
        ):
            self.assertIsNone(facts[key], key)
        self.assertEqual(facts["tenure_days"], 0)

    def test_who_never_bought_has_no_usual_interval(self):
        """The segment's is for customers."""
        facts = read(History(), "2024-02-01", fallback=45.0)
        self.assertIsNone(facts["usual_interval"])
        self.assertEqual(facts["purchase_days"], 0)

    def test_rhythm_is_the_one_of_the_day_asked_about(self):
        """Later purchases do not reach back."""
        history = bought("2024-01-01", "2024-01-11", "2024-01-21", "2024-06-01")
        self.assertEqual(read(history, "2024-05-31")["last_gap_days"], 10)
        self.assertEqual(read(history, "2024-06-01")["last_gap_days"], 132)


class TestOtherFacts(UnitCase):
    """Quotations, contacts, fit."""

    def test_quotation_is_open_until_the_day_before_it_closes(self):
        """The first one is remembered for ever."""
        history = History(
            quotations=(
                Quotation(day("2024-01-10"), day("2024-02-01"), 100.1),
                Quotation(day("2024-01-20"), None, 200.2),
            )
        )
        for text, count, value in (
            ("2024-01-09", 0, 0.0),
            ("2024-01-10", 1, 100.1),
            ("2024-01-31", 2, 300.3),
            ("2024-02-01", 1, 200.2),
        ):
            facts = read(history, text)
            with self.subTest(day=text):
                self.assertEqual(facts["open_quotation_count"], count)
                self.assertEqual(facts["open_quotation_value"], value)
        self.assertIsNone(read(history, "2024-01-09")["first_quotation_on"])
        self.assertEqual(
            read(history, "2030-01-01")["first_quotation_on"], day("2024-01-10")
        )

    def test_last_contact_is_the_latest_until_today(self):
        """Days in any order."""
        history = History(contact_days=(day("2024-03-01"), day("2024-01-01")))
        self.assertIsNone(read(history, "2023-12-31")["last_contact_on"])
        self.assertEqual(
            read(history, "2024-02-29")["last_contact_on"], day("2024-01-01")
        )
        self.assertEqual(
            read(history, "2024-03-01")["last_contact_on"], day("2024-03-01")
        )

    def test_latest_assessment_counts(self):
        """Of two on one day, the one recorded last; before the first, unknown."""
        yes, no = ("yes",) * 6, ("no",) * 6
        history = History(
            fits=(
                Fit(day("2024-02-01"), no),
                Fit(day("2024-01-01"), no),
                Fit(day("2024-02-01"), yes),
            )
        )
        before, between, after = (
            read(history, text) for text in ("2023-12-31", "2024-01-15", "2024-02-01")
        )
        self.assertEqual((before["fit_need"], before["fit_yes_count"]), ("unknown", 0))
        self.assertEqual((between["fit_need"], between["fit_yes_count"]), ("no", 0))
        self.assertEqual((after["fit_need"], after["fit_yes_count"]), ("yes", 6))

    def test_every_stored_fact_of_a_rule_is_read(self):
        """Whatever the catalogue offers has a value, be it unknown."""
        tracks = (*complaint_tracks([]), *referral_tracks([]), rank_track([]))
        facts = read(History(tracks=tracks), "2024-01-01")
        keys = {key for fact in FACTS.values() for key in fact.stored_keys}
        self.assertLessEqual(keys, facts.keys())

    def test_facts_change_on_announced_days_only(self):
        """Between two event days every fact stays as it is."""
        history = History(
            purchases=bought("2023-01-05", "2023-03-01", "2024-02-29").purchases,
            quotations=(Quotation(day("2023-02-01"), day("2023-02-20"), 5.0),),
            contact_days=(day("2023-04-01"),),
            fits=(Fit(day("2023-05-01"), ("yes",) * 6),),
            categories=((day("2023-01-05"), 1), (day("2024-02-29"), 2)),
        )
        reader = FactReader(history)
        announced = set(reader.event_days())
        today = day("2023-01-01")
        before, changes = reader.at(today), 0
        for _number in range(1300):
            today += timedelta(days=1)
            facts = reader.at(today)
            if facts != before:
                self.assertIn(today, announced)
                changes += 1
            before = facts
        self.assertEqual(changes, 11)

    def test_history_begins_with_the_first_document_or_judgement(self):
        """A message alone makes nobody a customer."""
        contact = History(contact_days=(day("2024-01-01"),))
        self.assertIsNone(contact.first_day())
        history = History(
            quotations=(Quotation(day("2024-01-05"), None, 1.0),),
            fits=(Fit(day("2024-01-03"), ("yes",) * 6),),
            purchases=bought("2024-01-04").purchases,
        )
        self.assertEqual(history.first_day(), day("2024-01-03"))
