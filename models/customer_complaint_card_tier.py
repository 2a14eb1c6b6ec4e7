from odoo import api, models


class CustomerComplaint(models.Model):
    """The tier of who complains, beside the form."""

    _inherit = "customer.complaint"

    @api.model
    def _gather_card_standings(self, accounts, company):
        standings = super()._gather_card_standings(accounts, company)
        memberships = self.env["customer.tier.membership"]
        if self._is_told_standings():
            # sudo: customer.tier.membership - the tier of who complains, for handlers
            memberships = memberships.sudo()
        elif not memberships.has_access("read"):
            return standings
        company = company or self.env.company
        found = memberships._by_account(accounts.browse(standings), company)
        return {
            account_id: {**standing, **self._prepare_card_tier(found.get(account_id))}
            for account_id, standing in standings.items()
        }

    @api.model
    def _prepare_card_tier(self, membership):
        """What the card says of a membership, or of none."""
        if not membership or not membership.tier_id:
            return {}
        return {
            "tier": membership.tier_id.name,
            "tier_text": membership.headline,
            "tier_color": membership.tier_id.color,
            "tier_icon": membership.tier_id.icon or "",
        }
