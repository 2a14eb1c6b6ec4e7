from __future__ import annotations

from odoo import models
from odoo.tools.misc import format_date

from .customer_tier_membership_insight import TierInsight


class CustomerTierMembership(models.Model):
    """How far a member is, what is missing, and how it goes on: in words."""

    _inherit = "customer.tier.membership"

    def _progress(self) -> dict:
        """Return how far the customer is, in the reader's language and formats."""
        self.ensure_one()
        return self._progress_by_id()[self.id]

    def _progress_by_id(self) -> dict[int, dict]:
        """Return {id: progress} of any number of members, in a few queries a ladder."""
        insights = self._insights()
        return {
            row.id: row._describe_progress(insights.get(row._origin.id)) for row in self
        }

    def _describe_progress(self, insight: TierInsight | None) -> dict:
        ahead = insight and insight.outlook
        texts = dict.fromkeys(
            ("value_text", "missing_text", "keep_text", "projection_text"), ""
        )
        if insight:
            texts = {
                "value_text": self._describe_value(insight),
                "missing_text": self._describe_missing(insight),
                "keep_text": self._describe_keep(insight) if ahead.presses else "",
                "projection_text": self._describe_projection(insight),
            }
        return {
            "tier": self.tier_id.name or "",
            "next": self._tier_name(ahead.next) if ahead else "",
            "fraction": ahead.fraction if ahead else 0.0,
            "until_text": self._describe_until() if self.tier_id else "",
            **texts,
        }

    def _describe_value(self, insight: TierInsight) -> str:
        """Return the figure that is furthest from the next tier, or the main one."""
        ahead = insight.outlook
        if not ahead.to_next:
            measure = self._first_measure()
            value = insight.now.values.get(measure.id, 0.0)
            return measure._format_amount_of(value) if measure else ""
        gap = min(ahead.to_next, key=lambda one: one.fraction)
        measure = self._measure(insight.book, gap.measure)
        if not measure:
            return ""
        return self.env._(
            "%(value)s of %(needed)s",
            value=measure._format_value(gap.value),
            needed=measure._format_amount_of(gap.needed),
        )

    def _describe_missing(self, insight: TierInsight) -> str:
        ahead = insight.outlook
        amount = self._describe_gaps(insight.book, ahead.to_next)
        if not amount:
            return ""
        return self.env._(
            "%(amount)s more for %(tier)s",
            amount=amount,
            tier=self._tier_name(ahead.next),
        )

    def _describe_keep(self, insight: TierInsight) -> str:
        """Return what keeps the tier, such as “1,240 € by 31 December keep Gold”."""
        ahead = insight.outlook
        amount = self._describe_gaps(insight.book, ahead.to_keep)
        if not amount:
            return ""
        return self.env._(
            "%(amount)s by %(date)s keep %(tier)s",
            amount=amount,
            date=format_date(self.env, ahead.keep_by),
            tier=self._tier_name(ahead.keep),
        )

    def _describe_projection(self, insight: TierInsight) -> str:
        ahead = insight.outlook
        measure = self._first_measure()
        if not ahead.projected_on or not measure:
            return ""
        words = {
            "amount": measure._format_amount_of(
                round(ahead.projected_values.get(measure.id, 0.0))
            ),
            "date": format_date(self.env, ahead.projected_on),
        }
        if not ahead.projected:
            return self.env._("At this pace %(amount)s by %(date)s", **words)
        return self.env._(
            "At this pace %(amount)s by %(date)s: %(tier)s",
            tier=self._tier_name(ahead.projected),
            **words,
        )

    def _first_measure(self):
        # sudo: customer.tier.measure - what is counted is known to whoever sees it
        return self.ladder_id.sudo().measure_ids.sorted()[:1]
