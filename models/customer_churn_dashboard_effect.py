from __future__ import annotations

from dataclasses import asdict

from odoo import api, models

# Segments below the bars, those with most customers approached first.
MOST_SEGMENTS = 8


class CustomerChurnHistory(models.Model):
    """Whether fighting for customers helped, all together and by segment."""

    _inherit = "customer.churn.history"

    @api.model
    def _dashboard_more(self, company, chosen, domain) -> dict:
        return {
            **super()._dashboard_more(company, chosen, domain),
            "effect": self._dashboard_effect(company),
        }

    @api.model
    def _dashboard_effect(self, company) -> dict | bool:
        """Return those approached beside those left alone, for managers."""
        if not self.env.user.has_group("customer_retention.group_manager"):
            return False
        draws = self.env["customer.retention.draw"]
        effect = draws._effect(company)
        if not (effect["treated"].customers or effect["control"].customers):
            return False
        return {
            "sentence": draws._effect_text(effect, company),
            "retained": asdict(effect["retained"]),
            "arms": [
                {"label": label, "customers": arm.customers, "share": arm.share}
                for label, arm in (
                    (self.env._("Approached"), effect["treated"]),
                    (self.env._("Left Alone"), effect["control"]),
                )
            ],
            "segments": self._dashboard_effect_segments(company),
        }

    @api.model
    def _dashboard_effect_segments(self, company) -> list[dict]:
        """Return what is known of each segment, which may be that it is too little."""
        lines = self.env["customer.retention.effect"].search(
            [("company_id", "=", company.id), ("part", "=", "segment")],
            limit=MOST_SEGMENTS,
        )
        verdicts = dict(lines._fields["verdict"]._description_selection(self.env))
        return [
            {
                "id": line.segment_id.id,
                "label": line.whom,
                "treated": line.treated_count,
                "control": line.control_count,
                "verdict": line.verdict,
                "verdict_label": verdicts[line.verdict],
                "interval": line.interval_text or "",
                "action": line.action_open_draws(),
            }
            for line in lines
        ]
