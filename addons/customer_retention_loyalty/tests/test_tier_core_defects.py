"""What goes wrong with points in loyalty programs has no part in any tier.

Each test first shows the balance that core arrives at, then what the tier goes by.
"""

from odoo.fields import Command
from odoo.tests import tagged

from .loyalty_common import TierLoyaltyCommon


@tagged("post_install", "-at_install")
class TestTierCoreDefects(TierLoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder.active = False
        cls.steps = cls._create_ladder("Small Steps", {"Silver": 150.0, "Gold": 250.0})
        cls.small, cls.large = cls.steps.tier_ids.sorted("sequence")
        cls.program = cls._create_points_program(
            reward_ids=[
                Command.clear(),
                Command.create(
                    {"reward_type": "discount", "discount": 1, "required_points": 100}
                ),
            ]
        )
        cls.buyers = cls.env["res.partner"].create(
            [
                {"name": f"Buyer {number}", "parent_id": cls.partner.id}
                for number in range(2)
            ]
        )

    def _buy(self, partner, amount=100.0):
        order = self._quotation(partner, self.TODAY, amount)
        order._update_programs_and_rewards()
        order.action_confirm()
        order.date_order = self._noon(self.TODAY)
        return order

    def _standing(self):
        """The tier of the customer and the revenue it goes by, as of today."""
        self.Relationship._sync_and_evaluate(self.partner.ids)
        membership = self._membership(self.partner, self.steps)
        return membership.tier_id, membership.value

    def test_contacts_of_one_company_have_two_cards_and_one_tier(self):
        for buyer in self.buyers:
            self._buy(buyer)
            self.assertEqual(self._points(buyer, self.program), 100.0)
        self.assertEqual(self._standing(), (self.small, 200.0))

    def test_a_confirmed_order_that_grows_counts_in_full(self):
        order = self._buy(self.partner)
        order.order_line.product_uom_qty = 3
        self.assertEqual(self._points(self.partner, self.program), 100.0)
        self.assertEqual(self._standing(), (self.large, 300.0))

    def test_a_cancelled_order_counts_nothing_whatever_the_card_says(self):
        order = self._buy(self.partner)
        order.order_line.product_uom_qty = 3
        order._update_programs_and_rewards()
        self.assertEqual(self._standing()[0], self.large)
        order._action_cancel()
        self.assertFalse(
            self.env["loyalty.history"].search(
                [("order_id", "=", order.id), ("order_model", "=", "sale.order")]
            )
        )
        self.assertEqual(self._standing(), (self.small.browse(), 0.0))

    def test_a_credit_note_takes_the_tier_and_not_the_points(self):
        order = self._buy(self.partner, 200.0)
        invoice = self._invoice_of(order, self.TODAY)
        self.assertEqual(self._standing(), (self.small, 200.0))
        self._credit(invoice, self.TODAY)
        self.assertEqual(self._points(self.partner, self.program), 200.0)
        self.assertEqual(self._standing(), (self.small.browse(), 0.0))

    def test_points_spent_twice_are_nobodys_revenue(self):
        self._buy(self.partner)
        card = self.env["loyalty.card"].search(
            [("partner_id", "=", self.partner.id), ("program_id", "=", self.program.id)]
        )
        orders = self.env["sale.order"]
        for _number in range(2):
            order = self._quotation(self.partner, self.TODAY)
            order._update_programs_and_rewards()
            order._apply_program_reward(self.program.reward_ids, card)
            orders |= order
        orders.action_confirm()
        orders.date_order = self._noon(self.TODAY)
        expected = 100.0 + sum(orders.mapped("amount_untaxed"))
        tier, revenue = self._standing()
        self.assertEqual(tier, self.large)
        self.assertAlmostEqual(revenue, expected)

    def test_no_hand_on_cards_or_their_history_moves_a_tier(self):
        self._buy(self.partner, 200.0)
        before = self._standing()
        card = self.env["loyalty.card"].search(
            [("partner_id", "=", self.partner.id), ("program_id", "=", self.program.id)]
        )
        for points in (1_000_000, -500, 0):
            card.points = points
            self.assertEqual(self._standing(), before)
        card.history_ids.unlink()
        self.assertEqual(self._standing(), before)
        self.env["sale.order.coupon.points"].search([]).unlink()
        card.active = False
        self.assertEqual(self._standing(), before)
