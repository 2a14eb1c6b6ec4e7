"""Several jobs look at the clocks of complaints while people work on them.

Nobody is told twice, nothing that happened is lost, and what a complaint says is due
next is what its clocks say.
"""

from __future__ import annotations

import random
import sys
import threading
import time
import traceback
import unittest
from collections import Counter
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from throwaway import as_request, start_odoo, transaction

from odoo import SUPERUSER_ID, fields

SECONDS = 8
COMPLAINTS = 30
JOBS, PEOPLE = 3, 2


def create_late_complaints() -> list[int]:
    """Complaints of last month that were recorded then, and that nobody looked at."""
    with transaction() as env:
        received = fields.Datetime.now() - timedelta(days=30)
        partners = env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(COMPLAINTS)]
        )
        complaints = env["customer.complaint"].create(
            [
                {
                    "subject": f"Complaint of {partner.name}",
                    "partner_id": partner.id,
                    "channel": "letter",
                    "user_id": env.ref("base.user_admin").id,
                    "received_at": received,
                }
                for partner in partners
            ]
        )
        complaints.clock_ids.recorded_at = received
        return complaints.ids


class Worker(threading.Thread):
    """Somebody who works until the time is over."""

    def __init__(self, work) -> None:
        super().__init__(daemon=True)
        self._work = work
        self.errors: list[str] = []
        self.done = 0

    def run(self) -> None:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            try:
                self._work()
                self.done += 1
            except Exception:
                self.errors.append(traceback.format_exc())
            time.sleep(0.01)


class TestClocks(unittest.TestCase):
    """What the database holds when everybody has gone home."""

    @classmethod
    def setUpClass(cls):
        start_odoo()
        cls.ids = create_late_complaints()
        cls.workers = [Worker(cls._job) for _number in range(JOBS)]
        cls.workers += [Worker(cls._person) for _number in range(PEOPLE)]
        for worker in cls.workers:
            worker.start()
        for worker in cls.workers:
            worker.join()
        cls._job()

    @classmethod
    def _job(cls):
        with transaction() as env:
            env["customer.complaint.clock"]._cron_look_at_clocks()

    @classmethod
    def _person(cls):
        event = random.choice(("waiting", "resumed", "answered", "decided"))
        chosen = random.sample(cls.ids, 3)
        as_request(
            SUPERUSER_ID,
            lambda env: env["customer.complaint"].browse(chosen)._record_event(event),
        )

    def test_no_error_reaches_anybody(self):
        errors = [error for worker in self.workers for error in worker.errors]
        self.assertEqual(errors, [])
        self.assertTrue(all(worker.done for worker in self.workers))

    def test_nobody_is_told_twice(self):
        with transaction() as env:
            events = env["customer.complaint.clock.event"].search(
                [("kind", "=", "escalated")]
            )
            told = Counter(event.clock_id.complaint_id.id for event in events)
            activities = env["mail.activity"].search(
                [("res_model", "=", "customer.complaint")]
            )
            planned = Counter(activity.res_id for activity in activities)
        self.assertGreater(len(told), COMPLAINTS // 2)
        for complaint_id in self.ids:
            self.assertLessEqual(planned[complaint_id], told[complaint_id])

    def test_every_late_clock_is_known_to_be_late(self):
        with transaction() as env:
            clocks = env["customer.complaint.clock"].search(
                [("deadline", "<", fields.Datetime.now()), ("state", "=", "running")]
            )
            self.assertTrue(all(clocks.mapped("is_breached")))
            breaches = env["customer.complaint.clock.event"].search(
                [("kind", "=", "breached")]
            )
            self.assertEqual(set(clocks.ids) - set(breaches.clock_id.ids), set())

    def test_what_is_next_is_what_the_clocks_say(self):
        with transaction() as env:
            for complaint in env["customer.complaint"].browse(self.ids):
                deadlines = complaint.clock_ids.filtered(
                    lambda clock: clock.state in ("running", "paused")
                ).mapped("deadline")
                expected = min(filter(None, deadlines), default=False)
                self.assertEqual(complaint.next_deadline, expected)

    def test_parts_of_every_clock_are_seamless(self):
        with transaction() as env:
            clocks = env["customer.complaint.clock"].search([])
            for clock in clocks:
                since = clock.started_at
                for part in clock.segment_ids.sorted("id"):
                    self.assertEqual(part.started_at, since)
                    since = part.stopped_at
                self.assertEqual(clock.since, since)


if __name__ == "__main__":
    unittest.main()
