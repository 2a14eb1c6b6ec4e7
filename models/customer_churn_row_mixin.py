from odoo import models


class CustomerChurnRowMixin(models.AbstractModel):
    """A row about a customer that opens the relationship with it."""

    _name = "customer.churn.row.mixin"
    _inherit = "customer.account.mixin"
    _description = "Row about a Customer"

    def action_open_relationship(self):
        """Open the relationship with the customer, or else its contact; nothing where
        there is no customer.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.partner_id:
            return False
        record = self._relationships().get(self._account_key(), self.partner_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
