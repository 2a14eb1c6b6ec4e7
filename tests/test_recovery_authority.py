from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .recovery_common import RecoveryCommon


@tagged("post_install", "-at_install")
class TestRecoveryAuthority(RecoveryCommon):
    """Limits hold whichever way somebody comes."""

    def test_within_the_own_limit_nobody_is_asked(self):
        action = self._plan(amount=50)
        self.assertEqual(action.authority, "within")
        self.assertIn("50", action.authority_text)
        action.action_submit()
        self.assertEqual(action.state, "approved")
        self.assertEqual(action.approved_by_id, self.handler)
        self.assertEqual(action.approved_amount, 50)
        self.assertEqual(action.budget_team_id, self.team)

    def test_beyond_it_the_next_one_up_is_asked_by_an_activity(self):
        for amount, approver in (
            (51, self.leader),
            (201, self.boss),
            (1001, self.admin),
        ):
            action = self._plan(amount=amount, complaint=self._complain())
            self.assertEqual(action.authority, "asks")
            action.action_submit()
            self.assertEqual(action.state, "waiting")
            self.assertEqual(action.approver_id, approver)
            activity = action.sudo().approval_activity_id
            self.assertEqual(activity.user_id, approver)
            self.assertEqual(activity.res_id, action.complaint_id.id)
            action.with_user(approver).action_approve()
            self.assertEqual(action.state, "approved")
            self.assertEqual(action.approved_by_id, approver)
            self.assertFalse(activity.exists())

    def test_nobody_approves_beyond_the_own_limit(self):
        action = self._plan(amount=300)
        action.action_submit()
        for user in (self.handler, self.second, self.leader, self.seller):
            with self.assertRaises(UserError):
                action.with_user(user).action_approve()
            with self.assertRaises(UserError):
                action.with_user(user).sudo().action_approve()
        self.assertEqual(action.state, "waiting")

    def test_a_salesperson_proposes_and_the_handler_decides(self):
        action = self._plan("apology", user=self.seller)
        self.assertEqual(action.authority, "asks")
        action.action_submit()
        self.assertEqual((action.state, action.approver_id), ("waiting", self.handler))
        action.with_user(self.handler).action_approve()
        self.assertEqual(action.state, "approved")

    def test_small_steps_lead_no_further(self):
        for amount in (50, 50):
            self._plan(amount=amount).action_submit()
        third = self._plan(amount=1)
        third.action_submit()
        self.assertEqual(third.state, "waiting")
        self.assertIn("100", third.with_user(self.handler).authority_text)

    def test_small_steps_in_one_go_lead_no_further(self):
        actions = self.Action.with_user(self.handler).create(
            [
                {
                    "complaint_id": self.complaint.id,
                    "type_id": self.types["goodwill"].id,
                    "amount": 40,
                }
                for _step in range(3)
            ]
        )
        actions.action_submit()
        self.assertEqual(actions.mapped("state"), ["approved", "approved", "waiting"])

    def test_many_complaints_lead_no_further(self):
        states = []
        for _complaint in range(6):
            action = self._plan(amount=40, complaint=self._complain())
            action.action_submit()
            states.append(action.state)
        self.assertEqual(states, ["approved"] * 5 + ["waiting"])

    def test_parts_of_a_complaint_count_as_one(self):
        self._plan(amount=50).action_submit()
        part = self._complain(split_from_id=self.complaint.id)
        self._plan(amount=50, complaint=part).action_submit()
        action = self._plan(amount=1, complaint=part)
        action.action_submit()
        self.assertEqual(action.state, "waiting")

    def test_the_customer_of_a_complaint_is_not_exchanged_for_a_while(self):
        other = self._create_partner("Somebody Else")
        for _complaint in range(4):
            self._plan(amount=50, complaint=self._complain()).action_submit()
        given = self.Action.search([("account_id", "=", self.partner.id)])
        given.complaint_id.partner_id = other
        self.assertEqual(given.account_id, self.partner, "the gift stays where it was")
        action = self._plan(amount=50, complaint=self._complain())
        action.action_submit()
        self.assertEqual(action.state, "waiting")
        with self.assertRaises(UserError):
            given[0].with_user(self.handler).action_carry_out()

    def test_the_budget_of_the_team_binds_its_manager_too(self):
        self.team.recovery_budget = 60
        self._plan(amount=50).action_submit()
        self.assertEqual(self.team.recovery_spent, 50)
        action = self._plan(amount=20, user=self.leader, complaint=self._complain())
        action.action_submit()
        self.assertEqual((action.state, action.approver_id), ("waiting", self.boss))
        action.with_user(self.boss).action_approve()
        self.assertEqual(action.state, "approved")

    def test_new_terms_take_an_approval_away(self):
        action = self._plan(amount=50)
        action.action_submit()
        action.amount = 51
        self.assertEqual(action.state, "proposed")
        self.assertFalse(action.approved_by_id)
        with self.assertRaises(UserError):
            action.action_carry_out()

    def test_the_cost_counts_when_it_is_larger_than_the_value(self):
        action = self._plan("call", amount=0, cost=60)
        action.action_submit()
        self.assertEqual(action.state, "waiting")

    def test_what_is_decided_is_not_entered(self):
        action = self._plan(amount=500)
        for values in (
            {"state": "approved"},
            {"state": "done"},
            {"approved_amount": 500},
            {"approved_by_id": self.boss.id},
            {"is_automatic": True},
            {"requested_by_id": self.second.id},
            {"account_id": self.env.user.partner_id.id},
        ):
            with self.assertRaises(UserError):
                action.write(values)
            with self.assertRaises(UserError):
                action.sudo().write(values)
            with self.assertRaises(UserError):
                self._plan(amount=500, **values)
        with self.assertRaises(UserError):
            action.complaint_id = self._complain()
        fresh = self.Action.with_user(self.handler).with_context(
            default_state="approved",
            default_approved_amount=500,
            customer_retention_recovery=True,
        )
        made = fresh.create(
            {
                "complaint_id": self.complaint.id,
                "type_id": self.types["goodwill"].id,
                "amount": 500,
            }
        )
        self.assertEqual((made.state, made.approved_amount), ("proposed", 0))

    def test_an_import_decides_nothing(self):
        fields = ["complaint_id/.id", "type_id/.id", "amount", "state"]
        row = [str(self.complaint.id), str(self.types["goodwill"].id), "900"]
        loaded = self.Action.with_user(self.handler).load(fields, [[*row, "Approved"]])
        self.assertFalse(loaded["ids"])
        self.assertFalse(self.complaint.action_ids)
        loaded = self.Action.with_user(self.handler).load(fields[:3], [row])
        self.assertEqual(self.Action.browse(loaded["ids"]).state, "proposed")

    def test_negative_amounts_make_no_room(self):
        for name in ("amount", "cost"):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._plan(**{"amount": 10, name: -40})
                self.env.flush_all()

    def test_what_is_no_amount_is_not_approved(self):
        for amount in (float("nan"), float("inf")):
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    self._plan(amount=amount).action_submit()
            except (ValidationError, OverflowError, psycopg2.errors.CheckViolation):
                continue
            self.fail(f"{amount} was approved")

    def test_deleting_makes_no_room(self):
        action = self._plan(amount=50)
        action.action_submit()
        with self.assertRaises(UserError):
            action.unlink()
        with self.assertRaises(UserError):
            self.complaint.sudo().unlink()
        self._plan(amount=5).unlink()

    def test_deleting_a_request_asks_nobody_any_longer(self):
        action = self._plan(amount=200)
        action.action_submit()
        self.assertEqual(action.state, "waiting")
        activity = action.sudo().approval_activity_id
        self.assertTrue(activity)
        action.unlink()
        self.assertFalse(activity.exists())

    def test_cancelling_what_was_given_makes_no_room(self):
        action = self._plan(amount=50)
        action.action_submit()
        action.action_carry_out()
        with self.assertRaises(UserError):
            action.action_cancel()
        plain = self._plan("call", cost=30)
        plain.action_submit()
        plain.action_carry_out()
        self.assertEqual(plain.state, "done")
        with self.assertRaises(UserError):
            plain._reverse("Room for more")

    def test_raising_the_severity_raises_no_own_limit(self):
        self.Limit.create(
            {
                "level": "handler",
                "severity": "critical",
                "per_action": 900,
                "currency_id": self.currency.id,
            }
        )
        action = self._plan(amount=500)
        self.complaint.with_user(self.handler).severity = "critical"
        action.action_submit()
        self.assertEqual(action.state, "waiting")
        safety = self._complain(is_safety=True)
        action = self._plan(amount=500, complaint=safety)
        action.action_submit()
        self.assertEqual(action.state, "approved", "the rules find it critical")

    def test_limits_of_another_team_are_not_borrowed(self):
        generous = self.env["customer.complaint.team"].create(
            {
                "name": "Generous",
                "company_id": self.company.id,
                "member_ids": self.second.ids,
            }
        )
        self.Limit.create(
            {"level": "handler", "team_id": generous.id, "per_action": 900}
        )
        complaint = self._complain(team_id=generous.id, user_id=self.handler.id)
        action = self._plan(amount=500, complaint=complaint)
        action.action_submit()
        self.assertEqual(action.state, "waiting")
        other = self._plan(amount=500, complaint=complaint, user=self.second)
        other.action_submit()
        self.assertEqual(other.state, "approved")

    def test_whom_it_is_about_never_approves_nor_is_asked(self):
        self.complaint.concerned_user_ids = self.leader
        action = self._plan(amount=150)
        action.action_submit()
        self.assertEqual(action.approver_id, self.boss)
        with self.assertRaises(UserError):
            action.with_user(self.leader).action_approve()
        with self.assertRaises(UserError):
            action.with_user(self.leader).sudo().action_approve()
        self.complaint.concerned_user_ids = self.admin
        with self.assertRaises(UserError):
            action.with_user(self.admin).sudo().action_approve()

    def test_beyond_every_limit_it_takes_two_administrators(self):
        self.Limit.create(
            {
                "level": "administrator",
                "per_action": 10000,
                "currency_id": self.currency.id,
            }
        )
        second = self._create_user("recovery_admin_2", "customer_retention.group_admin")
        action = self._plan(amount=20000, user=self.admin)
        action.action_submit()
        self.assertEqual(action.state, "waiting")
        self.assertNotEqual(action.approver_id, self.admin)
        with self.assertRaises(UserError):
            action.with_user(self.admin).action_approve()
        action.with_user(second).action_approve()
        self.assertEqual(action.state, "approved")

    def test_limits_are_in_the_currency_of_the_company(self):
        dollar = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T", "rounding": 0.01}
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "rate": 10.0,
                "name": "2020-01-01",
                "company_id": self.company.id,
            }
        )
        self.Limit.search([("level", "=", "handler")]).currency_id = dollar
        self._plan(amount=5).action_submit()
        action = self._plan(amount=6)
        action.action_submit()
        self.assertEqual(action.state, "waiting", "50 TST are 5 in company currency")

    def test_nobody_sets_the_own_limit(self):
        rows = self.Limit.search([])
        manager = rows.filtered(lambda row: row.level == "complaint_manager")
        handler = rows.filtered(lambda row: row.level == "handler")
        handler.with_user(self.boss).per_action = 60
        with self.assertRaises(AccessError):
            manager.with_user(self.boss).per_action = 0
        with self.assertRaises(AccessError):
            handler.with_user(self.boss).level = "complaint_manager"
        with self.assertRaises(AccessError):
            manager.with_user(self.boss).unlink()
        with self.assertRaises(AccessError):
            handler.with_user(self.handler).per_action = 0

    def test_a_level_without_limit_gives_only_what_is_free(self):
        self.Limit.search([("level", "=", "handler")]).may_decide = False
        apology = self._plan("apology")
        apology.action_submit()
        self.assertEqual(apology.state, "approved")
        action = self._plan(amount=1)
        action.action_submit()
        self.assertEqual(action.state, "waiting")

    def test_declining_says_why_and_ends_the_request(self):
        action = self._plan(amount=150)
        action.action_submit()
        with self.assertRaises(UserError):
            action.with_user(self.second)._decline("No")
        opened = action.with_user(self.leader).action_open_decline()
        wizard = (
            self.env["customer.recovery.reason.wizard"]
            .with_user(self.leader)
            .with_context(**opened["context"])
            .create({"reason": "Replace it instead"})
        )
        wizard.action_confirm()
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.decline_reason, "Replace it instead")
        self.assertFalse(action.sudo().approval_activity_id)

    def test_verbs_refuse_wrong_states(self):
        action = self._plan(amount=10)
        with self.assertRaises(UserError):
            action.action_carry_out()
        action.action_cancel()
        with self.assertRaises(UserError):
            action.action_submit()

    def test_code_that_nobody_decides_has_limits_of_its_own(self):
        automatic = self.Action.with_user(SUPERUSER_ID)
        action = automatic.create(
            {
                "complaint_id": self.complaint.id,
                "type_id": self.types["goodwill"].id,
                "amount": 21,
            }
        )
        action.action_submit()
        self.assertEqual(action.state, "waiting")
        self.assertEqual(action.approver_id, self.handler)

    def test_other_companies_do_not_count(self):
        other = self._create_company("Another Company")
        complaint = self.Complaint.with_company(other).create(
            {
                "subject": "Elsewhere",
                "partner_id": self.partner.id,
                "company_id": other.id,
            }
        )
        self._plan(amount=900, complaint=complaint, user=self.env.user).with_user(
            self.env.ref("base.user_admin")
        ).sudo().action_submit()
        action = self._plan(amount=50)
        action.action_submit()
        self.assertEqual(action.state, "approved")

    def test_every_approval_changes_the_rows_that_others_wait_for(self):
        keys = set()
        tally = self.registry["customer.recovery.tally"]
        with patch.object(tally, "_touch", lambda self, found: keys.update(found)):
            self._plan(amount=10).action_submit()
        self.assertIn(f"complaint,{self.complaint.id}", keys)
        self.assertIn(f"account,{self.partner.id},{self.company.id}", keys)

    def test_the_sentence_is_in_the_language_of_the_reader(self):
        action = self._plan(amount=51)
        self.assertIn("Team Manager", action.authority_text)
        self.assertEqual(
            self.complaint.with_user(self.handler).authority_text,
            action._own_limit_sentence(
                self.complaint.with_user(self.handler), self.Limit.sudo().search([])
            ),
        )

    def test_a_kind_stays_what_was_approved(self):
        self._plan("apology").action_submit()
        with self.assertRaises(UserError):
            self.types["apology"].kind = "goodwill"

    def test_deciding_on_a_hundred_costs_few_queries_more_than_on_one(self):
        def verdicts(count):
            complaint = self._complain()
            actions = self.Action.create(
                [
                    {
                        "complaint_id": complaint.id,
                        "type_id": self.types["call"].id,
                        "cost": 0.5,
                    }
                    for _number in range(count)
                ]
            ).with_user(self.handler)
            self.env.flush_all()
            actions.mapped("kind")
            before = self.env.cr.sql_log_count
            actions._judge(cumulative=True)
            return self.env.cr.sql_log_count - before

        verdicts(1)
        self.assertLessEqual(verdicts(100), verdicts(1) + 5)

    def test_validation_of_an_unfinished_proposal(self):
        with self.assertRaises(UserError):
            self._plan("goodwill", amount=0).action_submit()
        with self.assertRaises(UserError):
            self._plan("discount", amount=0).action_submit()
        with self.assertRaises(UserError):
            self._plan("refund").action_submit()
        with self.assertRaises(UserError):
            self._plan("replacement").action_submit()
