from __future__ import annotations

from odoo import api, models
from odoo.fields import Domain

from ..logic.revenue_bridge import STEPS


class CustomerChurnHistory(models.Model):
    """The bridge from the revenue of one period to that of the next, in words too."""

    _inherit = "customer.churn.history"

    @api.model
    def _dashboard_bridge(self, revenue, domain: Domain, sums: dict) -> dict:
        """Return the bridge; its steps lead from ``start`` to ``end`` to the cent."""
        labels = dict(revenue._fields["step"]._description_selection(self.env))
        helps = self._step_helps()
        return {
            "start": self._total(sums, "revenue_before"),
            "end": self._total(sums, "revenue"),
            "kept": self._total(sums, "revenue_kept"),
            "note": self._bridge_note(revenue.env.context["churn_months"]),
            "action": self._revenue_action(revenue, domain, self.env._("Revenue")),
            "steps": [
                {
                    "step": step,
                    "label": labels[step],
                    "help": helps[step],
                    "amount": sums.get(step, {}).get("change", 0.0),
                    "customers": sums.get(step, {}).get("count", 0),
                    "action": self._revenue_action(
                        revenue, domain & Domain("step", "=", step), labels[step]
                    ),
                }
                for step in STEPS
            ],
        }

    @api.model
    def _step_helps(self) -> dict[str, str]:
        """Return what each step means; the periods stand above the bridge."""
        return {
            "new": self.env._("Bought in this period for the first time ever."),
            "returned": self.env._(
                "Bought in this period and not in the one before, but earlier. "
                "Whoever was won back had been lost: a much longer pause than usual."
            ),
            "grown": self.env._("Bought in both periods, now for more."),
            "shrunk": self.env._("Bought in both periods, now for less."),
            "lost": self.env._(
                "Bought in the period before and not in this one. Whether a customer "
                "is lost for good its own rhythm tells: see Lost Customers."
            ),
        }

    @api.model
    def _bridge_note(self, months: int) -> str:
        """Return a warning where the periods are short, and nothing else."""
        if months >= 12:
            return ""
        if months == 1:
            return self.env._(
                "Whoever buys less often than once a month is lost in one month here "
                "and resumed in another."
            )
        return self.env._(
            "Whoever buys less often than every %(months)s months is lost in one "
            "period here and resumed in another.",
            months=months,
        )
