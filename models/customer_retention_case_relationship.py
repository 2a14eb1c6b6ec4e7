from odoo import models


class CustomerRelationship(models.Model):
    """From the relationship to what is done to keep it."""

    _inherit = "customer.relationship"

    def action_open_retention_case(self):
        """Open the case for this customer, or a new one.

        :raise UserError: there is none, and only a manager may open one against the
            draw by which the customer is left alone
        """
        members = self.env["customer.account"]._members(self.partner_id.ids)
        action = self._open_one(
            "customer.retention.case", [("state", "=", "open")], list(members)
        )
        is_manager = self.env.user.has_group("customer_retention.group_manager")
        if not action["res_id"] and not is_manager:
            cases = self.env["customer.retention.case"]
            cases._check_not_left_alone(self.partner_id, self.company_id)
        return action

    def action_declare_lost(self):
        """Open the loss of this customer, or declare one."""
        action = self._open_one("customer.churn.event", [("state", "=", "lost")])
        if action["res_id"]:
            return action
        return {**action, "name": self.env._("Declare Lost")}

    def _open_one(self, model, domain, partner_ids=()):
        """Open the record of this customer that fits, or a new one.

        :param partner_ids: who counts as this customer, if not only the account
        """
        self.ensure_one()
        self.check_access("read")
        records = self.env[model]
        about = [
            ("partner_id", "in", partner_ids or self.partner_id.ids),
            ("company_id", "=", self.company_id.id),
        ]
        return {
            "type": "ir.actions.act_window",
            "name": records._description,
            "res_model": model,
            "res_id": records.search([*about, *domain], limit=1).id,
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
