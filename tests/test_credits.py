"""Credit notes, and what is billed again after them."""

from odoo.tests import tagged

from odoo.addons.customer_retention.models.customer_account import AccountScope

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestCredits(RetentionCommon):
    def _revenue(self, partner):
        self.env["customer.relationship"]._sync_documents(AccountScope.of(partner.ids))
        purchases = self.env["customer.purchase"].search(
            [("partner_id", "=", partner.id)]
        )
        return sum(purchases.mapped("amount")), sum(purchases.mapped("is_purchase"))

    def _invoiced_order(self):
        partner = self.env["res.partner"].create({"name": "Credited Customer"})
        order = self._order(partner, "2026-01-10", 100.0)
        self.product.invoice_policy = "order"
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-01-12"
        invoice.action_post()
        return partner, order, invoice

    def _reverse(self, invoice, modify=False):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": "2026-01-20"})
        )
        action = wizard.modify_moves() if modify else wizard.refund_moves()
        moves = self.env["account.move"].search(
            [("reversed_entry_id", "=", invoice.id)]
        )
        moves.filtered(lambda move: move.state == "draft").action_post()
        if modify:
            again = self.env["account.move"].browse(action["res_id"])
            again.invoice_date = "2026-01-21"
            again.action_post()

    def test_a_credited_order_earns_nothing(self):
        partner, _order, invoice = self._invoiced_order()
        self._reverse(invoice)
        self.assertEqual(self._revenue(partner), (0.0, 1))

    def test_an_invoice_credited_and_made_anew_changes_nothing(self):
        partner, _order, invoice = self._invoiced_order()
        self._reverse(invoice, modify=True)
        self.assertEqual(self._revenue(partner), (100.0, 1))
        self.company.retention_purchase_source = "invoice"
        self.assertEqual(self._revenue(partner), (100.0, 1))

    def test_an_order_lowered_after_its_credit_is_not_lowered_twice(self):
        partner, order, invoice = self._invoiced_order()
        self._reverse(invoice)
        if order.locked:
            order.action_unlock()
        order.order_line.product_uom_qty = 0
        self.assertEqual(self._revenue(partner), (0.0, 0))
