from __future__ import annotations

from odoo import fields, models

from .customer_recovery_type import LASTING_PROGRAMS


class CustomerTierGift(models.Model):
    """Gifts for a referral, and what was taken back of them (negative points)."""

    _inherit = "customer.tier.gift"

    occasion = fields.Selection(
        selection_add=[("referral", "Referral")], ondelete={"referral": "cascade"}
    )
    referral_id = fields.Many2one(
        "customer.referral", readonly=True, index="btree_not_null", ondelete="set null"
    )


class CustomerReferral(models.Model):
    """Gives both sides the gift of their ladder, and takes it back unused."""

    _inherit = "customer.referral"

    def _reward_gift(self, side, account):
        result = super()._reward_gift(side, account)
        ladder = self._ladder_of(account)
        program = ladder.referral_program_id
        if program.active and not self._gift_points(account):
            card = self._gifts()._issue(program, account, ladder.referral_points, False)
            self._log_gift(account, card, ladder.referral_points)
        return result

    def _take_back_gift(self, side, account):
        """Take the card away, or what is left of the points; used is used."""
        result = super()._take_back_gift(side, account)
        given = self._gift_points(account)
        if not given:
            return result
        card = self._gifts().search(self._gift_domain(account), limit=1).card_id
        # points that were spent twice leave a card below nothing
        taken = max(min(given, card.points), 0.0) if card else 0.0
        if card.program_id.program_type in LASTING_PROGRAMS:
            card.points -= taken
            self._note_taken(card, taken)
        elif card:
            card.write({"points": card.points - taken, "active": False})
        self._log_gift(account, card, -given)
        return result

    def _gifts(self):
        # sudo: customer.tier.gift - the ladder promises it, whoever runs the job
        return self.env["customer.tier.gift"].sudo()

    def _gift_domain(self, account):
        return [("referral_id", "=", self.id), ("partner_id", "=", account.id)]

    def _gift_points(self, account) -> float:
        """Return the points that were given to a side and not taken back."""
        return sum(self._gifts().search(self._gift_domain(account)).mapped("points"))

    def _log_gift(self, account, card, points):
        today = self.company_id._retention_today()
        tiers = self.env["customer.tier.membership"]._standing_tiers(
            account, self.company_id
        )
        tier = tiers.get(account.id, self.env["customer.tier"])
        self._gifts().create(
            {
                "occasion": "referral",
                "referral_id": self.id,
                "partner_id": account.id,
                "tier_id": tier.id,
                "year": today.year,
                "given_on": today,
                "card_id": card.id,
                "points": points,
            }
        )

    def _note_taken(self, card, points):
        # sudo: loyalty.history - what the job does to a card is told there
        self.env["loyalty.history"].sudo().create(
            {
                "card_id": card.id,
                "description": self.env._("The purchase of the referral was credited"),
                "used": points,
            }
        )
