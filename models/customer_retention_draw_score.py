from __future__ import annotations

from odoo import api, fields, models


class CustomerChurnScore(models.Model):
    """Whoever is left alone is shown as such, and not as somebody to call."""

    _inherit = "customer.churn.score"

    left_alone_until = fields.Date(
        compute="_compute_left_alone_until",
        help="Last day on which nobody is to approach the customer.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_left_alone_until(self):
        draws = self.env["customer.retention.draw"]
        for company, scores in self.grouped("company_id").items():
            held_out = draws._held_out_days(company, company._retention_today())
            for score in scores:
                score.left_alone_until = held_out.get(score.partner_id.id)

    @api.depends("left_alone_until")
    def _compute_reasons(self):
        result = super()._compute_reasons()
        for score in self.filtered("left_alone_until"):
            score.reason_text = score._left_alone_text()
            score.reasons = [score.reason_text]
        return result

    def _card(self) -> dict:
        card = super()._card()
        if not self.left_alone_until:
            return card
        title = self._left_alone_text()
        return {**card, "title": title, "kind": "", "money": "", "reasons": []}

    def _explain(self) -> dict:
        explanation = super()._explain()
        if not self.left_alone_until:
            return explanation
        return {**explanation, "title": self._left_alone_text(), "kind": ""}

    def _left_alone_text(self) -> str:
        draws = self.env["customer.retention.draw"]
        return draws._left_alone_text(self.left_alone_until)
