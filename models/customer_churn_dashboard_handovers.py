from __future__ import annotations

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import format_date


class CustomerChurnHistory(models.Model):
    """Customers who changed hands: figures of people follow the customers."""

    _inherit = "customer.churn.history"

    @api.model
    def _dashboard_more(self, company, chosen, domain) -> dict:
        return {
            **super()._dashboard_more(company, chosen, domain),
            "handed_over": self._dashboard_handed_over(company, chosen),
        }

    @api.model
    def _dashboard_handed_over(self, company, chosen) -> dict | bool:
        """Return who was handed over to or by the people chosen, for the reader.

        Both periods count a customer for whoever looks after it now, so that what a
        person gains or loses may be no doing of theirs.
        """
        users = self._chosen_people(chosen)
        if not users:
            return False
        since = self._revenue_of(company, chosen)._spans(company)[1].first
        handovers = Domain("company_id", "=", company.id)
        handovers &= Domain("state", "!=", "draft") & Domain("date", ">=", str(since))
        handovers &= (
            Domain("from_user_id", "in", users)
            | Domain("to_user_id", "in", users)
            | Domain("line_ids.to_user_id", "in", users)
        )
        found = self.env["customer.handover"].search(handovers)
        if not found:
            return False
        return {
            "sentence": self.env._(
                "Customers handed over since %(day)s: %(count)s. All figures count "
                "them for whoever looks after them now.",
                day=format_date(self.env, since),
                count=len(found.line_ids.partner_id),
            ),
            "action": {
                "type": "ir.actions.act_window",
                "name": self.env._("Hand-overs"),
                "res_model": "customer.handover",
                "domain": list(handovers),
                "views": [(False, "list"), (False, "form")],
                "context": {},
            },
        }

    @api.model
    def _chosen_people(self, chosen) -> list[int]:
        if chosen["user"]:
            return [chosen["user"]]
        return self._team_members(chosen["team"]) if chosen["team"] else []
