from odoo import models


class CustomerRelationshipTransitionReport(models.Model):
    """From a line of the analysis to the customer it is about."""

    _inherit = "customer.relationship.transition.report"

    def action_open_relationship(self):
        """The relationship of the customer; the contact where there is none now."""
        self.ensure_one()
        relationship = (
            self.env["customer.relationship"]
            .with_context(active_test=False)
            .search(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        )
        record = relationship or self.partner_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
