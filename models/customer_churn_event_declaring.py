from __future__ import annotations

from odoo import api, fields, models
from odoo.tools.misc import format_date


class CustomerChurnEvent(models.Model):
    """Declaring a loss on a day after which the customer has bought is worth a word."""

    _inherit = "customer.churn.event"

    @api.onchange("date", "partner_id", "company_id")
    def _onchange_date(self):
        """Warn of purchases after the day: they take the loss back at once."""
        bought_on = self._relationship_of_account().last_purchase_on
        if not (self.date and bought_on and bought_on > self.date):
            return None
        message = self.env._(
            "They have bought since, last on %(day)s: the loss would be recorded "
            "together with the return. Enter a day after the last purchase if they "
            "left for good.",
            day=format_date(self.env, bought_on),
        )
        return {"warning": {"title": self.env._("Bought Since"), "message": message}}

    def _relationship_of_account(self):
        """Return the relationship the form is about, as far as one may see it."""
        account = self.partner_id.commercial_partner_id._origin
        company = self.company_id._origin._retention_root()
        return self.env["customer.relationship"].search(
            [("partner_id", "=", account.id), ("company_id", "=", company.id)], limit=1
        )


class CustomerRelationship(models.Model):
    """Nobody is declared lost who is recorded as lost."""

    _inherit = "customer.relationship"

    is_recorded_lost = fields.Boolean(compute="_compute_is_recorded_lost")

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_recorded_lost(self):
        events = self.env["customer.churn.event"]
        known = set()
        if events.has_access("read"):
            found = events.search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "lost"),
                ]
            )
            known = {event._account_key() for event in found}
        for row in self:
            row.is_recorded_lost = (row.partner_id.id, row.company_id.id) in known
