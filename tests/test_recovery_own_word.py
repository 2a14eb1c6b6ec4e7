from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .recovery_common import RecoveryCommon


@tagged("post_install", "-at_install")
class TestRecoveryOwnWord(RecoveryCommon):
    """Nobody's own word, and nobody's own move, raises the own limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Limit.create(
            {
                "level": "handler",
                "severity": "critical",
                "per_action": 900,
                "currency_id": cls.currency.id,
            }
        )
        cls.small = cls.env["customer.complaint.team"].create(
            {
                "name": "Small Team",
                "company_id": cls.company.id,
                "assignment": "manual",
                "manager_id": cls.handler.id,
                "member_ids": [Command.set(cls.handler.ids)],
                "sequence": 1000,
            }
        )
        cls.team.sequence = -1000
        cls.company.complaint_repeat_days = 0
        cls.safety = cls.env["customer.complaint.category"].create(
            {"name": "Hurt", "is_safety": True}
        )

    def _submitted(self, amount, user=None, complaint=None):
        action = self._plan(amount=amount, user=user, complaint=complaint)
        action.action_submit()
        return action

    # === HOW SERIOUS IT IS === #

    def test_what_the_handler_recorded_raises_no_own_limit(self):
        for values in (
            {"is_safety": True},
            {"amount_disputed": 99999},
            {"category_id": self.safety.id},
        ):
            with self.subTest(values=values):
                complaint = self._complain(user_id=self.handler.id)
                complaint.with_user(self.handler).write(values)
                self.assertEqual(complaint.severity, "critical")
                action = self._submitted(500, complaint=complaint)
                self.assertEqual(action.state, "waiting")
                self.assertIn("yourself", action.authority_text)
                text = complaint.with_user(self.handler).authority_text
                self.assertIn("yourself", text)

    def test_what_the_handler_recorded_at_first_raises_no_own_limit(self):
        complaint = self.Complaint.with_user(self.handler).create(
            {"subject": "New", "partner_id": self.partner.id, "is_safety": True}
        )
        self.assertEqual(complaint.severity, "critical")
        self.assertEqual(self._submitted(500, complaint=complaint).state, "waiting")

    def test_what_somebody_else_recorded_counts(self):
        for user in (self.second, self.boss):
            complaint = self._complain(user_id=self.handler.id)
            complaint.with_user(user).is_safety = True
            action = self._submitted(500, complaint=complaint)
            self.assertEqual(action.state, "approved")
            self.assertNotIn("yourself", action.authority_text)

    def test_taking_it_back_and_again_is_still_the_own_word(self):
        complaint = self._complain(user_id=self.handler.id)
        own = complaint.with_user(self.handler)
        for value in (True, False, True):
            own.is_safety = value
        self.assertEqual(self._submitted(500, complaint=complaint).state, "waiting")

    def test_a_colleague_who_touches_it_vouches_for_nothing(self):
        complaint = self._complain(user_id=self.handler.id)
        complaint.with_user(self.handler).is_safety = True
        complaint.with_user(self.second).write({"amount_disputed": 3})
        self.assertEqual(self._submitted(500, complaint=complaint).state, "waiting")

    # === WHOSE TEAM IT IS === #

    def test_moving_it_to_the_own_team_makes_nobody_its_manager(self):
        self.complaint.with_user(self.handler).team_id = self.small
        action = self._submitted(200)
        self.assertEqual(action.state, "waiting")
        self.assertIn(self.team.name, action.authority_text)
        self.complaint.with_user(self.handler).team_id = self.team
        self.complaint.with_user(self.handler).team_id = self.small
        action.action_propose_again()
        action.action_submit()
        self.assertEqual(action.state, "waiting")

    def test_recording_it_in_the_own_team_makes_nobody_its_manager(self):
        complaint = self.Complaint.with_user(self.handler).create(
            {
                "subject": "New",
                "partner_id": self.partner.id,
                "team_id": self.small.id,
            }
        )
        self.assertEqual(self._submitted(200, complaint=complaint).state, "waiting")

    def test_the_manager_of_the_team_it_came_to_decides(self):
        self.complaint.with_user(self.second).team_id = self.small
        self.assertEqual(self._submitted(200).state, "approved")
        action = self._submitted(150, user=self.leader, complaint=self._complain())
        self.assertEqual(action.state, "approved")

    def test_a_budget_is_not_left_by_moving_the_complaint(self):
        self.team.recovery_budget = 60
        self._submitted(50)
        for team in (self.env["customer.complaint.team"], self.small):
            with self.subTest(team=team.name):
                complaint = self._complain(
                    partner_id=self._create_partner("Another").id,
                    user_id=self.handler.id,
                )
                complaint.with_user(self.handler).team_id = team
                action = self._submitted(50, complaint=complaint)
                self.assertEqual(action.state, "waiting")
        self.assertEqual(self.team.recovery_spent, 50)

    def test_what_is_given_outside_the_team_costs_the_team(self):
        self.team.recovery_budget = 60
        self.complaint.with_user(self.handler).team_id = False
        action = self._submitted(50)
        self.assertEqual((action.state, action.budget_team_id), ("approved", self.team))
        self.assertEqual(self.team.recovery_spent, 50)

    def test_a_part_stays_with_the_team_of_the_whole(self):
        self.complaint.with_user(self.handler).team_id = self.small
        dialog = self.env["customer.complaint.split"].with_user(self.handler)
        dialog = dialog.create({"complaint_id": self.complaint.id, "subject": "Part"})
        part = self.Complaint.browse(dialog.action_split()["res_id"])
        self.assertEqual(self._submitted(200, complaint=part).state, "waiting")

    # === WHO GETS IT === #

    def _called(self, complaint):
        """What was promised by a call, and kept if nobody had to be asked."""
        action = self._plan("call", amount=0, cost=50, complaint=complaint)
        action.action_submit()
        if action.state == "approved":
            action.action_carry_out()
        return action

    def test_what_an_unknown_customer_got_counts_by_address_and_later_by_name(self):
        values = {"partner_id": False, "user_id": self.handler.id}
        actions = self.Action
        for _complaint in range(5):
            complaint = self._complain(**values, email_from="Who <who@example.com>")
            actions |= self._called(complaint)
        self.assertEqual(actions.mapped("state"), ["done"] * 4 + ["waiting"])
        stranger = self._complain(**values, email_from="else@example.com")
        self.assertEqual(self._called(stranger).state, "done")
        actions.complaint_id.write({"partner_id": self.partner.id})
        self.assertEqual(actions.account_id, self.partner)
        self.assertEqual(self._called(self._complain()).state, "waiting")

    def test_what_was_approved_for_an_unknown_customer_is_judged_anew(self):
        complaint = self._complain(partner_id=False, user_id=self.handler.id)
        action = self._submitted(50, complaint=complaint)
        self.assertEqual(action.state, "approved")
        complaint.partner_id = self.partner
        with self.assertRaises(UserError):
            action.action_carry_out()
        action.action_propose_again()
        self.assertEqual(action.account_id, self.partner)
        action.action_submit()
        action.action_carry_out()

    def test_another_address_afterwards_makes_no_room(self):
        values = {"partner_id": False, "user_id": self.handler.id}
        for _complaint in range(4):
            complaint = self._complain(**values, email_from="who@example.com")
            self._submitted(50, complaint=complaint)
            complaint.with_user(self.handler).email_from = "new@example.com"
        complaint = self._complain(**values, email_from="who@example.com")
        self.assertEqual(self._submitted(50, complaint=complaint).state, "waiting")

    # === WHO SETS LIMITS === #

    def test_nobody_lets_others_give_more_than_the_own_limit(self):
        rows = self.Limit.with_user(self.boss).search([])
        dear = self._dear_currency()
        for level in ("automatic", "handler", "team_manager"):
            row = rows.filtered(lambda row, level=level: row.level == level)[:1]
            for values in (
                {"per_action": 1001},
                {"per_action": 0},
                {"per_complaint": 2001},
                {"per_customer_year": 0},
                {"currency_id": dear.id},
            ):
                with self.subTest(level=level, values=values):
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        row.write(values)
            row.write({"per_action": 40})
            row.with_user(self.admin).write({"per_action": 0})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            rows.create({"level": "automatic", "severity": "low"})
        rows.create({"level": "automatic", "severity": "low", "may_decide": False})

    def _dear_currency(self):
        """A currency of which one is worth a thousand."""
        currency = self.env["res.currency"].create({"name": "DER", "symbol": "D"})
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 0.001,
            }
        )
        return currency
