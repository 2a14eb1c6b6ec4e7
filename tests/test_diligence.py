"""What each person did for customers, week by week."""

from odoo.fields import Domain
from odoo.tests import tagged

from .common import on
from .test_handover import HandoverCommon


@tagged("post_install", "-at_install")
class TestDiligence(HandoverCommon):
    """The day is Monday, 30 June 2025; deadlines lie in the week before, too."""

    BUYERS = 8

    def call(self, day, user=None, done=True):
        user = user or self.seller
        activity = self.accounts[0].activity_schedule(
            "mail.mail_activity_data_call", date_deadline=on(day), user_id=user.id
        )
        if done:
            activity.with_user(user).action_feedback()

    def weeks(self, user=None, reader=None):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["customer.diligence"].with_user(reader or self.manager)
        rows = rows.with_context(allowed_company_ids=self.company.ids)
        found = rows.search([("user_id", "=", (user or self.seller).id)])
        return {row.week: row for row in found}

    def test_due_done_late_and_overdue(self):
        self.call("2025-06-27")
        self.call("2025-06-30")
        self.call("2025-06-26", done=False)
        self.call("2025-07-04", done=False)
        weeks = self.weeks()
        before, now = weeks[on("2025-06-23")], weeks[on("2025-06-30")]
        self.assertRecordValues(
            before | now,
            [
                {"due_count": 2, "done_count": 0, "late_count": 0, "overdue_count": 1},
                {"due_count": 2, "done_count": 2, "late_count": 1, "overdue_count": 0},
            ],
        )

    def test_steps_of_cases_and_letters_are_due_as_well(self):
        partner = self.accounts[0]
        case = self.env["customer.retention.case"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "play_id": self.env["customer.retention.play"]
                .create({"name": "Call", "kind": "save", "window_days": 30})
                .id,
            }
        )
        case.activity_ids.unlink()
        case.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=on("2025-06-27"),
            user_id=self.seller.id,
        )
        plan = self.env["customer.care.plan"].create(
            {
                "name": "Letter",
                "summary": "Write to them",
                "kind": "letter",
                "trigger": "purchase",
                "days": 1,
                "company_id": self.company.id,
            }
        )
        score = self.env["customer.churn.score"].search(
            [("partner_id", "=", self.accounts[1].id)]
        )
        plan._touch(score, on("2025-06-25"), on("2025-06-27"))
        self.assertEqual(score.user_id, self.seller)
        week = self.weeks()[on("2025-06-23")]
        self.assertEqual((week.due_count, week.overdue_count), (2, 2))
        history = self.env["customer.churn.history"].with_user(self.seller)
        history = history.with_context(allowed_company_ids=self.company.ids)
        shown = history.get_dashboard({"company": self.company.id})["people"]["rows"]
        row = next(one for one in shown if one["id"] == self.seller.id)
        self.assertEqual((row["due"], row["late"]), (2, 2))

    def test_only_who_was_spoken_to_was_reached(self):
        for result in ("reached", "unreached", "message", "unhappy"):
            self.log(self.mine[0].id, result, self.seller)
        row = self.weeks()[on("2025-06-30")]
        self.assertEqual((row.done_count, row.reached_count), (4, 2))

    def test_promises_of_complaints(self):
        complaint = self.env["customer.complaint"].create(
            {
                "partner_id": self.accounts[0].id,
                "company_id": self.company.id,
                "subject": "Late",
                "user_id": self.seller.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_complaint_clock SET state = 'kept',"
            " done_at = '2025-06-25 09:00' WHERE complaint_id = %s AND kind = %s",
            (complaint.id, complaint.clock_ids[:1].kind),
        )
        row = self.weeks()[on("2025-06-23")]
        self.assertEqual((row.kept_count, row.broken_count), (1, 0))

    def keep(self, moment):
        """Let a promise of a complaint be due, and kept, at a moment."""
        complaint = self.env["customer.complaint"].create(
            {
                "partner_id": self.accounts[0].id,
                "company_id": self.company.id,
                "subject": "Late",
                "user_id": self.seller.id,
            }
        )
        clock = complaint.clock_ids.filtered(lambda one: one.kind != "internal")[:1]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_complaint_clock SET state = 'kept', done_at = %s,"
            " deadline = %s WHERE id = %s",
            (moment, moment, clock.id),
        )
        self.env.invalidate_all()
        return clock

    def test_promises_count_in_the_week_of_the_company(self):
        """Sunday evening in UTC is Monday morning there."""
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        self.company.retention_use_complaints = True
        self.keep("2025-06-29 20:00")
        weeks = self.weeks()
        self.assertEqual(weeks[on("2025-06-30")].kept_count, 1)
        self.assertNotIn(on("2025-06-23"), weeks)
        history = self.env["customer.churn.history"]
        for monday, sunday, expected in (
            ("2025-06-23", "2025-06-29", 0),
            ("2025-06-30", "2025-06-30", 1),
        ):
            found = history._people_promises(
                self.company, on(monday), on(sunday), Domain.TRUE
            )
            with self.subTest(monday=monday):
                figures = found.get(self.seller.id, {})
                self.assertEqual(figures.get("promises", 0), expected)

    def test_promises_count_in_the_period_of_the_company(self):
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        first, last, later = map(
            self.keep, ("2025-05-31 17:00", "2025-06-30 16:59:59", "2025-06-30 17:00")
        )
        history = self.env["customer.churn.history"]
        revenue = self.env["customer.churn.revenue"].with_context(
            churn_months=1, churn_until="2025-06-30"
        )
        domain = history._clocks_domain(self.company, revenue)
        found = self.env["customer.complaint.clock"].search(domain)
        self.assertEqual(found & (first | last | later), first | last)

    def test_everybody_reads_the_own_work_leaders_that_of_the_team(self):
        self.call("2025-06-30")
        self.assertTrue(self.weeks(reader=self.seller))
        self.assertTrue(self.weeks(reader=self.manager))
        self.assertFalse(self.weeks(reader=self.colleague))
        leader = self._create_user("diligence_leader")
        self.assertFalse(self.weeks(reader=leader))
        self.env["crm.team"].create(
            {"name": "T", "user_id": leader.id, "member_ids": self.seller.ids}
        )
        self.assertTrue(self.weeks(reader=leader))
