from odoo import fields, models


class CustomerComplaintWait(models.TransientModel):
    """What we need from the customer before we can go on."""

    _name = "customer.complaint.wait"
    _description = "Wait for the Customer"
    _inherit = ["customer.complaint.dialog"]

    reason = fields.Char(
        string="What For",
        required=True,
        help="Whoever looks at the complaint later sees what is missing. The customer "
        "is not told by this: ask for it in a message.",
    )

    def action_wait(self):
        """Let the clocks that may pause stand still until the customer answers."""
        self.ensure_one()
        self.complaint_ids.action_wait_for_customer(self.reason)
        return {"type": "ir.actions.act_window_close"}
