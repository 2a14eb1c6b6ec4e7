from odoo import models

# What decides whose purchase an invoice is, when, and whether it counts.
RELATIONSHIP_FIELDS = frozenset(
    {
        "state",
        "partner_id",
        "commercial_partner_id",
        "company_id",
        "currency_id",
        "date",
        "invoice_date",
        "move_type",
        "invoice_line_ids",
        "line_ids",
        "reversed_entry_id",
    }
)


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        """Look at customers whose invoices are or were posted.

        Posting, resetting to draft, cancelling and reversing all end in a write
        of the state. What only reconciling changes, whether an invoice counts as
        reversed once it was billed anew, is found by the weekly reconciliation:
        payments are reconciled all day long, and nearly never matter here.
        """
        if RELATIONSHIP_FIELDS.isdisjoint(vals):
            return super().write(vals)
        changes_hands = "partner_id" in vals
        self._enqueue_relationships(changes_hands)
        result = super().write(vals)
        self._enqueue_relationships(changes_hands)
        if "state" in vals:
            self._sync_recovery()
        return result

    def unlink(self):
        """Look again at customers who lose a posted document and its conversation."""
        self._enqueue_relationships(changes_hands=True)
        return super().unlink()

    def _enqueue_relationships(self, changes_hands=False):
        """Have the customers of posted customer documents evaluated afterwards.

        :param changes_hands: a conversation, also of a draft, goes along
        """
        queue = self.env["customer.relationship.queue"]
        # sudo: account.move - whose document it is matters, not who may read it
        moves = self.sudo()
        posted = moves.filtered(
            lambda move: move.state == "posted" and move.is_sale_document(True)
        )
        # A credit note takes off what the line of an order tells; the order stays.
        queue._enqueue(posted.partner_id.ids, "document", ())
        if changes_hands:
            queue._enqueue(moves.partner_id.ids, "contact")

    def _sync_recovery(self):
        """Let refunds after complaints follow their credit notes."""
        credits = self.filtered(lambda move: move.move_type == "out_refund")
        if credits:
            # sudo: customer.recovery.action - whoever posts carries it out
            self.env["customer.recovery.action"].sudo().search(
                [("credit_move_id", "in", credits.ids)]
            )._sync_documents()
