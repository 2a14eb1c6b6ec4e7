"""A customer that cannot be evaluated keeps nobody else waiting."""

import logging
from unittest.mock import patch

from odoo.tests import tagged

from ..models import customer_evaluation_aside, customer_evaluation_run
from .common import RetentionCommon, on
from .rollbacks import rollbacks

LOGGER = customer_evaluation_aside.__name__


@tagged("post_install", "-at_install")
class TestSetAside(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["customer.evaluation.run"]
        cls.others = cls.env["res.partner"].create(
            [{"name": f"Customer {number}", "is_company": True} for number in range(6)]
        )
        cls.customers = cls.others[:4] | cls.partner | cls.others[4:]
        for partner in cls.customers:
            cls._order(partner, "2025-06-01")
        cls._flush_queue()
        cls.Run.search([]).unlink()

    def _fail(self, *partners):
        """Let whatever records a move of these customers raise an error."""
        bad_ids = {partner.id for partner in partners}
        model = type(self.env["customer.relationship.transition"])
        original = model._record

        def record(log, rows, live):
            if bad_ids & {row["partner_id"] for row in rows}:
                raise ValueError("an automation rule went wrong")
            return original(log, rows, live)

        patcher = patch.object(model, "_record", record)
        patcher.start()
        self.addCleanup(patcher.stop)
        return patcher

    def _aside(self):
        self.env.cr.execute(
            "SELECT partner_id, failed_count FROM customer_relationship_queue"
            " WHERE retry_at IS NOT NULL ORDER BY partner_id"
        )
        return self.env.cr.fetchall()

    def _waiting(self):
        self.env.cr.execute("SELECT partner_id FROM customer_relationship_queue")
        return {partner_id for (partner_id,) in self.env.cr.fetchall()}

    def _make_retry_due(self):
        self.env.cr.execute(
            "UPDATE customer_relationship_queue SET retry_at = retry_at - interval"
            " '2 days' WHERE retry_at IS NOT NULL"
        )

    def _assert_evaluated(self, partners):
        self.env.invalidate_all()
        for partner in partners:
            self.assertTrue(self._relationship(partner).stage_id, partner.name)

    def _work(self, job):
        with rollbacks(self.env), self.assertLogs(LOGGER, logging.WARNING) as logs:
            job()
        return logs

    def test_queue_goes_on_without_the_one_that_fails(self):
        """The bad one keeps its rows, for later; the log says once why."""
        self._fail(self.partner)
        logs = self._work(self.Queue._cron_work_queue)
        self._assert_evaluated(self.others)
        self.assertEqual(self._waiting(), set(self.partner.ids))
        self.assertEqual({one[0] for one in self._aside()}, set(self.partner.ids))
        self.assertEqual(sum(bool(one.exc_info) for one in logs.records), 1)
        self.assertIn("an automation rule went wrong", "".join(logs.output))

    def test_what_was_set_aside_leaves_the_queue_alone(self):
        """Until its time has come nothing is tried, and nothing waits."""
        self._fail(self.partner)
        self._work(self.Queue._cron_work_queue)
        self.assertEqual(self.Queue._count_waiting(), 0)
        with rollbacks(self.env) as calls, self.assertNoLogs(LOGGER):
            self.Queue._cron_work_queue()
        self.assertFalse(calls)

    def test_what_was_set_aside_is_tried_again(self):
        """Each time later, and without another traceback, until it works."""
        patcher = self._fail(self.partner)
        self._work(self.Queue._cron_work_queue)
        self._make_retry_due()
        logs = self._work(self.Queue._cron_work_queue)
        self.assertFalse([one for one in logs.records if one.exc_info])
        self.assertEqual({count for _id, count in self._aside()}, {2})
        patcher.stop()
        self.addCleanup(patcher.start)
        self._make_retry_due()
        with rollbacks(self.env):
            self.Queue._cron_work_queue()
        self._assert_evaluated(self.partner)
        self.assertFalse(self._waiting())

    def test_an_error_of_everybody_does_not_go_round_for_ever(self):
        """After a few it is no longer asked whose fault it is."""
        self._fail(*self.customers)
        with patch.object(customer_evaluation_aside, "MOST_FAILURES", 2):
            logs = self._work(self.Queue._cron_work_queue)
        self.assertLess(len(logs.records), len(self.customers))
        self.assertEqual({one[0] for one in self._aside()}, set(self.customers.ids))

    def test_due_customers_go_on_without_the_one_that_fails(self):
        """It is left to the queue, and the job is not kept busy with it."""
        self._work_queue()
        later = on("2026-06-30")
        self.company.retention_evaluation_date = later
        due = self.Relationship._due_accounts(self.company, later)
        self.assertIn(self.partner.id, due)
        self._fail(self.partner)
        self._work(self.Run._cron_due)
        self.assertEqual(self._aside(), [(self.partner.id, 1)])
        self.assertFalse(self.Relationship._due_accounts(self.company, later))
        for partner in self.others:
            self.assertEqual(self._relationship(partner).evaluated_on, later)

    def test_run_goes_on_without_the_one_that_fails(self):
        """It is done in the end, and the customer waits in the queue."""
        self._forget_queue()
        self._fail(self.partner)
        run = self.Run._start("install", self.company)
        with patch.dict(customer_evaluation_run.SLICE_SIZE, {"evaluate": 10**6}):
            self._work(self.Run._cron_run)
        self.assertEqual(run.state, "done")
        self.assertEqual(run.done_count, run.total_count)
        self._assert_evaluated(self.others)
        self.assertEqual(self._aside(), [(self.partner.id, 1)])

    def test_banner_tells_of_who_was_set_aside(self):
        """An administrator has something to look at, everybody else a reason."""
        self._forget_queue()
        self.assertFalse(self.Relationship.get_evaluation_status()["stalled"])
        self.Queue._enqueue(self.partner.ids, "document")
        self._flush_queue()
        self._fail(self.partner)
        self._work(self.Queue._cron_work_queue)
        text = self.Relationship.get_evaluation_status()["stalled"]
        self.assertIn("1", text)
        self.assertIn("server log", text)

    def test_out_of_time_no_other_company_has_its_turn(self):
        """The next start of the job goes on where this one ended."""
        self._work_queue()
        other = self._create_company("Second Company")
        self._order(self.partner, "2025-06-01", company_id=other.id)
        self._work_queue()
        (self.company | other).retention_evaluation_date = "2026-06-30"
        looked_at = []
        work = type(self.Run)._work_due
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 0.0)
        self.patch(
            type(self.Run),
            "_work_due",
            lambda run, company: looked_at.append(company) or work(run, company),
        )
        self.Run._cron_due()
        self.assertEqual(len(looked_at), 1)
