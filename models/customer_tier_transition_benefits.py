from odoo import api, models


class CustomerTierTransition(models.Model):
    """Has open quotations looked at after a change of tier."""

    _inherit = "customer.tier.transition"

    @api.model_create_multi
    def create(self, vals_list):
        transitions = super().create(vals_list)
        if any(transitions.mapped("is_live")):
            transitions._trigger_quotations()
        return transitions

    def _trigger_quotations(self) -> None:
        """Wake the job up where quotations are to follow: never in the transaction."""
        roots = self.env["res.company"]._retention_tier_roots()
        if "recompute" in roots.mapped("tier_open_quotation_policy"):
            # sudo: ir.cron - whoever has changed the tier
            job = self.env.ref("customer_retention.ir_cron_tier_quotations").sudo()
            job._trigger()
