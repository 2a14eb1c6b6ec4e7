from odoo import api, fields, models

from .customer_recovery_action_refund import CREDIT_KINDS


class CustomerRecoveryAction(models.Model):
    """Where an action stands, in words: carried out is not done yet.

    A credit note that is a draft gives the customer nothing. Whoever carried it out
    reads what it waits for, since it is somebody else's turn.
    """

    _inherit = "customer.recovery.action"

    is_pending = fields.Boolean(
        string="Under Way",
        compute="_compute_progress",
        help="Carried out; its document is not final yet.",
    )
    progress = fields.Char(
        string="Standing",
        compute="_compute_progress",
        help="The state, or what it waits for once it has been carried out.",
    )

    may_change = fields.Boolean(
        compute="_compute_may_change",
        help="Others read the plan; what they propose is decided by who may.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_change(self):
        writable = self._origin._filtered_access("write")
        for action in self:
            action.may_change = action._origin in writable

    @api.depends(lambda self: ("state", *self._document_fields()))
    @api.depends_context("lang")
    def _compute_progress(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for action in self:
            # sudo: account.move, sale.order - documents of others decide
            state = bool(action._documents()) and action.sudo()._document_state()
            action.is_pending = action.state == "approved" and state == "pending"
            action.progress = (
                action._pending_words()
                if action.is_pending
                else states.get(action.state)
            )

    def _pending_words(self):
        """What a document that is not final waits for, in a few words."""
        if self.kind in CREDIT_KINDS:
            return self.env._("Waits for posting")
        if self.kind == "replacement":
            return self.env._("Waits for confirmation")
        return self.env._("Under way")

    def _carried_out_message(self):
        return self.env._(
            "“%(name)s” has been carried out: %(document)s. %(progress)s.",
            name=self.display_name,
            document=self.document_name,
            progress=self.progress,
        )
