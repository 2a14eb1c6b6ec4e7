"""Tiers at the till: what is loaded, and what the server thinks of what comes back."""

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.customer_retention.tests.tier_common import TierCommon
from odoo.addons.point_of_sale.tests.common import TestPoSCommon


class TierPosCommon(TestPoSCommon):
    TODAY = TierCommon.TODAY
    _create_ladder = TierCommon.__dict__["_create_ladder"]
    _set_tier = TierCommon.__dict__["_set_tier"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.basic_config
        cls.currency = cls.company.currency_id
        cls.env["customer.tier.ladder"].search([]).active = False
        cls.env["loyalty.program"].search([]).active = False
        cls.ladder = cls._create_ladder("Tested Ladder")
        cls.bronze, cls.silver, cls.gold = cls.ladder.tier_ids.sorted("sequence")
        cls.member, cls.stranger = cls.env["res.partner"].create(
            [{"name": "Golden Customer"}, {"name": "Another Customer"}]
        )
        cls._set_tier(cls.member, cls.gold)
        cls.product = cls.create_product("Soap", cls.categ_basic, 100.0, 50.0)
        cls.points = cls._create_program(
            "Points",
            "loyalty",
            trigger="auto",
            applies_on="both",
            rule_ids=[
                Command.clear(),
                Command.create(
                    {"reward_point_amount": 1, "reward_point_mode": "money"}
                ),
            ],
        )
        cls.env["customer.tier.multiplier"].create(
            {"program_id": cls.points.id, "tier_id": cls.gold.id, "factor": 2.0}
        )
        cls.seller = new_test_user(
            cls.env,
            "tier_till",
            "base.group_user,point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _create_program(cls, name, kind, **values):
        reward = {"reward_type": "discount", "discount": 10, "required_points": 50}
        values.setdefault("reward_ids", [Command.clear(), Command.create(reward)])
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": kind,
                "company_id": cls.company.id,
                "currency_id": cls.currency.id,
                **values,
            }
        )

    def _sell(self, customer):
        self.open_new_session()
        data = self.create_ui_order_data([(self.product, 1)], customer=customer)
        created = self.env["pos.order"].sync_from_ui([data])
        return self.env["pos.order"].browse(created["pos.order"][0]["id"])

    def _balance(self, customer, program=None):
        cards = self.env["loyalty.card"].search(
            [
                ("partner_id", "=", customer.id),
                ("program_id", "=", (program or self.points).id),
            ]
        )
        return sum(cards.mapped("points"))

    def _earn(self, order, points, program=None, **values):
        program = program or self.points
        change = {
            "points": points,
            "program_id": program.id,
            "coupon_id": -1,
            "partner_id": order.partner_id.id,
            "barcode": "",
            **values,
        }
        return order.with_user(self.seller).confirm_coupon_programs({"-1": change})


@tagged("post_install", "-at_install")
class TestPosTiers(TierPosCommon):
    def test_the_till_shows_the_tier_of_each_customer(self):
        partners = (self.member | self.stranger).with_user(self.seller)
        names = partners._load_pos_data_fields(self.config)[-2:]
        rows = partners.with_company(self.company).read(names, load=False)
        self.assertEqual(
            [
                (row["customer_tier_pos_id"], row["customer_tier_pos_name"])
                for row in rows
            ],
            [(self.gold.id, "Gold"), (0, False)],
        )

    def test_tiers_of_many_customers_take_one_query(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(200)]
        )
        self._set_tier(partners, self.silver)
        partners.mapped("customer_tier_pos_name")
        counts = []
        for size in (2, 200):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners[:size].mapped("customer_tier_pos_name")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_programs_and_rewards_come_with_their_tiers(self):
        self.points.tier_ids = self.gold
        self.points.reward_ids.tier_ids = self.silver
        program = self.points.with_user(self.seller)
        names = program._load_pos_data_fields(self.config)
        self.assertIn("customer_tier_pos_ids", names)
        self.assertEqual(program.customer_tier_pos_ids, self.gold.ids)
        self.assertEqual(program.customer_tier_pos_factors, {str(self.gold.id): 2.0})
        self.assertEqual(program.reward_ids.customer_tier_pos_ids, self.silver.ids)

    def test_what_the_till_multiplied_rightly_is_given(self):
        order = self._sell(self.member)
        self._earn(order, 200.0, tier_factor=2.0)
        self.assertEqual(self._balance(self.member), 200.0)
        self.assertEqual(order.customer_tier_multipliers, {str(self.points.id): 2.0})

    def test_a_tier_lost_since_the_till_was_opened_gives_no_more_points(self):
        order = self._sell(self.member)
        self._set_tier(self.member, self.silver)
        self._earn(order, 200.0, tier_factor=2.0)
        self.assertEqual(self._balance(self.member), 100.0)

    def test_a_tier_reached_since_the_till_was_opened_counts(self):
        order = self._sell(self.member)
        self._earn(order, 100.0, tier_factor=1.0)
        self.assertEqual(self._balance(self.member), 200.0)

    def test_a_factor_that_no_till_knows_changes_nothing(self):
        order = self._sell(self.stranger)
        self._earn(order, 100.0, tier_factor=0.0001)
        self.assertEqual(self._balance(self.stranger), 100.0)

    def test_a_till_that_says_nothing_of_factors_is_answered(self):
        order = self._sell(self.stranger)
        self._earn(order, 100.0)
        self.assertEqual(self._balance(self.stranger), 100.0)

    def test_a_program_of_other_tiers_gives_nothing_and_the_order_says_so(self):
        self.points.tier_ids = self.gold
        order = self._sell(self.stranger)
        self._earn(order, 100.0, tier_factor=1.0)
        self.assertEqual(self._balance(self.stranger), 0.0)
        self.assertIn("Points", order.message_ids[:1].body)

    def test_what_was_spent_is_spent_whatever_the_tier(self):
        self.points.tier_ids = self.gold
        card = self.env["loyalty.card"].create(
            {
                "program_id": self.points.id,
                "partner_id": self.stranger.id,
                "points": 80,
            }
        )
        order = self._sell(self.stranger)
        order.lines.write({"reward_identifier_code": "abc", "points_cost": 50})
        values = {
            "points": 50.0,
            "program_id": self.points.id,
            "coupon_id": card.id,
            "partner_id": self.stranger.id,
            "line_codes": ["abc"],
            "barcode": "",
        }
        order.with_user(self.seller).confirm_coupon_programs({str(card.id): values})
        self.assertEqual(card.points, 30.0)

    def test_rewards_spent_are_not_multiplied(self):
        card = self.env["loyalty.card"].create(
            {"program_id": self.points.id, "partner_id": self.member.id, "points": 80}
        )
        order = self._sell(self.member)
        order.lines.write({"reward_identifier_code": "abc", "points_cost": 50})
        values = {
            "points": 50.0,  # 100 won, 50 spent
            "program_id": self.points.id,
            "coupon_id": card.id,
            "partner_id": self.member.id,
            "line_codes": ["abc"],
            "tier_factor": 1.0,
            "barcode": "",
        }
        order.with_user(self.seller).confirm_coupon_programs({str(card.id): values})
        self.assertEqual(card.points, 80 + 200 - 50)

    def test_a_card_whose_owner_lost_the_tier_is_refused_at_the_payment(self):
        self.points.tier_ids = self.gold
        card = self.env["loyalty.card"].create(
            {"program_id": self.points.id, "partner_id": self.member.id, "points": 80}
        )
        orders = self.env["pos.order"].with_user(self.seller)
        changes = {str(card.id): -10}
        self.assertTrue(orders.validate_coupon_programs(changes, [])["successful"])
        self._set_tier(self.member, self.silver)
        answer = orders.validate_coupon_programs(changes, [])
        self.assertFalse(answer["successful"])
        self.assertEqual(answer["payload"]["removed_coupons"], card.ids)

    def test_a_code_is_for_customers_of_its_tiers(self):
        program = self._create_program(
            "Coupons", "coupons", trigger="with_code", applies_on="current"
        )
        program.tier_ids = self.gold
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": 50})
        till = self.config.with_user(self.seller)
        for customer, expected in ((self.member, True), (self.stranger, False)):
            answer = till.use_coupon_code(
                card.code, "2025-06-30 10:00:00", customer.id, False
            )
            self.assertEqual(answer["successful"], expected)
        answer = till.use_coupon_code(card.code, "2025-06-30 10:00:00", False, False)
        self.assertFalse(answer["successful"], "nobody has no tier")

    def test_points_of_the_till_are_no_part_of_any_tier(self):
        """Only documents qualify: a balance that somebody writes changes nothing."""
        before = self.env["customer.tier.membership"].search_read(
            [("partner_id", "=", self.member.id)], ["tier_id", "value"]
        )
        card = self.env["loyalty.card"].create(
            {"program_id": self.points.id, "partner_id": self.member.id}
        )
        card.points = 1_000_000
        self.env["customer.relationship"]._sync_and_evaluate(self.member.ids)
        after = self.env["customer.tier.membership"].search_read(
            [("partner_id", "=", self.member.id), ("value", ">=", 1_000_000)]
        )
        self.assertTrue(before)
        self.assertFalse(after)


@tagged("post_install", "-at_install")
class TestPosPricelists(TierPosCommon):
    def test_a_till_that_does_not_know_the_prices_is_pointed_out(self):
        golden = self.env["product.pricelist"].create(
            {
                "name": "Golden",
                "company_id": self.company.id,
                "currency_id": self.config.currency_id.id,
            }
        )
        self.gold.pricelist_id = golden
        self.assertIn(self.config.name, self.gold.pricelist_warning)
        self.config.write(
            {
                "use_pricelist": True,
                "available_pricelist_ids": [Command.link(golden.id)],
            }
        )
        self.gold.invalidate_recordset()
        tills = self.gold._tills_without_prices()
        self.assertNotIn(self.config, tills)

    def test_the_till_gets_the_prices_of_the_tier(self):
        self.env.user.group_ids |= self.env.ref("product.group_product_pricelist")
        golden = self.env["product.pricelist"].create(
            {"name": "Golden", "company_id": self.company.id, "sequence": 99}
        )
        self.gold.pricelist_id = golden
        partners = (self.member | self.stranger).with_company(self.company)
        rows = partners.read(["property_product_pricelist"], load=False)
        self.assertEqual(rows[0]["property_product_pricelist"], golden.id)
        self.assertNotEqual(rows[1]["property_product_pricelist"], golden.id)
