from __future__ import annotations

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..logic.tier_outlook import whole_percent

# Changes of tier that a customer reads on the own page.
SHOWN_CHANGES = 20


class CustomerTierMembership(models.Model):
    """What customers read about their membership: nothing that is internal."""

    _inherit = "customer.tier.membership"

    @api.model
    def _of_portal_user(self, user):
        """Return the memberships of the customer a user belongs to, as superuser.

        Contacts of a company see their company's, in the companies of the user.
        """
        # sudo: customer.tier.membership - those of the own account, which is asked for
        memberships = self.sudo()
        account = user.partner_id.commercial_partner_id
        found = memberships.browse()
        for root in user.company_ids._retention_root():
            found |= memberships._by_account(account, root).get(account.id, found[:0])
        return found.filtered(lambda row: not row._is_kept_from_customer())

    def _is_kept_from_customer(self) -> bool:
        """Whether the page says nothing of this membership; others decide, too."""
        self.ensure_one()
        return not self.ladder_id.active

    def _prepare_portal_values(self) -> dict:
        """Return what the page shows of one membership, in the reader's words."""
        self.ensure_one()
        progress = self._progress()
        return {
            "id": self.id,
            "program": self.ladder_id.name,
            "company": (self.company_id or self.env.company).name,
            "member": self.partner_id.name,
            "number": self.enrolment_id.number,
            "tier": self.tier_id,
            "headline": self._describe_for_customer(),
            "progress": {
                **progress,
                "percent": whole_percent(progress["fraction"]),
            },
            "steps": self._prepare_portal_steps(),
            "benefits": self._prepare_portal_benefits(),
            "changes": self._prepare_portal_changes(),
        }

    def _describe_for_customer(self) -> str:
        """Return until when the tier is certain; why it was granted is internal."""
        self.ensure_one()
        last = self._last_certain_day()
        if not self.tier_id:
            return self.env._("You have no tier yet.")
        if not last:
            return self.env._("You are %(tier)s.", tier=self.tier_id.name)
        return self.env._(
            "You are %(tier)s until %(date)s.",
            tier=self.tier_id.name,
            date=format_date(self.env, last),
        )

    def _last_certain_day(self):
        self.ensure_one()
        return self.grant_id.date_until if self.is_granted else self.valid_until

    def _prepare_portal_steps(self) -> list[dict]:
        """Return the tiers of the program, the lowest first."""
        tiers = self.ladder_id.tier_ids.filtered("active").sorted()
        ids = tiers.ids
        reached = ids.index(self.tier_id.id) if self.tier_id.id in ids else -1
        return [
            {
                "tier": tier,
                "text": tier.conditions_text,
                "is_current": number == reached,
                "is_reached": number <= reached,
            }
            for number, tier in enumerate(tiers)
        ]

    def _prepare_portal_benefits(self) -> list[str]:
        benefits = self.tier_id.benefit_ids.filtered("is_shown")
        return benefits.mapped("name")

    def _prepare_portal_changes(self) -> list[dict]:
        """Return when which tier began, the latest first, as it stands today: what a
        correction of our own books replaced is not told.
        """
        log = self.env["customer.tier.transition"]
        changes = log.search(
            Domain(
                [
                    ("partner_id", "=", self.partner_id.id),
                    ("ladder_id", "=", self.ladder_id.id),
                    ("direction", "!=", "same"),
                ]
            )
            & Domain.custom(to_sql=lambda model, alias, query: log._stands_sql(alias)),
            limit=SHOWN_CHANGES,
        )
        return [
            {
                "date": change.date,
                "tier": change.to_tier_id.name or self.env._("No tier"),
                "is_up": change.direction in ("entry", "up"),
            }
            for change in changes
        ]
