"""A job notices what a person works on: nobody fails, and it is noticed once."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from throwaway import start_odoo, transaction


class TestNoticing(unittest.TestCase):
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

    def test_both_at_the_same_time(self):
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


if __name__ == "__main__":
    unittest.main(failfast=True)
