from __future__ import annotations

from odoo import models
from odoo.tools.misc import format_date

from ..logic.tier import Tier, micro
from .customer_tier_membership_insight import TierInsight


class CustomerTierMembership(models.Model):
    """Why a customer has a tier: rule, window, conditions, what is missing."""

    _inherit = "customer.tier.membership"

    def _explain(self) -> dict:
        """Return everything the screen says about one membership."""
        self.ensure_one()
        insight = self._insights().get(self._origin.id)
        found = {
            "title": self.tier_id.name or self.env._("No tier yet"),
            "sentence": self.headline,
            "grant": self._explain_grant(),
        }
        if not insight:
            return found
        return {
            **found,
            "lines": self._explain_lines(insight),
            **self._explain_documents(insight),
            "conditions": self._explain_conditions(insight),
            "missing": self._explain_missing(insight),
            "until_text": self._explain_until(insight),
            "rule": self._explain_rule(insight),
        }

    # === RULE AND WINDOW === #

    def _explain_rule(self, insight: TierInsight) -> dict | None:
        """Return the ladder and the version that decides."""
        # sudo: customer.rule.version - the version explains a tier that may be read
        version = self.env["customer.rule.version"].sudo()
        version = version.browse(insight.rules.version).exists()
        # sudo: customer.tier.ladder - its name explains a tier that may be read
        name = self.ladder_id.sudo().name
        return {
            "model": self.ladder_id._name,
            "id": self.ladder_id.has_access("read") and self.ladder_id.id,
            "version": version.number,
            "text": self.env._(
                "“%(name)s” v%(number)s",
                name=name,
                number=version.number,
            ),
        }

    def _explain_lines(self, insight: TierInsight) -> list[str]:
        """Return what was counted and how the tier came about, in sentences."""
        lines = [self._explain_window(insight), self._explain_qualified(insight)]
        now, rules = insight.now, insight.rules
        if rules.rank(now.measured) < rules.rank(now.earned):
            lines.append(self._explain_measured(insight))
        if rules.pauses and any(
            hold.holds(insight.day) for hold in insight.member.holds
        ):
            lines.append(
                self.env._("Nothing is taken away for now: a downgrade is on hold.")
            )
        return [line for line in lines if line]

    def _explain_window(self, insight: TierInsight) -> str:
        window = insight.now.window
        if not window:
            return ""
        # sudo: customer.tier.ladder - its window explains a tier that may be read
        name = self.ladder_id.sudo()._describe_window()
        if not window.first:
            return self.env._("Counted: %(window)s.", window=name)
        return self.env._(
            "Counted: %(window)s, %(first)s – %(last)s.",
            window=name,
            first=format_date(self.env, window.first),
            last=format_date(self.env, window.last),
        )

    def _explain_qualified(self, insight: TierInsight) -> str:
        now = insight.now
        if not now.earned or not now.qualified_on:
            return ""
        return self.env._(
            "%(tier)s was reached on %(date)s.",
            tier=self._tier_name(now.earned),
            date=format_date(self.env, now.qualified_on),
        )

    def _explain_measured(self, insight: TierInsight) -> str:
        now = insight.now
        if not now.measured:
            return self.env._(
                "Today's figures alone would give no tier; it is still valid."
            )
        return self.env._(
            "Today's figures alone would give %(tier)s; what was reached is still "
            "valid.",
            tier=self._tier_name(now.measured),
        )

    def _explain_until(self, insight: TierInsight) -> str:
        now = insight.now
        if not now.effective:
            return ""
        if not now.valid_until:
            return self.env._("As things stand, the tier has no end.")
        text = self.env._(
            "Certain until %(date)s.", date=format_date(self.env, now.valid_until)
        )
        due = insight.timeline.due_on
        if due and due < now.valid_until and insight.rules.grace_days:
            return self.env._(
                "%(text)s That includes %(days)s days of grace after %(due)s.",
                text=text,
                days=insight.rules.grace_days,
                due=format_date(self.env, due),
            )
        return text

    def _explain_grant(self) -> str | None:
        """Return who granted a tier, why and until when."""
        # sudo: customer.tier.grant - why and until when is part of the tier shown
        grant = self.sudo().grant_id
        if not grant:
            return None
        reasons = dict(grant._fields["reason"]._description_selection(self.env))
        return self.env._(
            "%(tier)s granted by %(user)s until %(date)s. %(reason)s: %(note)s",
            tier=grant.tier_id.name,
            user=grant.user_id.name,
            date=format_date(self.env, grant.date_until),
            reason=reasons.get(grant.reason, ""),
            note=grant.note,
        )

    # === CONDITIONS === #

    def _explain_conditions(self, insight: TierInsight) -> list[dict]:
        """Return the conditions of the tier that is earned, and of the next one."""
        rules, now = insight.rules, insight.now
        rank = rules.rank(now.earned)
        result = []
        for tier, keep in (
            (rules.tiers[rank - 1] if rank else None, True),
            (rules.tiers[rank] if rank < len(rules.tiers) else None, False),
        ):
            if tier:
                result += self._explain_tier(insight, tier, keep)
        return result

    def _explain_tier(self, insight: TierInsight, tier: Tier, keep: bool) -> list[dict]:
        values, name = insight.now.values, self._tier_name(tier.key)
        result = []
        for condition in tier.conditions:
            measure = self._measure(insight.book, condition.measure)
            if not measure:
                continue
            value = values.get(condition.measure, 0.0)
            needed = condition.needed(keep)
            words = {"measure": measure.name, "tier": name}
            result.append(
                {
                    "text": self.env._("%(measure)s, to keep %(tier)s", **words)
                    if keep
                    else self.env._("%(measure)s, for %(tier)s", **words),
                    "value_text": measure._format_value(value),
                    "needed_text": measure._format_value(needed),
                    "met": micro(value) >= micro(needed),
                }
            )
        return result

    def _explain_missing(self, insight: TierInsight) -> list[str]:
        texts = (
            self._describe_keep(insight),
            self._describe_missing(insight),
            self._describe_projection(insight),
        )
        return [text for text in texts if text]
