"""Gifts for referrals: once for each side, and taken back with the purchase."""

from odoo.tests import tagged

from .loyalty_common import TierLoyaltyCommon


@tagged("post_install", "-at_install")
class TestReferralGifts(TierLoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coupons = cls._create_program("Gifts", "coupons", trigger="with_code")
        cls.points = cls._create_points_program()
        cls.ladder.write(
            {"referral_program_id": cls.coupons.id, "referral_points": 5.0}
        )
        cls.referral = cls.env["customer.referral"].create(
            {
                "partner_id": cls.partner.id,
                "referrer_id": cls.member.id,
                "company_id": cls.company.id,
                "date": "2025-01-10",
            }
        )
        cls._set_tier(cls.member | cls.partner, cls.gold)

    def _cards(self, partner):
        cards = self.env["loyalty.card"].with_context(active_test=False)
        return cards.search([("partner_id", "=", partner.id)])

    def _again(self):
        self._set_tier(self.member | self.partner, self.gold)

    def test_both_sides_get_the_gift_once(self):
        self.referral._reward()
        self.referral._reward()
        for partner in self.member | self.partner:
            card = self._cards(partner)
            self.assertEqual(card.points, 5.0)
            self.assertEqual(card.program_id, self.coupons)

    def test_an_unused_coupon_goes_with_the_purchase(self):
        self.referral._reward()
        self._again()
        self.referral._undo_reward()
        for partner in self.member | self.partner:
            card = self._cards(partner)
            self.assertEqual((card.points, card.active), (0.0, False))
        self._again()
        self.referral._reward()
        self.assertEqual(len(self._cards(self.member)), 2)

    def test_of_points_is_taken_back_what_is_left(self):
        self.ladder.referral_program_id = self.points
        self.referral._reward()
        card = self._cards(self.member)
        card.points = 2.0
        self._again()
        self.referral._undo_reward()
        self.assertEqual(card.points, 0.0)
        self.assertTrue(card.active)
        self.assertEqual(self._cards(self.partner).points, 0.0)

    def test_a_card_below_nothing_loses_no_more(self):
        self.ladder.referral_program_id = self.points
        self.referral._reward()
        card = self._cards(self.member)
        card.points = -3.0
        self._again()
        self.referral._undo_reward()
        self.assertEqual(card.points, -3.0)
        gifts = self.env["customer.tier.gift"].search(
            [("referral_id", "=", self.referral.id)]
        )
        self.assertEqual(sum(gifts.mapped("points")), 0.0)

    def test_points_beside_those_of_the_referral_stay(self):
        self.ladder.referral_program_id = self.points
        self.referral._reward()
        card = self._cards(self.member)
        card.points += 7.0
        self._again()
        self.referral._undo_reward()
        self.assertEqual(card.points, 7.0)
        self._again()
        self.referral._undo_reward()
        self.assertEqual(card.points, 7.0)

    def test_without_a_program_there_is_no_card(self):
        self.ladder.referral_program_id = False
        self.referral._reward()
        self.assertFalse(self._cards(self.member))
        self.assertEqual(self.referral.state, "rewarded")
