"""What many complaints cost: a few queries each, clocks almost nothing on top."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon
from .test_complaint_mail import GATEWAY, GatewayCommon


@tagged("post_install", "-at_install")
class TestComplaintQueryBudget(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({"assignment": "balanced", "acknowledgement_template_id": False})
        cls.customers = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(100)]
        )

    def _create(self, count):
        complaints = self.Complaint.create(
            [
                {
                    "subject": "x",
                    "partner_id": self.customers[number].id,
                    "channel": "letter",
                    "amount_disputed": number * 50.0,
                }
                for number in range(count)
            ]
        )
        self.env.flush_all()
        return complaints

    def _queries(self, work):
        """Return how many queries some work takes in a fresh transaction."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _without_clocks(self):
        return patch.multiple(
            self.registry["customer.complaint"],
            _start_clocks=lambda complaints: None,
            _clocks_on_event=lambda complaints, event, at, **details: None,
            _reevaluate_policy=lambda complaints, **options: None,
        )

    def test_creating_more_costs_few_queries_each(self):
        self._create(2)
        few = self._queries(lambda: self._create(10))
        many = self._queries(lambda: self._create(100))
        self.assertLessEqual((many - few) / 90, 5)

    def test_clocks_cost_little_when_creating(self):
        self._create(2)
        with self._without_clocks():
            without = self._queries(lambda: self._create(100))
        with_clocks = self._queries(lambda: self._create(100))
        self.assertLessEqual(with_clocks, 1.3 * without)

    def test_moving_many_costs_what_moving_few_does(self):
        few, many = self._create(10), self._create(100)
        stage = self.stages["acknowledged"]
        first = self._queries(lambda: few.write({"stage_id": stage.id}))
        second = self._queries(lambda: many.write({"stage_id": stage.id}))
        self.assertLessEqual(second - first, 10)

    def test_clocks_cost_little_when_moving(self):
        with self._without_clocks():
            bare = self._create(100)
        running = self._create(100)
        stage = self.stages["investigating"]
        with self._without_clocks():
            without = self._queries(lambda: bare.write({"stage_id": stage.id}))
        with_clocks = self._queries(lambda: running.write({"stage_id": stage.id}))
        self.assertLessEqual(with_clocks - without, 12)


@tagged("post_install", "-at_install")
class TestGatewayQueryBudget(GatewayCommon):
    def test_a_mail_and_its_acknowledgement_take_100_queries(self):
        for _warming in range(2):
            self._receive()
        raw = self._raw(subject="Once more")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with mute_logger(GATEWAY):
            complaint = self.Complaint.browse(
                self.env["mail.thread"].message_process(None, raw)
            )
            self.env.flush_all()
            self.env.cr.precommit.run()
        queries = self.env.cr.sql_log_count - before
        self.assertTrue(complaint.acknowledged_at)
        self.assertLessEqual(queries, 100)


@tagged("post_install", "-at_install")
class TestBoardOfStages(ComplaintCommon):
    """The board of stages is remembered; it follows every change."""

    def _first(self):
        return self.Complaint._stage_of_event("received", self.team)

    def test_a_change_of_the_stages_counts_at_once(self):
        first = self._first()
        self.assertEqual(first.event, "received")
        before = first.create({"name": "Inbox", "event": "received", "sequence": 0})
        self.assertEqual(self._first(), before)
        other = self.team.copy({"name": "Another"})
        before.team_ids = other
        self.assertEqual(self._first(), first)
        other.unlink()
        self.assertEqual(self._first(), before)
        before.active = False
        self.assertEqual(self._first(), first)
        before.active = True
        before.event = "resolved"
        self.assertEqual(self._first(), first)
        before.event = "received"
        before.unlink()
        self.assertEqual(self._first(), first)
