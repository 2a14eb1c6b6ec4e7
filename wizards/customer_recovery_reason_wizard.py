from odoo import fields, models


class CustomerRecoveryReasonWizard(models.TransientModel):
    """Ask for a reason before something is declined, taken back or answered no."""

    _name = "customer.recovery.reason.wizard"
    _description = "Reason of a Decision on Recovery"

    action_ids = fields.Many2many("customer.recovery.action", required=True)
    purpose = fields.Selection(
        [
            ("decline", "Decline"),
            ("reverse", "Take Back"),
            ("declined", "The Customer Declines"),
            ("other_wish", "The Customer Wants Something Else"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Do what the reason was asked for."""
        self.ensure_one()
        actions = self.action_ids
        actions.check_access("read")
        if self.purpose == "decline":
            actions._decline(self.reason)
        elif self.purpose == "reverse":
            actions._reverse(self.reason)
        else:
            actions.check_access("write")
            actions._record_answer(self.purpose, self.reason)
        return {"type": "ir.actions.act_window_close"}
