from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _log_merge_operation(self, src_partners, dst_partner):
        """Look again at the customer who took over the others' documents."""
        result = super()._log_merge_operation(src_partners, dst_partner)
        self.env["customer.relationship.queue"]._enqueue(dst_partner.ids, "merge")
        self.env["customer.account.group.member"]._take_over_accounts(dst_partner)
        self.env["customer.complaint"]._take_over_accounts(dst_partner)
        return result
