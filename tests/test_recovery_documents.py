from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .recovery_common import RecoveryCommon


@tagged("post_install", "-at_install")
class TestRecoveryDocuments(RecoveryCommon):
    """Actions become real documents, and follow what becomes of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._accountant()
        cls.other_product = cls.product.copy({"name": "Second Thing"})
        cls.invoice = cls._invoice(
            cls.partner,
            "2025-06-01",
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": product.id,
                        "quantity": quantity,
                        "price_unit": price,
                        "tax_ids": [Command.clear()],
                    }
                )
                for product, quantity, price in (
                    (cls.product, 2, 30),
                    (cls.other_product, 1, 40),
                )
            ],
        )
        cls.complaint.move_id = cls.invoice

    def _lines(self, credit):
        return [
            (line.product_id, line.quantity, line.price_unit)
            for line in credit.invoice_line_ids.sorted("id")
        ]

    # --- refund --- #

    def test_a_refund_is_a_draft_of_the_whole_invoice_until_accounting_posts(self):
        action = self._approved("refund")
        self.assertEqual(action.amount, 100)
        action.with_user(self.handler).action_carry_out()
        credit = action.credit_move_id
        self.assertEqual((credit.state, credit.move_type), ("draft", "out_refund"))
        self.assertEqual(credit.reversed_entry_id, self.invoice)
        self.assertEqual(credit.amount_total, 100)
        self.assertEqual(action.state, "approved", "a draft is not done")
        mine = action.with_user(self.handler)
        self.assertEqual((mine.is_pending, mine.progress), (True, "Waits for posting"))
        self.assertFalse(mine.is_ready)
        with self.assertRaisesRegex(UserError, "Waits for posting"):
            self.complaint.with_user(self.handler).action_carry_out_plan()
        with self.assertRaisesRegex(UserError, "Waits for posting"):
            mine.action_carry_out()
        credit.with_user(self.accountant).action_post()
        self.assertEqual(action.state, "done")
        self.assertEqual((mine.is_pending, mine.progress), (False, "Done"))
        self.assertEqual(self.complaint.recovery_cost, 100)
        self.assertTrue(action.is_settled, "set off against what was not paid yet")

    def test_two_refunds_of_one_invoice_at_once_wait_for_each_other(self):
        """Both change one row: the later one starts over and sees the first one."""
        first, second = (self._approved("refund", amount=60) for _turn in range(2))
        keys = []
        tally = self.registry["customer.recovery.tally"]
        with patch.object(tally, "_touch", lambda self, found: keys.append(found)):
            first.with_user(self.handler).action_carry_out()
        self.assertEqual(keys, [{f"invoice,{self.invoice.id}"}])
        with self.assertRaisesRegex(UserError, "at most"):
            second.with_user(self.handler).action_carry_out()

    def test_some_lines_are_refunded(self):
        chosen = self.invoice.invoice_line_ids.filtered(
            lambda line: line.product_id == self.other_product
        )
        both = self._create_user(
            "recovery_sales",
            "sales_team.group_sale_salesman_all_leads,"
            "customer_retention.group_complaint_manager",
        )
        action = self._approved(
            "refund", user=both, invoice_line_ids=[Command.set(chosen.ids)]
        )
        self.assertEqual(action.amount, 40)
        action.with_user(self.handler).action_carry_out()
        self.assertEqual(
            self._lines(action.credit_move_id), [(self.other_product, 1, 40)]
        )

    def test_a_part_of_the_amount_is_exact_with_taxes(self):
        _tax, taxes = self._taxed_product(19)
        invoice = self._invoice(
            self.partner,
            "2025-06-02",
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.product.id,
                        "quantity": 3,
                        "price_unit": price,
                        "tax_ids": [taxes],
                    }
                )
                for price in (33.33, 11.11)
            ],
        )
        for amount in (20, 33.33, 0.07, 71.01):
            action = self._approved("refund", invoice_id=invoice.id, amount=amount)
            action.with_user(self.handler).action_carry_out()
            total = action.credit_move_id.amount_total
            self.assertLessEqual(total, amount)
            self.assertAlmostEqual(total, amount, delta=0.011)

    def test_a_part_of_the_price_is_not_invoiced_again(self):
        order = self._order(self.partner, "2025-05-01", amount=80)
        invoice = self._invoice_of(order, "2025-05-02")
        complaint = self._complain(order_id=order.id)
        action = self._approved("refund", complaint=complaint, amount=20)
        self.assertEqual(action.invoice_id, invoice)
        action.with_user(self.handler).action_carry_out()
        action.credit_move_id.with_user(self.accountant).action_post()
        self.assertEqual(order.invoice_status, "invoiced")

    def test_no_more_than_what_was_invoiced_and_not_yet_refunded(self):
        with self.assertRaises(UserError):
            self._plan("refund", amount=101).action_submit()
        first = self._approved("refund", amount=70)
        first.with_user(self.handler).action_carry_out()
        second = self._plan("refund")
        self.assertEqual(second.amount, 30)
        second.amount = 31
        with self.assertRaises(UserError):
            second.action_submit()

    def test_only_invoices_of_the_customer_that_are_posted(self):
        stranger = self._create_partner("Stranger")
        for invoice in (
            self._invoice(stranger, "2025-06-01"),
            self._invoice(self.partner, "2025-06-01", post=False),
        ):
            with self.assertRaises(UserError):
                self._plan(
                    "refund", invoice_id=invoice.id, amount=10, user=self.admin
                ).action_submit()

    def test_a_credit_note_is_not_raised_behind_the_approval(self):
        action = self._approved("refund", amount=50)
        action.with_user(self.handler).action_carry_out()
        credit = action.credit_move_id
        credit.invoice_line_ids[0].price_unit += 30
        with self.assertRaises(UserError), self.env.cr.savepoint():
            credit.with_user(self.accountant).action_post()
        self.assertEqual(credit.state, "draft")
        both = self._accountant(
            "recovery_both", "customer_retention.group_complaint_manager"
        )
        credit.with_user(both).action_post()
        self.assertEqual((action.state, action.approved_by_id), ("done", both))
        self.assertEqual(action.approved_amount, 80)

    def test_a_credit_note_that_was_lowered_costs_less(self):
        action = self._approved("refund", amount=100)
        action.with_user(self.handler).action_carry_out()
        action.credit_move_id.invoice_line_ids[0].price_unit -= 10
        action.credit_move_id.with_user(self.accountant).action_post()
        self.assertEqual((action.state, action.cost), ("done", 80))

    def test_whoever_may_post_has_it_posted(self):
        both = self._accountant(
            "recovery_both", "customer_retention.group_complaint_user"
        )
        action = self._approved("refund")
        action.with_user(both).action_carry_out()
        self.assertEqual(action.credit_move_id.state, "posted")
        self.assertEqual(action.state, "done")

    def test_a_credit_note_that_goes_away_lets_the_action_fail(self):
        action = self._approved("refund")
        action.with_user(self.handler).action_carry_out()
        action.credit_move_id.button_cancel()
        self.assertEqual(action.state, "failed")
        self.assertEqual(self.complaint.deviation, "recovery_failed")
        action.with_user(self.handler).action_propose_again()
        self.assertEqual(action.state, "proposed")

    def test_back_to_draft_is_not_done(self):
        action = self._approved("refund")
        action.with_user(self.handler).action_carry_out()
        credit = action.credit_move_id
        credit.action_post()
        credit.button_draft()
        self.assertEqual(action.state, "approved")
        self.assertFalse(action.done_at)

    def test_taking_back_a_draft_and_a_posted_one(self):
        draft = self._approved("refund", amount=10)
        draft.with_user(self.handler).action_carry_out()
        draft.with_user(self.handler)._reverse("It was found")
        self.assertEqual(
            (draft.state, draft.credit_move_id.state), ("cancelled", "cancel")
        )
        self.assertEqual(draft.reversal_reason, "It was found")
        self.assertFalse(self.complaint.deviation, "nothing failed")
        posted = self._approved("refund", amount=10)
        posted.with_user(self.handler).action_carry_out()
        posted.credit_move_id.action_post()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            posted.with_user(self.handler)._reverse("No right to post")
        both = self._accountant(
            "recovery_both", "customer_retention.group_complaint_user"
        )
        posted.with_user(both)._reverse("It was found")
        self.assertEqual(posted.state, "cancelled")
        self.assertTrue(posted.reversal_move_id)
        self.assertEqual(self.complaint.recovery_cost, 0)

    def test_nothing_is_carried_out_twice(self):
        action = self._approved("refund")
        action.with_user(self.handler).action_carry_out()
        with self.assertRaises(UserError):
            action.with_user(self.handler).action_carry_out()
        with self.assertRaises(UserError):
            action.with_user(self.handler).amount = 5

    def test_who_may_not_read_a_document_sees_which_it_is(self):
        """No button leads into an error, and no list of invoices opens."""
        action = self._approved("refund", amount=20)
        mine = action.with_user(self.handler)
        self.assertFalse(mine.may_choose_invoice)
        self.assertFalse(mine.may_open_document)
        mine.action_carry_out()
        mine.invalidate_recordset()
        self.assertFalse(mine.may_open_document)
        self.assertTrue(mine.document_name)
        theirs = action.with_user(self.accountant)
        self.assertTrue(theirs.may_open_document)
        self.assertTrue(theirs.may_choose_invoice)

    # --- goodwill --- #

    def test_goodwill_is_a_credit_note_of_its_own(self):
        action = self._plan(amount=25, name="For the trouble")
        action.action_submit()
        action.action_carry_out()
        credit = action.sudo().credit_move_id
        self.assertEqual((credit.state, credit.amount_total), ("draft", 25))
        self.assertEqual(credit.partner_id, self.partner)
        self.assertEqual(
            credit.invoice_line_ids.product_id,
            self.company._recovery_goodwill_product(),
        )
        credit.with_user(self.accountant).action_post()
        action = action.with_env(self.env)
        self.assertEqual(action.state, "done")
        self.assertFalse(action.is_settled, "posted is not paid")
        self.assertIn(action, self.Action.search([("is_settled", "=", False)]))
        (credit | self.invoice).sudo().line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertTrue(action.is_settled)
        self.assertIn(action, self.Action.search([("is_settled", "=", True)]))

    # --- replacement --- #

    def test_a_replacement_is_an_order_free_of_charge_and_no_purchase(self):
        self.product.standard_price = 60
        action = self._approved("replacement", product_id=self.product.id, quantity=2)
        self.assertEqual((action.amount, action.cost), (200, 120))
        with self.assertRaises(UserError):
            action.with_user(self.handler).action_carry_out()
        action.with_user(self.handler).action_accepted()
        action.with_user(self.handler).action_carry_out()
        order = action.order_id
        self.assertEqual((order.state, order.amount_total), ("draft", 0))
        self.assertEqual(action.state, "approved")
        order.order_line.product_uom_qty = 1
        self.assertEqual(order.amount_total, 0, "the price stays what was set")
        order.order_line.product_uom_qty = 2
        order.action_confirm()
        self.assertEqual(action.state, "done")
        self._work_queue()
        self.assertFalse(
            self.env["customer.purchase"].search([("res_id", "=", order.id)])
        )
        self.assertEqual(self._relationship(self.partner).purchase_count, 0)

    def test_a_seller_confirms_no_more_than_was_approved(self):
        action = self._approved("replacement", product_id=self.product.id)
        action.with_user(self.handler).action_accepted()
        action.with_user(self.handler).action_carry_out()
        action.order_id.user_id = self.seller
        action.order_id.order_line.product_uom_qty = 5
        with self.assertRaises(UserError), self.env.cr.savepoint():
            action.order_id.with_user(self.seller).action_confirm()
        action.order_id.order_line.product_uom_qty = 1
        action.order_id.with_user(self.seller).action_confirm()
        self.assertEqual(action.state, "done")

    def test_nobody_takes_an_order_out_of_sight_of_its_action(self):
        action = self._approved("replacement", product_id=self.product.id)
        action.with_user(self.handler).action_accepted()
        action.with_user(self.handler).action_carry_out()
        self.assertTrue(action.order_id.complaint_linked)
        action.order_id.user_id = self.seller
        mine = action.order_id.with_user(self.seller)
        with self.assertRaisesRegex(UserError, "complaint"):
            mine.write({"complaint_linked": False})
        self.assertFalse(mine.copy().complaint_linked)

    def test_a_cancelled_replacement_failed(self):
        action = self._approved("replacement", product_id=self.product.id)
        action.with_user(self.handler).action_accepted()
        action.with_user(self.handler).action_carry_out()
        action.order_id._action_cancel()
        self.assertEqual(action.state, "failed")

    def test_what_failed_starts_over_with_a_document_of_its_own(self):
        action = self._approved("replacement", product_id=self.product.id)
        action.with_user(self.handler).action_accepted()
        action.with_user(self.handler).action_carry_out()
        cancelled = action.order_id
        cancelled._action_cancel()
        again = action.with_user(self.admin)
        again.action_propose_again()
        again.action_submit()
        again.action_carry_out()
        self.assertTrue(action.order_id)
        self.assertNotEqual(action.order_id, cancelled)

    def test_a_document_of_others_is_not_opened_but_explained(self):
        action = self._approved("replacement", product_id=self.product.id)
        handler = action.with_user(self.handler)
        handler.action_accepted()
        handler.action_carry_out()
        with self.assertRaisesRegex(UserError, action.order_id.name):
            handler.action_open_document()
        self.assertEqual(action.action_open_document()["res_id"], action.order_id.id)

    # --- discount --- #

    def test_a_discount_waits_for_the_next_quotation(self):
        action = self._approved("discount", amount=30)
        action.with_user(self.handler).action_carry_out()
        self.assertEqual(action.state, "approved")
        order = self._quotation(self.partner, "2025-06-20", amount=200)
        order.user_id = self.seller
        mine = order.with_user(self.seller)
        self.assertIn("30", mine.complaint_discount_hint)
        mine.action_apply_complaint_discount()
        self.assertEqual(order.amount_total, 170)
        self.assertFalse(mine.complaint_discount_hint, "it is used once")
        with self.assertRaises(UserError):
            mine.action_apply_complaint_discount()
        order.action_confirm()
        self.assertEqual((action.state, action.cost), ("done", 30))
        order._action_cancel()
        self.assertEqual(action.state, "approved")
        again = self._quotation(self.partner, "2025-06-21", amount=20)
        again.action_apply_complaint_discount()
        self.assertEqual(again.amount_total, 0, "no more than there is to pay")

    def test_a_percentage_has_a_ceiling(self):
        action = self._approved("discount", amount=30, percent=10)
        order = self._quotation(self.partner, "2025-06-20", amount=200)
        self.assertEqual(action._discount_on(order), 20)
        order.order_line.price_unit = 900
        self.assertEqual(action._discount_on(order), 30)

    def test_a_line_that_is_removed_can_be_used_again(self):
        action = self._approved("discount", amount=30)
        order = self._quotation(self.partner, "2025-06-20", amount=200)
        order.action_apply_complaint_discount()
        action.discount_line_id.unlink()
        self.assertFalse(action.discount_line_id)
        self.assertTrue(order.complaint_discount_hint)

    def test_the_discount_of_another_customer_is_not_offered(self):
        self._approved("discount", amount=30)
        order = self._quotation(self._create_partner("Other"), "2025-06-20")
        self.assertFalse(order.complaint_discount_hint)

    # --- answer --- #

    def test_what_the_customer_does_not_want_is_not_carried_out(self):
        action = self._approved("refund")
        action.with_user(self.handler)._record_answer("other_wish", "A new one")
        self.assertEqual(action.answer_note, "A new one")
        with self.assertRaises(UserError):
            action.with_user(self.handler).action_carry_out()

    def test_acceptance_starts_and_the_last_action_ends_the_deadline(self):
        action = self._approved("refund")
        call = self._plan("call")
        (action | call).with_user(self.handler).action_accepted()
        self.assertIn("accepted", self._log(self.complaint))
        self.assertNotIn("remedied", self._log(self.complaint))
        call.action_submit()
        call.action_carry_out()
        action.with_user(self.handler).action_carry_out()
        self.assertNotIn("remedied", self._log(self.complaint))
        action.credit_move_id.action_post()
        self.assertIn("remedied", self._log(self.complaint))
