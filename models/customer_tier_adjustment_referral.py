from odoo import api, fields, models


class CustomerTierAdjustment(models.Model):
    """Adjustments that reward a referral, or take such a reward back."""

    _inherit = "customer.tier.adjustment"

    referral_id = fields.Many2one(
        "customer.referral",
        readonly=True,
        copy=False,
        index="btree_not_null",
        # A referral goes with the customer; what was given to the other side stays.
        ondelete="set null",
    )

    @api.model
    def _prepare_decision(self, vals):
        """Only the job says that a referral is behind it: those have no limit."""
        vals = super()._prepare_decision(vals)
        return vals if self.env.su else {**vals, "referral_id": False}
