from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .recovery_common import RecoveryCommon

GUARANTEE_LOGGER = "odoo.addons.customer_retention.models.customer_service_guarantee"


@tagged("post_install", "-at_install")
class TestRecoveryGuarantee(RecoveryCommon):
    """A broken promise pays by itself, within limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guarantee = cls.env["customer.service.guarantee"].create(
            {
                "name": "Answered in two days, or 10",
                "company_id": cls.company.id,
                "clock_kind": "answer",
                "type_id": cls.types["goodwill"].id,
                "amount": 10,
                "date_from": "2020-01-01",
            }
        )

    def test_a_breach_gives_what_was_promised_once(self):
        action = self.complaint._guarantee_on_breach("answer")
        self.assertEqual(action.state, "approved")
        self.assertTrue(action.is_automatic)
        self.assertEqual(action.guarantee_id, self.guarantee)
        self.assertEqual(action.credit_move_id.amount_total, 10)
        self.assertEqual(action.credit_move_id.state, "draft")
        self.assertFalse(self.complaint._guarantee_on_breach("answer"))
        self.assertFalse(self.complaint._guarantee_on_breach("decision"))
        self.assertIn("guarantee", action.with_user(self.handler).authority_text)

    def test_what_the_customer_has_to_accept_is_offered_and_has_not_failed(self):
        self.types["goodwill"].needs_acceptance = True
        action = self.complaint._guarantee_on_breach("answer")
        self.assertEqual(action.state, "approved")
        self.assertFalse(action.failure_reason)
        activity = self.complaint.activity_ids.filtered(
            lambda one: "Offer the customer" in (one.summary or "")
        )
        self.assertEqual(activity.user_id, self.handler)

    def test_a_breach_found_by_a_person_has_the_limits_of_nobody(self):
        self.guarantee.amount = 30
        action = self.complaint.with_user(self.admin)._guarantee_on_breach("answer")
        self.assertEqual(action.state, "waiting")
        self.assertEqual(action.approver_id, self.handler)

    def test_a_percentage_of_what_is_at_stake_up_to_a_ceiling(self):
        self.guarantee.write({"percent": 5, "amount": 2, "amount_max": 15})
        for disputed, amount in ((100, 5), (10, 2), (1000, 15)):
            complaint = self._complain(amount_disputed=disputed)
            self.assertEqual(self.guarantee._amount_for(complaint), amount)

    def test_a_promise_counts_from_its_first_day(self):
        self.guarantee.date_from = fields.Date.today() + timedelta(days=2)
        self.assertFalse(self.complaint._guarantee_on_breach("answer"))

    def test_signs_of_abuse_ask_for_a_person(self):
        self._order(self.partner, "2025-05-01")
        self._work_queue()
        for day in ("2025-06-01", "2025-06-05", "2025-06-10"):
            self._complain(received_at=f"{day} 09:00:00")
        self.assertIn(
            "Complaints within a year: 3; orders in the same time: 1. This sign",
            self.complaint.with_user(self.handler).abuse_text,
        )
        action = self.complaint._guarantee_on_breach("answer")
        self.assertEqual((action.state, action.approver_id), ("waiting", self.handler))
        self.env["customer.recovery.trust"].with_user(self.boss).create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "is_trusted": True,
                "reason": "All of them were right",
            }
        )
        trusted = self._complain()._guarantee_on_breach("answer")
        self.assertEqual(trusted.state, "approved")

    def test_a_second_failure_asks_for_a_person(self):
        self.complaint.product_id = self.product
        again = self._complain(product_id=self.product.id)
        self.assertEqual(again.deviation, "product")
        self.assertEqual(again._guarantee_on_breach("answer").state, "waiting")

    def test_what_does_not_work_waits_for_a_person(self):
        self.guarantee.type_id = self.types["refund"]
        action = self.complaint._guarantee_on_breach("answer")
        self.assertIn(action.state, ("failed", "waiting"))

    def test_a_guarantee_that_is_set_up_wrongly_keeps_nobody_from_working(self):
        """The answer to the customer goes out; the handler gives it by hand."""
        self.env["customer.complaint.policy"].create(
            {
                "name": "Tested Policy",
                "sequence": 0,
                "company_id": self.company.id,
                "target_ids": [
                    Command.create({"kind": "answer", "unit": "hours", "amount": 1})
                ],
            }
        )
        guarantee = self.registry["customer.service.guarantee"]
        for error in (UserError("No journal is set up"), KeyError("journal")):
            with freeze_time("2025-06-02 08:00:00"):
                complaint = self._complain(user_id=self.handler.id)
            with (
                patch.object(guarantee, "_amount_for", side_effect=error),
                mute_logger(GUARANTEE_LOGGER),
            ):
                complaint.with_user(self.handler).message_post(
                    body="We are sorry",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
            clock = complaint.clock_ids.filtered(lambda one: one.kind == "answer")
            self.assertEqual(clock.state, "broken")
            self.assertTrue(complaint.answered_at)
            self.assertFalse(complaint.action_ids)
            self.assertEqual(complaint.activity_ids.user_id, self.handler)
            self.assertIn("by hand", complaint.activity_ids.summary)

    def test_one_that_cannot_be_given_keeps_none_from_the_others(self):
        good, bad, other = (self._complain(user_id=self.handler.id) for _n in range(3))
        guarantee = self.registry["customer.service.guarantee"]
        amount_for = guarantee._amount_for
        reason = "No journal is set up"

        def fail_for_one(record, complaint):
            if complaint.id == bad.id:
                raise UserError(reason)
            return amount_for(record, complaint)

        with (
            patch.object(guarantee, "_amount_for", fail_for_one),
            mute_logger(GUARANTEE_LOGGER),
        ):
            (good | bad | other)._give_guarantee("answer")
        given = [one.action_ids.guarantee_id for one in (good, bad, other)]
        self.assertEqual(
            given, [self.guarantee, self.guarantee.browse(), self.guarantee]
        )
        self.assertTrue(bad.activity_ids)

    def test_the_clock_tells_the_guarantee(self):
        clock = self.complaint.clock_ids.filtered(lambda one: one.kind == "answer")
        self.assertTrue(clock, "a complaint has a deadline for its answer")
        clock._after_breach()
        self.assertEqual(self.complaint.action_ids.guarantee_id, self.guarantee)
