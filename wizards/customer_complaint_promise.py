from odoo import fields, models
from odoo.exceptions import UserError


class CustomerComplaintPromise(models.TransientModel):
    """Until when the customer hears from us: a promise with a clock."""

    _name = "customer.complaint.promise"
    _description = "Promise an Update"
    _inherit = ["customer.complaint.dialog"]

    until = fields.Datetime(string="The Customer Hears from Us By", required=True)
    reason = fields.Char(string="What About")

    def action_promise(self):
        """Record the promise."""
        self.ensure_one()
        if self.until <= fields.Datetime.now():
            raise UserError(self.env._("Promise a moment that is still to come."))
        self.complaint_ids.check_access("write")
        self.complaint_ids._record_event(
            "promised", until=self.until, reason=self.reason or None
        )
        return {"type": "ir.actions.act_window_close"}
