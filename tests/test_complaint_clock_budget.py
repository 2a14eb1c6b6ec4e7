"""What clocks cost: queries that do not grow with the number of complaints."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .clock_common import ClockCommon, at


@tagged("post_install", "-at_install")
class TestComplaintClockBudget(ClockCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(100)]
        )

    def _values(self, size):
        return [
            {
                "subject": f"Complaint {partner.id}",
                "partner_id": partner.id,
                "team_id": self.team.id,
                "user_id": self.handler.id,
                "channel": "letter",
                "received_at": at(0, 8),
            }
            for partner in self.partners[:size]
        ]

    def _count_queries(self, function):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before

    def _without_clocks(self):
        """Let nobody tell the clocks."""
        complaints = self.registry["customer.complaint"]
        return patch.multiple(
            complaints,
            _start_clocks=lambda self: None,
            _clocks_on_event=lambda self, event, at, **details: None,
        )

    def _create(self, size):
        return lambda: self.Complaint.create(self._values(size))

    def test_creating_takes_a_constant_number_of_queries(self):
        self._count_queries(self._create(2))
        more = {}
        for size in (1, 100):
            with self._without_clocks():
                without = self._count_queries(self._create(size))
            more[size] = self._count_queries(self._create(size)) - without
        # 400 clocks are 4 inserts of at most 100 rows each
        self.assertLessEqual(more[100], more[1] + 4, more)
        self.assertLessEqual(more[100], 24, more)

    def test_moving_100_complaints_with_4_clocks_takes_12_more_queries(self):
        complaints = [self.Complaint.create(self._values(100)) for _number in range(4)]
        self.assertEqual(len(complaints[0].clock_ids), 400)
        decided = self.stages["decided"]
        move = lambda found: lambda: found.write({"stage_id": decided.id})
        with self._without_clocks():
            self._count_queries(move(complaints[0]))
            without = self._count_queries(move(complaints[1]))
        with_clocks = self._count_queries(move(complaints[2]))
        self.assertLessEqual(with_clocks - without, 12)
        states = complaints[2].clock_ids.grouped("state")
        self.assertEqual(sum(map(len, states.values())), 400)
        self.assertFalse(
            complaints[2].clock_ids.filtered(
                lambda clock: clock.kind == "decision" and clock.state == "running"
            )
        )

    def test_pausing_100_complaints_takes_few_more_queries(self):
        complaints = [self.Complaint.create(self._values(100)) for _number in range(3)]
        wait = lambda found: lambda: found._record_event("waiting", at=at(0, 9))
        with self._without_clocks():
            self._count_queries(wait(complaints[0]))
            without = self._count_queries(wait(complaints[1]))
        more = self._count_queries(wait(complaints[2])) - without
        self.assertEqual(set(complaints[2].clock_ids.mapped("reason")), {"waiting"})
        self.assertLessEqual(more, 12)

    def test_each_move_of_100_complaints_takes_12_more_queries_at_most(self):
        """From one end of the board to the other; each stage ends other clocks."""
        moved = self.Complaint.create(self._values(100))
        with self._without_clocks():
            known = self.Complaint.create(self._values(100))
        more = {}
        for event in ("acknowledged", "investigating", "decided", "resolved", "closed"):
            move = {"stage_id": self.stages[event].id}
            with self._without_clocks():
                without = self._count_queries(lambda move=move: known.write(move))
            more[event] = self._count_queries(lambda move=move: moved.write(move))
            more[event] -= without
        self.assertLessEqual(max(more.values()), 12, more)

    def test_complaints_that_come_back_take_a_constant_number_of_queries(self):
        """Archived by mistake, and back: every promise goes on."""
        counts = {}
        for size in (2, 1, 100):
            complaints = self.Complaint.create(self._values(size))
            with freeze_time(at(0, 9)):
                complaints.active = False
                self.assertFalse(complaints._open_clocks())
                with self._without_clocks():
                    away = self._count_queries(
                        lambda found=complaints: found.write({"active": False})
                    )
                back = lambda found=complaints: found.write({"active": True})
                counts[size] = self._count_queries(back) - away
            self.assertEqual(len(complaints._open_clocks()), size * 4)
        # 400 clocks are 4 updates of at most 100 rows each, twice
        self.assertLessEqual(counts[100], counts[1] + 2 * 4, counts)

    def _count_reevaluation(self, change, **options):
        """Queries of evaluating 1 and 100 complaints anew after a change."""
        counts = {}
        for turn, size in enumerate((2, 1, 100), start=1):
            policy = self._create_policy(
                f"Of {size}",
                values={"sequence": -turn},
                acknowledge={"amount": 2},
                answer={"amount": 8},
                decision={"amount": 16},
                resolution={"amount": 40},
            )
            complaints = self.Complaint.create(self._values(size))
            self.assertEqual(complaints.clock_ids.policy_id, policy)
            change(policy)
            counts[size] = self._count_queries(
                lambda found=complaints: found._reevaluate_policy(**options)
            )
        return counts, complaints

    def test_what_keeps_its_promise_is_found_in_a_constant_number_of_queries(self):
        """A policy that has become one for other customers."""
        stage = self.env["customer.relationship.stage"].search([], limit=1)
        with freeze_time(at(0, 9)):
            counts, complaints = self._count_reevaluation(
                lambda policy: policy.write({"stage_ids": stage.ids})
            )
        self.assertEqual(len(complaints.clock_ids), 400)
        self.assertLessEqual(counts[100], counts[1] + 2, counts)

    def test_400_new_promises_take_few_queries(self):
        def halve(policy):
            policy.write(
                {
                    "target_ids": [
                        Command.update(target.id, {"amount": target.amount / 2})
                        for target in policy.target_ids
                    ]
                }
            )

        with freeze_time(at(0, 9)):
            counts, complaints = self._count_reevaluation(halve)
        self.assertEqual(len(complaints.clock_ids), 800)
        self.assertEqual(len(complaints.clock_ids.replaced_by_id), 400)
        # 400 rows are 4 statements of 100: cancelled, created, linked, looked at
        self.assertLessEqual(counts[100], counts[1] + 4 * 4, counts)

    def test_job_looks_at_100_clocks_in_few_queries(self):
        self.Complaint.create(self._values(100))
        queries = self._count_queries(lambda: self.Clock._look_at_due(at(0, 9, 45)))
        self.assertLessEqual(queries, 25)

    def test_many_broken_promises_take_few_queries_each(self):
        """The notes of a slice are written together, and one activity for each."""
        self._create_policy(
            "With a ladder",
            [{"trigger": "breach", "minutes": 0, "who": "handler"}],
            {"sequence": -1},
            answer={"amount": 8},
        )
        looked = lambda: self.Clock._look_at_due(at(4, 9), limit=1000)
        counts = {}
        for size in (20, 100):
            with freeze_time(at(0, 8)):
                complaints = self.Complaint.create(self._values(size))
            counts[size] = self._count_queries(looked)
            notes = complaints.message_ids.filtered(lambda one: "overdue" in one.body)
            self.assertEqual(set(notes.mapped("res_id")), set(complaints.ids))
        self.assertLessEqual(counts[100] - counts[20], 80 * 1, counts)

    def test_time_line_and_chip_take_a_constant_number_of_queries(self):
        self.policy.target_ids.write({"pauses": True, "pause_limit": 8})
        complaints = self.Complaint.create(self._values(100))
        complaints._record_event("waiting", at=at(0, 9))
        fields = {"clock_chip": {}, "clock_timeline": {}, "policy_hint": {}}
        counts = {
            size: self._count_queries(
                lambda size=size: complaints[:size].web_read(fields)
            )
            for size in (1, 100)
        }
        self.assertLessEqual(counts[100], counts[1] + 2, counts)
