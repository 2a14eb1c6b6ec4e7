from __future__ import annotations

from odoo import models


class CustomerRelationship(models.Model):
    """How a customer stands in a line: for the contact and the quotation."""

    _inherit = "customer.relationship"

    def _hints(self) -> dict[int, str]:
        """Return {customer id: one line for a quotation}, of rows of a company."""
        return {row.partner_id.id: row._hint() for row in self}

    def _hint(self) -> str:
        """Return position, condition and last purchase in one line.

        For example "Loyal · At risk — last purchase 47 days ago, usually every
        21 days". Empty while the customer has no position.
        """
        self.ensure_one()
        verdicts = (self.stage_id.name, self.condition_id.name)
        standing = " · ".join(filter(None, verdicts))
        purchase = self._describe_last_purchase()
        if not (standing and purchase):
            return standing or purchase
        return self.env._(
            "%(standing)s — %(purchase)s",
            standing=standing,
            purchase=purchase[:1].lower() + purchase[1:],
        )

    def _describe_last_purchase(self) -> str:
        """Return when the customer last bought, and how often usually."""
        self.ensure_one()
        if not self.last_purchase_on:
            return ""
        days = self.days_since_last
        if not self.usual_interval:
            return self._describe_days(days)
        wording = self.env["customer.rule.wording"]
        return self.env._(
            "%(last_purchase)s, usually every %(days)s",
            last_purchase=self._describe_days(days),
            days=wording._format_days(self.usual_interval),
        )

    def _describe_days(self, days: int) -> str:
        """Return how long ago the last purchase was, in words."""
        if days <= 0:
            return self.env._("Last purchase today")
        if days == 1:
            return self.env._("Last purchase yesterday")
        return self.env._("Last purchase %(days)s days ago", days=days)
