import random
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged

from ..logic import rfm
from ..models import customer_churn_yardstick, customer_churn_yardstick_pass
from ..models.customer_churn_score_sql import LEAST_HEALTH, LEAST_MOVE
from .common import on
from .rollbacks import rollbacks
from .test_churn_scores import ChurnCommon

PLACES = ("recency_score", "frequency_score", "monetary_score", "value_class")


class NightsCommon(ChurnCommon):
    """A company that is large enough not to score everybody every night."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(customer_churn_yardstick, "FEW", 0))
        cls.buyers = cls._create_buyers(260, seed=6)
        cls._learn()
        cls.models = cls.env["customer.churn.model"]
        cls.yardsticks = cls.env["customer.churn.yardstick"]
        cls.last_week()

    @classmethod
    def last_week(cls):
        """Whatever has been evaluated was before the last night."""
        cls.env.cr.execute(
            "UPDATE customer_relationship"
            "   SET evaluated_at = evaluated_at - interval '1 day'"
        )
        cls.env.invalidate_all()

    def night(self, days):
        """Work as the job does, so many days later; return the scores written."""
        day = on(self.TODAY) + timedelta(days)
        self.company.retention_evaluation_date = day
        written = self.models._score_company(self.company)
        self.env.invalidate_all()
        return written

    def buy(self, partner_ids, days):
        """Let customers buy so many days later, and evaluate them."""
        day = on(self.TODAY) + timedelta(days)
        self.env.cr.execute(
            """
            INSERT INTO customer_purchase (source, res_id, partner_id, company_id,
                        date, amount, is_purchase, gap_days)
            SELECT 'order', 2000000000 - %s * 1000 - row_number() OVER (), partner_id,
                   company_id, %s, 5000, TRUE, %s - last_purchase_on
              FROM customer_relationship
             WHERE partner_id = ANY(%s) AND company_id = %s
               AND last_purchase_on < %s""",
            (days, day, day, list(partner_ids), self.company.id, day),
        )
        self.company.retention_evaluation_date = day
        self.env["customer.relationship"]._evaluate(partner_ids, company=self.company)

    def scores(self):
        return self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id)], order="partner_id"
        )

    def afresh(self):
        """Return the scores as they would be, were there none yet."""
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute(
                "DELETE FROM customer_churn_score WHERE company_id = %s",
                (self.company.id,),
            )
            self.yardsticks._expire(self.company)
            self.env["customer.churn.score"]._refresh(
                self.company, self.company._retention_today()
            )
            self.env.invalidate_all()
            names = (*PLACES, "lost", "health", "value_at_risk", "rfm_segment_id")
            found = {
                score.partner_id.id: {name: score[name] for name in names}
                for score in self.scores()
            }
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        return found


@tagged("post_install", "-at_install")
class TestChurnNights(NightsCommon):
    """A usual night scores whoever may have moved, a week ends as if all had been."""

    def test_fifths_in_the_database_are_those_of_the_logic(self):
        rows = self.scores().relationship_id
        self.assertEqual(len(rows), 260)
        for fact, score in (
            ("last_purchase_on", "recency_score"),
            ("purchase_days", "frequency_score"),
            ("revenue_total", "monetary_score"),
        ):
            fences = rfm.fences(rows.mapped(fact))
            for one in self.scores():
                self.assertEqual(
                    one[score], rfm.fifth(one.relationship_id[fact], fences)
                )

    def test_between_two_weeks_no_score_is_far_from_what_it_would_be(self):
        """But for few: the line of who has just bought bends within the week."""
        for days in range(1, 7):
            self.night(days)
            fresh = self.afresh()
            away = [
                max(
                    abs(score.lost - fresh[score.partner_id.id]["lost"]) / LEAST_MOVE,
                    abs(score.health - fresh[score.partner_id.id]["health"])
                    / LEAST_HEALTH,
                )
                for score in self.scores()
            ]
            self.assertLess(sorted(away)[int(len(away) * 0.98)], 1.5)
            self.assertLess(max(away), 3)

    def test_days_and_a_week_end_like_scoring_everybody(self):
        dice, written = random.Random(3), []
        for days in range(1, 8):
            self.last_week()
            self.buy(dice.sample(self.buyers.ids, 6), days)
            written.append(self.night(days))
        self.assertLess(max(written[:-1]), 130)
        self.assertEqual(written[-1], 260)
        fresh = self.afresh()
        for score in self.scores():
            for name, value in fresh[score.partner_id.id].items():
                self.assertEqual(score[name], value, name)

    def test_who_does_not_move_is_not_looked_at(self):
        still = self.scores().filtered(lambda score: not score.moves_on)
        self.assertTrue(still)
        self.env.cr.execute(
            "UPDATE customer_churn_score SET lost = 0.5 WHERE id = ANY(%s)",
            (still.ids,),
        )
        self.night(1)
        self.assertEqual(set(still.mapped("lost")), {0.5})
        self.night(7)
        self.assertNotEqual(set(still.mapped("lost")), {0.5})

    def test_who_was_evaluated_is_looked_at(self):
        buyer = max(self.scores(), key=lambda score: score.lost)
        before = buyer.lost
        self.buy(buyer.partner_id.ids, 1)
        self.night(1)
        self.assertLess(buyer.lost, before)
        self.assertEqual((buyer.recency_score, buyer.value_class), (5, "key"))

    def test_who_has_no_purchase_any_more_has_no_score(self):
        gone = self.buyers[0]
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE partner_id = %s", (gone.id,)
        )
        self.company.retention_evaluation_date = on(self.TODAY) + timedelta(1)
        self.env["customer.relationship"]._evaluate(gone.ids, company=self.company)
        self.night(1)
        self.assertNotIn(gone, self.scores().partner_id)

    def test_what_places_customers_places_all_of_them_the_next_night(self):
        self.company.churn_key_share = 0.0
        self.night(1)
        self.assertNotIn("key", self.scores().mapped("value_class"))

    def test_equal_values_share_the_milder_band(self):
        """Also where they reach beyond the last band."""
        self.company.churn_capacity = 2
        self.night(1)
        self.env.cr.execute(
            "UPDATE customer_churn_score SET value_at_risk = CASE WHEN id %% 2 = 0"
            " THEN 500 ELSE 100 END, moves_on = NULL WHERE company_id = %s",
            (self.company.id,),
        )
        self.night(2)
        self.assertEqual(set(self.scores().mapped("danger")), {"low"})

    def test_the_past_of_a_segment_of_everybody_is_learned_once(self):
        model = type(self.models)
        with patch.object(
            model, "_learn_segment", autospec=True, side_effect=model._learn_segment
        ) as learn:
            made = self.models._learn(self.company, on(self.TODAY))
        self.assertEqual(learn.call_count, 1)
        self.assertEqual(len(made), 2)
        self.assertEqual(made[0].alpha, made[1].alpha)

    def test_the_present_month_is_recorded_once_a_week(self):
        history = self.env["customer.churn.history"]
        domain = [("company_id", "=", self.company.id), ("month", "=", "2025-06-01")]
        self.assertEqual(
            set(history.search(domain).mapped("recorded_on")), {on(self.TODAY)}
        )
        self.company.retention_evaluation_date = "2025-06-25"
        self.assertFalse(history._is_fresh(self.company))
        self.company.retention_evaluation_date = self.TODAY
        self.assertTrue(history._is_fresh(self.company))
        self.night(1)  # of July: June is over
        domain[1] = ("month", "=", "2025-07-01")
        self.assertTrue(history.search(domain))


@tagged("post_install", "-at_install")
class TestWeeklyPass(NightsCommon):
    """Everybody is scored in slices with commits between them, once a week."""

    WEEK = 7

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(customer_churn_yardstick_pass, "SLICE_SIZE", 100)
        )
        day = on(cls.TODAY) + timedelta(cls.WEEK)
        cls.company.retention_evaluation_date = day

    def job(self, seconds=float("inf")):
        """Work as the job does; return what was committed after, by what was left to
        do: the scores of the new day, and whether the bands have followed.
        """
        seen = []

        def commit(_job, processed=0, **_options):
            self.env.flush_all()
            self.env.invalidate_all()
            seen.append((self.count_scored(), self.bands()))
            return seconds

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", commit):
            done = self.models._work_company(self.company)
        self.env.invalidate_all()
        return done, seen

    def count_scored(self):
        today = self.company._retention_today()
        return self.env["customer.churn.score"].search_count(
            [("company_id", "=", self.company.id), ("evaluated_on", "=", today)]
        )

    def bands(self):
        return {score.id: score.danger for score in self.scores()}

    def learned(self):
        return self.models.search_count(
            [("company_id", "=", self.company.id), ("segment_id", "=", False)]
        )

    def test_each_part_is_committed_before_the_next_one(self):
        before, learned = self.bands(), self.learned()
        done, seen = self.job()
        self.assertTrue(done)
        self.assertEqual(self.learned(), learned + 1)
        counts = [count for count, _bands in seen]
        # signals, learning, measuring, three slices, bands; figures of the month last
        self.assertEqual(counts[-6:], [0, 0, 100, 200, 260, 260])
        for _count, bands in seen[:-1]:
            self.assertEqual(bands, before, "no band is of two forecasts")
        self.assertEqual(seen[-1][1], self.bands())

    def test_slices_end_as_if_everybody_had_been_scored_at_once(self):
        self.job()
        fresh = self.afresh()
        for score in self.scores():
            for name, value in fresh[score.partner_id.id].items():
                self.assertEqual(score[name], value, name)

    def test_it_goes_on_where_there_was_no_more_time(self):
        learned, counts = self.learned(), []
        for _start in range(20):
            done, seen = self.job(seconds=0.0)
            counts.append(self.count_scored())
            if done:
                break
            self.assertLessEqual(len(seen), 3)
        self.assertTrue(done)
        self.assertEqual(sorted({*counts}), [0, 100, 200, 260])
        self.assertEqual(self.learned(), learned + 1)
        yardstick = self.yardsticks._of(self.company)
        self.assertEqual(yardstick.scored_on, self.company._retention_today())

    def test_a_lost_race_repeats_its_slice_only(self):
        learned = self.learned()
        scores, tries = type(self.env["customer.churn.score"]), []
        write = scores._write_scores

        class Lost(psycopg2.errors.SerializationFailure):
            pgcode = "40001"

        def lose_once(engine, company, as_of, scope, *accounts):
            tries.append(scope)
            if len(tries) == 2:
                raise Lost("could not serialize access")
            return write(engine, company, as_of, scope, *accounts)

        self.patch(
            type(self.env["res.company"]), "_churn_roots", lambda _self: self.company
        )
        with (
            rollbacks(self.env) as calls,
            patch.object(scores, "_write_scores", lose_once),
        ):
            self.models._cron_score()
        self.env.invalidate_all()
        self.assertEqual(len(calls), 1)
        self.assertEqual(len(tries), 4)
        self.assertEqual(self.learned(), learned + 1)
        self.assertEqual(self.count_scored(), 260)

    def test_who_is_evaluated_meanwhile_is_looked_at_the_next_night(self):
        while not self.count_scored():
            self.job(seconds=0.0)
        yardstick = self.yardsticks._of(self.company)
        began = yardstick.looked_at
        yardstick.looked_at = began - timedelta(hours=3)
        self.job()
        self.assertEqual(yardstick.looked_at, began - timedelta(hours=3))

    def test_a_setting_that_changes_meanwhile_begins_anew(self):
        while not self.count_scored():
            self.job(seconds=0.0)
        self.company.churn_key_share = 0.0
        self.job()
        self.assertEqual(self.count_scored(), 260)
        self.assertNotIn("key", self.scores().mapped("value_class"))

    def test_it_goes_on_on_the_next_day(self):
        began = self.company._retention_today()
        while not self.count_scored():
            self.job(seconds=0.0)
        self.company.retention_evaluation_date = began + timedelta(1)
        self.job()
        self.assertEqual(self.count_scored(), 160)
        self.assertEqual(self.yardsticks._of(self.company).scored_on, began)


@tagged("post_install", "-at_install")
class TestLossesOfTheNight(NightsCommon):
    """Losses follow those who were evaluated, and everybody once a week."""

    def test_only_losses_of_who_was_evaluated_are_looked_at(self):
        events = self.env["customer.churn.event"]
        events._sync_recent(self.company)
        lost = events.search([("company_id", "=", self.company.id)])
        self.assertGreater(len(lost), 2)
        revenue = lost.mapped("lost_revenue")
        self.env.cr.execute(
            "UPDATE customer_churn_event SET lost_revenue = 1 WHERE id = ANY(%s)",
            (lost.ids,),
        )
        seen = lost[0].partner_id
        self.env.cr.execute(
            "UPDATE customer_relationship SET evaluated_at = now() AT TIME ZONE 'UTC'"
            " WHERE partner_id = %s",
            (seen.id,),
        )
        self.env.invalidate_all()
        events._sync_recent(self.company)
        for event, before in zip(lost, revenue, strict=True):
            expected = before if event.partner_id == seen else 1.0
            self.assertEqual(event.lost_revenue, expected)
