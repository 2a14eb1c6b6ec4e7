from odoo import api, fields, models


class CustomerComplaintPolicyLine(models.AbstractModel):
    """A line of a policy: whatever changes in it is another version of the policy."""

    _name = "customer.complaint.policy.line"
    _description = "Line of a Complaint Policy"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "customer.complaint.policy", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.policy_id._lines_changed()
        return lines

    def write(self, vals):
        policies = self.policy_id
        result = super().write(vals)
        (policies | self.policy_id)._lines_changed()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies.exists()._lines_changed()
        return result

    def _definition(self):
        """Return what is versioned of it, as JSON."""
        raise NotImplementedError
