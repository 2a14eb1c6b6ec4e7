"""Whole journeys in a browser: what several people do one after the other."""

import re

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..controllers import complaint_public
from ..models import customer_survey_link_mixin
from .recovery_common import RecoveryCommon


@tagged("post_install", "-at_install")
class TestComplaintJourneys(HttpCase, RecoveryCommon):
    def test_a_handler_gives_more_than_the_own_limit_with_an_approval(self):
        """Asked for by the handler, approved by the team's manager, carried out."""
        address = f"/odoo/complaints/{self.complaint.id}"
        self.start_tour(
            address,
            "customer_retention_recovery_above_limit",
            login=self.handler.login,
        )
        action = self.complaint.action_ids
        self.assertRecordValues(
            action, [{"kind": "goodwill", "amount": 120.0, "state": "waiting"}]
        )
        self.assertEqual(action.approver_id, self.leader)
        self.start_tour(
            address, "customer_retention_recovery_approval", login=self.leader.login
        )
        self.assertRecordValues(
            action,
            [
                {
                    "state": "approved",
                    "approved_by_id": self.leader.id,
                    "approved_amount": 120.0,
                    "credit_move_id": False,
                }
            ],
        )
        self.start_tour(
            address,
            "customer_retention_recovery_after_approval",
            login=self.handler.login,
        )
        credit = action.credit_move_id
        self.assertEqual((credit.state, credit.amount_total), ("draft", 120.0))

    def test_a_customer_without_an_account_complains_follows_answers_and_rates(self):
        self.patch(complaint_public, "LEAST_SECONDS", 0)
        self.patch(customer_survey_link_mixin, "SHORTEST_READING", 0)
        self.company.write(
            {"complaint_public_page": True, "complaint_use_survey": True}
        )
        self.start_tour(
            self.company._complaint_url(), "customer_retention_public_complaint"
        )
        complaint = self.Complaint.search(
            [("email_normalized", "=", "ann@example.org")]
        )
        complaint.user_id = self.handler
        complaint.with_user(self.handler).message_post(
            body="We are looking for it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **complaint._customer_recipients(),
        )
        self.assertTrue(complaint.answered_at)
        self.start_tour(complaint._status_path(), "customer_retention_public_follow")
        self.assertIn("neighbor", complaint._customer_messages()[-1].body)
        complaint._record_event("decided")
        complaint.with_user(self.handler).action_resolve()
        self.start_tour(self._survey_path(complaint), "customer_retention_public_rate")
        self.assertRecordValues(
            complaint.survey_ids,
            [
                {
                    "state": "answered",
                    "satisfaction": "4",
                    "process_grade": "3",
                    "comment": "A little slow",
                }
            ],
        )

    def _survey_path(self, complaint):
        """Where the link in the mail leads to."""
        survey = complaint.survey_ids
        survey._send(fields.Datetime.now())
        mail = self.env["mail.mail"].search(
            [("model", "=", survey._name), ("res_id", "=", survey.id)]
        )
        return re.search(r"/complaints/survey/[\w=.~-]+", mail.body_html).group()
