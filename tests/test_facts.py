"""The facts aggregated in SQL are the facts `logic` reads from the same history."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from ..logic.complaint_facts import complaint_tracks
from ..logic.facts import FactReader
from ..logic.referral import referral_tracks
from ..logic.tier_rank import rank_track
from ..models.customer_account import AccountScope
from ..models.customer_relationship_facts import FactQuestion
from .common import RetentionCommon, on
from .derived_rows import DerivedRows
from .unit.random_histories import DAYS, FIRST_DAY, random_history

# Columns that say who the customer is, not what happened.
IDENTITY = {"segment_id", "user_id", "active", "is_excluded"}
CUSTOMERS = 30


class TestFactsSql(RetentionCommon):
    """Thirty random customers, looked at on many days."""

    @classmethod
    def setUpClass(cls):
        """Write the same histories that the tests keep."""
        super().setUpClass()
        random = Random(19_97)
        rows = DerivedRows(cls.env, cls.company)
        cls.histories = {}
        for number in range(CUSTOMERS):
            history = random_history(random)
            partner = cls._create_partner(
                f"Random Customer {number}", is_company=random.random() < 0.5
            )
            rows.store(partner, history)
            if history.first_day():
                cls.histories[partner.id] = history
        cls.segments = cls.env["customer.segment"].search([])
        cls.fallbacks = {
            segment.id: 20.5 + number for number, segment in enumerate(cls.segments)
        }
        cls.env.flush_all()

    def read_facts(self, as_of, scope=None):
        """Return {account: {column: value}} as the database says."""
        columns = ("partner_id", *self.Relationship._fact_columns(), "turns_on")
        question = FactQuestion(
            company_id=self.company.id,
            as_of=as_of,
            scope=scope or AccountScope(),
            fallbacks=tuple(self.fallbacks.items()),
        )
        self.env.cr.execute(self.Relationship._facts_sql(question))
        names = [column.name for column in self.env.cr.description]
        self.assertEqual(names, list(columns))
        return {
            row[0]: {
                name: float(value) if isinstance(value, Decimal) else value
                for name, value in zip(names[1:], row[1:], strict=True)
            }
            for row in self.env.cr.fetchall()
        }

    def expected(self, partner_id, as_of, segment_id):
        """Return the facts of an account as `logic` says."""
        reader = FactReader(self.histories[partner_id], self.fallbacks.get(segment_id))
        nothing = (*complaint_tracks([]), *referral_tracks([]), rank_track([]))
        return reader.at(as_of) | {one.key: one.at(as_of) for one in nothing}

    def assert_same_facts(self, as_of, scope=None):
        """Database and `logic` agree on every fact of every customer."""
        found = self.read_facts(as_of, scope)
        for partner_id, facts in found.items():
            expected = self.expected(partner_id, as_of, facts["segment_id"])
            compared = {
                key: value
                for key, value in facts.items()
                if key not in IDENTITY and key != "turns_on"
            }
            self.assertEqual(compared, expected, f"account {partner_id} as of {as_of}")
        return found

    def test_facts_agree_on_random_days(self):
        """Before, between and after everything."""
        random = Random(7)
        for _number in range(25):
            day = FIRST_DAY + timedelta(days=random.randint(-10, DAYS + 900))
            with self.subTest(day=day):
                found = self.assert_same_facts(day)
                self.assertEqual(found.keys(), self.histories.keys())

    def test_facts_agree_at_the_borders_of_the_windows(self):
        """The day something enters or leaves 12 months, the day before, the next."""
        random = Random(8)
        purchases = [
            item.day
            for history in self.histories.values()
            for item in history.purchases
        ]
        for day in random.sample(purchases, 5):
            for shift in (0, 364, 365, 366, 729, 730, 731):
                with self.subTest(purchase=day, shift=shift):
                    self.assert_same_facts(day + timedelta(days=shift))

    def test_facts_agree_around_leap_days(self):
        """A year has 365 days, whatever the calendar says."""
        for text in ("2024-02-28", "2024-02-29", "2024-03-01", "2025-02-28"):
            with self.subTest(day=text):
                self.assert_same_facts(on(text))

    def test_scopes_cut_the_same_facts(self):
        """Some accounts, or a range of them, and nobody else."""
        day = FIRST_DAY + timedelta(days=400)
        everybody = self.assert_same_facts(day)
        ids = sorted(everybody)
        some = self.assert_same_facts(day, AccountScope.of(ids[3:9]))
        self.assertEqual(some, {key: everybody[key] for key in ids[3:9]})
        range_ = AccountScope(after=ids[3], until=ids[9])
        self.assertEqual(
            self.assert_same_facts(day, range_),
            {key: everybody[key] for key in ids[4:10]},
        )

    def test_announced_day_misses_no_change(self):
        """Walking day by day, no stored fact changes before ``turns_on``."""
        changes = 0
        for start in (50, 300, 690):
            as_of = FIRST_DAY + timedelta(days=start)
            for partner_id, facts in list(self.read_facts(as_of).items())[:12]:
                first = self.first_change(partner_id, as_of, facts["segment_id"])
                with self.subTest(partner_id=partner_id, as_of=as_of):
                    self.assertGreater(
                        facts["turns_on"] or first or on("9999-12-31"), as_of
                    )
                    if first:
                        self.assertTrue(facts["turns_on"])
                        self.assertLessEqual(facts["turns_on"], first)
                        changes += facts["turns_on"] == first
        self.assertGreater(changes, 15)

    def first_change(self, partner_id, as_of, segment_id):
        """Return the first day within 800 on which a stored fact is another one."""
        reader = FactReader(self.histories[partner_id], self.fallbacks.get(segment_id))
        known = reader.at(as_of)
        days = (as_of + timedelta(days=number) for number in range(1, 800))
        return next((day for day in days if reader.at(day) != known), None)

    def test_other_companies_are_others(self):
        """The same account has other facts there; messages belong to both."""
        other = self._create_company("Another Retention Company")
        partner_id = next(iter(self.histories))
        partner = self.env["res.partner"].browse(partner_id)
        history = random_history(Random(3))
        rows = DerivedRows(self.env, other)
        rows.res_id += 10**6
        rows.write_purchases(partner, history)
        day = FIRST_DAY + timedelta(days=350)
        self.assert_same_facts(day)
        self.company = other
        facts = self.read_facts(day)
        self.assertEqual(list(facts), [partner_id])
        purchases = [
            item for item in history.purchases if item.counts and item.day <= day
        ]
        self.assertEqual(facts[partner_id]["purchase_count"], len(purchases))
