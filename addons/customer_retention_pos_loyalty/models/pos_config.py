from odoo import models


class PosConfig(models.Model):
    """Codes that are for members of some tiers, at the till."""

    _inherit = "pos.config"

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        """Refuse a coupon of a program that is for other tiers than the customer's."""
        answer = super().use_coupon_code(code, creation_date, partner_id, pricelist_id)
        if not answer["successful"]:
            return answer
        customer = self.env["res.partner"].browse(partner_id or ())
        closed = self.env["loyalty.program"]._closed_to(customer, self.company_id)
        if answer["payload"]["program_id"] not in closed:
            return answer
        message = self.env._("This coupon is for customers of other tiers (%s).", code)
        return {"successful": False, "payload": {"error_message": message}}
