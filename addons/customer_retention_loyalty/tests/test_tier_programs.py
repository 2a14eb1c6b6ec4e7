"""Programs, codes, coupons, rewards and points by the tier of the customer."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged

from .loyalty_common import TierLoyaltyCommon

MINIMUM = {"minimum_amount": 10}


@tagged("post_install", "-at_install")
class TestTierPrograms(TierLoyaltyCommon):
    def _discount_of(self, order):
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards:
                order._apply_program_reward(reward, coupon)
        return order.amount_untaxed

    def test_an_automatic_program_is_for_its_tiers_alone(self):
        self._create_program(
            "Ten for Gold",
            "promotion",
            trigger="auto",
            rules=[MINIMUM],
            tier_ids=[Command.set(self.gold.ids)],
        )
        self.assertEqual(self._discount_of(self._quote(self.member)), 90.0)
        self.assertEqual(self._discount_of(self._quote(self.contact)), 90.0)
        self.assertEqual(self._discount_of(self._quote(self.partner)), 100.0)

    def _for_gold(self, **values):
        return self._create_program(
            "Ten for Gold",
            "promotion",
            trigger="auto",
            rules=[MINIMUM],
            tier_ids=[Command.set(self.gold.ids)],
            **values,
        )

    def test_a_tier_stays_while_something_is_for_it_alone(self):
        for program in (
            self._for_gold(),
            self._for_gold(active=False),
            self._create_program(
                "Reward", "promotion", rewards=[{"tier_ids": self.gold.ids}]
            ),
        ):
            for owner in (self.gold, self.gold | self.silver, self.ladder):
                with self.assertRaisesRegex(UserError, "only for the tier “Gold”"):
                    owner.unlink()
            program.active = False
            program.unlink()
        self.gold.unlink()

    def test_a_tier_goes_where_another_one_still_binds(self):
        program = self._for_gold()
        program.tier_ids |= self.silver
        self.gold.unlink()
        self.assertEqual(program.tier_ids, self.silver)

    def test_an_archived_tier_still_binds(self):
        program = self._for_gold()
        self.gold.active = False
        self.env.invalidate_all()
        self.assertEqual(program.tier_ids, self.gold)
        self.assertEqual(self._discount_of(self._quote(self.partner)), 100.0)

    def test_a_reward_is_no_gift_of_the_prices_of_a_tier(self):
        self.env["product.pricelist"].search([]).active = False
        pricelists = self.env.ref("product.group_product_pricelist")
        self.env.ref("base.group_user").implied_ids |= pricelists
        self._create_pricelist("Everybody", sequence=1)
        self.gold.pricelist_id = self._create_pricelist("Golden", 20.0, sequence=9)
        self._transition(self.member, False, self.gold, "2025-01-01")
        self._create_program("Ten", "promotion", trigger="auto", rules=[MINIMUM])
        order = self._quote(self.member, 80.0)
        order.pricelist_id = self.gold.pricelist_id
        order.order_line.price_unit = 80.0
        self.assertEqual(self._discount_of(order), 72.0)
        order.with_env(self.env).action_confirm()
        discounts = self.env["customer.tier.discount"]
        discounts._reckon(discounts._orders_to_reckon(100))
        given = discounts.search([("order_id", "=", order.id)])
        self.assertEqual(sorted(given.mapped("amount")), [0.0, 20.0])
        self.assertFalse(discounts._orders_to_reckon(100))

    def test_a_program_without_tiers_is_for_everybody(self):
        self._create_program(
            "Ten for All", "promotion", trigger="auto", rules=[MINIMUM]
        )
        self.assertEqual(self._discount_of(self._quote(self.partner)), 90.0)

    def test_a_code_is_for_its_tiers_alone(self):
        self._create_program(
            "Code",
            "promo_code",
            trigger="with_code",
            rules=[{"mode": "with_code", "code": "GOLDEN"}],
            tier_ids=[Command.set(self.gold.ids)],
        )
        self.assertNotIn("error", self._quote(self.member)._try_apply_code("GOLDEN"))
        self.assertIn("error", self._quote(self.partner)._try_apply_code("GOLDEN"))

    def test_a_generated_coupon_is_for_its_tiers_alone(self):
        program = self._create_program(
            "Coupons",
            "coupons",
            trigger="with_code",
            tier_ids=[Command.set(self.gold.ids)],
        )
        wizard = self.env["loyalty.generate.wizard"].create(
            {"program_id": program.id, "coupon_qty": 2, "points_granted": 1}
        )
        wizard.generate_coupons()
        one, other = program.coupon_ids.mapped("code")
        self.assertNotIn("error", self._quote(self.member)._try_apply_code(one))
        self.assertIn("error", self._quote(self.partner)._try_apply_code(other))

    def test_losing_the_tier_takes_the_reward_off_an_open_quotation(self):
        self._create_program(
            "Ten for Gold",
            "promotion",
            trigger="auto",
            rules=[MINIMUM],
            tier_ids=[Command.set(self.gold.ids)],
        )
        order = self._quote(self.member)
        self.assertEqual(self._discount_of(order), 90.0)
        self._set_tier(self.member, self.silver)
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_untaxed, 100.0)

    def test_a_reward_within_an_open_program_is_for_its_tiers_alone(self):
        program = self._create_program(
            "Five or Twenty",
            "promotion",
            trigger="auto",
            rules=[MINIMUM],
            rewards=[
                {
                    "reward_type": "discount",
                    "discount": 20,
                    "required_points": 1,
                    "tier_ids": [Command.set(self.gold.ids)],
                }
            ],
        )
        order = self._quote(self.partner)
        self.assertEqual(self._discount_of(order), 100.0)
        card = order.coupon_point_ids.coupon_id[:1]
        self.assertIn("error", order._apply_program_reward(program.reward_ids, card))
        order = self._quote(self.member)
        self.assertEqual(self._discount_of(order), 80.0)
        self._set_tier(self.member, False)
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_untaxed, 100.0)

    def test_the_domains_stay_lists_that_others_look_through(self):
        order = self._quote(self.member)
        for domain in (order._get_program_domain(), order._get_trigger_domain()):
            self.assertIsInstance(domain, list)
            self.assertTrue(Domain(domain))

    def test_visitors_and_people_without_a_tier_are_answered(self):
        self._create_program(
            "Ten for Gold",
            "promotion",
            trigger="auto",
            rules=[MINIMUM],
            tier_ids=[Command.set(self.gold.ids)],
        )
        public = self.env.ref("base.public_partner")
        self.assertEqual(self._discount_of(self._quote(public)), 100.0)
        empty = self.env["sale.order"].new({"company_id": self.company.id})
        self.assertTrue(empty._get_program_domain())

    def test_a_seller_of_another_company_needs_no_right_to_the_tiers(self):
        other = self._create_company("Another Company")
        seller = self._create_user("tier_other_seller", company_id=other.id)
        orders = self.env["sale.order"].with_user(seller)
        orders = orders.with_context(allowed_company_ids=other.ids)
        order = orders.create({"partner_id": self.member.id})
        order._update_programs_and_rewards()
        self.assertFalse(order.customer_tier_multipliers)


@tagged("post_install", "-at_install")
class TestTierPoints(TierLoyaltyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls._create_points_program()
        cls.env["customer.tier.multiplier"].create(
            {"program_id": cls.program.id, "tier_id": cls.gold.id, "factor": 2.0}
        )

    def test_points_are_multiplied_and_the_multiplier_stays_on_the_order(self):
        order = self._quote(self.member)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(self._points(self.member, self.program), 200.0)
        self.assertEqual(order.customer_tier_multipliers, {str(self.program.id): 2.0})
        self.assertEqual(order.customer_tier_points_hint, "Points: points × 2")
        history = self.env["loyalty.history"].search(
            [("order_id", "=", order.id), ("order_model", "=", "sale.order")]
        )
        self.assertEqual(history.issued, 200.0)

    def test_others_get_the_points_of_the_program(self):
        order = self._quote(self.partner)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(self._points(self.partner, self.program), 100.0)
        self.assertFalse(order.customer_tier_multipliers)

    def test_what_was_confirmed_keeps_its_multiplier_when_the_tier_goes(self):
        order = self._quote(self.member)
        order._update_programs_and_rewards()
        order.action_confirm()
        self._set_tier(self.member, False)
        order._update_programs_and_rewards()
        self.assertEqual(order.customer_tier_multipliers, {str(self.program.id): 2.0})

    def test_more_rewards_for_what_was_confirmed_multiply_nothing_anew(self):
        for first, second in ((self.gold, False), (self.silver, self.gold)):
            with self.subTest(first=first.name):
                member = self._create_partner("Moving Customer")
                self._set_tier(member, first)
                order = self._quote(member)
                order._update_programs_and_rewards()
                order.action_confirm()
                issued = self._points(member, self.program)
                self._set_tier(member, second)
                order.action_open_reward_wizard()
                # sudo: sale.order - the points a salesperson may not read
                self.assertEqual(order.sudo().coupon_point_ids.points, issued)
                # sudo: sale.order - core has only managers undo the points
                order.sudo()._action_cancel()
                self.assertEqual(self._points(member, self.program), 0.0)

    def test_what_was_confirmed_keeps_programs_and_rewards_of_its_tier(self):
        self.program.tier_ids = self.gold
        discounts = self._create_program(
            "Ten for Gold",
            "promotion",
            trigger="auto",
            rules=[MINIMUM],
            tier_ids=[Command.set(self.gold.ids)],
        )
        discounts.reward_ids.tier_ids = self.gold
        order = self._quote(self.member)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards & discounts.reward_ids:
                order._apply_program_reward(reward, coupon)
        self.assertEqual(order.amount_untaxed, 90.0)
        order.action_confirm()
        issued = self._points(self.member, self.program)
        self._set_tier(self.member, False)
        order.action_open_reward_wizard()
        self.assertEqual(order.amount_untaxed, 90.0)
        # sudo: sale.order - the points a salesperson may not read
        points = order.sudo().coupon_point_ids.filtered(
            lambda one: one.coupon_id.program_id == self.program
        )
        self.assertEqual(points.points, issued)

    def test_a_quotation_follows_the_tier_until_it_is_confirmed(self):
        order = self._quote(self.member)
        order._update_programs_and_rewards()
        self._set_tier(self.member, self.silver)
        order._update_programs_and_rewards()
        self.assertFalse(order.customer_tier_multipliers)
        order.action_confirm()
        self.assertEqual(self._points(self.member, self.program), 100.0)

    def test_cancelling_takes_back_what_was_given(self):
        order = self._quote(self.member)
        order._update_programs_and_rewards()
        order.action_confirm()
        # sudo: sale.order - core has only managers undo the points of an order
        order.sudo()._action_cancel()
        self.assertEqual(self._points(self.member, self.program), 0.0)

    def test_a_copy_of_an_order_starts_without_a_multiplier(self):
        order = self._quote(self.member)
        order._update_programs_and_rewards()
        self.assertFalse(order.copy().customer_tier_multipliers)

    def test_fractions_are_cut_as_core_cuts_them(self):
        self.program.tier_multiplier_ids.factor = 1.333
        order = self._quote(self.member, amount=10.0)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(self._points(self.member, self.program), 13.33)

    def test_money_is_never_multiplied(self):
        wallet = self._create_program("Wallet", "ewallet", trigger="auto")
        with self.assertRaises(ValidationError):
            self.env["customer.tier.multiplier"].create(
                {"program_id": wallet.id, "tier_id": self.gold.id, "factor": 2.0}
            )


@tagged("post_install", "-at_install")
class TestTierProgramScreens(TierLoyaltyCommon):
    def test_everybody_who_works_with_programs_opens_them(self):
        program = self._create_points_program(tier_ids=[Command.set(self.gold.ids)])
        manager = self._create_user(
            "tier_program_manager", "sales_team.group_sale_manager"
        )
        for user in (self.seller, manager):
            views = program.with_user(user)
            self.assertIn("tier_ids", views.get_view(view_type="form")["arch"])
            views.web_read({"tier_ids": {"fields": {"display_name": {}}}})
        self.assertIn(
            "customer_tier_points_hint",
            self._quote(self.member).get_view(view_type="form")["arch"],
        )

    def test_customers_buy_without_any_right_to_tiers(self):
        self._create_points_program(tier_ids=[Command.set(self.gold.ids)])
        portal = new_test_user(self.env, "tier_program_portal", "base.group_portal")
        portal.partner_id.parent_id = self.member
        order = self._quotation(portal.partner_id, self.TODAY)
        order.with_user(portal).sudo()._update_programs_and_rewards()
        self.assertTrue(order.coupon_point_ids)
