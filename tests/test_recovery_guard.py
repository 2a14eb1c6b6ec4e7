from odoo.exceptions import UserError
from odoo.tests import tagged

from .guarded_values import hostile_values
from .recovery_common import RecoveryCommon


@tagged("post_install", "-at_install")
class TestRecoveryGuard(RecoveryCommon):
    """What was decided on an action is written by its verbs, by nobody else."""

    def setUp(self):
        super().setUp()
        self.action = self._plan(amount=40)

    def test_what_is_read_only_on_the_screen_is_so_for_every_call(self):
        values = hostile_values(self.Action, self._complain().id)
        self.assertLess({"state", "approver_id", "moved_from_id"}, values.keys())
        for user in (self.handler, self.boss, self.admin):
            action = self.action.with_user(user)
            for name, value in values.items():
                for records in (action, action.sudo()):
                    with self.subTest(field=name, user=user.login, su=records.env.su):
                        self._assert_refused(records, name, value)

    def _assert_refused(self, action, name, value):
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            action.write({name: value})
        self.assertIn("is not entered", str(refused.exception))
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            action.create({**self._entered(), name: value})
        self.assertIn("is not entered", str(refused.exception))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            action.with_context(customer_retention_recovery=True).write({name: value})

    def _entered(self):
        return {
            "complaint_id": self.complaint.id,
            "type_id": self.types["goodwill"].id,
            "amount": 10,
        }

    def test_values_of_a_new_action_are_no_claim(self):
        copied = {"state": "proposed", "answer": "none", "approved_amount": 0.0}
        action = self._plan(amount=10, moved_from_id=False, verdict=False, **copied)
        self.assertEqual((action.state, action.answer), ("proposed", "none"))
        self.assertEqual(action.account_id, self.partner)
        self.assertEqual(action.proposed_by_id, self.handler)

    def test_no_default_brings_it_along(self):
        other = self._complain()
        self.env["ir.default"].with_user(self.handler).set(
            "customer.recovery.action", "moved_from_id", other.id, user_id=True
        )
        Action = self.Action.with_user(self.handler)
        for records in (Action, Action.sudo()):
            action = records.with_context(
                default_moved_from_id=other.id,
                default_account_id=self.company.partner_id.id,
                default_approved_by_id=self.boss.id,
                default_answer="accepted",
                default_email_normalized="somebody@example.com",
            ).create(self._entered())
            self.assertFalse(action.moved_from_id)
            self.assertFalse(action.approved_by_id)
            self.assertEqual(action.answer, "none")
            self.assertEqual(action.account_id, self.partner)
            self.assertNotEqual(action.email_normalized, "somebody@example.com")

    def test_starting_over_forgets_what_was_decided_and_nothing_else(self):
        action = self._plan(amount=40)
        action.action_submit()
        action.with_user(self.leader).action_propose_again()
        self.assertFalse(action.approved_by_id or action.approved_at)
        self.assertEqual(action.approved_amount, 0)
        self.assertFalse(action.verdict or action.budget_team_id)
        self.assertEqual(action.account_id, self.partner)
        self.assertEqual(action.kind, "goodwill")
