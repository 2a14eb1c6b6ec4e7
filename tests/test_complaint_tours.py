from odoo.tests import HttpCase, tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestComplaintTours(RetentionCommon, HttpCase):
    """What handlers do all day, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bakery = cls._create_partner(
            "Harbor Bakery", email="bakery@harbor.example.com"
        )
        cls.handler = cls._create_user(
            "complaint_tour_handler",
            "customer_retention.group_complaint_user,sales_team.group_sale_salesman",
        )
        cls.team = cls.env["customer.complaint.team"].create(
            {
                "name": "Tour Team",
                "company_id": cls.company.id,
                "member_ids": [(4, cls.handler.id)],
            }
        )

    def test_quick_phone_complaint(self):
        """Five fields, a number, and the complaint is on its way."""
        self.start_tour(
            "/odoo/complaints",
            "customer_retention_quick_complaint",
            login=self.handler.login,
        )
        complaint = self.env["customer.complaint"].search(
            [("account_id", "=", self.bakery.id)]
        )
        self.assertRecordValues(
            complaint,
            [
                {
                    "subject": "The oven we bought is cold again.",
                    "channel": "phone",
                    "severity": "high",
                    "user_id": self.handler.id,
                    "status": "open",
                }
            ],
        )
        self.assertTrue(complaint.acknowledged_at)
        self.assertTrue(complaint.investigating_at)

    def test_handler_recovers_within_the_limit(self):
        """Nobody has to be asked for what is within one's own limit."""
        complaint = self.env["customer.complaint"].create(
            {
                "subject": "The oven is cold",
                "partner_id": self.bakery.id,
                "channel": "phone",
                "team_id": self.team.id,
                "user_id": self.handler.id,
            }
        )
        self.start_tour(
            f"/odoo/complaints/{complaint.id}",
            "customer_retention_recovery",
            login=self.handler.login,
        )
        self.assertRecordValues(
            complaint.action_ids,
            [
                {
                    "kind": "goodwill",
                    "state": "approved",
                    "approved_by_id": self.handler.id,
                    "approved_amount": 20.0,
                }
            ],
        )
