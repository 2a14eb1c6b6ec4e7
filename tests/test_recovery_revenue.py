"""Recovery and revenue, in both settings: money given back is no revenue, and no
document of recovery is a purchase.
"""

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .recovery_common import RecoveryCommon


class RecoveryRevenueTests:
    """What both settings have in common; 100 were ordered and invoiced."""

    SOURCE = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.retention_purchase_source = cls.SOURCE
        cls.accountant = cls._accountant(
            "revenue_accountant", "customer_retention.group_complaint_user"
        )
        cls.order = cls._order(cls.partner, "2025-05-01", 100.0)
        cls.invoice = cls._invoice_of(cls.order, "2025-05-02")
        cls.complaint = cls._complain(order_id=cls.order.id, user_id=cls.handler.id)

    def _give_back(self, kind, **values):
        """Carry out an action as somebody who posts its credit note."""
        action = self._approved(kind, **values)
        with freeze_time("2025-06-15 10:00:00"):
            action.with_user(self.accountant).action_carry_out()
        self.assertEqual(action.credit_move_id.state, "posted")
        return action

    def _assert_revenue(self, amount):
        self._work_queue()
        row = self._relationship(self.partner)
        self.assertEqual((row.purchase_count, row.revenue_total), (1, amount))

    def test_a_part_of_the_price_lowers_the_revenue(self):
        self._assert_revenue(100.0)
        self._give_back("refund", amount=20)
        self._assert_revenue(80.0)

    def test_a_whole_refund_leaves_a_purchase_without_revenue(self):
        self._give_back("refund")
        self._assert_revenue(0.0)

    def test_a_draft_is_not_given_back_yet(self):
        action = self._approved("refund", amount=20)
        action.with_user(self.handler).action_carry_out()
        self.assertEqual(action.credit_move_id.state, "draft")
        self._assert_revenue(100.0)

    def test_goodwill_lowers_the_revenue(self):
        self._give_back("goodwill", amount=15)
        self._assert_revenue(85.0)

    def test_refund_and_goodwill_add_up(self):
        self._give_back("refund", amount=20)
        self._give_back("goodwill", amount=15)
        self._assert_revenue(65.0)

    def test_taxes_are_no_revenue(self):
        _tax, taxes = self._taxed_product(25)
        self.order.order_line.copy(
            {"order_id": self.order.id, "price_unit": 100.0, "tax_ids": [taxes]}
        )
        invoice = self._invoice_of(self.order, "2025-05-03")
        self.assertEqual(invoice.amount_total, 125.0)
        self._assert_revenue_of(200.0)
        self._give_back("refund", invoice_id=invoice.id, amount=25)
        self._assert_revenue_of(180.0)

    def _assert_revenue_of(self, amount):
        """Only the revenue: with invoices, the second one is a second purchase."""
        self._work_queue()
        self.assertEqual(self._relationship(self.partner).revenue_total, amount)

    def test_what_is_taken_back_is_revenue_again_and_no_purchase(self):
        for kind in ("refund", "goodwill"):
            action = self._give_back(kind, amount=20)
            self._assert_revenue(80.0)
            with freeze_time("2025-06-16 10:00:00"):
                action.with_user(self.accountant)._reverse("It was found")
            self.assertEqual(action.reversal_move_id.state, "posted")
            self._assert_revenue(100.0)

    def _priced_replacement(self):
        """An order in place of bad goods that somebody put a price on, delivered."""
        action = self._approved("replacement", product_id=self.product.id, quantity=1)
        action.with_user(self.handler).action_accepted()
        action.with_user(self.handler).action_carry_out()
        action.order_id.order_line.price_unit = 5.0
        with freeze_time("2025-06-15 10:00:00"):
            action.order_id.action_confirm()
        return action.order_id

    def test_a_replacement_somebody_put_a_price_on_is_no_purchase(self):
        self._priced_replacement()
        self._work_queue()
        self.assertEqual(self._relationship(self.partner).purchase_count, 1)


@tagged("post_install", "-at_install")
class TestRecoveryRevenueOfOrders(RecoveryRevenueTests, RecoveryCommon):
    SOURCE = "order"

    def test_an_invoice_without_order_was_no_revenue_and_takes_none_off(self):
        invoice = self._invoice(self.partner, "2025-05-05", 50.0)
        self._give_back("refund", invoice_id=invoice.id, amount=20)
        self._assert_revenue(100.0)

    def test_of_an_invoice_only_what_was_ordered_takes_something_off(self):
        order = self._order(self.partner, "2025-05-04", 60.0)
        invoice = order._create_invoices()
        invoice.write(
            {
                "invoice_date": "2025-05-05",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 40.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        self._give_back("refund", invoice_id=invoice.id, amount=50)
        self._assert_revenue_of(130.0)


@tagged("post_install", "-at_install")
class TestRecoveryRevenueOfInvoices(RecoveryRevenueTests, RecoveryCommon):
    SOURCE = "invoice"

    def test_the_invoice_of_a_priced_replacement_is_no_purchase(self):
        self._invoice_of(self._priced_replacement(), "2025-06-16")
        self._assert_revenue(105.0)

    def test_with_other_goods_on_it_such_an_invoice_is_one(self):
        bought = self._order(self.partner, "2025-06-10", 60.0)
        orders = self._priced_replacement() | bought
        invoice = orders._create_invoices()
        self.assertEqual(len(invoice), 1)
        invoice.invoice_date = "2025-06-16"
        invoice.action_post()
        self._work_queue()
        row = self._relationship(self.partner)
        self.assertEqual((row.purchase_count, row.revenue_total), (2, 165.0))
