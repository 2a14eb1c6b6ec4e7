from odoo import models


class CustomerComplaint(models.Model):
    """The plan of a complaint goes where its conversation goes."""

    _inherit = "customer.complaint"

    def _merge_one(self, target):
        """Have what is still to be done for the customer done there."""
        # sudo: customer.recovery.action - both complaints may be written
        left = self.sudo().action_ids.filtered(
            lambda action: action.state in ("proposed", "waiting", "approved")
        )
        left._decide({"complaint_id": target.id})
        return super()._merge_one(target)
