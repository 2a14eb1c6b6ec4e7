"""Care at a cadence: on which occasion, for whom, how much, and never twice."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from .common import on
from .test_today import TodayCommon


class CareCommon(TodayCommon):
    """Customers who bought in one way each, and plans of the test alone."""

    BUYERS = 20

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = cls.env["customer.care.plan"]
        cls.plans.search([]).active = False
        cls.company.retention_side_effects_from = "2025-01-01"
        # 14 days ago, twice in its life, and much more than everybody else
        cls.regular = cls._create_partner("Regular", user_id=cls.seller.id)
        cls._insert_purchases(
            [
                (cls.regular.id, on("2025-05-17"), 90_000.0),
                (cls.regular.id, on("2025-06-16"), 90_000.0),
            ]
        )
        cls.newcomer = cls._create_partner("Newcomer", user_id=cls.colleague.id)
        cls._insert_purchases([(cls.newcomer.id, on("2025-06-27"), 80_000.0)])
        cls.buyers |= cls.regular | cls.newcomer
        cls.scores = cls._learn()

    @classmethod
    def plan(cls, trigger, days, **values):
        return cls.plans.create(
            {
                "name": "Tested",
                "summary": "Say thank you",
                "trigger": trigger,
                "days": days,
                "for_small": True,
                "company_id": cls.company.id,
                **values,
            }
        )

    def work(self, day=None):
        """Plan what is due on a day; return the customers who are cared for."""
        if day:
            self.company.retention_evaluation_date = day
        before = self.touches()
        self.plans._plan_company(self.company)
        self.env.flush_all()
        return (self.touches() - before).partner_id

    def due(self, plan, company=None):
        """Return ``{account id: occasion}`` of whatever a plan would be about."""
        due = plan._due_sql(company or self.company, on(self.TODAY))
        return dict(self.env.execute_query(due))

    def touches(self):
        return self.env["customer.care.touch"].search(
            [("company_id", "=", self.company.id)]
        )


@tagged("post_install", "-at_install")
class TestCare(CareCommon):
    def test_who_rests_is_looked_up_once_not_for_each_customer(self):
        """A look-up for each customer took minutes with 100,000 of them."""
        scores, today = self.env["customer.churn.score"], on("2025-07-01")
        for leave_alone in (
            scores._awake_sql("score", today),
            self.plans._calm_sql("score", today),
        ):
            self.env.flush_all()
            plan = self.env.execute_query(
                SQL(
                    "EXPLAIN SELECT FROM customer_churn_score score WHERE %s",
                    leave_alone,
                )
            )
            self.assertNotIn("SubPlan", str(plan))

    def test_after_a_purchase(self):
        self.plan("purchase", 14)
        cared = self.work()
        self.assertIn(self.regular, cared)
        self.assertNotIn(self.newcomer, cared)
        activity = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.regular.id)]
        )
        self.assertRecordValues(
            activity,
            [{"user_id": self.seller.id, "summary": "Say thank you"}],
        )

    def test_a_colleague_who_has_left_is_asked_nothing(self):
        self.plan("purchase", 14)
        self.seller.active = False
        self.company.retention_responsible_id = False
        self.assertNotIn(self.regular, self.work())
        self.company.retention_responsible_id = self.manager
        self.assertIn(self.regular, self.work())
        touch = self.touches().filtered(lambda one: one.partner_id == self.regular)
        self.assertEqual(
            (touch.user_id, touch.activity_id.user_id), (self.manager,) * 2
        )

    def test_nothing_is_planned_twice(self):
        self.plan("purchase", 14)
        self.assertTrue(self.work())
        self.assertFalse(self.work())
        self.assertNotIn(self.regular, self.work("2025-07-01"))

    def test_nobody_is_asked_about_twice_in_a_week(self):
        """Two plans find the same customer: the first one is enough."""
        self.plan("purchase", 14)
        self.plan("first_purchase", 3)
        self.plan("purchase", 13, name="Also after a purchase")
        cared = self.work()
        self.assertIn(self.regular, cared)
        self.assertIn(self.newcomer, cared)
        touches = self.touches().filtered(lambda one: one.partner_id == self.regular)
        self.assertEqual(len(touches), 1)
        self.plan("contact", 1)
        self.assertNotIn(self.regular, self.work("2025-07-06"))
        self.assertIn(self.regular, self.work("2025-07-07"))

    def test_what_was_due_a_week_ago_has_passed(self):
        self.plan("purchase", 14)
        self.assertNotIn(self.regular, self.work("2025-07-07"))

    def test_first_buyers(self):
        self.plan("first_purchase", 3)
        cared = self.work()
        self.assertIn(self.newcomer, cared)
        self.assertNotIn(self.regular, cared)

    def test_before_the_expected_purchase(self):
        expected = self._relationship(self.regular).expected_next_on
        self.plan("expected", 7)
        self.assertNotIn(self.regular, self.work(expected - timedelta(8)))
        self.assertIn(self.regular, self.work(expected - timedelta(7)))

    def test_silence_is_due_until_somebody_breaks_it(self):
        self.plan("contact", 30)
        self.assertNotIn(self.regular, self.work("2025-07-15"))
        self.assertIn(self.regular, self.work("2025-09-01"))
        self.assertNotIn(self.regular, self.work("2025-09-08"))

    def test_silence_is_asked_about_again_when_the_activity_was_taken_back(self):
        self.plan("contact", 30)
        self.assertIn(self.regular, self.work("2025-09-01"))
        self.touches().activity_id.unlink()
        self.assertNotIn(self.regular, self.work("2025-09-03"))
        self.assertIn(self.regular, self.work("2025-09-09"))

    def test_what_nobody_is_asked_any_more_takes_no_place_of_the_week(self):
        self.company.churn_care_capacity = 1
        self.plan("contact", 30)
        self.assertTrue(self.work("2025-09-01"))
        self.assertFalse(self.work("2025-09-02"))
        self.touches().activity_id.unlink()
        self.assertTrue(self.work("2025-09-03"))

    def test_who_is_asked_reads_it_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.seller.lang = "fr_FR"
        plan = self.plan("contact", 30, note="Kindly")
        plan.with_context(lang="fr_FR").write(
            {"summary": "Dites merci", "note": "Gentiment"}
        )
        self.work("2025-09-01")
        touch = self.touches().filtered(lambda one: one.partner_id == self.regular)
        self.assertEqual(touch.activity_id.summary, "Dites merci")
        self.assertIn("Gentiment", touch.activity_id.note)

    def test_nothing_is_planned_about_what_was_before_the_start(self):
        self.company.retention_side_effects_from = "2025-07-02"
        self.plan("purchase", 14)
        self.assertNotIn(self.regular, self.work("2025-07-02"))
        self.company.retention_side_effects_from = "2025-06-30"
        self.assertIn(self.regular, self.work("2025-07-02"))

    def test_an_open_quotation(self):
        self._quotation(self.regular, "2025-06-25")
        self._flush_queue()
        scope = self.env["customer.account"]._account_ids(self.regular.ids)
        self.assertTrue(scope)
        self.env.cr.execute(
            """INSERT INTO customer_quotation
               (order_id, partner_id, company_id, opened_on, amount)
               SELECT max(id), %s, %s, '2025-06-25', 10 FROM sale_order""",
            (self.regular.id, self.company.id),
        )
        self.plan("quotation", 5)
        self.assertEqual(self.work(), self.regular)

    def send(self, order, day):
        """Send a quotation; core posts a message."""
        self.env.cr.precommit.run()
        order.with_context(tracking_disable=False, mail_notrack=False).write(
            {"state": "sent"}
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        subtype = self.env.ref("sale.mt_order_sent")
        message = order.message_ids.filtered(lambda one: one.subtype_id == subtype)
        self.assertEqual(len(message), 1)
        self.env.cr.execute(
            "UPDATE mail_message SET date = %s WHERE id = %s",
            (f"{day} 10:00:00", message.id),
        )

    def test_a_quotation_is_asked_about_from_the_day_it_was_sent(self):
        self._order(self.regular, "2025-06-01")
        order = self._quotation(self.regular, "2025-06-10")
        self._quotation(self.newcomer, "2025-06-10")
        self._work_queue()
        self.plan("sent", 5)
        self.assertFalse(self.work("2025-06-28"))
        self.send(order, "2025-06-25")
        self.assertFalse(self.work("2025-06-29"))
        self.assertEqual(self.work("2025-06-30"), self.regular)
        self.assertFalse(self.work("2025-07-01"))

    def test_nobody_asks_about_a_quotation_that_was_ordered(self):
        self._order(self.regular, "2025-06-01")
        order = self._quotation(self.regular, "2025-06-10")
        self._work_queue()
        self.send(order, "2025-06-25")
        plan = self.plan("sent", 5)
        self.assertTrue(self.due(plan))
        order.action_confirm()
        self.assertFalse(self.due(plan))

    def test_a_confirmed_order_counts_also_where_invoices_are_purchases(self):
        self.company.retention_purchase_source = "invoice"
        for day in ("2025-05-17", "2025-06-16"):
            self._invoice(self.regular, day)
        self._order(self.regular, "2025-06-27")
        self._quotation(self.newcomer, "2025-06-27")
        self._work_queue()
        self.plan("purchase", 3)
        self.assertNotIn(self.regular, self.work())
        self.plan("confirmed", 3)
        self.assertEqual(self.work(), self.regular)
        self.assertFalse(self.work("2025-07-01"))

    def test_a_complaint_is_resolved_on_the_local_day(self):
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        self.resolve("2025-06-15 22:00")
        self.plan("recovery", 14)
        self.assertEqual(self.work("2025-06-30"), self.regular)
        self.assertEqual(self.touches().occasion, on("2025-06-16"))

    def test_every_occasion_tells_accounts_and_days(self):
        """Also those of other modules."""
        for trigger, _label in self.plans._fields["trigger"].selection:
            plan = self.plan(trigger, 10)
            with self.subTest(trigger):
                for account, day in self.due(plan).items():
                    self.assertTrue(account)
                    self.assertTrue(day)
                self.assertEqual(plan.is_ahead, trigger in ("expected", "birthday"))

    def test_the_anniversary(self):
        self.plan("anniversary", 0, kind="gift", cost=20.0)
        first = self._relationship(self.regular).first_purchase_on
        self.assertNotIn(self.regular, self.work())
        year_later = first.replace(year=first.year + 1)
        self.assertNotIn(self.regular, self.work(year_later - timedelta(1)))
        self.assertIn(self.regular, self.work(year_later))
        touch = self.touches().filtered(lambda one: one.partner_id == self.regular)
        self.assertEqual(touch.cost, 20.0)
        self.assertEqual(touch.occasion, year_later)

    def test_never_more_than_the_team_can_do(self):
        self.plan("contact", 1)
        self.company.churn_care_capacity = 3
        self.assertEqual(len(self.work()), 3)
        self.assertFalse(self.work("2025-07-01"))
        self.assertEqual(len(self.work("2025-07-07")), 3)

    def test_the_greatest_customers_first(self):
        self.plan("contact", 1)
        self.company.churn_care_capacity = 2
        self.assertEqual(self.work(), self.regular | self.newcomer)

    def test_a_plan_is_for_its_classes(self):
        self.plan("contact", 1, for_ordinary=False, for_small=False)
        key = self.scores.filtered(lambda score: score.value_class == "key")
        self.assertEqual(self.work(), key.partner_id)

    def test_whom_we_leave_alone_is_left_alone(self):
        scores = type(self.env["customer.churn.score"])
        original = scores._today_domain
        self.patch(
            scores,
            "_today_domain",
            lambda self, company: (
                original(self, company) & Domain("partner_id.name", "!=", "Regular")
            ),
        )
        self.plan("contact", 1)
        cared = self.work()
        self.assertTrue(cared)
        self.assertNotIn(self.regular, cared)

    def test_nobody_thanks_an_angry_customer_or_who_refuses(self):
        self.plan("purchase", 14)
        self.env.cr.execute(
            "UPDATE customer_relationship SET complaint_open_count = 1"
            " WHERE partner_id = %s",
            (self.regular.id,),
        )
        self.assertNotIn(self.regular, self.work())
        self.env.cr.execute(
            "UPDATE customer_relationship SET complaint_open_count = 0"
            " WHERE partner_id = %s",
            (self.regular.id,),
        )
        score = self.scores.filtered(lambda one: one.partner_id == self.regular)
        self.log(score.id, "refused")
        self.assertNotIn(self.regular, self.work())

    def test_a_good_recovery_is_a_time_to_ask(self):
        self.resolve("2025-06-16 10:00")
        self.plan("recovery", 14, kind="introduction")
        self.assertEqual(self.work(), self.regular)

    def resolve(self, moment):
        """Resolve a complaint as the customer wished."""
        self.env["customer.complaint"].create(
            {
                "partner_id": self.regular.id,
                "company_id": self.company.id,
                "subject": "Late",
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_complaint SET resolved_at = %s,"
            " account_id = %s WHERE partner_id = %s",
            (moment, self.regular.id, self.regular.id),
        )
        self.env.cr.execute(
            "UPDATE customer_relationship SET complaint_last_grade = 5,"
            " complaint_open_count = 0 WHERE partner_id = %s",
            (self.regular.id,),
        )
        self.env.invalidate_all()

    def test_copies_and_companies_without_a_date_plan_nothing(self):
        self.plan("contact", 1)
        self.company.retention_side_effects_from = False
        self.assertFalse(self.work())

    def test_the_customer_chooses_the_channel_and_the_address(self):
        self.regular.write(
            {"customer_care_channel": "email", "customer_care_address": "Chị Lan"}
        )
        self.plan("purchase", 14)
        self.work()
        activity = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.regular.id)]
        )
        self.assertEqual(activity.activity_type_id.customer_contact_channel, "email")
        self.assertIn("Chị Lan", activity.summary)

    def test_what_a_customer_prefers_is_known_to_who_looks_after_it(self):
        self.regular.write({"customer_care_address": "Chị Lan"})
        self.regular.write({"customer_care_channel": "email"})
        self.assertEqual(len(self.env["customer.care.preference"].search([])), 1)
        self.env.invalidate_all()
        for user, seen in ((self.seller, "Chị Lan"), (self.colleague, False)):
            partner = self.regular.with_user(user)
            self.assertEqual(partner.customer_care_address, seen)
        self.regular.customer_care_address = False
        self.assertEqual(self.regular.customer_care_channel, "email")

    def test_done_care_is_on_record_as_care(self):
        self.plan("purchase", 14, kind="letter")
        self.work()
        touch = self.touches().filtered(lambda one: one.partner_id == self.regular)
        self.assertEqual(touch.state, "planned")
        touch.activity_id.with_user(self.seller).action_feedback()
        touch.invalidate_recordset()
        self.assertEqual(touch.state, "done")
        contact = self.env["customer.contact.log"].search(
            [("partner_id", "=", self.regular.id)]
        )
        self.assertRecordValues(
            contact,
            [{"purpose": "care", "channel": "letter", "user_id": self.seller.id}],
        )

    def test_a_plan_without_sense_is_refused(self):
        for values in ({"days": -1}, {"days": 9999}, {"cost": -5.0}):
            with self.assertRaises(ValidationError):
                self.plan("purchase", **{"days": 1, **values})
        with self.assertRaises(ValidationError):
            self.plan("contact", 0)

    def test_seeds_are_off(self):
        seeds = self.env["ir.model.data"].search(
            [
                ("module", "=", "customer_retention"),
                ("model", "=", "customer.care.plan"),
            ]
        )
        plans = self.plans.with_context(active_test=False).browse(
            seeds.mapped("res_id")
        )
        self.assertGreaterEqual(len(plans), 8)
        self.assertFalse(any(plans.mapped("active")))
