from __future__ import annotations

from odoo import api, models
from odoo.tools.misc import format_date


class CustomerChurnEvent(models.Model):
    """What a person has declared stands above what is likely."""

    _inherit = "customer.churn.event"

    @api.model
    def _declared_of(self, scores) -> dict:
        """Return ``{(customer id, company id): loss}`` of the declared ones that stand,
        as far as the reader may see them.

        No money is at risk with those: nobody else is looked up.
        """
        suspects = scores.filtered(
            lambda score: score.yearly_value > 0 and not score.value_at_risk
        )
        if not suspects or not self.has_access("read"):
            return {}
        found = self.search(
            [
                ("partner_id", "in", suspects.partner_id.ids),
                ("company_id", "in", suspects.company_id.ids),
                ("source", "=", "declared"),
                ("state", "=", "lost"),
            ]
        )
        return {loss._account_key(): loss for loss in found}

    def _card(self) -> dict:
        """Return the band that says so on forms of the customer."""
        self.ensure_one()
        said = (self.main_reason_id.display_name, self.competitor)
        return {
            "title": self.env._("Declared Lost"),
            "kind": "extreme",
            "money": "",
            "reasons": [
                self.env._(
                    "%(user)s on %(day)s",
                    user=self.user_id.name,
                    day=format_date(self.env, self.date),
                ),
                *filter(None, [", ".join(filter(None, said))]),
            ],
        }
