from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .recovery_common import RecoveryCommon

PREFIX = "customer_retention.customer_recovery_action_view_"


@tagged("post_install", "-at_install")
class TestRecoveryPlan(RecoveryCommon):
    """The plan on the complaint: cost, guide, warnings, second failures."""

    def test_cost_counts_what_is_approved_or_done(self):
        self._plan(amount=10).action_submit()
        self._plan(amount=1000)
        self.assertEqual(self.complaint.recovery_cost, 10)
        self.assertEqual(self.complaint.recovery_given, 10)
        self.assertEqual(self.complaint.recovery_open_count, 2)

    def test_readers_of_a_plan_are_offered_nothing_that_they_may_not_do(self):
        action = self._plan("goodwill", amount=10)
        action.action_submit()
        self.assertTrue(action.with_user(self.handler).may_change)
        reader = action.with_user(self.seller)
        self.assertFalse(reader.may_change)
        with self.assertRaises(AccessError):
            reader.action_carry_out()
        for_writers = {"action_accepted", "action_cancel", "action_carry_out"}
        for view in ("form", "list_plan"):
            arch = self.env.ref(f"{PREFIX}{view}").arch
            for button in etree.fromstring(arch).iter("button"):
                if button.get("name") in for_writers:
                    self.assertIn("not may_change", button.get("invisible"))

    def test_buttons_of_the_plan_are_there_when_there_is_something_to_do(self):
        def to_do():
            return (
                self.complaint.recovery_proposed_count,
                self.complaint.recovery_ready_count,
            )

        self.assertEqual(to_do(), (0, 0))
        action = self._plan("apology")
        self.assertEqual(to_do(), (1, 0))
        action.action_submit()
        self.assertEqual(to_do(), (0, 1))
        action.action_carry_out()
        self.assertEqual(to_do(), (0, 0))
        self._plan(amount=500).action_submit()
        self.assertEqual(to_do(), (0, 0), "somebody else was asked")
        declined = self._approved("goodwill", amount=5)
        self.assertEqual(to_do(), (0, 1))
        declined._record_answer("declined")
        self.assertEqual(to_do(), (0, 0))

    def test_the_month_of_a_budget_is_that_of_its_company(self):
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        self.team.recovery_budget = 60
        with freeze_time("2025-05-31 16:00:00"):
            self._plan(amount=20).action_submit()
        with freeze_time("2025-05-31 18:00:00"):
            self._plan(amount=30, complaint=self._complain()).action_submit()
            self.team.invalidate_recordset()
            self.assertEqual(self.team.recovery_spent, 30, "in Vietnam it is June")

    def test_what_is_planned_stays_in_its_company_and_currency(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.handler.company_ids |= other
        complaint = self._complain(team_id=False)
        own = complaint.with_user(self.handler).with_context(
            allowed_company_ids=(self.company | other).ids
        )
        action = self._plan(amount=50, complaint=complaint)
        action.action_submit()
        for record in (own, complaint):
            with self.assertRaises(UserError):
                record.write({"company_id": other.id, "team_id": False})
        own.write({"company_id": self.company.id})
        self.assertEqual(action.company_id, self.company)

    def test_the_complaint_says_what_one_may_give(self):
        text = self.complaint.with_user(self.handler).authority_text
        for figure in ("50", "100", "200"):
            self.assertIn(figure, text)
        self.assertTrue(text.endswith("."), "more sentences may follow")
        self.assertNotIn("50", self.complaint.with_user(self.admin).authority_text)

    def test_the_guide_goes_by_the_table_then_by_history(self):
        self.env["customer.recovery.guide"].search([]).unlink()
        category = self.env["customer.complaint.category"].create({"name": "Late"})
        self.env["customer.recovery.guide"].create(
            {
                "category_id": category.id,
                "type_id": self.types["discount"].id,
                "percent_low": 10,
                "percent_high": 20,
            }
        )
        values = {"category_id": category.id, "amount_disputed": 100}
        complaint = self._complain(**values)
        self.assertIn("10", complaint.remedy_advice)
        self.assertFalse(complaint.remedy_warning)
        self._plan("goodwill", complaint=complaint, amount=40)
        complaint.invalidate_recordset()
        self.assertIn("more", complaint.remedy_warning)
        self.company.recovery_guide_minimum = 3
        for _case in range(3):
            past = self._complain(**values, partner_id=self._create_partner("P").id)
            self._plan("goodwill", complaint=past, amount=40).action_submit()
        complaint.invalidate_recordset()
        self.assertIn("3", complaint.remedy_advice)
        self.assertIn(self.types["goodwill"].name, complaint.remedy_advice)
        self.assertFalse(complaint.remedy_warning)

    def test_the_usual_remedy_becomes_a_proposal(self):
        self.env["customer.recovery.guide"].search([]).unlink()
        self.env["customer.recovery.guide"].create(
            {
                "type_id": self.types["goodwill"].id,
                "amount_low": 10,
                "amount_high": 20,
            }
        )
        self.complaint.with_user(self.handler).action_plan_usual()
        self.assertRecordValues(
            self.complaint.action_ids,
            [{"kind": "goodwill", "amount": 15, "state": "proposed"}],
        )

    def test_closing_warns_of_wishes_without_an_action_and_of_open_ones(self):
        remedy = self.env["customer.complaint.remedy"].create({"name": "Flowers"})
        self.complaint.remedy_sought_ids = remedy
        text = "\n".join(self.complaint._closing_warnings()[self.complaint])
        self.assertIn("Flowers", text)
        self.types["apology"].remedy_ids = remedy
        action = self._plan("apology")
        text = "\n".join(self.complaint._closing_warnings()[self.complaint])
        self.assertNotIn("Flowers", text)
        self.assertIn(self.types["apology"].name, text)
        action.action_submit()
        action.action_carry_out()
        text = "\n".join(self.complaint._closing_warnings()[self.complaint])
        self.assertNotIn(self.types["apology"].name, text)

    def test_nothing_is_planned_for_a_complaint_that_was_merged(self):
        other = self._complain()
        other.merged_into_id = self.complaint
        with self.assertRaises(UserError):
            self._plan("apology", complaint=other)

    def test_the_same_again_goes_to_the_manager_of_the_team(self):
        self.complaint.product_id = self.product
        again = self._complain(product_id=self.product.id, user_id=self.handler.id)
        self.assertEqual(again.deviation, "product")
        self.assertEqual(again.deviation_of_id, self.complaint)
        self.assertEqual(again.user_id, self.leader)
        self.assertEqual(
            again.deviation_text,
            f"The same product again, after {self.complaint.name}.",
        )

    def test_something_else_or_long_ago_is_no_second_failure(self):
        self.complaint.product_id = self.product
        other = self._complain(product_id=self.product.copy().id)
        self.assertFalse(other.deviation)
        self.complaint.received_at = "2020-01-01"
        again = self._complain(product_id=self.product.id)
        self.assertFalse(again.deviation)
        stranger = self._complain(
            product_id=self.product.id, partner_id=self._create_partner("X").id
        )
        self.assertFalse(stranger.deviation)

    def test_a_recovery_that_failed_is_a_second_failure(self):
        severity = self.complaint.severity
        action = self._plan(amount=10)
        action.action_submit()
        action._set_failed("It was lost")
        self.assertEqual(self.complaint.deviation, "recovery_failed")
        self.assertNotEqual(self.complaint.severity, severity)
        self.assertEqual(self.complaint.user_id, self.leader)
        self.assertEqual(self.complaint.recovery_cost, 0)

    def test_the_manager_it_is_about_does_not_become_the_owner(self):
        self.complaint.concerned_user_ids = self.leader
        action = self._plan(amount=10)
        action.action_submit()
        action._set_failed("It was lost")
        self.assertEqual(self.complaint.user_id, self.handler)

    def test_signs_name_others_at_the_same_address(self):
        self.partner.write({"street": "Main Street 1", "zip": "1000"})
        twin = self._create_partner("Twin", street="main street 1", zip="1000")
        self.assertFalse(self.complaint.abuse_text)
        other = self._complain(partner_id=twin.id)
        self._plan(amount=10, complaint=other).action_submit()
        self.complaint.invalidate_recordset()
        # the company is judged as of a day of its own
        self.company.retention_evaluation_date = False
        self.assertIn("Twin", self.complaint.with_user(self.handler).abuse_text)

    def test_compensation_against_revenue_is_a_sign(self):
        self.company.retention_evaluation_date = False
        for _complaint in range(2):
            self._plan(amount=40, complaint=self._complain()).action_submit()
        self.complaint.invalidate_recordset()
        self.assertIn("80", self.complaint.with_user(self.handler).abuse_text)
        self.company.complaint_abuse_refunds = 3
        self.complaint.invalidate_recordset()
        self.assertNotIn("80", self.complaint.with_user(self.handler).abuse_text)

    def test_others_read_no_signs_and_no_plan(self):
        with self.assertRaises(UserError):
            self.complaint.with_user(self.seller).read(["abuse_text"])
        self._plan(amount=10)
        visible = self.Action.with_user(self.portal)
        with self.assertRaises(UserError):
            visible.search([])

    def test_a_trust_has_an_author_and_an_end(self):
        trust = self.env["customer.recovery.trust"].with_user(self.boss)
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.partner.id
        )
        made = trust.create(
            {"partner_id": contact.id, "reason": "Known", "user_id": self.admin.id}
        )
        self.assertEqual(made.partner_id, self.partner)
        self.assertEqual(made.user_id, self.boss)
        self.assertTrue(made.date_until)
        with self.assertRaises(UserError):
            trust.with_user(self.handler).create(
                {"partner_id": contact.id, "reason": "Mine"}
            )

    def test_the_plan_follows_a_merged_complaint_what_was_done_stays(self):
        target = self._complain()
        done = self._plan("call")
        done.action_submit()
        done.action_carry_out()
        open_one = self._plan(amount=40)
        open_one.action_submit()
        self.complaint._merge_into(target)
        self.assertEqual(open_one.complaint_id, target)
        self.assertEqual(done.complaint_id, self.complaint)
        action = self._plan(amount=50, complaint=target)
        action.action_submit()
        self.assertEqual(action.state, "approved")
        action = self._plan(amount=11, complaint=target)
        action.action_submit()
        self.assertEqual(action.state, "waiting", "both count as one complaint")

    def test_the_plan_comes_back_when_a_merger_is_undone(self):
        target = self._complain()
        theirs = self._plan(amount=5, complaint=target)
        moved = self._plan(amount=40)
        self.complaint._merge_into(target)
        self.assertEqual(target.action_ids, theirs | moved)
        self.complaint.action_undo_merge()
        self.assertEqual(self.complaint.action_ids, moved)
        self.assertEqual(target.action_ids, theirs)

    def test_our_own_credit_note_is_no_new_failure(self):
        action = self._plan(amount=20)
        action.action_submit()
        action.action_carry_out()
        credit = action.sudo().credit_move_id
        self.assertFalse(
            self.Complaint._is_worth_noticing(
                {
                    "res_model": "account.move",
                    "res_id": credit.id,
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "reason": "credit_note",
                }
            )
        )
