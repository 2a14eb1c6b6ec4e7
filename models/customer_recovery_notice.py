from odoo import api, models


class CustomerComplaint(models.Model):
    """What puts a complaint right is no failure of its own."""

    _inherit = "customer.complaint"

    @api.model
    def _is_worth_noticing(self, vals):
        """Leave out the credit notes that recover complaints."""
        if vals.get("res_model") == "account.move":
            # sudo: customer.recovery.action - whoever posts may not read complaints
            actions = self.env["customer.recovery.action"].sudo()
            if actions.search_count([("credit_move_id", "=", vals["res_id"])], limit=1):
                return False
        return super()._is_worth_noticing(vals)
