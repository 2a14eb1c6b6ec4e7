"""Complaining in a browser: at the telephone, and without an account."""

import time

from odoo.tests import HttpCase, tagged

from ..controllers import complaint_public
from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintIntakeTours(HttpCase, ComplaintCommon):
    def test_enter_takes_down_a_complaint(self):
        partner = self._create_partner("Harbor Bakery")
        self.start_tour(
            "/odoo/action-customer_retention.customer_complaint_quick_action",
            "customer_retention_quick_complaint_enter",
            login=self.handler.login,
        )
        self.assertRecordValues(
            self.Complaint.search([("partner_id", "=", partner.id)]),
            [
                {
                    "subject": "The oven door does not close",
                    "channel": "phone",
                    "severity": "high",
                }
            ],
        )

    def test_who_types_while_the_customer_is_looked_up_loses_nothing(self):
        """People on the phone do not wait for a server that takes a second."""
        partner = self._create_partner("Harbor Bakery")
        self._complain(partner_id=partner.id, user_id=self.handler.id)
        quick = self.registry["customer.complaint.quick"]
        look_up = quick._compute_open_text

        def look_up_slowly(records):
            if records.partner_id:
                time.sleep(1)
            return look_up(records)

        self.patch(quick, "_compute_open_text", look_up_slowly)
        self.start_tour(
            "/odoo/action-customer_retention.customer_complaint_quick_action",
            "customer_retention_quick_complaint_hasty",
            login=self.handler.login,
        )
        newest = self.Complaint.search([("partner_id", "=", partner.id)], limit=1)
        self.assertEqual(newest.subject, "The oven door hangs")

    def test_customer_without_an_account(self):
        self.patch(complaint_public, "LEAST_SECONDS", 0)
        self.company.complaint_public_page = True
        self.start_tour(
            self.company._complaint_url(), "customer_retention_public_complaint"
        )
        complaint = self.Complaint.search(
            [("email_normalized", "=", "ann@example.org")]
        )
        self.assertEqual(complaint.subject, "My parcel never arrived")
        self.assertTrue(any("4711" in one.body for one in complaint.message_ids))
