from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """Files of internal notes are as internal as the notes.

    Odoo lets whoever reads a document read all its files; customers read their own
    complaints.
    """

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or self.env.user._is_internal():
            return result
        hidden = self._hidden_of_complaints()
        if not hidden:
            return result
        forbidden = hidden | result[0] if result else hidden
        return forbidden, lambda: AccessError(
            self.env._("You do not have access to this file.")
        )

    def _hidden_of_complaints(self):
        """Return those of these that belong to no message a customer may read."""
        # sudo: ir.attachment, customer.complaint - to know what has to be hidden
        files = self.sudo().filtered(
            lambda one: one.res_model == "customer.complaint" and not one.public
        )
        if not files:
            return self.browse()
        complaints = (
            self.env["customer.complaint"].sudo().browse(files.mapped("res_id"))
        )
        shown = complaints._customer_messages().attachment_ids
        return self.browse((files - shown).ids)
