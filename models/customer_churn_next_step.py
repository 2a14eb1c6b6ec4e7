from __future__ import annotations

from odoo import models
from odoo.tools.misc import format_date

from ..logic.today import Situation, next_step


class CustomerChurnScore(models.Model):
    """What to do about a customer at risk, in a sentence."""

    _inherit = "customer.churn.score"

    def _today_step(self, row, activity) -> dict:
        """Return the next step: its ``code`` and ``text``.

        :param row: the relationship, may be empty
        :param activity: the first one planned with the customer, or None
        """
        code = next_step(self._situation(row, activity))
        return {"code": code, "text": self._today_step_text(code, activity)}

    def _situation(self, row, activity) -> Situation:
        change = row.revenue_change if row.revenue_prev_12m else None
        return Situation(
            complaints=row.complaint_open_count,
            quotations=row.open_quotation_count,
            purchase_days=row.purchase_days,
            overdue=row.overdue_ratio,
            change=change,
            planned=bool(activity),
        )

    def _today_step_text(self, code: str, activity) -> str:
        if code == "planned":
            return self.env._(
                "%(what)s, planned for %(day)s by %(who)s",
                what=activity.summary or activity.activity_type_id.name,
                day=format_date(self.env, activity.date_deadline),
                who=activity.user_id.name,
            )
        return {
            "complaint": self.env._(
                "Call about the open complaint first: nobody buys in anger."
            ),
            "quotation": self.env._("Ask about the open quotation."),
            "first": self.env._("Ask how the first purchase turned out."),
            "shrinking": self.env._("Ask what they now buy elsewhere, and why."),
            "overdue": self.env._("Ask what keeps them from ordering."),
            "due": self.env._("Ask how business is, and what they need next."),
        }[code]
