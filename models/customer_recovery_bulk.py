from odoo import fields, models
from odoo.exceptions import UserError


class CustomerRecoveryBulk(models.AbstractModel):
    """One recovery for everybody whom a failure concerns.

    Each complaint gets an action of its own, so that limits, budgets and figures hold
    as if it had been planned there; what is beyond the own limit asks the next one up.
    """

    _name = "customer.recovery.bulk"
    _description = "The Same Recovery for Everybody"

    incident_id = fields.Many2one("customer.complaint.incident", required=True)
    remedy_type_id = fields.Many2one(
        "customer.recovery.type",
        string="Recovery for Each",
        help="Planned in every complaint, within your limits as always.",
    )
    remedy_amount = fields.Monetary(
        string="Value for Each", currency_field="remedy_currency_id"
    )
    remedy_currency_id = fields.Many2one(related="incident_id.company_id.currency_id")

    def _recover(self, complaints):
        """Plan the recovery in each complaint and submit it.

        :return: the actions, none without a recovery
        """
        actions = self.env["customer.recovery.action"]
        if not self.remedy_type_id or not complaints:
            return actions
        actions = actions.create(
            [self._prepare_action(complaint) for complaint in complaints]
        )
        for action in actions:
            self._submit_safely(action)
        return actions

    def _recovery_words(self, actions) -> str:
        """Return a sentence about what became of planned actions, empty of none."""
        if not actions:
            return ""
        states = actions.grouped("state")
        return self.env._(
            "%(remedy)s planned %(count)s times: %(approved)s approved, %(waiting)s "
            "waiting for approval, %(open)s to be completed in the complaint.",
            remedy=self.remedy_type_id.name,
            count=len(actions),
            approved=len(states.get("approved", ())) + len(states.get("done", ())),
            waiting=len(states.get("waiting", ())),
            open=len(states.get("proposed", ())),
        )

    def _prepare_letter(self) -> dict:
        """Values of the letter that this dialog sends."""
        return {
            "incident_id": self.incident_id.id,
            "remedy_type_id": self.remedy_type_id.id,
            "remedy_amount": self.remedy_amount,
        }

    def _prepare_action(self, complaint) -> dict:
        values = {"complaint_id": complaint.id, "type_id": self.remedy_type_id.id}
        if self.remedy_amount:
            values["amount"] = self.remedy_amount
        return values

    def _submit_safely(self, action) -> None:
        """What lacks something, such as the invoice of a refund, stays proposed."""
        try:
            with self.env.cr.savepoint():
                action.action_submit()
        except UserError:
            action.invalidate_recordset()
