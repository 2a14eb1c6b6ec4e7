from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import RetentionCommon, on

SURVEY_LOGGER = "odoo.addons.customer_retention.models.customer_complaint_survey"


class ComplaintLearningCommon(RetentionCommon):
    """Complaints with true dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Complaint = cls.env["customer.complaint"]
        cls.bone = cls.env["customer.complaint.cause"].create(
            {"name": "Tested Process", "bone": "process"}
        )
        cls.cause = cls.env["customer.complaint.cause"].create(
            {"name": "Tested Check", "parent_id": cls.bone.id}
        )
        # a job commits after each piece of work; a test may not
        cls.classPatch(
            type(cls.env["ir.cron"]), "_commit_progress", lambda *_args, **_kw: 60.0
        )

    @classmethod
    def _complain(cls, partner, received, resolved=None, **values):
        """A complaint received and resolved at noon of days given as ISO texts."""
        return cls.Complaint.create(
            {
                "subject": "Tested complaint",
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "received_at": cls._noon(received),
                "resolved_at": resolved and cls._noon(resolved),
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestCauses(ComplaintLearningCommon):
    """A complaint has several causes and one that has to be removed first."""

    def test_a_part_lies_on_the_bone_of_the_whole(self):
        self.assertEqual(self.cause.bone, "process")
        self.bone.bone = "place"
        self.assertEqual(self.cause.bone, "place")

    def test_the_only_cause_is_the_main_one(self):
        complaint = self._complain(self.partner, "2025-05-01")
        complaint.cause_ids = self.cause
        self.assertEqual(complaint.main_cause_id, self.cause)

    def test_a_person_chooses_among_several(self):
        complaint = self._complain(self.partner, "2025-05-01")
        complaint.cause_ids = self.cause + self.bone
        self.assertFalse(complaint.main_cause_id)
        complaint.main_cause_id = self.bone
        self.assertEqual(complaint.main_cause_id, self.bone)

    def test_the_main_cause_is_one_of_the_causes(self):
        complaint = self._complain(self.partner, "2025-05-01")
        complaint.cause_ids = self.cause
        with self.assertRaises(ValidationError):
            complaint.main_cause_id = self.bone


@tagged("post_install", "-at_install")
class TestCorrectiveActions(ComplaintLearningCommon):
    """An action is done when its effect is proven, and comes back when it is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(40):
            cls._order(cls.partner, on("2025-01-10") + timedelta(days=4 * number))
        cls._work_queue()
        cls.action = cls.env["customer.corrective.action"].create(
            {
                "name": "Check twice",
                "cause_id": cls.bone.id,
                "date_deadline": "2025-03-31",
                "company_id": cls.company.id,
                "check_days": 80,
            }
        )

    def _complaints(self, first, count):
        for number in range(count):
            day = on(first) + timedelta(days=number)
            self._complain(self.partner, day, cause_ids=self.cause.ids)

    def _check(self):
        self.company.retention_evaluation_date = "2025-04-01"
        self.action.action_done()
        self.company.retention_evaluation_date = "2025-06-20"
        self.action._cron_check_effects()

    def test_fewer_complaints_per_purchase_prove_it(self):
        self._complaints("2025-02-01", 15)
        self._complaints("2025-04-10", 2)
        self._check()
        self.assertEqual(self.action.state, "effective")
        self.assertEqual(self.action.effect["before"], [15, 20])
        self.assertIn("15", self.action.effect_text)

    def test_without_effect_it_comes_back_to_its_owner(self):
        self._complaints("2025-02-01", 8)
        self._complaints("2025-04-10", 12)
        self._check()
        self.assertEqual(self.action.state, "open")
        self.assertEqual(self.action.reopen_count, 1)
        self.assertEqual(self.action.activity_ids.user_id, self.action.owner_id)

    def test_too_few_complaints_leave_the_decision_to_the_owner(self):
        self._complaints("2025-02-01", 2)
        self._check()
        self.assertEqual(self.action.state, "unclear")
        self.assertTrue(self.action.activity_ids)

    def test_it_is_checked_when_the_days_are_over_and_once(self):
        self._complaints("2025-02-01", 15)
        self.company.retention_evaluation_date = "2025-04-01"
        self.action.action_done()
        self.company.retention_evaluation_date = "2025-06-19"
        self.action._cron_check_effects()
        self.assertEqual(self.action.state, "done")
        self.assertEqual(self.action.check_on, on("2025-06-20"))

    def test_what_is_done_cannot_be_done_again(self):
        self.action.action_done()
        with self.assertRaises(UserError):
            self.action.action_done()

    def test_a_product_is_compared_with_its_own_orders(self):
        sold = self.env["product.product"].create({"name": "Tested Goods"})
        for day in ("2025-02-03", "2025-04-07"):
            self._order(self.partner, day, product=sold)
        self._complain(
            self.partner, "2025-02-05", cause_ids=self.cause.ids, product_id=sold.id
        )
        self._complain(self.partner, "2025-02-06", cause_ids=self.cause.ids)
        self.action.product_id = sold
        self._check()
        self.assertEqual(self.action.effect["before"], [1, 1])
        self.assertEqual(self.action.effect["after"], [0, 1])

    def test_what_was_merged_counts_once(self):
        self._complaints("2025-02-01", 2)
        twice = self._complain(self.partner, "2025-02-08", cause_ids=self.cause.ids)
        twice.merged_into_id = self.Complaint.search(
            [("main_cause_id", "=", self.cause.id)], limit=1, order="id"
        )
        self._check()
        self.assertEqual(self.action.effect["before"][0], 2)

    def test_days_are_those_of_the_company(self):
        """It came into force on the first of April, there."""
        for zone, before in (
            ("Asia/Ho_Chi_Minh", datetime(2025, 3, 31, 16, 30)),
            ("America/New_York", datetime(2025, 4, 1, 3, 30)),
        ):
            with self.subTest(zone=zone):
                self.company.retention_tz = zone
                complaints = [
                    self._complain(
                        self.partner,
                        "2025-04-01",
                        received_at=moment,
                        cause_ids=self.cause.ids,
                    )
                    for moment in (before, before + timedelta(hours=1))
                ]
                self.action.done_on = "2025-04-01"
                rates = [self.action._get_rate(after=is_after) for is_after in (0, 1)]
                self.assertEqual([rate.events for rate in rates], [1, 1])
                self.Complaint.union(*complaints).unlink()

    def test_it_is_in_force_from_the_day_of_its_company(self):
        elsewhere = self._create_company("Corrected Elsewhere")
        elsewhere.retention_evaluation_date = "2025-03-05"
        theirs = self.action.copy({"company_id": elsewhere.id})
        self.company.retention_evaluation_date = "2025-04-01"
        (self.action + theirs).action_done()
        self.assertEqual(
            (self.action + theirs).mapped("done_on"),
            [on("2025-04-01"), on("2025-03-05")],
        )

    def test_nobody_enters_that_it_helped(self):
        boss = self._create_user(
            "learning-boss", "customer_retention.group_complaint_manager"
        )
        action = self.action.with_user(boss)
        for values in (
            {"state": "effective"},
            {"done_on": "2025-01-01"},
            {"effect": {"code": "effective"}},
            {"reopen_count": 0},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                action.write(values)
        with self.assertRaises(UserError):
            self.env["customer.corrective.action"].with_user(boss).create(
                {
                    "name": "Helped at once",
                    "cause_id": self.cause.id,
                    "company_id": self.company.id,
                    "date_deadline": "2025-03-31",
                    "state": "effective",
                }
            )
        action.action_done()
        self.assertEqual(action.state, "done")
        with self.assertRaisesRegex(UserError, "Take Up Again"):
            action.action_done()

    def test_a_handler_plans_one_from_a_complaint(self):
        user = self._create_user(
            "learning-handler", "customer_retention.group_complaint_user"
        )
        complaint = self._complain(
            self.partner, "2025-05-01", user_id=user.id, cause_ids=self.cause.ids
        )
        action = complaint.with_user(user).action_plan_correction()
        form = Form(
            self.env["customer.corrective.action"]
            .with_user(user)
            .with_context(**action["context"])
        )
        form.name = "Tell the customer first"
        form.date_deadline = on("2025-06-30")
        planned = form.save()
        self.assertEqual(planned.complaint_ids, complaint)
        self.assertEqual(planned.cause_id, self.cause)
        self.assertEqual(planned.owner_id, user)


@tagged("post_install", "-at_install")
class TestComplaintReport(ComplaintLearningCommon):
    """What the analysis counts, and what it leaves to another complaint."""

    def test_what_was_merged_is_neither_counted_nor_a_repetition(self):
        category = self.env["customer.complaint.category"].create({"name": "Tested"})
        first = self._complain(self.partner, "2025-05-01", category_id=category.id)
        twice = self._complain(self.partner, "2025-05-02", category_id=category.id)
        later = self._complain(self.partner, "2025-05-03", category_id=category.id)
        twice.sudo().merged_into_id = later
        first.sudo().merged_into_id = later
        self.env.flush_all()
        rows = self.env["customer.complaint.report"].search(
            [("category_id", "=", category.id)]
        )
        self.assertEqual(rows.complaint_id, later)
        self.assertFalse(rows.repeated)

    def test_what_is_repeated_is_said_by_the_company(self):
        category = self.env["customer.complaint.category"].create({"name": "Tested"})
        self._complain(self.partner, "2025-05-01", category_id=category.id)
        later = self._complain(self.partner, "2025-06-01", category_id=category.id)
        for days, repeated in ((0, 0), (30, 0), (31, 1)):
            with self.subTest(days=days):
                self.company.complaint_repeat_days = days
                self.env.flush_all()
                self.env.invalidate_all()
                row = self.env["customer.complaint.report"].search(
                    [("complaint_id", "=", later.id)]
                )
                self.assertEqual(row.repeated, repeated)

    def test_the_day_of_the_company_says_what_was_resolved_at_first_contact(self):
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        complaint = self._complain(self.partner, "2025-05-01")
        for received, resolved, expected in (
            ("2025-05-01 16:00:00", "2025-05-01 18:00:00", 0),
            ("2025-05-01 18:00:00", "2025-05-02 02:00:00", 1),
        ):
            complaint.sudo().write({"received_at": received, "resolved_at": resolved})
            self.env.flush_all()
            self.env.invalidate_all()
            row = self.env["customer.complaint.report"].browse(complaint.id)
            self.assertEqual(row.resolved_first_contact, expected)


@tagged("post_install", "-at_install")
class TestRepurchase(ComplaintLearningCommon):
    """Who bought again, beside comparable customers who had no complaint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # bought twice before, then again 20 days after the resolution
        for day in ("2024-10-01", "2024-12-03", "2025-01-30"):
            cls._order(cls.partner, day, 100)
        cls.twin = cls._create_partner("Comparable Who Bought")
        for day in ("2024-10-05", "2024-12-05", "2025-01-20"):
            cls._order(cls.twin, day, 50)
        cls.other_twin = cls._create_partner("Comparable Who Did Not")
        for day in ("2024-10-06", "2024-12-06"):
            cls._order(cls.other_twin, day, 50)
        cls.stranger = cls._create_partner("Not Comparable")
        cls._order(cls.stranger, "2024-06-01")
        cls._order(cls.stranger, "2025-01-15")
        cls._work_queue()
        cls.Repurchase = cls.env["customer.complaint.repurchase"]

    def _measure(self, complaint):
        self.Repurchase._cron_measure()
        return self.Repurchase.search([("complaint_id", "=", complaint.id)])

    def test_a_purchase_within_the_horizon_counts_with_its_revenue(self):
        complaint = self._complain(self.partner, "2025-01-06", "2025-01-10")
        row = self._measure(complaint)
        self.assertEqual(row.days_to_resolve, 4)
        self.assertEqual(row.speed, "week")
        self.assertEqual((row.bought_30, row.revenue_30), (1.0, 100.0))
        self.assertEqual((row.before_30, row.before_90), (0.0, 100.0))

    def test_comparable_customers_are_those_who_stood_alike_and_had_no_complaint(self):
        complaint = self._complain(self.partner, "2025-01-06", "2025-01-10")
        row = self._measure(complaint)
        self.assertEqual(row.matched_count, 2)
        self.assertEqual(row.matched_30, 0.5)
        self._complain(self.other_twin, "2024-11-01")
        complaint.resolved_at = self._noon("2025-01-11")
        row = self._measure(complaint)
        self.assertEqual((row.matched_count, row.matched_30), (1, 1.0))

    def test_what_happens_after_the_complaint_does_not_choose_the_comparison(self):
        """Later purchases and complaints change nothing about who is compared."""
        complaint = self._complain(self.partner, "2025-01-06", "2025-01-10")
        self._order(self.stranger, "2025-01-25")
        self._order(self.other_twin, "2025-06-01")
        self._complain(self.twin, "2025-03-01")
        self._work_queue()
        self.assertEqual(self._measure(complaint).matched_count, 2)

    def test_a_horizon_that_is_not_over_is_in_no_average(self):
        early = self._complain(self.partner, "2025-01-06", "2025-01-10")
        late = self._complain(self.other_twin, "2025-06-01", "2025-06-10")
        self._measure(early)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT bought_30 FROM customer_complaint_repurchase"
            " WHERE complaint_id = %s",
            [late.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(None,)])
        [(average,)] = self.Repurchase._read_group(
            [("company_id", "=", self.company.id)], [], ["bought_30:avg"]
        )
        self.assertEqual(average, 1.0)

    def test_an_order_without_value_is_no_purchase(self):
        complaint = self._complain(self.other_twin, "2025-01-06", "2025-01-10")
        self._order(self.other_twin, "2025-01-15", 0)
        self._work_queue()
        self.assertEqual(self._measure(complaint).bought_30, 0.0)

    def test_measuring_again_changes_nothing(self):
        complaint = self._complain(self.partner, "2025-01-06", "2025-01-10")
        first = self._measure(complaint).read()[0]
        self.company.retention_evaluation_date = "2025-07-01"
        again = self._measure(complaint).read()[0]
        fixed = first.keys() - {"id", "measured_on"}
        self.assertEqual(
            {name: first[name] for name in fixed},
            {name: again[name] for name in fixed},
        )

    def test_a_complaint_that_is_open_again_leaves_the_figures(self):
        complaint = self._complain(self.partner, "2025-01-06", "2025-01-10")
        self.assertTrue(self._measure(complaint))
        complaint.resolved_at = False
        self.assertFalse(self._measure(complaint))

    def test_the_curve_withholds_groups_that_are_too_small(self):
        for number in range(12):
            partner = self._create_partner(f"Quickly Helped {number}")
            self._complain(partner, "2025-01-06", "2025-01-06")
        complaint = self._complain(self.partner, "2025-01-06", "2025-01-10")
        self._measure(complaint)
        points = {
            point["key"]: point
            for point in self.Repurchase.get_curve(
                [("company_id", "=", self.company.id)], 90
            )["points"]
        }
        self.assertEqual(points["day"]["count"], 12)
        self.assertEqual(points["day"]["bought"], 0.0)
        self.assertEqual(points["week"]["count"], 1)
        self.assertIsNone(points["week"]["bought"])

    def test_the_curve_speaks_of_what_was_done_too(self):
        complaint = self._complain(self.partner, "2025-01-06", "2025-01-10")
        apology, refund = (
            self.env.ref(f"customer_retention.customer_recovery_type_{name}")
            for name in ("apology", "goodwill")
        )
        for kind, cost in ((apology, 0), (refund, 40)):
            self.env["customer.recovery.action"].create(
                {"complaint_id": complaint.id, "type_id": kind.id, "amount": cost}
            )._decide({"state": "done", "cost": cost})
        self.env.flush_all()
        self.assertEqual(self._measure(complaint).remedy_type_id, refund)
        [point] = self.Repurchase.get_curve(
            [("complaint_id", "=", complaint.id)], 30, by="remedy_type_id"
        )["points"]
        self.assertEqual(
            (point["key"], point["label"], point["count"]),
            (refund.id, refund.display_name, 1),
        )

    def test_no_view_of_the_rows_averages_shares_of_small_groups(self):
        for horizon in (30, 90, 180):
            for name in (f"bought_{horizon}", f"matched_{horizon}"):
                self.assertFalse(self.Repurchase._fields[name].aggregator)

    def test_before_and_after_are_filled_together(self):
        late = self._complain(self.partner, "2025-02-20", "2025-06-10")
        self._measure(late)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT before_30, revenue_30 FROM customer_complaint_repurchase"
            " WHERE complaint_id = %s",
            [late.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(None, None)])

    def test_closed_without_a_resolution_is_measured_too(self):
        complaint = self._complain(self.partner, "2025-01-06")
        complaint.closed_at = self._noon("2025-01-10")
        self.assertEqual(self._measure(complaint).resolved_on, on("2025-01-10"))

    def test_what_was_merged_is_measured_once(self):
        complaint = self._complain(self.partner, "2025-01-06", "2025-01-10")
        twice = self._complain(self.partner, "2025-01-07", "2025-01-10")
        self.assertTrue(self._measure(twice))
        twice.sudo().merged_into_id = complaint
        self.assertFalse(self._measure(twice))
        self.assertTrue(self._measure(complaint))

    def test_the_purchase_complained_of_counts_for_the_comparison(self):
        """Whoever just bought is compared with others who just bought."""
        newcomer = self._create_partner("Bought Once And Complained")
        self._order(newcomer, "2025-01-03")
        alike = self._create_partner("Bought Once")
        self._order(alike, "2025-01-02")
        self._work_queue()
        complaint = self._complain(newcomer, "2025-01-06", "2025-01-10")
        self.assertEqual(self._measure(complaint).matched_count, 1)

    def test_rows_are_measured_again_only_when_a_horizon_is_over(self):
        complaint = self._complain(self.partner, "2025-01-06", "2025-03-10")
        self._measure(complaint)
        day = on("2025-06-30")
        unmeasured = self.Repurchase._get_unmeasured
        self.assertFalse(unmeasured(self.company, day + timedelta(days=30)))
        self.assertEqual(
            unmeasured(self.company, on("2025-03-10") + timedelta(days=180)),
            complaint.ids,
        )

    def test_the_cost_does_not_grow_with_the_complaints(self):
        for number in range(3):
            self._complain(self.partner, "2025-01-06", f"2025-01-1{number}")
        self.env.flush_all()
        ids = self.Complaint.search([("company_id", "=", self.company.id)]).ids
        with self.assertQueryCount(2):
            self.Repurchase._measure(self.company, ids[:1], on("2025-06-30"))
        with self.assertQueryCount(2):
            self.Repurchase._measure(self.company, ids, on("2025-06-30"))


@tagged("post_install", "-at_install")
class TestSurvey(ComplaintLearningCommon):
    """A customer is asked once, and the first answer stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.email = "customer@survey.example.com"
        cls.handler = cls._create_user(
            "survey-handler", "customer_retention.group_complaint_user"
        )
        cls.complaint = cls._complain(cls.partner, "2025-05-01", user_id=cls.handler.id)
        cls.survey = cls.env["customer.complaint.survey"].create(
            {"complaint_id": cls.complaint.id, "due_at": "2025-05-02 12:00:00"}
        )

    def test_the_first_answer_stays(self):
        self.assertTrue(self.survey._answer("2", "Too slow"))
        self.assertFalse(self.survey._answer("5"))
        self.assertEqual(self.survey.satisfaction, "2")
        self.assertEqual(self.survey.comment, "Too slow")

    def test_an_answer_that_is_none_is_not_kept(self):
        self.assertFalse(self.survey._answer("7"))
        self.assertFalse(self.survey._answer(None))
        self.assertEqual(self.survey.state, "waiting")

    def test_a_bad_answer_has_somebody_call_back(self):
        self.survey._answer("1")
        activity = self.complaint.activity_ids
        self.assertEqual(activity.user_id, self.handler)

    def test_a_good_answer_rates_the_complaint_and_disturbs_nobody(self):
        self.survey._answer("5")
        self.assertFalse(self.complaint.activity_ids)
        self.assertEqual(self.complaint.rating_ids.rating, 5)

    def test_details_are_kept_once_and_only_after_the_answer(self):
        self.assertFalse(self.survey._answer_details({"process_grade": "4"}))
        self.survey._answer("4")
        self.assertTrue(self.survey._answer_details({"process_grade": "4"}))
        self.survey._answer_details({"process_grade": "1", "outcome_grade": "9"})
        self.assertEqual(self.survey.process_grade, "4")
        self.assertFalse(self.survey.outcome_grade)

    def test_a_link_leads_to_its_own_survey_and_a_forged_one_nowhere(self):
        surveys = self.env["customer.complaint.survey"]
        token = self.survey._get_token()
        self.assertEqual(surveys._from_token(token), self.survey)
        self.assertFalse(surveys._from_token(token[:-3] + "abc"))
        self.assertFalse(surveys._from_token(""))

    def test_a_page_that_was_not_read_proves_nothing(self):
        surveys = self.env["customer.complaint.survey"]
        proof = surveys._issue_reading_proof()
        self.assertFalse(surveys._was_read(proof))
        later = fields.Datetime.now() + timedelta(seconds=5)
        self.patch(fields.Datetime, "now", lambda *_args: later)
        self.assertTrue(surveys._was_read(proof))
        self.assertFalse(surveys._was_read("nonsense"))

    def test_a_waiting_survey_is_sent_and_reminded_of_once(self):
        self.complaint.write({"status": "resolved"})
        moment = datetime(2025, 5, 3, 12)
        self.patch(fields.Datetime, "now", lambda *_args: moment)
        self.survey._cron_send()
        self.assertEqual(self.survey.state, "sent")
        self.assertEqual(self._mails(), 1)
        self.survey._cron_send()
        self.assertEqual(self._mails(), 1)
        moment += timedelta(days=4)
        self.survey._cron_send()
        self.survey._cron_send()
        self.assertEqual(self._mails(), 2)

    def test_the_next_mail_is_the_only_thing_that_is_due(self):
        self.complaint.write({"status": "resolved"})
        self.company.complaint_survey_reminder_days = 3
        sent_at = datetime(2025, 5, 3, 12)
        self.survey._send(sent_at)
        self.assertEqual(self.survey.due_at, sent_at + timedelta(days=3))
        self.survey._send(sent_at + timedelta(days=3))
        self.assertFalse(self.survey.due_at, "one reminder, and no more")

    def test_without_reminders_nothing_is_due_after_the_question(self):
        self.complaint.write({"status": "resolved"})
        self.company.complaint_survey_reminder_days = 0
        self.survey._send(datetime(2025, 5, 3, 12))
        self.assertEqual(self.survey.state, "sent")
        self.assertFalse(self.survey.due_at)

    def test_an_answer_and_a_cancellation_end_what_is_due(self):
        self.survey._answer("4")
        self.assertFalse(self.survey.due_at)
        other = self.survey.create(
            {"complaint_id": self.complaint.id, "due_at": "2025-05-02 12:00:00"}
        )
        other._send(datetime(2025, 5, 3, 12))
        self.assertEqual(other.state, "cancelled")
        self.assertFalse(other.due_at)

    def test_the_job_does_not_look_at_those_it_has_reminded(self):
        """However many customers never answered: an index leads to what is due."""
        self.env.cr.execute(
            "INSERT INTO customer_complaint_survey"
            " (complaint_id, company_id, state, sent_at, reminded_at)"
            " SELECT %s, %s, 'sent', '2025-05-01', '2025-05-04'"
            " FROM generate_series(1, 3000)",
            [self.complaint.id, self.company.id],
        )
        self.env.cr.execute("ANALYZE customer_complaint_survey")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM customer_complaint_survey"
            " WHERE due_at <= '2025-06-01' ORDER BY due_at, id"
        )
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("due_at_index", plan)

    def test_a_mail_that_cannot_be_sent_keeps_none_waiting(self):
        self.complaint.write({"status": "resolved"})
        other = self.survey.create(
            {"complaint_id": self.complaint.id, "due_at": "2025-05-02 13:00:00"}
        )
        send, bad = type(self.survey)._send, self.survey.id

        def fail_for_one(survey, now):
            if survey.id == bad:
                raise ValueError("The template is broken")
            return send(survey, now)

        self.patch(type(self.survey), "_send", fail_for_one)
        self.patch(fields.Datetime, "now", lambda *_args: datetime(2025, 5, 3, 12))
        with mute_logger(SURVEY_LOGGER):
            self.survey._cron_send()
        self.assertEqual(other.state, "sent")
        self.assertEqual(self.survey.due_at, datetime(2025, 5, 4, 12))

    def test_nobody_answers_for_the_administrator(self):
        """Without a handler: the team's manager, then who is responsible."""
        manager = self._create_user(
            "survey-manager", "customer_retention.group_complaint_user"
        )
        responsible = self._create_user(
            "survey-responsible", "customer_retention.group_complaint_manager"
        )
        team = self.env["customer.complaint.team"].create(
            {
                "name": "Survey Team",
                "company_id": self.company.id,
                "assignment": "manual",
                "manager_id": manager.id,
            }
        )
        self.company.retention_responsible_id = responsible
        self.complaint.write({"user_id": False, "team_id": team.id})
        self.assertEqual(self.complaint._whom_to_tell(), manager)
        self.complaint.concerned_user_ids = manager
        self.assertEqual(self.complaint._whom_to_tell(), responsible)
        self.company.retention_responsible_id = False
        self.survey._answer("1")
        self.assertFalse(self.complaint.activity_ids)
        self.assertIn("not satisfied", self.complaint.message_ids[:1].body)

    def test_nobody_is_asked_twice_about_what_was_merged(self):
        self.complaint._record_event("closed", reason="merged")
        self.assertEqual(self.survey.state, "cancelled")

    def test_nobody_is_asked_about_what_is_open_again(self):
        self.survey._send(fields.Datetime.now())
        self.assertEqual(self.survey.state, "cancelled")
        self.assertEqual(self._mails(), 0)

    def _mails(self):
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            return self.env["mail.mail"].search_count(
                [("model", "=", "customer.complaint.survey")]
            )
