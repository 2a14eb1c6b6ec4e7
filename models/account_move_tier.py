from odoo import models


class AccountMove(models.Model):
    """A fee that is paid, or is so no more, is a reason to look at the customer, and
    nothing more here.
    """

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._enqueue_fees()
        return result

    def _enqueue_fees(self):
        """Have those looked at whose invoice has the fee of a ladder."""
        # sudo: customer.tier.ladder - whoever books the payment
        ladders = self.env["customer.tier.ladder"].sudo()
        fees = ladders.search([("fee_product_id", "!=", False)]).fee_product_id
        if not fees:
            return
        paid = self.filtered(lambda move: move.invoice_line_ids.product_id & fees)
        queue = self.env["customer.relationship.queue"]
        queue._enqueue(paid.partner_id.ids, "document")


class AccountPartialReconcile(models.Model):
    """A payment that bounced leaves its invoice posted: nothing else tells of it."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        self.debit_move_id.move_id._enqueue_fees()
        return super().unlink()
