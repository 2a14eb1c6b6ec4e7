"""What tests of complaints need: a team with handlers, customers, complaints."""

from __future__ import annotations

from datetime import datetime

from odoo.fields import Command
from odoo.tests import new_test_user

from .common import RetentionCommon

NOW = datetime(2025, 6, 30, 9, 0)


class ComplaintCommon(RetentionCommon):
    """A team of two handlers and a manager, in a company of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "service@example.com"
        cls.handler = cls._create_user(
            "complaint_handler", "customer_retention.group_complaint_user"
        )
        cls.second = cls._create_user(
            "complaint_second", "customer_retention.group_complaint_user"
        )
        cls.boss = cls._create_user(
            "complaint_boss", "customer_retention.group_complaint_manager"
        )
        cls.seller = cls._create_user("complaint_seller")
        cls.portal = new_test_user(
            cls.env, "complaint_portal", groups="base.group_portal"
        )
        cls.team = cls.env["customer.complaint.team"].create(
            {
                "name": "Tested Team",
                "company_id": cls.company.id,
                "assignment": "manual",
                "manager_id": cls.boss.id,
                "member_ids": [Command.set((cls.handler | cls.second).ids)],
            }
        )
        cls.partner.write({"email": "customer@example.com", "user_id": cls.seller.id})
        cls.Complaint = cls.env["customer.complaint"]
        cls.stages = {
            stage.event: stage
            for stage in cls.env["customer.complaint.stage"].search([])
        }

    @classmethod
    def _complain(cls, **values):
        """Create a complaint of the tested customer."""
        values.setdefault("subject", "The thing is broken")
        values.setdefault("partner_id", cls.partner.id)
        values.setdefault("team_id", cls.team.id)
        values.setdefault("channel", "letter")
        return cls.Complaint.create(values)

    @classmethod
    def _template(cls):
        return cls.env.ref("customer_retention.mail_template_complaint_acknowledgement")

    def _acknowledgements(self, complaint):
        return complaint.message_ids.filtered(
            lambda message: message.message_type == "auto_comment"
        )

    def _log(self, complaint):
        """Return the events of a complaint in the order in which they came."""
        return complaint.event_ids.sorted("id").mapped("event")
