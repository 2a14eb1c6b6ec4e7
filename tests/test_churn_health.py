import random
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..logic import health, rfm, season
from ..logic.weighing import Case
from .common import on
from .test_churn_scores import ChurnCommon


@tagged("post_install", "-at_install")
class TestHealthOfMany(ChurnCommon):
    """Health and segments in the database are those of the logic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls._create_buyers(160, seed=4)
        cls.env["customer.relationship"]._evaluate(cls.buyers.ids, company=cls.company)
        cls._shuffle_signals()
        cls.env["customer.churn.score"]._refresh(cls.company, on(cls.TODAY))
        cls.env.invalidate_all()
        cls.scores = cls.env["customer.churn.score"].search(
            [("company_id", "=", cls.company.id)]
        )

    @classmethod
    def _shuffle_signals(cls):
        """Give the customers signals that none of their documents tell."""
        dice, today = random.Random(9), on(cls.TODAY)
        category = cls.env["product.category"].create({"name": "Toner"})
        signals = cls.env["customer.churn.signal"]
        while signals._read_stale(cls.company, today):
            pass
        for signal in signals.search([("company_id", "=", cls.company.id)]):

            def day(most):
                return today - timedelta(dice.randint(-20, most))

            cls.env.cr.execute(
                """UPDATE customer_churn_signal SET (complaint_since, unpaid_since,
                   payment_change, returned_12m, price_change, contact_lost_on,
                   quiet_months, basket_change, category_count, category_lost_count,
                   category_lost_id, portal_seen_on)
                   = (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                   WHERE id = %s""",
                (
                    dice.choice([None, today - timedelta(dice.randint(0, 50))]),
                    dice.choice([None, day(90)]),
                    dice.choice([None, dice.uniform(-20, 50)]),
                    dice.choice([None, dice.uniform(0, 400)]),
                    dice.choice([None, dice.uniform(-0.1, 0.3)]),
                    dice.choice([None, today - timedelta(dice.randint(0, 500))]),
                    dice.choice([0, 0, 7, 0b110000000001, 0b001110000000]),
                    dice.choice([None, dice.uniform(-0.7, 0.3)]),
                    dice.choice([None, 0, 4]),
                    dice.choice([None, dice.randint(0, 4)]),
                    category.id,
                    dice.choice([None, today - timedelta(dice.randint(0, 700))]),
                    signal.id,
                ),
            )
        cls.env.cr.execute(
            """UPDATE customer_relationship
                  SET complaint_last_grade = id %% 6, last_contact_on = %s - id %% 500
                WHERE company_id = %s AND id %% 3 <> 0""",
            (today, cls.company.id),
        )
        cls.env.invalidate_all()

    def test_health_in_the_database_is_that_of_the_logic(self):
        points = self.env["customer.churn.weighing"]._points(self.company)
        seen = set()
        for score in self.scores:
            found = score._health(points)
            self.assertAlmostEqual(score.health, found.score, 4)
            seen.update(found.worst())
        # bridges have signals of their own
        self.assertLessEqual(seen, set(points))
        self.assertLessEqual(set(health.SIGNALS) - {"late"}, seen)

    def test_contributions_add_up_to_what_is_missing(self):
        for score in self.scores[:40]:
            told = score.health_explanation
            missing = sum(line["cost"] for line in told["costs"])
            self.assertAlmostEqual(100 - told["score"], missing, delta=0.6)

    def test_the_dearest_signal_is_said_first(self):
        for score in self.scores[:40]:
            costs = [line["cost"] for line in score.health_explanation["costs"]]
            self.assertEqual(costs, sorted(costs, reverse=True))
            if costs and costs[0] > 0.5:
                first = score.health_explanation["costs"][0]["sentence"]
                self.assertTrue(score.reason_text.startswith(first))

    def test_risk_by_rhythm_leaves_quiet_months_out(self):
        """With a forecast only health does; see the sentence."""
        for score in self.scores.filtered(lambda s: not s.is_probability):
            ratio = score._seasonal_ratio(on(self.TODAY))
            self.assertAlmostEqual(score.lost, min(1, max(0, (ratio - 1) / 2)), 4)

    def test_who_buys_every_december_is_in_no_danger_in_july(self):
        """The probability leaves the months out in which the customer never buys."""
        self.company.retention_evaluation_date = "2025-07-01"
        buyers = self._create_partner("December"), self._create_partner("Gone")
        days = {
            buyers[0]: [(year, 12) for year in range(2020, 2025)],
            buyers[1]: [(2024, month) for month in range(1, 13)],
        }
        for buyer, months in days.items():
            self._insert_purchases(
                [
                    (buyer.id, on(f"{year}-{month:02}-{day:02}"), 500.0)
                    for year, month in months
                    for day in (2, 9, 16, 23, 28)
                ]
            )
        self.env["customer.relationship"]._evaluate(
            [buyer.id for buyer in buyers], company=self.company
        )
        self.env["customer.churn.model"]._score_company(self.company, learn=True)
        scores = self.env["customer.churn.score"].search([])
        seasonal, gone = (
            scores.filtered(lambda one, buyer=buyer: one.partner_id == buyer)
            for buyer in buyers
        )
        self.assertTrue(seasonal.is_probability)
        self.assertTrue(seasonal.signal_id.quiet_months)
        self.assertGreater(gone.lost, 0.6)
        self.assertLess(seasonal.lost, 0.5)
        self.assertIn("never buy", " ".join(seasonal.explanation["lines"]))
        self.assertLess(seasonal.value_at_risk, gone.value_at_risk)

    def test_segments_are_those_of_the_logic(self):
        segments = self.env["customer.churn.rfm.segment"].search([])
        boxes = [segment._box() for segment in segments]
        for score in self.scores:
            scores = (
                score.recency_score,
                score.frequency_score,
                score.monetary_score,
            )
            place = rfm.first_fit(boxes, scores)
            self.assertEqual(score.rfm_segment_id, segments[place])

    def test_seeded_segments_name_everybody(self):
        boxes = [
            one._box() for one in self.env["customer.churn.rfm.segment"].search([])
        ]
        self.assertFalse(rfm.uncovered(boxes))

    def test_a_changed_segment_names_customers_in_the_next_run(self):
        first = self.env["customer.churn.rfm.segment"].create(
            {"name": "All of Them", "sequence": 0}
        )
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        self.env.invalidate_all()
        self.assertEqual(self.scores.rfm_segment_id, first)
        self.assertEqual(first.customer_count, len(self.scores))
        first.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.scores.rfm_segment_id)

    def test_a_segment_that_nobody_fits_is_refused(self):
        for values in ({"recency_from": 4, "recency_to": 2}, {"monetary_to": 6}):
            with self.assertRaises(ValidationError):
                self.env["customer.churn.rfm.segment"].create({"name": "X", **values})

    def test_few_queries_however_many_are_explained(self):
        self.env.invalidate_all()
        self.scores[:1].mapped("reason_text")
        for number in (1, 100):
            self.env.invalidate_all()
            with self.assertQueryCount(12):
                self.scores[:number].mapped("reason_text")


@tagged("post_install", "-at_install")
class TestWeights(ChurnCommon):
    """Weights are learned from who stopped buying, and kept as versions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.weighings = cls.env["customer.churn.weighing"]
        cls.buyers = cls._create_buyers(300, seed=8)
        cls._learn()
        cls.admin = cls._create_user("health_admin", "customer_retention.group_admin")

    def by_hand(self, user=None, **weights):
        codes = self.weighings._signal_codes()
        lines = [
            Command.create({"signal": code, "weight": weights.get(code, 0)})
            for code in codes
        ]
        weighings = self.weighings.with_user(user or self.admin)
        return weighings.create({"line_ids": lines, "note": "Test"})

    def test_points_add_up_to_100(self):
        version = self.weighings._in_force(self.company)
        self.assertEqual(sum(version.line_ids.mapped("points")), 100)
        self.assertTrue(version.sentence)

    def test_every_learned_weight_has_its_evidence(self):
        version = self.weighings._in_force(self.company)
        self.assertIn(version.source, ("learned", "usual"))
        self.assertGreater(version.usual_auc, 0.5)
        rhythm = version.line_ids.filtered(lambda line: line.signal == "rhythm")
        self.assertGreater(rhythm.customers, 0)
        self.assertGreater(rhythm.lost_with, rhythm.lost_without)
        for line in version.line_ids:
            self.assertGreater(line.error, 0)

    def test_learning_the_same_makes_no_new_version(self):
        before = self.weighings._in_force(self.company)
        self.assertEqual(self.weighings._learn(self.company, on(self.TODAY)), before)

    def test_what_is_learned_of_a_past_day_reads_nothing_later(self):
        past = on("2025-01-15")
        horizon = 60
        codes = self.weighings._signal_codes()
        day = past - timedelta(horizon)
        before = self.weighings._cases(self.company, day, horizon, codes)
        self.assertGreater(len(before), 100)
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE company_id = %s AND date > %s",
            (self.company.id, past),
        )
        after = self.weighings._cases(self.company, day, horizon, codes)
        self.assertEqual(before, after)

    def test_the_outcome_is_not_known_on_the_past_day(self):
        """Without what came later everybody has the severities of before."""
        day, codes = on("2025-01-15"), self.weighings._signal_codes()
        before = self.weighings._cases(self.company, day, 60, codes)
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE company_id = %s AND date > %s",
            (self.company.id, day),
        )
        after = self.weighings._cases(self.company, day, 60, codes)
        self.assertEqual(
            [case.severities for case in before], [case.severities for case in after]
        )
        self.assertTrue(all(case.lost for case in after))

    def test_too_few_customers_leave_the_usual_weights(self):
        values = self.weighings._weigh(["rhythm", "trend"], [], [])
        self.assertEqual(values["source"], "usual")

    def test_learned_weights_count_only_where_they_are_clearly_better(self):
        """What customers leave for now is graded on those who leave later."""
        codes, dice = ["rhythm", "trend", "complaint"], random.Random(3)

        def customers(effects):
            found = []
            for _customer in range(400):
                bad = tuple(dice.choice([0, dice.random()]) for _code in codes)
                odds = sum(e * x for e, x in zip(effects, bad, strict=True)) - 1.5
                found.append(Case(bad, dice.random() < 1 / (1 + 2.7183**-odds)))
            return found

        for later, source in (
            ((0.0, 0.0, 4.0), "learned"),
            ((3.0, 1.5, 1.2), "usual"),
            ((4.0, 0.0, 0.0), "usual"),
        ):
            values = self.weighings._weigh(
                codes, customers((0.0, 0.0, 4.0)), customers(later)
            )
            self.assertEqual(values["source"], source, later)
            version = self.weighings.create(
                {
                    "company_id": self.company.id,
                    "weighed_on": on(self.TODAY),
                    **values,
                }
            )
            self.assertIn("usual", version.sentence)
            self.assertTrue(all(version.line_ids.mapped("error")))

    def test_weights_set_by_hand_count_and_are_not_learned_over(self):
        version = self.by_hand(complaint=3, silence=1)
        self.assertEqual(version.user_id, self.admin)
        self.assertEqual(version.source, "hand")
        points = self.weighings._points(self.company)
        self.assertEqual((points["complaint"], points["silence"]), (75, 25))
        self.env["customer.churn.model"]._score_company(self.company, learn=True)
        self.assertEqual(self.weighings._in_force(self.company), version)

    def test_a_signal_that_came_later_can_be_weighed_by_hand(self):
        self.weighings.create(
            {
                "company_id": self.company.id,
                "weighed_on": on(self.TODAY),
                "source": "hand",
                "note": "Test",
                "line_ids": [Command.create({"signal": "rhythm", "weight": 1})],
            }
        )
        new = self.weighings.with_user(self.admin).create({"note": "Test"})
        self.assertEqual(
            set(new.line_ids.mapped("signal")), set(self.weighings._signal_codes())
        )
        self.assertEqual(self.weighings._points(self.company)["rhythm"], 100)

    def test_learning_again_ends_weights_set_by_hand(self):
        version = self.by_hand(complaint=3)
        version.action_learn()
        self.assertNotEqual(self.weighings._in_force(self.company).source, "hand")

    def test_a_version_stays_as_it_was(self):
        version = self.by_hand(complaint=3)
        for record, values in (
            (version, {"note": "Later"}),
            (version.line_ids[0], {"weight": 9}),
        ):
            with self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            self.env["customer.churn.weight"].with_user(self.admin).create(
                {"weighing_id": version.id, "signal": "rhythm", "weight": 9}
            )

    def test_nobody_invents_evidence(self):
        version = self.weighings.with_user(self.admin).create(
            {
                "source": "learned",
                "note": "Test",
                "learned_auc": 0.99,
                "line_ids": [
                    Command.create({"signal": "rhythm", "weight": 1, "customers": 5000})
                ],
            }
        )
        self.assertEqual(version.source, "hand")
        self.assertFalse(version.learned_auc)
        self.assertFalse(version.line_ids.customers)

    def test_weights_set_by_hand_need_a_reason(self):
        """A form that somebody only looked at is not in force."""
        before = self.weighings._in_force(self.company)
        for note in (False, "  "):
            with (
                self.subTest(note=note),
                self.assertRaisesRegex(ValidationError, "why"),
                self.cr.savepoint(),
            ):
                self.weighings.with_user(self.admin).create({"note": note})
        self.assertEqual(self.weighings._in_force(self.company), before)
        with self.assertRaisesRegex(AssertionError, "note"):
            Form(self.weighings.with_user(self.admin)).save()

    def test_weights_of_nothing_are_refused(self):
        with self.assertRaises(ValidationError):
            self.by_hand()
        with self.assertRaises(ValidationError):
            self.by_hand(rhythm=-1, trend=2)


@tagged("post_install", "-at_install")
class TestSignals(ChurnCommon):
    """What documents tell, from real documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signals = cls.env["customer.churn.signal"]
        cls.buyers = cls.partner

    def read_signals(self, partner=None):
        partner = partner or self.partner
        self._work_queue()
        self.signals._read_accounts(self.company, on(self.TODAY), partner.ids)
        return self.signals.search([("partner_id", "=", partner.id)])

    def pay(self, invoice, day, amount=None):
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        ) or self.env["account.journal"].create(
            {"name": "Bank", "code": "RBNK", "type": "bank"}
        )
        receivable = invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        other = invoice.invoice_line_ids.account_id[:1]
        amount = amount or invoice.amount_total
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": invoice.commercial_partner_id.id,
                            "credit": amount,
                        }
                    ),
                    Command.create({"account_id": other.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        (receivable | entry.line_ids.filtered("credit")).reconcile()

    def due(self, day, amount=100.0):
        invoice = self._invoice(self.partner, day, amount)
        invoice.invoice_date_due = day
        return invoice

    def test_the_oldest_unpaid_invoice(self):
        self._order(self.partner, "2025-01-10")
        self.due("2025-05-10")
        older = self.due("2025-04-10")
        self.assertEqual(self.read_signals().unpaid_since, on("2025-04-10"))
        self.pay(older, "2025-06-01")
        self.assertEqual(self.read_signals().unpaid_since, on("2025-05-10"))

    def test_paid_later_than_before(self):
        self._order(self.partner, "2024-01-10")
        for due, paid in (
            ("2024-03-01", "2024-03-03"),
            ("2024-05-01", "2024-05-05"),
            ("2025-03-01", "2025-03-13"),
        ):
            self.pay(self.due(due), paid)
        self.assertAlmostEqual(self.read_signals().payment_change, 9)

    def test_one_payment_is_no_habit(self):
        self._order(self.partner, "2024-01-10")
        self.pay(self.due("2024-03-01"), "2024-03-03")
        self.pay(self.due("2025-03-01"), "2025-04-13")
        self.assertFalse(self.read_signals().payment_change)

    def test_a_payment_is_noticed_in_the_next_night(self):
        self._order(self.partner, "2025-01-10")
        invoice = self.due("2025-05-10")
        self._work_queue()
        while self.signals._read_stale(self.company, on(self.TODAY)):
            pass
        self.assertFalse(self.signals._read_stale(self.company, on(self.TODAY)))
        self.pay(invoice, "2025-06-01")
        self.assertEqual(self.signals._read_stale(self.company, on(self.TODAY)), 1)
        self.assertFalse(self.signals._read_stale(self.company, on(self.TODAY)))
        signal = self.signals.search([("partner_id", "=", self.partner.id)])
        self.assertFalse(signal.unpaid_since)

    def test_everybody_is_read_again_after_a_week(self):
        self._order(self.partner, "2025-01-10")
        self.read_signals()
        later = on(self.TODAY) + timedelta(6)
        self.assertFalse(self.signals._read_stale(self.company, later))
        later += timedelta(1)
        self.assertEqual(self.signals._read_stale(self.company, later), 1)

    def test_credit_notes_of_the_year(self):
        order = self._order(self.partner, "2025-03-01", 400.0)
        invoice = self._invoice_of(order, "2025-03-02")
        self._credit(invoice, "2025-03-20", 100.0)
        self.assertAlmostEqual(self.read_signals().returned_12m, 100)

    def test_prices_are_compared_like_for_like(self):
        """What became dearer counts by what is paid for it; new products do not."""
        other, new = (
            self.env["product.product"].create({"name": name, "type": "service"})
            for name in ("Another Product", "A New Product")
        )
        self._order(self.partner, "2024-03-01", 100.0)
        self._order(self.partner, "2024-03-01", 50.0, product=other)
        self._order(self.partner, "2025-03-01", 120.0, quantity=3)
        self._order(self.partner, "2025-03-01", 50.0, product=other, quantity=1)
        self._order(self.partner, "2025-03-01", 900.0, product=new)
        expected = (360 * 0.2 + 50 * 0.0) / 410
        self.assertAlmostEqual(self.read_signals().price_change, expected)

    def test_the_contact_who_ordered_has_left(self):
        buyer = self._create_partner(
            "Buyer", is_company=False, parent_id=self.partner.id
        )
        self._create_partner("Other", is_company=False, parent_id=self.partner.id)
        self._order(buyer, "2025-03-01")
        self.assertFalse(self.read_signals().contact_lost_on)
        buyer.active = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2025-06-01' WHERE id = %s",
            (buyer.id,),
        )
        self.assertEqual(self.read_signals().contact_lost_on, on("2025-06-01"))

    def changed(self, people, moment, **values):
        """Change people at a moment."""
        people.write(values)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = %s WHERE id = ANY(%s)",
            (moment, people.ids),
        )
        people.invalidate_recordset()

    def test_a_contact_left_when_it_was_archived_not_when_it_was_changed(self):
        """A mass update of contacts makes nobody leave again."""
        first, second = (
            self._create_partner(name, is_company=False, parent_id=self.partner.id)
            for name in ("First", "Second")
        )
        self._create_partner("Other", is_company=False, parent_id=self.partner.id)
        for person in (first, second):
            self._order(person, "2025-03-01")
        self.changed(first, "2025-05-01 12:00", active=False)
        self.assertEqual(self.read_signals().contact_lost_on, on("2025-05-01"))
        self.changed(first | second, "2025-06-10 12:00", comment="Newsletter")
        self.assertEqual(self.read_signals().contact_lost_on, on("2025-05-01"))
        self.changed(second, "2025-06-11 12:00", active=False)
        self.assertEqual(self.read_signals().contact_lost_on, on("2025-06-11"))
        self.changed(first | second, "2025-06-20 12:00", comment="Newsletter 2")
        self.assertEqual(self.read_signals().contact_lost_on, on("2025-06-11"))
        self.changed(second, "2025-06-21 12:00", active=True)
        self.assertEqual(self.read_signals().contact_lost_on, on("2025-05-01"))
        self.changed(second, "2025-06-22 12:00", active=False)
        self.assertEqual(self.read_signals().contact_lost_on, on("2025-06-22"))

    def test_a_contact_left_on_the_day_of_the_company(self):
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        buyer = self._create_partner(
            "Buyer", is_company=False, parent_id=self.partner.id
        )
        self._order(buyer, "2025-03-01")
        self.changed(buyer, "2025-05-01 20:00", active=False)
        self.assertEqual(self.read_signals().contact_lost_on, on("2025-05-02"))

    def test_a_contact_who_never_ordered_is_missed_when_nobody_is_left(self):
        self._order(self.partner, "2025-03-01")
        people = [
            self._create_partner(name, is_company=False, parent_id=self.partner.id)
            for name in ("One", "Two")
        ]
        self.env.flush_all()
        for person, lost in zip(people, (False, True), strict=True):
            person.active = False
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE res_partner SET write_date = '2025-06-02' WHERE id = %s",
                (person.id,),
            )
            self.assertEqual(bool(self.read_signals().contact_lost_on), lost)

    def test_documents_of_another_company_say_nothing(self):
        other = self._create_company("Signals Elsewhere")
        self._order(self.partner, "2025-03-01")
        env = self.env(context=dict(self.env.context, allowed_company_ids=other.ids))
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner.id,
                "invoice_date": "2025-03-01",
                "company_id": other.id,
                "invoice_line_ids": [
                    Command.create({"name": "X", "price_unit": 5, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        self.assertFalse(self.read_signals().unpaid_since)

    def test_quiet_months_are_those_of_the_logic(self):
        dice = random.Random(5)
        rows, days_of, partners = [], {}, []
        for number in range(40):
            partner = self._create_partner(f"Season {number}")
            months = set(dice.sample(range(1, 13), dice.randint(2, 12)))
            if number % 2:
                start = dice.randint(1, 12)
                months = {(start + n) % 12 + 1 for n in range(dice.randint(2, 8))}
            end = on(self.TODAY) - timedelta(dice.randint(0, 500))
            first = end - timedelta(dice.randint(100, 2000))
            days = [
                first + timedelta(n)
                for n in range((end - first).days + 1)
                if (first + timedelta(n)).month in months and dice.random() < 0.08
            ] or [first]
            days_of[partner.id] = days
            partners.append(partner.id)
            rows += [(partner.id, day, 10.0) for day in days]
        self.env.flush_all()
        self._insert_purchases(rows)
        self.env["customer.relationship"]._evaluate(partners, company=self.company)
        self.signals._read_accounts(self.company, on(self.TODAY), partners)
        seen = 0
        for signal in self.signals.search([("partner_id", "in", partners)]):
            row = self._relationship(signal.partner_id)
            expected = season.quiet_months(
                days_of[signal.partner_id.id], row.usual_interval
            )
            self.assertEqual(season.months_of(signal.quiet_months), expected)
            seen += bool(expected)
        self.assertGreater(seen, 5)

    def test_who_pauses_in_winter_is_not_overdue_in_spring(self):
        days = [
            on(f"{year}-{month:02}-{day:02}")
            for year in (2021, 2022, 2023, 2024)
            for month in (5, 6, 7, 8, 9)
            for day in (1, 11, 21)
        ]
        self.env.flush_all()
        self._insert_purchases([(self.partner.id, day, 50.0) for day in days])
        self.company.retention_evaluation_date = "2025-05-05"
        self.env["customer.relationship"]._evaluate(
            self.partner.ids, company=self.company
        )
        self.env["customer.churn.model"]._score_company(self.company)
        score = self.env["customer.churn.score"].search(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertGreater(score.relationship_id.overdue_ratio, 15)
        self.assertLess(score._seasonal_ratio(on("2025-05-05")), 1.5)
        self.assertLess(score.lost, 0.3)
        self.assertNotIn("15", score.reason_text)

    def test_an_open_complaint_is_said_with_its_number_and_age(self):
        self._order(self.partner, "2025-06-01")
        complaint = self.env["customer.complaint"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "subject": "Broken",
                "received_at": "2025-06-18 10:00:00",
            }
        )
        signal = self.read_signals()
        self.assertEqual(signal.complaint_id, complaint)
        self.assertEqual(signal.complaint_since, on("2025-06-18"))
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        score = self.env["customer.churn.score"].search(
            [("partner_id", "=", self.partner.id)]
        )
        sentence = f"complaint {complaint.name} open for 12 days"
        self.assertIn(sentence, score.reasons)

    def test_who_is_excluded_has_no_signals(self):
        self._order(self.partner, "2025-06-01")
        self.assertTrue(self.read_signals())
        self.env["customer.profiling.exclusion"].create(
            {"partner_id": self.partner.id, "reason": "asked for it"}
        )
        self.assertFalse(self.read_signals())

    def test_one_statement_for_one_or_for_many(self):
        partners = [self._create_partner(f"Q {n}") for n in range(100)]
        ids = [partner.id for partner in partners]
        self.env.flush_all()
        self._insert_purchases([(one, on("2025-03-01"), 9.0) for one in ids])
        self.env["customer.relationship"]._evaluate(ids, company=self.company)
        for number in (1, 100):
            self.env.flush_all()
            with self.assertQueryCount(3):
                self.signals._read_accounts(self.company, on(self.TODAY), ids[:number])

    def test_severities_of_unknown_signals_are_nothing(self):
        self._order(self.partner, "2025-06-20")
        self.read_signals()
        found = health.health({"price": 60, "payment": 40}, {})
        self.assertEqual(found.score, 100)
