import random
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..logic import churn, danger, recalibration, season, spend
from ..logic.churn_study import foretold
from ..models import churn_formulas
from ..models.customer_churn_model import of_hundred_pairs
from .common import RetentionCommon, on


class ChurnCommon(RetentionCommon):
    """Customers of a shop with purchases straight in the table of purchases."""

    TODAY = "2025-06-30"

    @classmethod
    def _create_buyers(cls, number, seed=1):
        """Create customers with random purchases, and return them."""
        dice = random.Random(seed)
        names = [{"name": f"Buyer {n}", "is_company": True} for n in range(number)]
        buyers = cls.env["res.partner"].create(names)
        cls.env.flush_all()
        rows, end = [], on(cls.TODAY)
        for buyer in buyers:
            day = end - timedelta(dice.randint(30, 900))
            pace = dice.expovariate(1 / 40) + 3
            while day <= end:
                rows.append((buyer.id, day, round(dice.uniform(20, 900), 2)))
                if dice.random() < 0.12:
                    break
                day += timedelta(int(dice.expovariate(1 / pace)) + 1)
        cls._insert_purchases(rows)
        return buyers

    @classmethod
    def _insert_purchases(cls, rows):
        last = {}
        known = cls.env["customer.purchase"].search([], order="res_id desc", limit=1)
        start = max(known.res_id, 10**9) + 1
        values = []
        for number, (partner_id, day, amount) in enumerate(sorted(rows), start):
            gap = (day - last[partner_id]).days if partner_id in last else None
            last[partner_id] = day
            values.append((number, partner_id, cls.company.id, day, amount, gap))
        cls.env.cr.execute_values(
            """INSERT INTO customer_purchase (source, res_id, partner_id, company_id,
               date, amount, is_purchase, gap_days) VALUES %s""",
            values,
            template="('order', %s, %s, %s, %s, %s, TRUE, %s)",
            page_size=1000,
        )
        if len(values) > 100:
            cls._know_sizes("customer_purchase")
        cls.env.invalidate_all()

    @classmethod
    def _know_sizes(cls, *tables):
        """What the server does by itself soon after a mass of rows was committed."""
        for table in tables:
            cls.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    @classmethod
    def _learn(cls):
        """Evaluate the buyers, learn and score; return all scores."""
        ids = list({*cls.buyers.ids})
        cls.env["customer.relationship"]._evaluate(ids, company=cls.company)
        cls._know_sizes("customer_relationship", "customer_relationship_transition")
        cls.env["customer.churn.model"]._score_company(cls.company, learn=True)
        cls.env.invalidate_all()
        return cls.env["customer.churn.score"].search(
            [("company_id", "=", cls.company.id)]
        )


@tagged("post_install", "-at_install")
class TestChurnScores(ChurnCommon):
    """Scores in the database are those of the logic, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls._create_buyers(260)
        cls.scores = cls._learn()
        cls.model = cls.env["customer.churn.model"]._in_force(
            cls.company, on(cls.TODAY)
        )

    def process_of(self, model):
        return churn.Process(
            "mbg", model.r, model.alpha, model.a, model.b, model.regularity
        )

    def habit_of(self, row):
        first, last = row.first_purchase_on, row.last_purchase_on
        return churn.Habit(
            row.purchase_days - 1,
            float((last - first).days),
            float((on(self.TODAY) - first).days),
        ).in_season(
            len(self.quiet_of(row)),
            season.quiet_days(self.quiet_of(row), last, on(self.TODAY)),
        )

    def quiet_of(self, row):
        signal = self.env["customer.churn.signal"].search(
            [("partner_id", "=", row.partner_id.id)]
        )
        return season.months_of(signal.quiet_months)

    def test_an_explanation_says_what_the_score_is_for(self):
        score = self.scores[0]
        self.assertIn("legitimate interest", score.explanation["purpose"])

    def test_every_buyer_has_a_score(self):
        self.assertEqual(set(self.scores.partner_id.ids), set(self.buyers.ids))
        self.assertTrue(all(self.scores.mapped("is_probability")))

    def test_sql_equals_logic(self):
        for score in self.scores:
            model, row = score.model_id, score.relationship_id
            process, habit = self.process_of(model), self.habit_of(row)
            correction = recalibration.Correction(
                model.correction[0], tuple(model.correction[1:])
            )
            buys = foretold(
                correction,
                model.ranks_by,
                process,
                habit,
                model._days_ahead(row.usual_interval),
                model.learned_days,
            )
            year = 365 * churn.busy_share(len(self.quiet_of(row)))
            purchases = churn.expected(process, habit, year)
            worth = spend.expected_worth(
                spend.Spend(model.spend_p, max(model.spend_q, 1.0), model.spend_v),
                row.purchase_days,
                row.revenue_total / row.purchase_days,
            )
            self.assertAlmostEqual(score.alive, churn.alive(process, habit), 7)
            self.assertAlmostEqual(score.buys, buys, 7)
            self.assertAlmostEqual(score.lost, 1 - buys, 7)
            self.assertAlmostEqual(score.expected_purchases, purchases, 5)
            revenue = purchases * worth
            self.assertAlmostEqual(
                score.expected_revenue, revenue, delta=0.02 + revenue / 1000
            )
            at_risk = danger.value_at_risk(row.revenue_12m, score.lost)
            self.assertAlmostEqual(score.value_at_risk, at_risk, 1)

    def test_sql_equals_logic_whatever_months_are_quiet(self):
        dice = random.Random(3)
        signals = self.env["customer.churn.signal"].search([])
        for signal in signals:
            signal.quiet_months = dice.getrandbits(11)
        self.env.flush_all()
        self.env.cr.execute("UPDATE customer_churn_score SET health = NULL")
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        self.env.invalidate_all()
        self.test_sql_equals_logic()

    def test_a_daily_buyer_of_years_is_certain_to_buy(self):
        """The server refuses numbers that are too small for it."""
        still = churn_formulas.still_quiet(SQL("'-792'::float8"))
        found = SQL("SELECT %s FROM (SELECT 0::float8 AS now) one", still)
        self.assertAlmostEqual(self.env.execute_query(found)[0][0], 0.0)

    def test_whoever_buys_seldom_is_given_more_time(self):
        """Nobody is in danger because the others would have bought by now."""
        slow = self.scores.filtered(
            lambda one: (
                2 * one.relationship_id.usual_interval > one.model_id.horizon_days
            )
        )
        self.assertTrue(slow)
        self.assertLess(len(slow), len(self.scores))
        for score in slow:
            model, row = score.model_id, score.relationship_id
            self.assertEqual(
                score.horizon_days, round(min(2 * row.usual_interval, 365))
            )
            by_then = recalibration.Correction(
                model.correction[0], tuple(model.correction[1:])
            )
            as_all = foretold(
                by_then,
                model.ranks_by,
                self.process_of(model),
                self.habit_of(row),
                model.horizon_days,
                model.learned_days,
            )
            self.assertGreaterEqual(score.buys, as_all - 1e-9)
            said = " ".join(score.explanation["lines"]) if score.explanation else ""
            if said:
                self.assertIn(str(score.horizon_days), said)

    def test_a_horizon_that_was_set_holds_for_everybody(self):
        self.company.churn_horizon_days = 90
        self.env["customer.churn.model"]._score_company(self.company, learn=True)
        self.env.invalidate_all()
        self.assertEqual(set(self.scores.mapped("horizon_days")), {90})
        self.test_sql_equals_logic()

    def test_what_a_short_time_taught_is_carried_on_to_the_horizon(self):
        """Three years of purchases cannot be looked back upon for two whole years."""
        self.company.churn_horizon_days = 365
        self.env["customer.churn.model"]._score_company(self.company, learn=True)
        self.env.invalidate_all()
        model = self.scores.model_id
        self.assertEqual(model.horizon_days, 365)
        self.assertGreater(model.model_auc, 0.5)
        self.assertLess(model.learned_days, 365)
        self.assertEqual(
            model.graded_on, on(self.TODAY) - timedelta(model.learned_days)
        )
        self.test_sql_equals_logic()

    def test_bands_hold_what_the_team_can_call(self):
        values = self.scores.mapped("value_at_risk")
        bands = danger.bands(values, self.company.churn_capacity)
        self.assertEqual(tuple(self.scores.mapped("danger")), bands)
        self.assertEqual(bands.count("extreme"), 25)
        self.company.churn_capacity = 5
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        self.assertEqual(self.scores.mapped("danger").count("extreme"), 5)

    def test_archived_customers_take_nobody_the_place_in_a_band(self):
        """Lists leave them out: a band would hold fewer than the team can call."""
        self.company.churn_capacity = 5
        top = self.scores.sorted("value_at_risk", reverse=True)[:5]
        top.partner_id.active = False
        self.env.flush_all()
        self.env["customer.relationship"]._evaluate(
            top.partner_id.ids, company=self.company
        )
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        self.assertEqual(set(top.mapped("active")), {False})
        self.assertEqual(set(top.mapped("danger")), {"low"})
        shown = (self.scores - top).mapped("value_at_risk")
        self.assertEqual(
            tuple((self.scores - top).mapped("danger")), danger.bands(shown, 5)
        )

    def test_key_customers_bring_half_of_the_revenue(self):
        total = sum(self.scores.mapped("yearly_value"))
        key = self.scores.filtered(lambda score: score.value_class == "key")
        small = self.scores.filtered(lambda score: score.value_class == "small")
        self.assertGreaterEqual(sum(key.mapped("yearly_value")), total * 0.5)
        self.assertLessEqual(sum(small.mapped("yearly_value")), total * 0.1 + 0.01)
        self.assertGreater(
            min(key.mapped("yearly_value")), max(small.mapped("yearly_value"))
        )

    def test_scoring_again_writes_nothing(self):
        self.assertEqual(
            self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY)), 0
        )

    def test_a_few_are_ranked_among_everybody(self):
        some = self.scores[::7]
        before = {s: (s.danger, s.value_class, s.lost) for s in self.scores}
        self.env.cr.execute(
            "UPDATE customer_churn_score SET lost = 0, value_at_risk = 0,"
            " danger = 'low' WHERE id = ANY(%s)",
            (some.ids,),
        )
        self.env.invalidate_all()
        self.env["customer.churn.score"]._refresh(
            self.company, on(self.TODAY), some.partner_id.ids
        )
        after = {s: (s.danger, s.value_class, s.lost) for s in self.scores}
        self.assertEqual(after, before)

    def test_grades_are_pairs_of_a_hundred_with_as_many_digits_as_it_takes(self):
        for aucs, told in (
            ((0.849, 0.812), ["85", "81"]),
            ((0.849, 0.846), ["84.9", "84.6"]),
            ((0.85, 0.85), ["85", "85"]),
        ):
            with self.subTest(aucs=aucs):
                self.assertEqual(of_hundred_pairs(self.env, *aucs), told)

    def test_the_model_is_graded_beside_the_plain_rule(self):
        model = self.model[0]
        self.assertEqual(model.customer_count, 260)
        self.assertEqual(
            model.graded_on, on(self.TODAY) - timedelta(model.horizon_days)
        )
        for auc in (model.model_auc, model.recency_auc):
            self.assertGreater(auc, 0.5)
            self.assertLessEqual(auc, 1)
        better = "model" if model.model_auc >= model.recency_auc else "recency"
        self.assertEqual(model.ranks_by, better)
        for figure in of_hundred_pairs(self.env, model.model_auc, model.recency_auc):
            self.assertIn(f" {figure}", model.sentence)
        self.assertIn("of 100 pairs", model.sentence)
        total = sum(customers for customers, _foretold, _was in model.reliability)
        self.assertLessEqual(total, 260)

    def test_the_picture_of_a_grade_says_whose_forecast_it_is(self):
        model = self.model[0]
        segment = self.env["customer.segment"].search([], limit=1)
        same = {"graded_on": "2025-01-31", "learned_days": 64}
        one, other = (
            model.copy({**same, "ranks_by": by, "segment_id": which})
            for by, which in (("model", False), ("recency", segment.id))
        )
        for grade, words in (
            (one, ("purchase model", "all customers", "64 days", "01/31/2025")),
            (other, ("days since the last purchase", segment.name)),
        ):
            for word in words:
                with self.subTest(word=word):
                    self.assertIn(word, grade.reliability_text)
        self.assertFalse(model.copy({"reliability": False}).reliability_text)
        day = format_date(self.env, model.fitted_on)
        self.assertEqual(one.display_name, f"All customers, {day}")
        self.assertEqual(other.display_name, f"{segment.name}, {day}")

    def test_a_segment_with_too_few_customers_goes_by_everybody(self):
        """Also when it had a forecast of its own before."""
        segment = self.env["customer.segment"].search([], limit=1)
        self.model[0].copy({"segment_id": segment.id, "fitted_on": "2025-06-01"})
        in_force = self.model[0]._in_force(self.company, on(self.TODAY))
        self.assertNotIn(segment.id, set(in_force) - set(self.model))

    def test_a_forecast_that_is_no_better_than_none_is_said_to_rank_nobody(self):
        models = self.env["customer.churn.model"]
        values = models._learn_segment(self.company, None, on(self.TODAY))
        sentence = models.new(values | {"ranks_by": "rhythm"}).sentence
        self.assertIn("no better than one probability", sentence)

    def test_a_forecast_is_history(self):
        with self.assertRaises(UserError):
            self.model[0].model_auc = 0.99

    def test_who_is_excluded_has_no_score(self):
        buyer = self.buyers[0]
        self.env["customer.profiling.exclusion"].create(
            {"partner_id": buyer.id, "reason": "asked for it"}
        )
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        self.assertNotIn(
            buyer, self.scores.search([("company_id", "=", self.company.id)]).partner_id
        )

    def test_who_is_not_overdue_is_called_for_the_money(self):
        """A risk that is small in percent is no reason by itself: the money is."""
        calm = self.scores.filtered(
            lambda score: (
                score.relationship_id.days_since_last
                <= score.relationship_id.usual_interval
            )
        )
        for band, words in (("extreme", "not overdue"), ("low", "usually every")):
            calm[0].danger = band
            with self.subTest(band=band):
                self.assertIn(words, calm[0]._due_reason(calm[0].relationship_id))

    def test_reasons_are_sentences(self):
        late = self.scores.filtered(lambda s: s.relationship_id.overdue_ratio > 2)[0]
        self.assertIn("× the usual", late.reason_text)
        self.assertTrue(late.explanation["lines"])


@tagged("post_install", "-at_install")
class TestChurnOfFew(ChurnCommon):
    """Below a hundred customers nobody is given a percentage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls._create_buyers(40)
        cls.scores = cls._learn()

    def test_few_customers_are_ranked_by_their_rhythm(self):
        self.assertEqual(len(self.scores), 40)
        self.assertFalse(any(self.scores.mapped("is_probability")))
        for score in self.scores:
            ratio = score.relationship_id.overdue_ratio
            self.assertAlmostEqual(score.lost, min(1, max(0, (ratio - 1) / 2)), 4)

    def test_the_model_says_that_they_are_too_few(self):
        model = self.scores.model_id
        self.assertEqual(model.ranks_by, "rhythm")
        self.assertIn("too few", model.sentence)


@tagged("post_install", "-at_install")
class TestChurnOfTheDay(ChurnCommon):
    """Whoever has just bought burns no longer, before the night comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls._create_buyers(120)
        cls._order(cls.partner, "2024-03-01", 900.0)
        cls._order(cls.partner, "2024-09-01", 900.0)
        cls._work_queue()
        cls.buyers |= cls.partner
        cls._learn()

    def score(self):
        return self.env["customer.churn.score"].search(
            [("partner_id", "=", self.partner.id)]
        )

    def test_a_purchase_of_today_lowers_the_risk_at_once(self):
        before = self.score().lost
        self._order(self.partner, self.TODAY, 500.0)
        self._work_queue()
        self.assertLess(self.score().lost, before)

    def test_few_statements_whether_one_or_many_are_scored(self):
        scores = self.env["customer.churn.score"]
        for accounts in (self.buyers[:1], self.buyers[:100]):
            scores._refresh(self.company, on(self.TODAY), accounts.ids)
            with self.assertQueryCount(4):
                scores._refresh(self.company, on(self.TODAY), accounts.ids)


@tagged("post_install", "-at_install")
class TestChurnJob(ChurnCommon):
    """The job learns when it is time, and never twice for nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = cls.env["customer.churn.model"]

    def evaluate(self, number):
        buyers = self._create_buyers(number, seed=number)
        self.env["customer.relationship"]._evaluate(buyers.ids, company=self.company)

    def learned(self):
        return self.models.search(
            [("company_id", "=", self.company.id), ("segment_id", "=", False)]
        )

    def test_nobody_to_learn_from(self):
        self.models._score_company(self.company)
        self.assertFalse(self.learned())

    def test_more_customers_end_the_time_of_too_few(self):
        self.evaluate(20)
        self.models._score_company(self.company)
        self.assertEqual(self.learned().mapped("ranks_by"), ["rhythm"])
        self.models._score_company(self.company)
        self.assertEqual(len(self.learned()), 1)
        self.evaluate(150)
        self.models._score_company(self.company)
        self.assertEqual(len(self.learned()), 2)
        self.assertNotEqual(self.learned()[0].ranks_by, "rhythm")

    def test_a_forecast_serves_for_a_week(self):
        self.evaluate(30)
        self.models._score_company(self.company)
        for day, number in (("2025-07-06", 1), ("2025-07-07", 2)):
            self.company.retention_evaluation_date = day
            self.models._score_company(self.company)
            self.assertEqual(len(self.learned()), number)

    def test_what_is_learned_of_a_past_day_reads_nothing_later(self):
        self.evaluate(150)
        past = on("2025-01-15")
        before = self.models._learn(self.company, past)[:1]
        values = before.read(["r", "alpha", "a", "b", "model_auc", "recency_auc"])
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE company_id = %s AND date > %s",
            (self.company.id, past),
        )
        after = self.models._learn(self.company, past)[:1]
        again = after.read(["r", "alpha", "a", "b", "model_auc", "recency_auc"])
        self.assertEqual(
            {**values[0], "id": 0},
            {**again[0], "id": 0},
        )
