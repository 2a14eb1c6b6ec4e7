from odoo import models
from odoo.exceptions import UserError


class CustomerRetentionCase(models.Model):
    """How a case ends, by whoever says so."""

    _inherit = "customer.retention.case"

    # === ACTIONS === #

    def action_let_go(self):
        """Spend no more effort on this customer."""
        self._check_not_closed()
        self._close("let_go")
        return True

    def action_cancel(self):
        """Close a case that should not have been opened."""
        self._check_not_closed()
        self._close("cancelled")
        return True

    def action_lost(self):
        """Ask why the customer left. The loss ends a case that was to save; one that
        was to win back, whose loss is known, ends at once.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_not_closed()
        losses = self.env["customer.churn.event"]
        event = losses._open_of(self.partner_id, self.company_id)
        if event or self.kind == "win_back":
            self._close("lost")
            event = event or self.event_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Did They Leave?"),
            "res_model": "customer.churn.event",
            "res_id": event[:1].id,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_reopen(self):
        """Go on with a case that was closed too early: it waits for another purchase,
        as long as its play says where the window is over.
        """
        self.check_access("write")
        for case in self.filtered(lambda one: one.state != "open"):
            case._hold_accounts()
            case._check_first()
            case._check_not_lost()
            case._check_not_left_alone(case.partner_id, case.company_id)
            case._verb().write(case._prepare_reopened())
        return True

    def _prepare_reopened(self) -> dict:
        self.ensure_one()
        today = self.company_id._retention_today()
        # sudo: customer.relationship - what was bought, whoever works on the case
        rows = self.sudo()._relationships()
        row = rows.get(self._account_key())
        is_over = not self.window_until or self.window_until < today
        return {
            "state": "open",
            "closed_on": False,
            "next_purchase_on": False,
            "reopened_after": row and row.last_purchase_on,
            "window_until": self._window_of(today) if is_over else self.window_until,
        }

    def action_open_partner(self):
        """Open the contact form of the customer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def _check_not_lost(self):
        """Whoever is lost is not kept any more."""
        events = self.env["customer.churn.event"]
        if self.kind == "save" and events._open_of(
            self.partner_id.commercial_partner_id, self.company_id
        ):
            raise UserError(
                self.env._(
                    "%(customer)s is lost by now. Open another case to win them back.",
                    customer=self.partner_id.display_name,
                )
            )

    def _check_not_closed(self):
        if any(case.state != "open" for case in self):
            raise UserError(
                self.env._("The case is closed. Open it again to end it differently.")
            )

    def _close(self, state):
        """End cases; nobody is asked to do anything about them any more."""
        self.check_access("write")
        for company, cases in self.grouped("company_id").items():
            cases._verb().write(
                {"state": state, "closed_on": company._retention_today()}
            )
        # sudo: mail.activity - planned for whoever was to do it
        self.sudo().activity_ids.unlink()
