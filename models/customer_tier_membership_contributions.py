from __future__ import annotations

from datetime import date

from odoo import models
from odoo.tools.misc import formatLang

from .customer_tier_membership_insight import TierInsight

# Members of a group named in an explanation, those who bring most.
NAMED = 10


class CustomerTierMembership(models.Model):
    """Who of a group of companies or a household brought how much of its tier."""

    _inherit = "customer.tier.membership"

    def _explain_lines(self, insight: TierInsight) -> list[str]:
        return super()._explain_lines(insight) + self._explain_contributions(insight)

    def _explain_contributions(self, insight: TierInsight) -> list[str]:
        """Return a sentence for each member whose purchases count."""
        # sudo: customer.tier.ladder - how it counts explains a tier that may be read
        if not self.ladder_id.sudo().rolls_up_groups:
            return []
        company = self.company_id
        group = self.env["customer.account.group"]._of_head(self.partner_id, company)
        if not group:
            return []
        window = insight.now.window
        first = window and window.first or date.min
        rows = group._contributions(company, (first, insight.day))
        currency = (company or self.env.company).currency_id
        named = [row for row in rows if row["is_here"]]
        lines = [self._describe_contribution(row, currency) for row in named[:NAMED]]
        elsewhere = [row["counted"] for row in rows if not row["is_here"]]
        if elsewhere:
            lines.append(self._describe_elsewhere(sum(elsewhere), currency))
        return lines

    def _describe_elsewhere(self, counted: float, currency) -> str:
        """Return what members bring whose contact is not of the reader's companies."""
        return self.env._(
            "Members of other companies bring %(counted)s.",
            counted=formatLang(self.env, counted, currency_obj=currency),
        )

    def _describe_contribution(self, row: dict, currency) -> str:
        counted = formatLang(self.env, row["counted"], currency_obj=currency)
        if row["share"] == 100:
            return self.env._(
                "%(name)s brings %(counted)s.", name=row["name"], counted=counted
            )
        return self.env._(
            "%(name)s brings %(counted)s: %(share)s %% of what it bought.",
            name=row["name"],
            counted=counted,
            share=formatLang(self.env, row["share"], digits=0),
        )
