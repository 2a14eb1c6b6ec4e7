"""What happens at the same time: nobody fails, and each counts once."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from throwaway import as_request, start_odoo, transaction

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError


class TestRaces(unittest.TestCase):
    """Two transactions, one of which does not see what the other one did."""

    @classmethod
    def setUpClass(cls):
        start_odoo()

    def propose(self, env, partner_id):
        return env["customer.complaint"]._propose_noticed(
            [
                {
                    "reason": "late_delivery",
                    "partner_id": partner_id,
                    "company_id": env.company.id,
                    "res_model": "res.partner",
                    "res_id": partner_id,
                }
            ]
        )

    def test_a_job_notices_what_a_person_works_on(self):
        with transaction() as env:
            env.company.retention_use_complaints = True
            partner_id = env["res.partner"].create({"name": "Waiting Customer"}).id
        with transaction() as person:
            partner = person["res.partner"].browse(partner_id)
            partner.flush_recordset()
            person.cr.execute("SELECT 1")  # from here on it sees nothing new
            with transaction() as job:
                self.assertEqual(len(self.propose(job, partner_id)), 1)
            self.assertFalse(self.propose(person, partner_id))
            partner.comment = "Delivered"
        with transaction() as env:
            partner = env["res.partner"].browse(partner_id)
            self.assertIn("Delivered", partner.comment)
            notices = env["customer.complaint.notice"].search(
                [("partner_id", "=", partner_id)]
            )
            self.assertEqual(len(notices), 1)

    def test_parallel_forms_are_counted(self):
        def send(env):
            return env["customer.complaint.throttle"]._is_allowed(
                "form", "192.0.2.7", 1, 60
            )

        sent = []

        def send_slowly(env):
            env.cr.execute("SELECT 1")  # from here on it sees nothing new
            if not sent:
                sent.append(as_request(SUPERUSER_ID, send))
            return send(env)

        self.assertFalse(as_request(SUPERUSER_ID, send_slowly))
        self.assertEqual(sent, [True])

    def test_two_colleagues_open_one_case_for_a_customer(self):
        with transaction() as env:
            env.company.retention_use_churn = True
            partner_id = env["res.partner"].create({"name": "Fought For"}).id

        def open_case(env):
            return env["customer.retention.case"].create({"partner_id": partner_id}).id

        opened = []

        def open_slowly(env):
            env.cr.execute("SELECT 1")  # from here on it sees nothing new
            if not opened:
                opened.append(as_request(SUPERUSER_ID, open_case))
            return open_case(env)

        with self.assertRaisesRegex(UserError, "open case already"):
            as_request(SUPERUSER_ID, open_slowly)
        with transaction() as env:
            cases = env["customer.retention.case"].search(
                [("partner_id", "=", partner_id)]
            )
            self.assertEqual(cases.ids, opened)


if __name__ == "__main__":
    unittest.main(failfast=True)
