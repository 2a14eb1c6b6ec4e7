"""One failure, many complaints: the same recovery for everybody, within the limits."""

from odoo.tests import tagged

from .recovery_common import RecoveryCommon


@tagged("post_install", "-at_install")
class TestRecoveryBulk(RecoveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_partner("Other", email="other@example.com")
        cls.complaints = cls.complaint | cls._complain(partner_id=cls.other.id)
        cls.complaints.user_id = cls.handler
        cls.incident = cls.env["customer.complaint.incident"].create(
            {"name": "Bad batch", "company_id": cls.company.id}
        )
        cls.complaints.incident_id = cls.incident

    def _answer(self, kind, amount=0.0):
        self.env["customer.complaint.incident.answer"].with_user(self.handler).create(
            {
                "incident_id": self.incident.id,
                "body": "<p>Sorry</p>",
                "remedy_type_id": kind and self.types[kind].id,
                "remedy_amount": amount,
            }
        ).action_send()
        return self.complaints.action_ids

    def test_everybody_gets_an_action_of_their_own(self):
        actions = self._answer("goodwill", 30)
        self.assertEqual(actions.complaint_id, self.complaints)
        self.assertEqual(actions.mapped("amount"), [30, 30])
        self.assertEqual(set(actions.mapped("state")), {"approved"})
        self.assertEqual(actions.approved_by_id, self.handler)

    def test_what_is_beyond_the_limit_is_asked_for(self):
        actions = self._answer("goodwill", 120)
        self.assertEqual(set(actions.mapped("state")), {"waiting"})
        note = self.incident.message_ids[:1].body
        self.assertIn("2 waiting for approval", note)

    def test_what_lacks_something_stays_proposed_and_the_answer_goes_out(self):
        actions = self._answer("refund", 30)
        self.assertEqual(set(actions.mapped("state")), {"proposed"})
        self.assertTrue(all(self.complaints.mapped("answered_at")))
        self.assertIn("2 to be completed", self.incident.message_ids[:1].body)

    def test_an_answer_without_a_recovery_plans_none(self):
        self.assertFalse(self._answer(None))

    def test_who_said_nothing_gets_it_too(self):
        silent = self._create_partner("Silent", email="silent@example.com")
        order = self._order(silent, "2025-06-10")
        reach = (
            self.env["customer.complaint.incident.reach"]
            .with_user(self.handler)
            .create(
                {
                    "incident_id": self.incident.id,
                    "product_ids": self.product.ids,
                    "date_from": "2025-06-01",
                    "date_to": "2025-06-20",
                    "body": "<p>Please do not use it</p>",
                    "remedy_type_id": self.types["goodwill"].id,
                    "remedy_amount": 10,
                }
            )
        )
        self.assertEqual(reach.line_ids.partner_id, silent)
        reach.action_send()
        noticed = self.incident.complaint_ids - self.complaints
        self.assertEqual(noticed.order_id, order)
        self.assertEqual(noticed.action_ids.amount, 10)
