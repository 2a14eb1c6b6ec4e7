"""Clocks of complaints: started by events, paused, kept, escalated, replaced."""

from unittest.mock import patch

import psycopg2.errors
from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .clock_common import ClockCommon, at

RETRIES = "odoo.addons.customer_retention.models.retries"
WORKER = "odoo.addons.customer_retention.models.customer_complaint_clock_worker"


@tagged("post_install", "-at_install")
class TestComplaintClocks(ClockCommon):
    def test_clocks_start_with_the_complaint_and_say_what_is_next(self):
        complaint = self._complain_at(at(0, 8))
        self.assertEqual(
            {clock.kind: clock.deadline for clock in complaint.clock_ids},
            {
                "acknowledge": at(0, 10),
                "answer": at(0, 16),
                "decision": at(1, 16),
                "resolution": at(4, 16),
            },
        )
        self.assertEqual(complaint.next_clock_kind, "acknowledge")
        self.assertEqual(complaint.next_deadline, at(0, 10))
        self._happen(complaint, at(0, 9), "acknowledged")
        self.assertEqual(complaint.next_clock_kind, "answer")

    def test_praise_has_no_clocks_until_it_turns_out_to_be_a_complaint(self):
        praise = self._complain_at(at(0, 8), kind="praise")
        self.assertFalse(praise.clock_ids)
        with freeze_time(at(1, 8)):
            praise.kind = "complaint"
        self.assertEqual(self._clock(praise, "answer").deadline, at(1, 16))

    def test_nobody_waits_for_a_word_about_what_we_noticed(self):
        noticed = self._complain_at(at(0, 8), channel="noticed")
        self.assertNotIn("acknowledge", noticed.clock_ids.mapped("kind"))
        self.assertIn("answer", noticed.clock_ids.mapped("kind"))
        with freeze_time(at(0, 9)):
            noticed._reevaluate_policy()
        self.assertNotIn("acknowledge", noticed.clock_ids.mapped("kind"))

    def test_each_complaint_of_a_batch_starts_when_it_was_received(self):
        with freeze_time(at(2, 8)):
            complaints = self.Complaint.create(
                [
                    {
                        "subject": f"Complaint {day}",
                        "team_id": self.team.id,
                        "channel": "letter",
                        "received_at": at(day, 8),
                    }
                    for day in range(3)
                ]
            )
        self.assertEqual(
            [self._clock(one, "answer").deadline for one in complaints],
            [at(0, 16), at(1, 16), at(2, 16)],
        )

    def test_waiting_pauses_what_pauses_and_nothing_else(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 12), "waiting")
        states = {clock.kind: clock.state for clock in complaint.clock_ids}
        self.assertEqual(states["answer"], "running")
        self.assertEqual(states["decision"], "paused")
        self.assertFalse(self._clock(complaint, "decision").deadline)
        self._happen(complaint, at(1, 8), "resumed")
        self.assertEqual(self._clock(complaint, "decision").deadline, at(2, 12))

    def test_pause_ends_at_its_limit_whether_the_customer_answers_or_not(self):
        target = self.policy.target_ids.filtered(lambda one: one.kind == "decision")
        target.pause_limit = 4
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 12), "waiting")
        clock = self._clock(complaint, "decision")
        self.assertEqual(clock.next_event_at, at(0, 16))
        self.assertEqual(clock.deadline, at(2, 12))
        self._look(at(3, 8))
        self.assertEqual((clock.state, clock.reason), ("running", "limit"))
        self.assertEqual(clock.since, at(0, 16))
        self.assertTrue(clock.is_breached)
        self.assertEqual(clock.deadline, at(2, 12))

    def test_answer_is_kept_until_its_deadline_and_broken_after_it(self):
        in_time, late = (self._complain_at(at(0, 8)) for _number in range(2))
        self._happen(in_time, at(0, 16), "answered")
        self._happen(late, at(0, 17), "answered")
        self.assertEqual(self._clock(in_time, "answer").state, "kept")
        self.assertEqual(self._clock(late, "answer").state, "broken")
        self.assertEqual(
            self._events(self._clock(late, "answer")), ["started", "breached"]
        )

    def test_what_is_recorded_late_counts_when_it_happened(self):
        complaint = self._complain_at(at(0, 8))
        self._look(at(0, 18))
        clock = self._clock(complaint, "answer")
        self.assertTrue(clock.is_breached)
        with freeze_time(at(0, 19)):
            complaint._record_event("answered", at=at(0, 15))
        self.assertEqual((clock.state, clock.is_breached), ("kept", False))

    def test_promised_update_is_a_clock(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "promised", until=at(0, 20))
        clock = self._clock(complaint, "update")
        self.assertEqual(clock.deadline, at(0, 20))
        self._happen(complaint, at(0, 12), "updated")
        self.assertEqual(clock.state, "kept")
        self._happen(complaint, at(0, 13), "promised", until=at(1, 8))
        self._look(at(1, 9))
        self.assertTrue(self._clock(complaint, "update").is_breached)

    def test_promise_instead_of_an_update_is_not_kept(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "promised", until=at(1, 9))
        self._happen(complaint, at(0, 10), "promised", until=at(3, 9))
        first, second = complaint.clock_ids.filtered(
            lambda clock: clock.kind == "update"
        ).sorted("id")
        self.assertEqual((first.state, second.state), ("cancelled", "running"))

    def test_reopening_starts_another_resolution_and_keeps_the_first(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "answered")
        self._happen(complaint, at(0, 10), "decided")
        self._happen(complaint, at(0, 12), "resolved")
        first = self._clock(complaint, "resolution")
        self._happen(complaint, at(2, 8), "reopened")
        second = self._clock(complaint, "resolution")
        self.assertEqual((first.state, first.done_at), ("kept", at(0, 12)))
        self.assertEqual((second.state, second.deadline), ("running", at(8, 16)))
        self.assertEqual(complaint.next_deadline, at(8, 16))
        for kind in ("answer", "decision"):
            self.assertEqual(self._clock(complaint, kind).state, "kept")

    def test_resolving_without_a_word_keeps_nothing_and_is_owed_again(self):
        """Neither the answer nor the decision is made good by a click."""
        told, untold = self._complain_at(at(0, 8)), self._complain_at(at(0, 8))
        self._happen(told, at(0, 9), "answered")
        self._happen(told + untold, at(0, 12), "resolved")
        states = {
            (one, kind): self._clock(one, kind).state
            for one in (told, untold)
            for kind in ("answer", "decision")
        }
        self.assertEqual(
            states,
            {
                (told, "answer"): "kept",
                (told, "decision"): "cancelled",
                (untold, "answer"): "cancelled",
                (untold, "decision"): "cancelled",
            },
        )
        self._happen(told + untold, at(2, 8), "reopened")
        self.assertEqual(self._clock(told, "answer").state, "kept")
        for one in (told, untold):
            again = self._clock(one, "decision")
            self.assertEqual((again.state, again.deadline), ("running", at(3, 16)))
        again = self._clock(untold, "answer")
        self.assertEqual((again.state, again.deadline), ("running", at(2, 16)))
        self._happen(told + untold, at(2, 9), "decided")
        self._happen(told + untold, at(2, 10), "resolved")
        self._happen(told + untold, at(4, 8), "reopened")
        self.assertEqual(self._clock(told, "decision").state, "kept")
        self.assertEqual(self._clock(untold, "answer").state, "running")

    def test_agreed_remedy_is_owed_beyond_the_resolution(self):
        self._create_policy("With Remedy", remedy={"amount": 8}).sequence = -1
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "accepted")
        self._happen(complaint, at(0, 10), "resolved")
        clock = self._clock(complaint, "remedy")
        self.assertEqual((clock.state, clock.deadline), ("running", at(1, 9)))
        self.assertEqual(complaint.next_clock_kind, "remedy")
        self._happen(complaint, at(0, 15), "remedied")
        self.assertEqual(clock.state, "kept")
        self.assertFalse(complaint.next_deadline)

    def test_internal_clock_restarts_with_the_next_team_and_no_other_does(self):
        self._create_policy(
            "By Team", answer={"amount": 8}, internal={"amount": 4}
        ).sequence = -1
        other = self.team.copy({"name": "Second Line", "alias_name": False})
        complaint = self._complain_at(at(0, 8))
        with freeze_time(at(0, 13)):
            complaint.team_id = other
        first, second = complaint.clock_ids.filtered(
            lambda clock: clock.kind == "internal"
        ).sorted("id")
        self.assertEqual((first.state, first.team_id), ("broken", self.team))
        self.assertEqual((second.state, second.team_id), ("running", other))
        self.assertEqual(second.started_at, at(0, 13))
        self.assertEqual(self._clock(complaint, "answer").started_at, at(0, 8))

    def test_deleted_hours_are_replaced_in_clocks_that_run(self):
        self.company.resource_calendar_id = self._create_calendar("Half", (8, 12))
        complaint = self._complain_at(at(0, 8))
        self.team.calendar_id = False
        self.calendar.unlink()
        clocks = complaint.clock_ids
        clocks._apply(dict.fromkeys(clocks, "look"), at(0, 9))
        clock = self._clock(complaint, "answer")
        self.assertEqual(clock.calendar_id.name, "Half")
        self.assertEqual(clock.deadline, at(1, 12))

    def test_merged_is_not_kept(self):
        first, second = (self._complain_at(at(0, 8)) for _number in range(2))
        with freeze_time(at(0, 9)):
            second._end_by_merge(first)
        self.assertEqual(set(second.clock_ids.mapped("state")), {"cancelled"})
        self.assertEqual(set(first.clock_ids.mapped("state")), {"running"})

    def test_undoing_a_merger_lets_the_promises_go_on(self):
        """Nothing is promised anew: who was merged by mistake waited all the time."""
        complaint, other = (self._complain_at(at(0, 8)) for _number in range(2))
        clocks = complaint.clock_ids
        deadlines = clocks.mapped("deadline")
        with freeze_time(at(0, 9)):
            complaint._merge_into(other)
        self.assertEqual(set(clocks.mapped("state")), {"cancelled"})
        with freeze_time(at(0, 12)):
            complaint.action_undo_merge()
        self.assertEqual(complaint.clock_ids, clocks)
        self.assertEqual(set(clocks.mapped("state")), {"running"})
        self.assertEqual(clocks.mapped("deadline"), deadlines)
        self.assertEqual(
            self._events(self._clock(complaint, "acknowledge"))[-3:],
            ["restarted", "warned", "breached"],
        )
        self.assertEqual(complaint.next_clock_kind, "acknowledge")
        self._happen(complaint, at(0, 13), "answered")
        self.assertEqual(self._clock(complaint, "answer").state, "kept")

    def test_undoing_a_merger_goes_on_waiting(self):
        complaint, other = (self._complain_at(at(0, 8)) for _number in range(2))
        self._happen(complaint, at(0, 9), "waiting")
        with freeze_time(at(0, 10)):
            complaint._merge_into(other)
        with freeze_time(at(0, 12)):
            complaint.action_undo_merge()
        self.assertEqual((complaint.status, complaint.waiting_since)[0], "waiting")
        self.assertEqual(complaint.waiting_since, at(0, 9))
        clock = self._clock(complaint, "decision")
        self.assertEqual((clock.state, clock.deadline), ("paused", False))
        self._happen(complaint, at(0, 13), "resumed")
        # 16 hours, one of them used, from 13:00 on
        self.assertEqual(clock.deadline, at(2, 12))

    def test_refusal_keeps_the_decision_and_leaves_the_rest_open(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "refused")
        self.assertEqual(self._clock(complaint, "decision").state, "kept")
        self.assertEqual(self._clock(complaint, "resolution").state, "running")

    def test_replay_gives_what_happened_step_by_step(self):
        complaint = self._complain_at(at(0, 8))
        for hour in (9, 11, 14):
            self._happen(complaint, at(0, hour), "waiting")
            self._look(at(0, hour, 20))
            self._happen(complaint, at(0, hour, 40), "resumed")
        before = self._clock(complaint, "decision")
        with freeze_time(at(0, 15)):
            changes = complaint._plan_policy()
            self.assertFalse(changes)
            self.policy.target_ids.filtered(
                lambda one: one.kind == "decision"
            ).warn_percent = 10
            complaint._reevaluate_policy()
        after = self._clock(complaint, "decision")
        self.assertNotEqual(before, after)
        self.assertEqual(before.replaced_by_id, after)
        self.assertEqual(after.deadline, before.deadline)
        self.assertEqual(
            (after.elapsed_seconds, after.paused_seconds),
            (
                before.elapsed_seconds - (at(0, 15) - at(0, 14, 40)).seconds,
                before.paused_seconds,
            ),
        )


@tagged("post_install", "-at_install")
class TestComplaintPolicies(ClockCommon):
    def test_first_policy_that_fits_is_the_policy(self):
        category = self.env["customer.complaint.category"].create({"name": "Tested"})
        child = category.create({"name": "Part", "parent_id": category.id})
        grave = self._create_policy("Grave", answer={}, values={"severity": "high"})
        tree = self._create_policy(
            "Tree", answer={}, values={"category_ids": [Command.set(category.ids)]}
        )
        other = self.team.copy({"name": "Other Team", "alias_name": False})
        team = self._create_policy(
            "Team", answer={}, values={"team_ids": [Command.set(other.ids)]}
        )
        grave.sequence, tree.sequence, team.sequence = -9, -8, -7
        for values, policy in (
            ({}, self.policy),
            ({"severity": "high"}, grave),
            ({"severity": "critical", "category_id": child.id}, grave),
            ({"category_id": child.id}, tree),
            ({"team_id": other.id}, team),
        ):
            with self.subTest(policy=policy.name):
                complaint = self._complain_at(at(0, 8), **values)
                self.assertEqual(self._clock(complaint, "answer").policy_id, policy)

    def test_position_of_the_customer_counts_and_never_makes_it_worse(self):
        stage = self.env["customer.relationship.stage"].create(
            {"name": "Tested Position"}
        )
        self._create_policy(
            "For the Best",
            answer={"amount": 2},
            values={"stage_ids": [Command.set(stage.ids)]},
        ).sequence = -1
        self._order(self.partner, "2025-06-01")
        self._work_queue()
        relationship = self._relationship(self.partner)
        self.env.cr.execute(
            "UPDATE customer_relationship SET stage_id = %s WHERE id = %s",
            (stage.id, relationship.id),
        )
        relationship.invalidate_recordset()
        complaint = self._complain_at(at(0, 8))
        self.assertEqual(self._clock(complaint, "answer").deadline, at(0, 10))
        self.env.cr.execute(
            "UPDATE customer_relationship SET stage_id = NULL WHERE id = %s",
            (relationship.id,),
        )
        relationship.invalidate_recordset()
        with freeze_time(at(0, 9)):
            complaint._reevaluate_policy()
        clock = self._clock(complaint, "answer")
        self.assertEqual((clock.deadline, clock.target_seconds), (at(0, 10), 7200))
        self.assertEqual(self._clock(complaint, "decision").state, "running")

    def test_graver_is_sooner_at_once_and_milder_is_not_later(self):
        self._create_policy(
            "Critical",
            answer={"amount": 4},
            decision={"amount": 80, "pauses": True},
            values={"severity": "critical"},
        ).sequence = -1
        complaint = self._complain_at(at(0, 8))
        with freeze_time(at(0, 9)):
            complaint.severity = "critical"
        self.assertEqual(self._clock(complaint, "answer").deadline, at(0, 12))
        self.assertEqual(self._clock(complaint, "decision").deadline, at(1, 16))
        self.assertEqual(self._clock(complaint, "resolution").state, "running")
        with freeze_time(at(0, 10)):
            complaint.severity = "normal"
        self.assertEqual(self._clock(complaint, "answer").deadline, at(0, 12))

    def test_new_promise_is_never_broken_when_it_is_made(self):
        self._create_policy(
            "Critical", answer={"amount": 1}, values={"severity": "critical"}
        ).sequence = -1
        complaint = self._complain_at(at(0, 8))
        with freeze_time(at(0, 12)):
            complaint.severity = "critical"
        clock = self._clock(complaint, "answer")
        self.assertEqual((clock.state, clock.deadline), ("running", at(0, 13)))
        self.assertFalse(clock.is_breached)

    def test_broken_promise_stays_broken_when_it_is_replaced(self):
        complaint = self._complain_at(at(0, 8))
        self._look(at(0, 18))
        first = self._clock(complaint, "answer")
        self.policy.target_ids.filtered(lambda one: one.kind == "answer").amount = 20
        with freeze_time(at(0, 18)):
            complaint._reevaluate_policy()
        self.assertEqual((first.state, first.is_breached), ("broken", True))
        second = self._clock(complaint, "answer")
        self.assertEqual((second.state, second.deadline), ("running", at(2, 12)))

    def test_policy_has_one_version_for_each_time_it_is_saved(self):
        self.assertEqual(self.policy.version_number, 1)
        self.policy.name = "Another Name"
        self.policy.sequence = 3
        self.assertEqual(self.policy.version_number, 1)
        self.policy.write(
            {
                "target_ids": [
                    Command.update(target.id, {"amount": 99})
                    for target in self.policy.target_ids
                ]
            }
        )
        self.assertEqual(self.policy.version_number, 2)
        self.policy.target_ids[0].amount = 5
        self.assertEqual(self.policy.version_number, 3)
        self.policy.target_ids[0].unlink()
        self.assertEqual(self.policy.version_number, 4)
        self.policy.escalation_ids = [Command.create({"who": "team_manager"})]
        self.assertEqual(self.policy.version_number, 5)

    def test_version_says_what_was_promised(self):
        version = self.env["customer.rule.version"].search(
            [("res_model", "=", self.policy._name), ("res_id", "=", self.policy.id)]
        )
        self.assertIn("First Answer within 8 working hours", version.sentence)

    def test_promises_that_make_no_sense_are_refused(self):
        target = self.policy.target_ids[0]
        for values in ({"amount": 0}, {"warn_percent": 101}, {"pause_limit": -1}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                target.write(values)
        with self.assertRaises(ValidationError):
            self.policy.escalation_ids = [Command.create({"who": "user"})]

    def test_deleted_policy_leaves_its_clocks_alone(self):
        complaint = self._complain_at(at(0, 8))
        self.policy.unlink()
        self._look(at(0, 18))
        self.assertTrue(self._clock(complaint, "answer").is_breached)

    def test_new_deadlines_are_for_those_who_may_change_the_complaint(self):
        complaint = self._complain_at(at(0, 8))
        self.policy.target_ids.amount = 99
        with self.assertRaises(AccessError):
            complaint.with_user(self.seller).action_reevaluate_policy()
        with freeze_time(at(0, 9)):
            own = complaint.with_user(self.handler)
            action = own.action_reevaluate_policy()
            wizard = own.env[action["res_model"]].create({"complaint_id": own.id})
            self.assertEqual(len(wizard.line_ids), 4)
            wizard.action_apply()
        self.assertEqual(self._clock(complaint, "answer").target_seconds, 99 * 3600)


@tagged("post_install", "-at_install")
class TestComplaintClockJob(ClockCommon):
    def test_job_reads_only_what_is_due(self):
        complaint = self._complain_at(at(0, 8))
        self.assertEqual(self._look(at(0, 9)), 0)
        clock = self._clock(complaint, "acknowledge")
        self.assertEqual(clock.next_event_at, at(0, 9, 30))
        self.assertEqual(self._look(at(0, 9, 30)), 1)
        self.assertTrue(clock.is_warned)
        self.assertEqual(self._look(at(0, 9, 30)), 0)

    def test_looking_again_repeats_nothing(self):
        self.policy.escalation_ids = [
            Command.create({"trigger": "breach", "minutes": 0, "who": "handler"})
        ]
        complaint = self._complain_at(at(0, 8), user_id=self.handler.id)
        self._look(at(0, 18))
        before = complaint.clock_ids.event_ids
        complaint.clock_ids.write({"next_event_at": at(0, 8), "is_breached": False})
        complaint.clock_ids.level = 0
        self._look(at(0, 18))
        self.assertEqual(complaint.clock_ids.event_ids, before)
        self.assertEqual(len(complaint.activity_ids), 2)

    def test_ladder_goes_from_the_handler_to_the_manager(self):
        self.policy.escalation_ids = [
            Command.create({"trigger": "warning", "minutes": 0, "who": "handler"}),
            Command.create(
                {
                    "trigger": "breach",
                    "minutes": 60,
                    "who": "team_manager",
                    "kind": "acknowledge",
                    "note": "Call them now",
                }
            ),
        ]
        complaint = self._complain_at(at(0, 8), user_id=self.handler.id)
        self._happen(complaint, at(0, 9), "answered")
        complaint.clock_ids.filtered(lambda one: one.kind != "acknowledge").unlink()
        again = self._complain_at(at(0, 8), user_id=self.handler.id)
        self._look(at(0, 9, 30))
        self.assertEqual(again.activity_ids.user_id, self.handler)
        self._look(at(0, 10, 30))
        self.assertEqual(len(again.activity_ids), 1)
        self._look(at(0, 11))
        self.assertEqual(again.activity_ids.user_id, self.handler | self.boss)
        self.assertIn("Call them now", again.activity_ids.mapped("summary"))
        self.assertFalse(complaint.activity_ids)

    def _ladder_of_three(self):
        self.policy.escalation_ids = [
            Command.create({"trigger": "breach", "minutes": minutes, "who": "handler"})
            for minutes in (0, 60, 120)
        ]

    def test_of_the_levels_missed_by_an_outage_the_highest_is_told(self):
        self._ladder_of_three()
        complaint = self._complain_at(at(0, 8), user_id=self.handler.id)
        complaint.clock_ids.filtered(lambda one: one.kind != "acknowledge").unlink()
        self._look(at(1, 12))
        self.assertEqual(
            self._events(complaint.clock_ids)[-3:],
            [("escalated", 1), ("escalated", 2), ("escalated", 3)],
        )
        self.assertEqual(len(complaint.activity_ids), 1)

    def _escalate_many(self, number):
        """The job after an outage, in transactions of a few clocks each."""
        self.Clock.search([]).unlink()
        self._ladder_of_three()
        complaints = self.Complaint.browse()
        for _number in range(number):
            complaints |= self._complain_at(at(0, 8), user_id=self.handler.id)
        complaints.clock_ids.filtered(lambda one: one.kind != "answer").unlink()
        clocks = self.registry["customer.complaint.clock"]
        lock = clocks._lock_due
        with (
            freeze_time(at(2, 12)),
            patch.object(clocks, "_lock_due", lambda self, now, _n: lock(self, now, 7)),
            patch.object(
                self.registry["ir.cron"], "_commit_progress", return_value=60.0
            ),
        ):
            self.Clock._cron_look_at_clocks()
        return complaints

    def test_a_few_late_complaints_are_told_one_by_one(self):
        complaints = self._escalate_many(5)
        self.assertEqual(len(complaints.activity_ids), 5)

    def test_many_late_complaints_are_summed_up_for_each_person(self):
        """Over all transactions of a run: what was told before them is counted in."""
        complaints = self._escalate_many(16)
        activities = complaints.activity_ids
        self.assertEqual(activities.user_id, self.handler)
        summary = activities.filtered(lambda one: "16 complaints" in one.summary)
        self.assertEqual(len(summary), 1)
        # those of the first transaction had been told before it was known
        self.assertEqual(len(activities), 8)
        self.assertIn(complaints[-1].name, summary.note)
        noted = [
            complaint.message_ids.filtered(lambda one: "overdue" in (one.body or ""))
            for complaint in complaints
        ]
        self.assertEqual([len(notes) for notes in noted], [1] * 16)

    def test_paused_clock_tells_nobody(self):
        self.policy.escalation_ids = [
            Command.create(
                {
                    "trigger": "breach",
                    "minutes": 60,
                    "who": "handler",
                    "kind": "decision",
                }
            )
        ]
        complaint = self._complain_at(at(0, 8), user_id=self.handler.id)
        self._look(at(1, 16, 1))
        self._happen(complaint, at(1, 16, 1), "waiting")
        self._look(at(3, 16))
        self.assertFalse(complaint.activity_ids)
        self._happen(complaint, at(4, 8), "resumed")
        self._look(at(4, 9))
        self.assertEqual(len(complaint.activity_ids), 1)

    def test_persons_concerned_are_not_told(self):
        self.policy.escalation_ids = [
            Command.create({"trigger": "breach", "minutes": 0, "who": "team_manager"})
        ]
        complaint = self._complain_at(
            at(0, 8), concerned_user_ids=[Command.set(self.boss.ids)]
        )
        self._look(at(0, 18))
        self.assertNotIn(self.boss, complaint.activity_ids.user_id)

    def test_imported_complaints_alarm_nobody(self):
        """What was late before it was recorded is a fact, not news."""
        self.policy.escalation_ids = [
            Command.create({"trigger": "breach", "minutes": 0, "who": "handler"})
        ]
        complaint = self._complain_at(
            at(30, 8), received_at=at(0, 8), user_id=self.handler.id
        )
        told = patch.object(self.registry["customer.complaint.clock"], "_after_breach")
        with told as after_breach:
            self._look(at(30, 9))
        self.assertTrue(self._clock(complaint, "answer").is_breached)
        self.assertIn("breached", self._events(self._clock(complaint, "answer")))
        self.assertFalse(complaint.activity_ids)
        after_breach.assert_not_called()

    def test_breach_is_told_once_whoever_finds_it(self):
        complaint, other = (self._complain_at(at(0, 8)) for _number in range(2))
        told = patch.object(
            self.registry["customer.complaint.clock"], "_after_breach", autospec=True
        )
        with told as after_breach:
            self._happen(complaint, at(0, 11), "acknowledged")
            self._look(at(0, 12))
            self._happen(other, at(0, 13), "acknowledged")
        found = [call.args[0].complaint_id for call in after_breach.call_args_list]
        self.assertEqual(found, [complaint, other])

    def test_one_bad_clock_stops_no_other(self):
        complaints = [self._complain_at(at(0, 8)) for _number in range(3)]
        bad = self._clock(complaints[1], "acknowledge")
        clocks = self.registry["customer.complaint.clock"]
        go_on = clocks._go_on

        def fail(clock, *arguments):
            if clock == bad:
                raise ValueError("broken")
            return go_on(clock, *arguments)

        with patch.object(clocks, "_go_on", fail), mute_logger(WORKER):
            self._look(at(0, 12))
        warned = [self._clock(one, "acknowledge").is_breached for one in complaints]
        self.assertEqual(warned, [True, False, True])
        self.assertEqual(bad.next_event_at, at(0, 13))

    def test_job_begins_again_when_somebody_was_faster(self):
        """A serialization failure needs a new transaction, not a savepoint."""
        tries = []

        def lose_once(clocks, now):
            tries.append(now)
            if len(tries) == 1:
                raise psycopg2.errors.SerializationFailure("lost")
            return 0

        clocks = self.registry["customer.complaint.clock"]
        error = psycopg2.errors.SerializationFailure
        with (
            patch.object(clocks, "_look_at_due", lose_once),
            patch.object(self.env.cr, "rollback"),
            patch(
                f"{RETRIES}.lost_against_others", lambda lost: isinstance(lost, error)
            ),
            freeze_time(at(0, 9)),
        ):
            self.Clock._cron_look_at_clocks()
        self.assertEqual(len(tries), 2)

    def test_job_works_in_slices_and_plans_its_next_look(self):
        cron = self.env.ref("customer_retention.ir_cron_complaint_clocks")
        self.Clock.search([]).unlink()
        for _number in range(3):
            self._complain_at(at(0, 8))
        commits = []
        with (
            freeze_time(at(0, 9, 45)),
            patch.object(
                self.registry["ir.cron"],
                "_commit_progress",
                lambda _cron, done, remaining: commits.append((done, remaining)) or 99,
            ),
            patch(f"{WORKER}.SLICE_SIZE", 2),
            patch.object(
                self.registry["customer.complaint.clock"],
                "_look_at_due",
                lambda clocks, now, _look=self.Clock._look_at_due: _look(now, 2),
            ),
        ):
            self.env["ir.cron.trigger"].search([]).unlink()
            self.Clock._cron_look_at_clocks()
        self.assertEqual(commits, [(2, 1), (1, 0)])
        planned = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn(at(0, 10).replace(second=1), planned.mapped("call_at"))

    def test_a_transaction_wakes_the_job_once_for_what_is_due_first(self):
        cron = self.env.ref("customer_retention.ir_cron_complaint_clocks")
        self.env.cr.precommit.run()
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search([("cron_id", "=", cron.id)])
        for hour in (9, 8, 10):
            self._complain_at(at(0, hour))
        self.env.cr.precommit.run()
        added = triggers.search([("cron_id", "=", cron.id)]) - before
        self.assertEqual(added.mapped("call_at"), [at(0, 9, 30)])


@tagged("post_install", "-at_install")
class TestComplaintClockWords(ClockCommon):
    def setUp(self):
        super().setUp()
        self.env.user.tz = "UTC"

    def _chip(self, complaint, moment):
        with freeze_time(moment):
            complaint.invalidate_recordset(["clock_chip"])
            return complaint.clock_chip

    def test_chip_says_what_is_next_in_words(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 8, 30), "acknowledged")
        chip = self._chip(complaint, at(0, 13, 50))
        self.assertEqual(chip["text"], "Answer in 2 h 10")
        self.assertEqual((chip["kind"], chip["state"]), ("answer", "running"))
        self.assertEqual(self._chip(complaint, at(0, 15))["state"], "warning")
        late = self._chip(complaint, at(0, 16, 35))
        self.assertEqual((late["text"], late["state"]), ("Overdue 35 min", "overdue"))
        self._happen(complaint, at(0, 16, 40), "answered")
        self._happen(complaint, at(0, 16, 41), "promised", until=at(1, 10))
        self.assertEqual(
            self._chip(complaint, at(0, 16, 45))["text"], "Update promised Tue 10:00"
        )

    def test_chip_of_a_paused_complaint_and_of_one_that_owes_nothing(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "answered")
        self._happen(complaint, at(0, 10), "waiting")
        self.assertEqual(
            self._chip(complaint, at(0, 11))["text"], "Waiting for the customer"
        )
        self._happen(complaint, at(0, 12), "resolved")
        self.assertFalse(self._chip(complaint, at(0, 13)))

    def test_chip_of_a_pause_with_a_limit_says_until_when(self):
        self.policy.target_ids.filtered(lambda one: one.kind == "decision").write(
            {"pause_limit": 8}
        )
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "answered")
        self._happen(complaint, at(0, 10), "waiting")
        chip = self._chip(complaint, at(0, 11))
        self.assertEqual(
            (chip["text"], chip["state"]), ("Waiting until Tue 10:00", "paused")
        )
        self.assertEqual(chip["deadline"], "2025-07-02 16:00:00")
        over = self._chip(complaint, at(1, 11))
        self.assertEqual(
            (over["text"], over["state"]), ("Decide by Wed 16:00", "running")
        )
        self._happen(complaint, at(1, 8), "resumed")
        self.assertEqual(self._chip(complaint, at(1, 9))["state"], "running")

    def test_what_does_not_pause_runs_on_while_somebody_waits(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "waiting")
        chip = self._chip(complaint, at(0, 9, 30))
        self.assertEqual(
            (chip["text"], chip["state"]), ("Acknowledge in 30 min", "warning")
        )

    def test_words_are_in_the_zone_of_the_reader(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 9), "answered")
        here = complaint.with_context(tz="Asia/Ho_Chi_Minh")
        self.assertEqual(self._chip(here, at(0, 9))["text"], "Decide by Tue 23:00")

    def test_time_line_tells_the_whole_life(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 10), "waiting")
        self._happen(complaint, at(0, 12), "resumed")
        with freeze_time(at(0, 14)):
            complaint.invalidate_recordset()
            line = {one["kind"]: one for one in complaint.clock_timeline}
        decision = line["decision"]
        self.assertEqual(
            [(part["kind"], part["from"], part["to"]) for part in decision["segments"]],
            [
                ("running", "2025-06-30 08:00:00", "2025-06-30 10:00:00"),
                ("paused", "2025-06-30 10:00:00", "2025-06-30 12:00:00"),
                ("running", "2025-06-30 12:00:00", "2025-06-30 14:00:00"),
            ],
        )
        self.assertEqual(decision["elapsed_text"], "4 h")
        self.assertEqual(decision["remaining_text"], "12 h of working time left")
        self.assertEqual(decision["policy"], "Tested Policy")
        self.assertEqual(decision["version"], 1)
        self.assertIn("Office", decision["explanation"])
        self.assertIn("Paused for 2 h", decision["explanation"])

    def test_time_line_counts_promises_that_run_again(self):
        complaint = self._complain_at(at(0, 8))
        for moment, event in (
            (at(0, 9), "decided"),
            (at(0, 10), "resolved"),
            (at(0, 11), "reopened"),
        ):
            self._happen(complaint, moment, event)
        with freeze_time(at(0, 12)):
            complaint.invalidate_recordset()
            line = complaint.clock_timeline
        resolutions = [one for one in line if one["kind"] == "resolution"]
        self.assertEqual(len(resolutions), 2)
        first, second = (one["label"] for one in resolutions)
        self.assertEqual(second, f"{first} (2)")
        self.assertTrue(resolutions[0]["done_text"].startswith("today "))

    def test_what_is_late_is_shown_broken_before_the_job_has_said_so(self):
        complaint = self._complain_at(at(0, 8))
        with freeze_time(at(0, 17)):
            complaint.invalidate_recordset()
            line = {one["kind"]: one for one in complaint.clock_timeline}
        self.assertFalse(self._clock(complaint, "answer").is_breached)
        self.assertTrue(line["answer"]["is_breached"])
        self.assertIn("overdue", line["answer"]["remaining_text"])
        self.assertFalse(line["decision"]["is_breached"])

    def test_salesperson_reads_the_time_line_without_reading_policies(self):
        complaint = self._complain_at(at(0, 8)).with_user(self.seller)
        complaint.invalidate_recordset()
        self.assertTrue(complaint.clock_timeline)
        self.assertTrue(complaint.clock_chip)
        self.assertFalse(complaint.policy_hint)
