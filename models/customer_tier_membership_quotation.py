from __future__ import annotations

from odoo import models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..logic.tier_outlook import Effect, effect
from .customer_tier_membership_insight import TierInsight


class CustomerTierMembership(models.Model):
    """What a quotation does to the tier of its customer."""

    _inherit = "customer.tier.membership"

    def _describe_quotation(self, order) -> str:
        """Return what an order that is not confirmed yet does to the tier, or else
        what is still missing; empty when there is nothing to tell.
        """
        self.ensure_one()
        insight = self._insights().get(self._origin.id)
        if not insight:
            return ""
        change = self._effect_of(order, insight)
        if change and change.rises:
            return self._describe_rise(change, insight)
        if change and change.lasts_longer:
            return self._describe_longer(change)
        keep = self._describe_keep(insight) if insight.outlook.presses else ""
        return keep or self._describe_missing(insight)

    def _effect_of(self, order, insight: TierInsight) -> Effect | None:
        # sudo: customer.tier.ladder - what counts does not depend on who asks
        ladder = self.ladder_id.sudo()
        measures = {one.measure for t in insight.rules.tiers for one in t.conditions}
        countings = tuple(one for one in insight.book.countings if one.key in measures)
        share = self._share_of(order.partner_id.commercial_partner_id._origin, insight)
        entries = ladder._quotation_entries(order, countings, insight.day, share)
        if not entries:
            return None
        return effect(insight.member, insight.book.rule_sets, insight.day, entries)

    def _share_of(self, account, insight: TierInsight) -> float:
        """Return the part of an account that counts for its holder today."""
        if not insight.book.has_groups:
            return 1.0
        rows = self.env.execute_query(
            SQL(
                "SELECT share::float8 FROM %s head WHERE account_id = %s AND %s",
                self._heads_of_ladder_sql(insight.book.ladder),
                account.id or None,
                self._on_day_sql("head", insight.day),
            )
        )
        return rows[0][0] if rows else 1.0

    def _describe_rise(self, change: Effect, insight: TierInsight) -> str:
        words = {"tier": self._tier_name(change.after.effective)}
        if change.on > insight.day:
            return self.env._(
                "This quotation takes them to %(tier)s on %(date)s.",
                date=format_date(self.env, change.on),
                **words,
            )
        if insight.rules.pending_days:
            return self.env._(
                "This quotation takes them to %(tier)s, %(days)s days after they buy.",
                days=insight.rules.pending_days,
                **words,
            )
        return self.env._("This quotation takes them to %(tier)s.", **words)

    def _describe_longer(self, change: Effect) -> str:
        words = {"tier": self._tier_name(change.after.effective)}
        if not change.after.valid_until:
            return self.env._("This quotation keeps %(tier)s.", **words)
        return self.env._(
            "This quotation keeps %(tier)s until %(date)s.",
            date=format_date(self.env, change.after.valid_until),
            **words,
        )
