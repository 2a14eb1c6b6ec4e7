from odoo import fields, models

OPEN = ("proposed", "waiting", "approved")


class CustomerRecoveryAction(models.Model):
    """From which complaint an action came by a merger."""

    _inherit = "customer.recovery.action"

    moved_from_id = fields.Many2one(
        "customer.complaint",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )


class CustomerComplaint(models.Model):
    """The plan of a complaint goes where its conversation goes, and comes back."""

    _inherit = "customer.complaint"

    def _merge_one(self, target):
        """Have what is still to be done for the customer done there."""
        # sudo: customer.recovery.action - both complaints may be written
        left = self.sudo().action_ids.filtered(lambda action: action.state in OPEN)
        left._decide({"complaint_id": target.id, "moved_from_id": self.id})
        return super()._merge_one(target)

    def _unmerge(self, merge):
        """Give back what is still to be done; what was done stays where it was."""
        result = super()._unmerge(merge)
        source = merge.source_id
        # sudo: customer.recovery.action - both complaints may be written
        moved = self.sudo().action_ids.filtered(
            lambda action: action.moved_from_id == source and action.state in OPEN
        )
        moved._decide({"complaint_id": source.id, "moved_from_id": False})
        return result
