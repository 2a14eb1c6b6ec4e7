from __future__ import annotations

from odoo import models
from odoo.tools.misc import format_date, formatLang


class CustomerChurnScore(models.Model):
    """What each signal says, in a sentence anybody can check."""

    _inherit = "customer.churn.score"

    def _signal_sentences(self, codes) -> list[tuple[str, str]]:
        """Return (code, sentence) of signals that cost something, in their order."""
        self.ensure_one()
        values = self._signal_values()
        return [
            (code, getattr(self, f"_describe_{code}_signal")(values[code]))
            for code in codes
        ]

    def _explain_health(self, points: dict[str, int]) -> dict:
        """Return the health and what took how much away from 100, for the screen."""
        found = self._health(points)
        return {
            "score": round(found.score, 1),
            "costs": [
                {
                    "code": code,
                    "sentence": sentence,
                    "cost": round(found.costs[code], 1),
                    "most": points[code],
                    "text": self.env._(
                        "%(cost)s of %(most)s points: %(sentence)s",
                        cost=formatLang(self.env, found.costs[code], digits=1),
                        most=points[code],
                        sentence=sentence,
                    ),
                }
                for code, sentence in self._signal_sentences(found.worst())
            ],
        }

    def _describe_rhythm_signal(self, ratio):
        texts = {
            "times": formatLang(self.env, ratio, digits=1),
            "days": round(self.relationship_id.usual_interval),
        }
        if self._quiet_days(self.company_id._retention_today()):
            return self.env._(
                "%(times)s × the usual %(days)s days since the last purchase, without "
                "the months they never buy in",
                **texts,
            )
        return self.env._(
            "%(times)s × the usual %(days)s days since the last purchase", **texts
        )

    def _describe_trend_signal(self, change):
        return self.env._(
            "%(percent)s %% less revenue than the year before",
            percent=round(-100 * change),
        )

    def _describe_complaint_signal(self, days):
        # sudo: customer.complaint - its number only, for who may see the customer
        number = self.signal_id.sudo().complaint_id.name or ""
        more = self.relationship_id.complaint_open_count - 1
        texts = {"complaint": number, "days": round(days), "more": more}
        if more > 0:
            return self.env._(
                "complaint %(complaint)s open for %(days)s days, and %(more)s more",
                **texts,
            )
        return self.env._("complaint %(complaint)s open for %(days)s days", **texts)

    def _describe_rating_signal(self, grade):
        return self.env._(
            "satisfied with the last complaint %(grade)s of 5", grade=round(grade)
        )

    def _describe_overdue_signal(self, days):
        return self.env._("an invoice is overdue for %(days)s days", days=round(days))

    def _describe_payment_signal(self, days):
        return self.env._("pays %(days)s days later than before", days=round(days))

    def _describe_returns_signal(self, share):
        return self.env._(
            "%(percent)s %% of the year's sales were credited",
            percent=round(100 * share),
        )

    def _describe_price_signal(self, change):
        return self.env._(
            "pays %(percent)s %% more for the same products than the year before",
            percent=round(100 * change),
        )

    def _describe_silence_signal(self, days):
        return self.env._("nobody was in touch for %(days)s days", days=round(days))

    def _describe_contact_signal(self, _left):
        return self.env._(
            "a known contact left on %(date)s",
            date=format_date(self.env, self.signal_id.contact_lost_on),
        )
