"""Fourteen ways in which clocks of other systems go wrong: here they do not."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .clock_common import ClockCommon, at


@tagged("post_install", "-at_install")
class TestComplaintClockDefects(ClockCommon):
    def test_01_solved_while_waiting_is_no_breach(self):
        """The pause is credited before the deadline is judged."""
        self.policy.target_ids.filtered(
            lambda target: target.kind == "resolution"
        ).amount = 2
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "waiting")
        self._look(at(1, 13))
        self._happen(complaint, at(1, 14), "resolved")
        clock = self._clock(complaint, "resolution")
        self._look(at(9, 14))
        self.assertEqual((clock.state, clock.is_breached), ("kept", False))
        self.assertEqual(clock.elapsed_seconds, 3600)
        self.assertNotIn("breached", self._events(clock))

    def test_02_without_any_calendar_complaints_arrive_and_clocks_run(self):
        self.team.calendar_id = False
        self.company.resource_calendar_id = False
        complaint = self._complain_at(at(5, 20))
        clock = self._clock(complaint, "answer")
        self.assertFalse(clock.calendar_id)
        self.assertEqual(clock.deadline, at(6, 4))

    def test_03_calendar_without_hours_is_passed_over_and_says_so(self):
        self.company.resource_calendar_id = self.calendar
        self.team.calendar_id = self._create_calendar("Nobody Works", hours=None)
        complaint = self._complain_at(at(0, 8))
        clock = self._clock(complaint, "answer")
        self.assertEqual(clock.calendar_id, self.calendar)
        self.assertEqual(clock.deadline, at(0, 16))
        explanation = next(
            one["explanation"]
            for one in complaint.clock_timeline
            if one["kind"] == "answer"
        )
        self.assertIn("Nobody Works", explanation)

    def test_03b_hours_that_vanish_later_count_around_the_clock(self):
        complaint = self._complain_at(at(0, 8))
        with freeze_time(at(0, 9)):
            self.calendar.attendance_ids.unlink()
            self.calendar._complaint_clocks_changed()
        self._look(self.env.cr.now().replace(microsecond=0))
        clock = self._clock(complaint, "decision")
        self.assertEqual(clock.deadline, at(1, 0))

    def test_04_change_of_team_category_or_severity_is_noticed(self):
        """A hint and a button where the promise might get worse; at once where it
        gets better."""
        category = self.env["customer.complaint.category"].create({"name": "Tested"})
        child = category.create({"name": "Part", "parent_id": category.id})
        self._create_policy(
            "For the Category",
            answer={"amount": 20},
            values={"category_ids": [Command.set(category.ids)]},
        ).sequence = -1
        complaint = self._complain_at(at(0, 8))
        with freeze_time(at(0, 9)):
            self.assertFalse(complaint.policy_hint)
            complaint.category_id = child
            self.assertIn("For the Category", complaint.policy_hint)
            self.assertEqual(self._clock(complaint, "answer").deadline, at(0, 16))
            action = complaint.action_reevaluate_policy()
            wizard = self.env[action["res_model"]].create(
                {"complaint_id": complaint.id}
            )
            lines = {line.kind: line for line in wizard.line_ids}
            self.assertEqual(lines["answer"].deadline, at(0, 16))
            self.assertEqual(lines["answer"].new_deadline, at(2, 12))
            self.assertFalse(lines["decision"].new_deadline)
            wizard.action_apply()
            complaint.invalidate_recordset()
            self.assertEqual(self._clock(complaint, "answer").deadline, at(2, 12))
            self.assertEqual(self._clock(complaint, "decision").state, "cancelled")
            self.assertFalse(complaint.policy_hint)

    def test_05_changed_policy_reaches_new_clocks_and_old_ones_when_asked(self):
        before = self._complain_at(at(0, 8))
        self.policy.target_ids.filtered(lambda one: one.kind == "answer").amount = 4
        after = self._complain_at(at(0, 8))
        self.assertEqual(self._clock(before, "answer").deadline, at(0, 16))
        self.assertEqual(self._clock(after, "answer").deadline, at(0, 12))
        versions = [self._clock(one, "answer").version_id for one in (before, after)]
        self.assertEqual([version.number for version in versions], [1, 2])
        with freeze_time(at(0, 9)):
            self.assertIn("changed", before.policy_hint)
            before._reevaluate_policy()
        self.assertEqual(self._clock(before, "answer").deadline, at(0, 12))

    def test_05b_changed_hours_and_holidays_reach_clocks_that_run(self):
        complaint = self._complain_at(at(0, 8))
        self.assertEqual(self._clock(complaint, "decision").deadline, at(1, 16))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": at(1),
                "date_to": at(2),
            }
        )
        self.assertEqual(
            self._clock(complaint, "decision").next_event_at,
            self.env.cr.now().replace(microsecond=0),
        )
        clocks = complaint.clock_ids
        clocks._apply(dict.fromkeys(clocks, "look"), at(0, 9))
        self.assertEqual(self._clock(complaint, "decision").deadline, at(2, 16))
        complaint.invalidate_recordset()
        self.assertEqual(complaint.next_deadline, at(0, 10))

    def test_06_later_policy_remembers_the_pauses(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 10), "waiting")
        self._happen(complaint, at(2, 10), "resumed")
        self.policy.target_ids.filtered(lambda one: one.kind == "decision").amount = 4
        with freeze_time(at(2, 11)):
            complaint._reevaluate_policy()
        clock = self._clock(complaint, "decision")
        self.assertEqual((clock.state, clock.deadline), ("running", at(2, 12)))
        self.assertEqual(clock.started_at, at(0, 8))
        self.assertEqual(clock.segment_ids.mapped("kind"), ["running", "paused"])

    def test_06b_first_policy_breaks_no_promise_of_the_past(self):
        """Nobody had promised anything: it counts from now."""
        self.Policy.search([]).active = False
        complaint = self._complain_at(at(0, 8))
        self.assertFalse(complaint.clock_ids)
        self.policy.active = True
        with freeze_time(at(9, 8)):
            complaint._reevaluate_policy()
        self.assertEqual(self._clock(complaint, "answer").deadline, at(9, 16))

    def test_07_policies_of_other_companies_never_apply(self):
        """The mail gateway may read everything."""
        other = self._create_company("Other Company")
        self._create_policy(
            "Of Others", answer={"amount": 1}, values={"company_id": other.id}
        ).sequence = -5
        complaint = self.Complaint.sudo()
        with freeze_time(at(0, 8)):
            complaint = complaint.create(
                {"subject": "By mail", "team_id": self.team.id, "channel": "email"}
            )
        self.assertEqual(complaint.clock_ids.policy_id, self.policy)

    def test_07b_holidays_of_other_companies_never_count(self):
        other = self._create_company("Other Company")
        leaves = self.env["resource.calendar.leaves"].sudo().with_company(other)
        leave = leaves.create(
            {
                "name": "Holiday",
                "calendar_id": False,
                "date_from": at(0),
                "date_to": at(1),
            }
        )
        self.assertEqual(leave.company_id, other)
        complaint = self._complain_at(at(0, 8))
        self.assertEqual(self._clock(complaint, "answer").deadline, at(0, 16))

    def test_07c_zone_of_the_reader_never_counts(self):
        complaint = self.Complaint.with_context(employee_timezone="Asia/Ho_Chi_Minh")
        with freeze_time(at(0, 8)):
            complaint = complaint.create(
                {"subject": "Where?", "team_id": self.team.id, "channel": "letter"}
            )
        self.assertEqual(self._clock(complaint, "answer").deadline, at(0, 16))

    def test_08_overdue_and_not_overdue_are_a_partition(self):
        self.Policy.search([("id", "!=", self.policy.id)]).active = False
        late = self._complain_at(at(-7, 8))
        fine = self._complain_at(at(0, 8))
        without = self._complain_at(at(0, 8), kind="praise")
        everybody = late | fine | without
        with freeze_time(at(0, 9)):
            domain = [("id", "in", everybody.ids)]
            overdue = self.Complaint.search([*domain, ("is_overdue", "=", True)])
            rest = self.Complaint.search([*domain, ("is_overdue", "=", False)])
            self.assertEqual(overdue, late)
            self.assertEqual(rest, fine | without)
            self.assertEqual(everybody.filtered("is_overdue"), late)
            self.assertEqual(
                self.Complaint.search([*domain, ("is_overdue", "!=", True)]), rest
            )

    def test_09_stages_and_their_order_mean_nothing_to_clocks(self):
        complaint = self._complain_at(at(0, 8))
        aside = self.env["customer.complaint.stage"].create(
            {"name": "Put Aside", "sequence": 999}
        )
        with freeze_time(at(0, 9)):
            complaint.stage_id = aside
            self.assertEqual(set(complaint.clock_ids.mapped("state")), {"running"})
            aside.sequence = 0
            self.assertEqual(set(complaint.clock_ids.mapped("state")), {"running"})

    def test_09b_withdrawn_archived_or_merged_is_not_kept(self):
        ways = {
            "withdrawn": {"outcome": "withdrawn"},
            "archived": {"active": False},
            "praise": {"kind": "praise"},
        }
        for way, values in ways.items():
            with self.subTest(way=way):
                complaint = self._complain_at(at(0, 8))
                with freeze_time(at(0, 9)):
                    complaint.write(values)
                self.assertEqual(
                    set(complaint.clock_ids.mapped("state")), {"cancelled"}
                )
                self.assertFalse(complaint.next_deadline)

    def test_09c_withdrawn_too_late_is_broken(self):
        complaint = self._complain_at(at(0, 8))
        with freeze_time(at(0, 12)):
            complaint.outcome = "withdrawn"
        self.assertEqual(self._clock(complaint, "acknowledge").state, "broken")
        self.assertEqual(self._clock(complaint, "answer").state, "cancelled")

    def test_10_minutes_and_the_calendars_own_days(self):
        """No average hours a day; a deadline of two hours can be sorted and grouped."""
        self.calendar.attendance_ids.filtered(
            lambda line: line.dayofweek == "1"
        ).hour_to = 10
        policy = self._create_policy(
            "Fine",
            answer={"amount": 45, "unit": "minutes"},
            decision={"amount": 1, "unit": "days"},
            resolution={"amount": 5, "unit": "days"},
        )
        policy.sequence = -9
        complaint = self._complain_at(at(0, 8))
        self.assertEqual(self._clock(complaint, "answer").deadline, at(0, 8, 45))
        self.assertEqual(self._clock(complaint, "decision").deadline, at(1, 10))
        self.assertEqual(self._clock(complaint, "resolution").deadline, at(7, 16))
        self.assertEqual(complaint.next_deadline, at(0, 8, 45))
        self.assertEqual(complaint.next_clock_kind, "answer")
        found = self.Complaint.search([("next_deadline", "=", at(0, 8, 45))])
        self.assertEqual(found, complaint)

    def test_11_breach_is_an_event_and_somebody_is_told(self):
        self.policy.escalation_ids = [
            Command.create({"trigger": "breach", "minutes": 0, "who": "handler"})
        ]
        complaint = self._complain_at(at(0, 8), user_id=self.handler.id)
        self._look(at(0, 10, 1))
        clock = self._clock(complaint, "acknowledge")
        self.assertEqual(
            self._events(clock), ["started", "warned", "breached", ("escalated", 1)]
        )
        self.assertTrue(clock.is_breached)
        self.assertEqual(complaint.activity_ids.user_id, self.handler)
        self.assertIn("Acknowledgement", complaint.activity_ids.summary)

    def test_12_seconds_are_whole(self):
        complaint = self._complain_at(at(0, 8))
        moment = at(0, 8)
        for _number in range(30):
            moment += timedelta(seconds=61, microseconds=333_333)
            self._happen(complaint, moment, "waiting")
            moment += timedelta(seconds=59, microseconds=777_777)
            self._happen(complaint, moment, "resumed")
        clock = self._clock(complaint, "decision")
        total = clock.elapsed_seconds + clock.paused_seconds
        self.assertEqual(total, (clock.since - at(0, 8)).total_seconds())
        self.assertEqual(clock.deadline.microsecond, 0)

    def test_13_policies_are_for_handlers_and_managers(self):
        employee = new_test_user(self.env, "clock_employee", groups="base.group_user")
        for user in (self.portal, employee, self.seller):
            with self.subTest(user=user.login):
                self.assertFalse(self.Policy.with_user(user).has_access("read"))
                with self.assertRaises(AccessError):
                    self.Policy.with_user(user).search([])
        self.assertIn(self.policy, self.Policy.with_user(self.handler).search([]))
        with self.assertRaises(AccessError):
            self.policy.with_user(self.handler).name = "Mine"
        self.policy.with_user(self.boss).name = "Ours"

    def test_13b_clocks_are_as_visible_as_their_complaint(self):
        """In lists and groups, too."""
        complaint = self._complain_at(at(0, 8))
        stranger = self._create_user(
            "clock_stranger", "customer_retention.group_complaint_user"
        )
        self._happen(complaint, at(0, 9), "waiting")
        for name in ("clock", "clock.segment", "clock.event"):
            records = self.env[f"customer.complaint.{name}"]
            path = "complaint_id" if name == "clock" else "clock_id.complaint_id"
            domain = [(path, "=", complaint.id)]
            with self.subTest(model=name):
                self.assertFalse(records.with_user(stranger).search(domain))
                self.assertFalse(
                    records.with_user(stranger)._read_group(domain, [], ["__count"])[0][
                        0
                    ]
                )
                self.assertTrue(records.with_user(self.handler).search(domain))
                with self.assertRaises(AccessError):
                    records.with_user(self.boss).search(domain).write({"kind": False})
                self.assertFalse(records.with_user(self.portal).has_access("read"))

    def test_14_first_answer_is_a_persons_message(self):
        """Stages, notes and automatic messages are none."""
        complaint = self._complain_at(at(0, 8), user_id=self.handler.id)
        with freeze_time(at(0, 9)):
            complaint.stage_id = self.stages["investigating"]
            complaint._record_event("acknowledged")
            complaint.with_user(self.handler).message_post(
                body="Who knows this one?", subtype_xmlid="mail.mt_note"
            )
            complaint.message_post(
                body="We received it.",
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
            )
        clock = self._clock(complaint, "answer")
        self.assertEqual(clock.state, "running")
        self.assertEqual(self._clock(complaint, "acknowledge").state, "kept")
        with freeze_time(at(0, 10)):
            complaint.with_user(self.handler).message_post(
                body="I look into it.",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.partner.ids,
            )
        self.assertEqual((clock.state, clock.done_at), ("kept", at(0, 10)))
        self.assertEqual(fields.Datetime.to_datetime(complaint.answered_at), at(0, 10))
