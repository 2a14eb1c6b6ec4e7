from odoo import models


class CustomerComplaintNotice(models.Model):
    _inherit = "customer.complaint.notice"

    def _prepare_values(self):
        """What a transfer tells of is about that transfer."""
        values = super()._prepare_values()
        if self.res_model == "stock.picking":
            # sudo: stock.picking - whether it went out, whoever follows the notice
            transfer = self.env[self.res_model].sudo().browse(self.res_id).exists()
            if transfer.picking_type_id.code == "outgoing":
                values["delivery_id"] = transfer.id
        return values
