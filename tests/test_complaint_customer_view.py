from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.customer_complaint_customer_view import CUSTOMER_FIELDS
from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintCustomerView(ComplaintCommon):
    """Customers read what they told us and where it stands, whichever way they ask."""

    def setUp(self):
        super().setUp()
        self.portal.partner_id.parent_id = self.partner
        incident = self.env["customer.complaint.incident"].create(
            {"name": "Batch 7 - do not tell"}
        )
        cause = self.env["customer.complaint.cause"].create({"name": "Careless"})
        self.complaint = self._complain(
            partner_id=self.portal.partner_id.id,
            user_id=self.handler.id,
            whys="Because we are careless",
            incident_id=incident.id,
            cause_ids=[Command.set(cause.ids)],
            main_cause_id=cause.id,
        )
        self.own = self.complaint.with_user(self.portal)

    def test_they_read_these_fields_and_no_others(self):
        self.assertTrue(self.own.has_access("read"))
        readable = {
            name
            for name, field in self.own._fields.items()
            if self.own._has_field_access(field, "read")
        }
        self.assertEqual(readable, CUSTOMER_FIELDS & self.own._fields.keys())
        self.assertEqual(set(self.own.fields_get()), readable)
        [values] = self.own.read(sorted(readable))
        self.assertEqual(values["subject"], self.complaint.subject)

    def test_what_we_think_of_it_is_ours(self):
        for name in (
            "whys",
            "cause_ids",
            "main_cause_id",
            "corrective_action_ids",
            "incident_id",
            "team_id",
            "user_id",
            "stage_id",
            "clock_ids",
            "event_ids",
            "survey_ids",
            "is_overdue",
            "next_deadline",
            "is_safety",
            "outcome",
            "split_from_id",
        ):
            with self.subTest(field=name):
                for ask in (
                    lambda name=name: self.own.read([name]),
                    lambda name=name: self.own.search([(name, "!=", False)]),
                    lambda name=name: self.own.web_read({name: {}}),
                ):
                    with self.assertRaises(AccessError):
                        ask()
        for ask in (
            lambda: self.own.search([], order="next_deadline desc"),
            lambda: self.own.search([("severity", "=", "critical")]),
            lambda: self.own.read(["severity"]),
            lambda: self.own.formatted_read_group([], ["team_id"]),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_colleagues_read_on(self):
        own = self.complaint.with_user(self.handler)
        self.assertEqual(own.whys, "Because we are careless")
        self.assertTrue(own.incident_id)
