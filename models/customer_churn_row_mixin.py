from odoo import models


class CustomerChurnRowMixin(models.AbstractModel):
    """A row about a customer that opens the relationship with it."""

    _name = "customer.churn.row.mixin"
    _description = "Row about a Customer"

    def action_open_relationship(self):
        """Open the relationship with the customer; nothing where there is no name."""
        self.ensure_one()
        if not self.partner_id:
            return False
        rows = self.env["customer.relationship"].with_context(active_test=False)
        relationship = rows.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        record = relationship or self.partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
