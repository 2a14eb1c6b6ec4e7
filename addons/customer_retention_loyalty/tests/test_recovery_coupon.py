from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.customer_retention.tests.recovery_common import RecoveryCommon

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestRecoveryCoupon(RecoveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        program = cls.env["loyalty.program"].create(
            {
                "name": "Sorry",
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "currency_id": cls.currency.id,
                "reward_ids": [
                    (5, 0, 0),
                    (
                        0,
                        0,
                        {
                            "reward_type": "discount",
                            "discount": 15,
                            "discount_mode": "per_order",
                            "discount_applicability": "order",
                            "required_points": 1,
                        },
                    ),
                ],
            }
        )
        cls.types["coupon"] = cls.env["customer.recovery.type"].create(
            {"name": "Coupon", "kind": "coupon", "loyalty_program_id": program.id}
        )

    def test_a_coupon_of_the_program_is_made_for_the_customer(self):
        action = self._plan("coupon")
        self.assertEqual(action.amount, 15)
        action.action_submit()
        action.action_carry_out()
        self.assertEqual(action.state, "done")
        card = action.sudo().loyalty_card_id
        self.assertEqual((card.partner_id, card.points), (self.partner, 1))
        self.assertEqual(card.history_ids.order_id, self.complaint.id)
        action._reverse("It was found")
        self.assertEqual((action.state, card.points), ("cancelled", 0))

    def test_its_worth_is_not_played_down(self):
        action = self._plan("coupon", amount=1, cost=1)
        with self.assertRaises(UserError):
            action.action_submit()

    def _percent_type(self, **values):
        """A type whose coupons take a part off an order, as much as that comes to."""
        program = self.env["loyalty.program"].create(
            {
                "name": "A Fifth Off",
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "currency_id": self.currency.id,
                "reward_ids": [
                    (5, 0, 0),
                    (
                        0,
                        0,
                        {
                            "reward_type": "discount",
                            "discount": 20,
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                            "required_points": 1,
                            **values,
                        },
                    ),
                ],
            }
        )
        self.types["percent"] = self.types["coupon"].copy(
            {"name": "Percent", "loyalty_program_id": program.id}
        )
        return self.types["percent"]

    def test_a_percentage_is_worth_its_part_of_the_largest_order(self):
        self._percent_type()
        for day, amount in (("2025-02-01", 90), ("2025-05-01", 200)):
            self._order(self.partner, day, amount)
        self.company.retention_evaluation_date = "2025-06-30"
        self._work_queue()
        action = self._plan("percent")
        self.assertEqual(action.amount, 40)
        action.amount = 39
        with self.assertRaisesRegex(UserError, "enter at least"):
            action.action_submit()

    def test_a_percentage_counts_the_order_that_the_complaint_is_about(self):
        self._percent_type()
        order = self._order(self.partner, "2025-06-01")
        self.complaint.order_id = order
        self.assertEqual(self._plan("percent").amount, order.amount_total / 5)

    def test_a_percentage_with_an_upper_end_is_worth_no_more(self):
        self._percent_type(discount_max_amount=25)
        self.complaint.order_id = self._order(self.partner, "2025-06-01", 900)
        self.assertEqual(self._plan("percent").amount, 25)

    def test_a_percentage_of_nothing_known_asks_for_an_upper_end(self):
        coupon_type = self._percent_type()
        action = self._plan("percent", amount=0.01)
        with self.assertRaisesRegex(UserError, "at most"):
            action.action_submit()
        coupon_type.default_cost = 12
        action.amount = 12
        action.action_submit()
        self.assertEqual(action.state, "approved")

    def test_what_was_used_is_not_taken_back(self):
        action = self._plan("coupon")
        action.action_submit()
        action.action_carry_out()
        action.sudo().loyalty_card_id.points = 0
        with self.assertRaises(UserError):
            action._reverse("Too late")

    def test_a_wallet_gets_the_amount_on_the_same_card(self):
        wallet = self.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "currency_id": self.currency.id,
            }
        )
        self.types["wallet"] = self.types["coupon"].copy(
            {"name": "Wallet", "loyalty_program_id": wallet.id}
        )
        cards = self.env["loyalty.card"]
        for amount in (20, 30):
            action = self._plan("wallet", amount=amount)
            action.action_submit()
            action.action_carry_out()
            cards |= action.sudo().loyalty_card_id
        self.assertEqual(len(cards), 1)
        self.assertEqual(cards.points, 50)

    def test_what_was_saved_about_it_goes_with_the_bridge(self):
        self._assert_filters_go(uninstall_hook, ("loyalty_card_id", "loyalty_points"))
