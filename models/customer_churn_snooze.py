from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..logic.today import LONGEST_REST


class CustomerChurnSnooze(models.Model):
    """A person's word that a customer at risk is better not called just now."""

    _name = "customer.churn.snooze"
    _inherit = "customer.decision.mixin"
    _description = "Customer Not Called for a While"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    date = fields.Date(
        string="Since", required=True, default=lambda self: self._default_date()
    )
    rest_until = fields.Date(string="Back on the List On", required=True)
    reason = fields.Char()
    user_id = fields.Many2one(
        "res.users",
        string="Decided By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        copy=False,
    )

    _account_idx = models.Index("(partner_id, company_id, rest_until)")

    @api.constrains("date", "rest_until")
    def _check_rest_until(self):
        if any(snooze.rest_until <= snooze.date for snooze in self):
            raise ValidationError(
                self.env._("Choose a day after today on which the customer comes back.")
            )
        if any((one.rest_until - one.date).days > LONGEST_REST for one in self):
            raise ValidationError(
                self.env._("A customer is back on the list within a year.")
            )

    @api.model
    def _amendment_message(self):
        return self.env._("Bring the customer back, and decide anew.")

    def _decide(self, more_partners=None):
        """No fact and no rule depends on who is called when."""

    # === ACTIONS === #

    def action_withdraw(self):
        """Bring the customers back to the list."""
        self.check_access("read")
        others = self.filtered(lambda snooze: not snooze._may_withdraw())
        if others:
            raise UserError(
                self.env._(
                    "Only %(author)s or a manager brings the customer back.",
                    author=others[0].user_id.name,
                )
            )
        # sudo: customer.churn.snooze - the author's own, or a manager's to decide
        self.sudo().unlink()

    # === BUSINESS === #

    def _may_withdraw(self) -> bool:
        """Whether the user may take it back: one's own, or as a manager."""
        self.ensure_one()
        return self.user_id == self.env.user or self.env.user.has_group(
            "customer_retention.group_manager"
        )

    def _describe_rest(self) -> str:
        """Return what keeps the customer off the list, in words."""
        if self.reason:
            return self.env._(
                "Put off by %(who)s: %(why)s", who=self.user_id.name, why=self.reason
            )
        return self.env._("Put off by %(who)s", who=self.user_id.name)
