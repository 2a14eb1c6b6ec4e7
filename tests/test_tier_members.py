from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import on
from .tier_engine_common import TierEngineCommon


@tagged("post_install", "-at_install")
class TestTierMembers(TierEngineCommon):
    """Who is in which ladder, and what happens when customers change."""

    def _evaluate(self, *partners):
        self.env["customer.relationship"]._sync_and_evaluate(
            [partner.id for partner in partners]
        )
        self.env.invalidate_all()

    def test_customer_is_in_the_first_ladder_that_is_for_them(self):
        special = self._create_ladder(
            "Special",
            {"Insider": 0.0},
            sequence=1,
            rule='[["revenue_total", ">=", 500]]',
        )
        self._order(self.partner, "2025-05-01", 300.0)
        self.assertEqual(self._tier_at("2025-06-01"), "Bronze")
        self._order(self.partner, "2025-06-02", 300.0)
        self.assertEqual(self._tier_at("2025-06-02", ladder=special), "Insider")
        self.assertFalse(self._membership(self.partner))
        self.assertEqual(self._log(self.partner)[-1], ("2025-06-02", None, "ladder"))
        self.assertEqual(
            self._log(self.partner, special), [("2025-06-02", "Insider", "ladder")]
        )

    def test_night_looks_in_slices_for_whom_a_ladder_is_no_longer(self):
        self.company.retention_side_effects_from = "2025-01-01"
        special = self._create_ladder(
            "Special",
            {"Insider": 0.0},
            sequence=1,
            rule='[["days_since_last", "<=", 30]]',
        )
        self._order(self.partner, "2025-05-01", 1300.0)
        self.assertEqual(self._tier_at("2025-05-10", ladder=special), "Insider")
        self.company.retention_evaluation_date = "2025-06-15"
        runs = self.env["customer.evaluation.run"]
        runs.search([]).unlink()
        runs._work_due(self.company)
        run = runs.search([("kind", "=", "due"), ("state", "=", "waiting")])
        self.assertEqual((run.company_id, run.phase), (self.company, "tiers"))
        members = type(self.Membership)
        with patch.object(
            members,
            "_replay_holders",
            autospec=True,
            side_effect=members._replay_holders,
        ) as replay:
            run._work_off()
        self.assertEqual(run.state, "done")
        replayed = {one for call in replay.call_args_list for one in call.args[2]}
        self.assertEqual(replayed, set(self.partner.ids))
        self.env.invalidate_all()
        self.assertFalse(self._membership(self.partner, special))
        self.assertEqual(self._membership(self.partner).tier_id, self.silver)
        left = self.env["customer.tier.transition"].search(
            [("ladder_id", "=", special.id)], order="id desc", limit=1
        )
        self.assertTrue(left.is_live)

    def test_who_comes_back_to_a_ladder_is_told(self):
        special = self._create_ladder(
            "Special",
            {"Insider": 0.0},
            sequence=1,
            rule='[["days_since_last", "<=", 30]]',
        )
        self._order(self.partner, "2025-05-01", 1300.0)
        self.assertEqual(self._tier_at("2025-05-10", ladder=special), "Insider")
        self.assertEqual(self._tier_at("2025-06-15"), "Silver")
        self._order(self.partner, "2025-06-20", 10.0)
        self.assertEqual(self._tier_at("2025-06-20", ladder=special), "Insider")
        before = self._log(self.partner, special), self._log(self.partner)
        self.assertEqual(before[0][-1], ("2025-06-20", "Insider", "ladder"))
        self.assertEqual(self._tier_at("2025-06-21", ladder=special), "Insider")
        self.assertEqual(
            (self._log(self.partner, special), self._log(self.partner)), before
        )

    def test_who_comes_back_on_the_same_day_has_never_left(self):
        """Ladders that are put into another order by mistake, and back again."""
        self._order(self.partner, "2025-05-01", 1300.0)
        self.assertEqual(self._tier_at("2025-06-15"), "Silver")
        before = self._log(self.partner)
        special = self._create_ladder("Special", {"Insider": 0.0}, sequence=1)
        self.assertEqual(self._tier_at("2025-06-15", ladder=special), "Insider")
        special.sequence = 99
        self.assertEqual(self._tier_at("2025-06-15"), "Silver")
        self.assertEqual(self._log(self.partner), before)
        self.assertFalse(any(tier for _, tier, _ in self._log(self.partner, special)))
        rows = self.env["customer.tier.transition"].search_count([])
        self.assertEqual(self._tier_at("2025-06-16"), "Silver")
        self.assertEqual(self._log(self.partner), before)
        self.assertEqual(self.env["customer.tier.transition"].search_count([]), rows)

    def test_who_comes_into_another_ladder_without_a_tier_is_told(self):
        """The day is remembered; nothing was read for a tier there is not."""
        self._order(self.partner, "2025-05-01", 1300.0)
        self.assertEqual(self._tier_at("2025-06-15"), "Silver")
        second = self._create_ladder("Second Ladder", {"Second": 5000.0}, sequence=99)
        self.ladder.active = False
        self._evaluate(self.partner)
        member = self._membership(self.partner, second)
        self.assertTrue(member)
        self.assertFalse(member.tier_id)
        arrival = self.env["customer.tier.transition"].search(
            [("partner_id", "=", self.partner.id), ("ladder_id", "=", second.id)]
        )
        self.assertEqual(arrival.cause, "ladder")
        self.assertFalse(arrival.to_tier_id)
        self._order(self.partner, "2025-06-20", 6000.0)
        self.assertEqual(self._tier_at("2025-06-20", ladder=second), "Second")

    def test_archived_ladder_lets_its_members_go(self):
        self._order(self.partner, "2025-05-01", 1300.0)
        self.assertEqual(self._tier_at("2025-06-15"), "Silver")
        self.ladder.active = False
        self._evaluate(self.partner)
        self.assertFalse(self._membership(self.partner))
        self.assertEqual(self._log(self.partner)[-1][1:], (None, "ladder"))

    def test_contacts_of_a_company_count_together(self):
        """Two contacts of one company that each buy are one customer."""
        contacts = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.partner.id} for name in ("Ann", "Ben")]
        )
        for contact in contacts:
            self._order(contact, "2025-05-01", 600.0)
        self.assertEqual(self._tier_at("2025-06-30"), "Silver")
        members = self.env["customer.tier.membership"]
        found = members._by_account(contacts)
        self.assertEqual(found[self.partner.id].tier_id, self.silver)

    def test_new_parent_takes_the_purchases_over(self):
        parent = self._create_partner("Parent Company")
        child = self._create_partner("Child", is_company=False)
        self._order(child, "2025-05-01", 1500.0)
        self._evaluate(child)
        self.assertEqual(self._membership(child).tier_id, self.silver)
        child.parent_id = parent
        self._work_queue()
        self.assertFalse(self._membership(child))
        self.assertEqual(self._membership(parent).tier_id, self.silver)

    def test_merge_of_customers_of_two_companies(self):
        """Purchases, grants and the log of both are the heir's, in each company."""
        other = self._create_company("Other Company")
        elsewhere = self._create_ladder("Elsewhere", company_id=other.id)
        heir = self._create_partner("Heir")
        self._order(self.partner, "2025-03-01", 700.0)
        self._order(heir, "2025-04-01", 700.0)
        product = self._create_product()
        self._order(
            self.partner, "2025-03-01", 6000.0, company_id=other.id, product=product
        )
        self._evaluate(self.partner, heir)
        self.assertEqual(self._membership(self.partner, elsewhere).tier_id.name, "Gold")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.partner | heir).ids, heir, extra_checks=False
        )
        self._work_queue()
        self.assertEqual(self._membership(heir).tier_id, self.silver)
        self.assertEqual(self._membership(heir, elsewhere).tier_id.name, "Gold")
        self.assertEqual(
            [row[:2] for row in self._log(heir)],
            [("2025-03-01", "Bronze"), ("2025-04-01", "Silver")],
        )
        self.env.cr.execute(
            "SELECT count(*) FROM customer_tier_membership WHERE partner_id = %s",
            [heir.id],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 2)

    def test_deleted_customer_leaves_no_row(self):
        self._order(self.partner, "2025-05-01", 10.0, state="draft")
        lonely = self._create_partner("Lonely")
        self._set_tier(lonely, self.gold)
        lonely.unlink()
        self.env.cr.execute(
            "SELECT count(*) FROM customer_tier_membership WHERE tier_id = %s",
            [self.gold.id],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_archived_customer_keeps_the_tier_out_of_sight(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self._evaluate(self.partner)
        self.partner.active = False
        self._work_queue()
        membership = self._membership(self.partner)
        self.assertEqual((membership.tier_id, membership.active), (self.silver, False))

    def test_excluded_from_profiling_has_no_tier_and_gets_it_back(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self._evaluate(self.partner)
        before = self._log(self.partner)
        exclusion = self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "reason": "Wants it so",
                "date_from": "2025-06-01",
            }
        )
        self.assertFalse(self._membership(self.partner))
        exclusion.date_until = "2025-06-29"
        self._work_queue()
        self.assertEqual(self._membership(self.partner).tier_id, self.silver)
        self.assertEqual(self._log(self.partner), before)

    def test_shared_ladder_counts_every_company_in_its_currency(self):
        other = self._create_company(
            "Dollar Company", currency_id=self.env.ref("base.USD").id
        )
        self.ladder.active = False
        shared = self._create_ladder("Shared", company_id=False)
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": self.env.ref("base.EUR").id,
                    "company_id": other.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in (("2025-01-01", 0.5), ("2025-04-01", 0.8))
            ]
        )
        self._order(self.partner, "2025-03-01", 300.0)
        product = self._create_product()
        self._order(
            self.partner, "2025-03-15", 400.0, company_id=other.id, product=product
        )
        self._order(
            self.partner, "2025-04-15", 700.0, company_id=other.id, product=product
        )
        self._tier_at("2025-06-30", ladder=shared)
        membership = self._membership(self.partner, shared)
        # 300 + 400 × 0.5 + 700 × 0.8
        self.assertAlmostEqual(membership.value, 1060.0)
        self.assertEqual(membership.tier_id.name, "Silver")
        self.assertFalse(membership.company_id)
        moves = self.env["customer.tier.transition"].search(
            [("partner_id", "=", self.partner.id), ("ladder_id", "=", shared.id)],
            limit=1,
        )
        self.assertEqual(moves.evidence["documents"][0][-2:], [560.0, 0.8])

    def test_own_ladder_of_a_company_comes_before_the_shared_one(self):
        shared = self._create_ladder("Shared", company_id=False, sequence=0)
        self._order(self.partner, "2025-05-01", 1500.0)
        self._evaluate(self.partner)
        self.assertTrue(self._membership(self.partner))
        self.assertFalse(self._membership(self.partner, shared))

    def test_second_company_has_its_own_tier(self):
        other = self._create_company("Other Company")
        elsewhere = self._create_ladder("Elsewhere", company_id=other.id)
        product = self._create_product()
        self._order(
            self.partner, "2025-03-01", 6000.0, company_id=other.id, product=product
        )
        self._order(self.partner, "2025-03-01", 60.0)
        self._evaluate(self.partner)
        self.assertEqual(self._membership(self.partner).tier_id, self.bronze)
        self.assertEqual(self._membership(self.partner, elsewhere).tier_id.name, "Gold")

    def test_group_counts_together_and_its_head_holds_the_tier(self):
        sister = self._create_partner("Sister Company")
        self.env["customer.account.group"].create(
            {
                "name": "Group",
                "company_id": self.company.id,
                "lead_id": self.partner.id,
                "member_ids": [
                    Command.create({"partner_id": self.partner.id}),
                    Command.create({"partner_id": sister.id, "share": 50.0}),
                ],
            }
        )
        self._order(self.partner, "2025-05-01", 600.0)
        self._order(sister, "2025-05-02", 1000.0)
        self._work_queue()
        self._evaluate(sister)
        membership = self._membership(self.partner)
        self.assertEqual((membership.value, membership.tier_id), (1100.0, self.silver))
        self.assertFalse(self._membership(sister))
        found = self.env["customer.tier.membership"]._by_account(sister)
        self.assertEqual(found[sister.id], membership)

    def test_head_that_buys_nothing_stays_when_a_former_member_is_evaluated(self):
        self.company.retention_use_stages = False
        head = self._create_partner("Holding")
        daughter = self._create_partner("Daughter")
        groups = self.env["customer.account.group"]
        for member, since, until in (
            (self.partner, False, "2024-12-31"),
            (daughter, "2025-01-01", False),
        ):
            groups.create(
                {
                    "name": member.name,
                    "company_id": self.company.id,
                    "lead_id": head.id,
                    "member_ids": [
                        Command.create(
                            {
                                "partner_id": one.id,
                                "date_from": since,
                                "date_until": until,
                            }
                        )
                        for one in (head, member)
                    ],
                }
            )
        self._order(daughter, "2025-05-01", 1200.0)
        self._order(self.partner, "2025-05-01", 100.0)
        self._work_queue()
        self._evaluate(daughter)
        self.assertEqual(self._membership(head).tier_id, self.silver)
        self._evaluate(self.partner)
        self.assertEqual(self._membership(head).tier_id, self.silver)
        self.assertEqual(self._membership(self.partner).tier_id, self.bronze)


@tagged("post_install", "-at_install")
class TestTierMeasures(TierEngineCommon):
    """Measures that look at single products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tools = cls.env["product.category"].create({"name": "Tools"})
        cls.drills = cls.env["product.category"].create(
            {"name": "Drills", "parent_id": cls.tools.id}
        )
        cls.drill = cls._create_product("Drill", cls.drills)
        cls.gift_card = cls._create_product("Gift Card")

    def _value(self, day="2025-06-30"):
        self._tier_at(day)
        return self._membership(self.partner).value

    def test_category_counts_with_what_is_below(self):
        self.measure.category_ids = self.tools
        self._order(self.partner, "2025-05-01", 300.0)
        self._order(self.partner, "2025-05-02", 1200.0, product=self.drill)
        self.assertEqual(self._tier_at("2025-06-30"), "Silver")
        self.assertEqual(self._membership(self.partner).value, 1200.0)

    def test_excluded_product_does_not_count(self):
        self.ladder.excluded_product_ids = self.gift_card
        self._order(self.partner, "2025-05-01", 1500.0, product=self.gift_card)
        self._order(self.partner, "2025-05-02", 200.0)
        self.assertEqual(self._value(), 200.0)

    def test_excluded_category_does_not_count(self):
        self.ladder.excluded_category_ids = self.tools
        self._order(self.partner, "2025-05-01", 1500.0, product=self.drill)
        self._order(self.partner, "2025-05-02", 200.0)
        self.assertEqual(self._value(), 200.0)

    def test_units_are_those_of_the_product(self):
        self.measure.metric = "units"
        self._order(self.partner, "2025-05-01", 1.0, quantity=7)
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._quotation(self.partner, "2025-05-02", 1.0, quantity=2)
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        order.date_order = self._noon("2025-05-02")
        self.assertEqual(self._value(), 31.0)

    def test_credited_units_do_not_count(self):
        self.measure.metric = "units"
        order = self._order(self.partner, "2025-05-01", 10.0, quantity=7)
        self._credit(self._invoice_of(order, "2025-05-02"), "2025-05-03")
        self.assertEqual(self._value(), 0.0)

    def test_points_take_the_highest_rate_that_applies(self):
        self.measure.metric = "points"
        self.ladder.point_rule_ids = [
            Command.create({"rate": 1.0}),
            Command.create(
                {"rate": 3.0, "category_ids": [Command.set(self.tools.ids)]}
            ),
            Command.create(
                {"rate": 2.0, "date_from": "2025-06-01", "date_until": "2025-06-10"}
            ),
        ]
        self._order(self.partner, "2025-05-01", 100.0)
        self._order(self.partner, "2025-05-02", 100.0, product=self.drill)
        self._order(self.partner, "2025-06-05", 100.0)
        self._order(self.partner, "2025-06-11", 100.0)
        self.assertEqual(self._value(), 100.0 + 300.0 + 200.0 + 100.0)

    def test_credit_of_a_campaign_takes_its_points_back(self):
        self.measure.metric = "points"
        self.ladder.point_rule_ids = [
            Command.create({"rate": 1.0}),
            Command.create(
                {"rate": 5.0, "date_from": "2025-06-01", "date_until": "2025-06-10"}
            ),
        ]
        order = self._order(self.partner, "2025-06-05", 100.0)
        self._order(self.partner, "2025-06-20", 40.0)
        self._credit(self._invoice_of(order, "2025-06-06"), "2025-06-25")
        self.assertEqual(self._value(), 40.0)

    def test_margin_counts_where_orders_tell_what_they_cost(self):
        if not self.env["customer.tier.entry"]._knows_margin():
            self.skipTest("the module sale_margin is not installed")
        self.measure.metric = "margin"
        order = self._order(self.partner, "2025-05-01", 100.0, quantity=10)
        order.order_line.purchase_price = 70.0
        self.assertAlmostEqual(self._value(), 300.0)
        invoice = self._invoice_of(order, "2025-05-02")
        self._credit(invoice, "2025-05-03", amount=100.0)
        self.assertAlmostEqual(self._value("2025-06-29"), 270.0)

    def test_shipping_counts_if_the_ladder_says_so(self):
        if not self.ladder._knows_shipping():
            self.skipTest("the module delivery is not installed")
        order = self._quotation(self.partner, "2025-05-01", 100.0)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": 15.0,
                    "is_delivery": True,
                }
            )
        ]
        order.action_confirm()
        order.date_order = self._noon("2025-05-01")
        self.assertEqual(self._value(), 100.0)
        self.ladder._counting_always().counts_shipping = True
        self.assertEqual(self._value(), 115.0)

    def test_several_conditions_all_or_any(self):
        number = self.env["customer.tier.measure"].create(
            {"ladder_id": self.ladder.id, "name": "Orders", "metric": "purchases"}
        )
        self.silver.write(
            {
                "condition_ids": [
                    Command.create({"measure_id": number.id, "at_least": 3})
                ]
            }
        )
        self._order(self.partner, "2025-05-01", 1500.0)
        self.assertEqual(self._tier_at("2025-06-29"), "Bronze")
        self.silver.match = "any"
        self.assertEqual(self._tier_at("2025-06-30"), "Silver")

    def test_taxes_and_down_payments_count_once(self):
        self.company.retention_purchase_source = "invoice"
        tax = self.env["account.tax"].create(
            {
                "name": "Tested Tax",
                "amount": 20.0,
                "company_id": self.company.id,
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "Tested Taxes", "company_id": self.company.id})
                .id,
                "country_id": self.env.ref("base.be").id,
            }
        )
        invoice = self._invoice(self.partner, "2025-05-01", 900.0, post=False)
        invoice.invoice_line_ids.tax_ids = tax
        invoice.action_post()
        self.assertEqual(self._value(), 900.0)


@tagged("post_install", "-at_install")
class TestTierAdjustments(TierEngineCommon):
    """What people add to a measure or take away."""

    def _adjust(self, value, day="2025-06-01"):
        return self.env["customer.tier.adjustment"].create(
            {
                "partner_id": self.partner.id,
                "measure_id": self.measure.id,
                "date": day,
                "value": value,
                "reason": "Bought by telephone",
            }
        )

    def test_adjustment_counts_at_once(self):
        self._order(self.partner, "2025-05-01", 900.0)
        self._adjust(200.0)
        self.assertEqual(self._tier_at("2025-06-30"), "Silver")
        self._adjust(-150.0, "2025-06-02")
        self.assertEqual(self._tier_at("2025-06-30"), "Bronze")
        self.assertEqual(
            self._log(self.partner)[-1], ("2025-06-02", "Bronze", "expired")
        )

    def test_adjustment_is_neither_changed_nor_deleted(self):
        adjustment = self._adjust(200.0)
        with self.assertRaises(UserError):
            adjustment.value = 300.0
        with self.assertRaises(UserError):
            adjustment.sudo().write({"reason": "Another one"})
        with self.assertRaises(UserError):
            adjustment.sudo().unlink()

    def test_adjustment_of_nothing_is_refused(self):
        with self.assertRaises(ValidationError):
            self._adjust(0.0)


@tagged("post_install", "-at_install")
class TestTierEnrolment(TierEngineCommon):
    """Customers who join, pay a fee, and leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder.write({"enrolment": "joined", "number_prefix": "GC"})

    def _enrol(self, day, partner=None, **values):
        return self.env["customer.tier.enrolment"].create(
            {
                "partner_id": (partner or self.partner).id,
                "ladder_id": self.ladder.id,
                "joined_on": day,
                **values,
            }
        )

    def test_only_who_has_joined_has_a_tier(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self.assertIsNone(self._tier_at("2025-05-30"))
        self._enrol("2025-06-01")
        self.assertEqual(self._tier_at("2025-06-01"), "Bronze")
        self._order(self.partner, "2025-06-02", 1500.0)
        self.assertEqual(self._tier_at("2025-06-02"), "Silver")

    def test_purchases_before_joining_count_if_the_ladder_says_so(self):
        self.ladder.counts_before_joining = True
        self._order(self.partner, "2025-05-01", 1500.0)
        self._enrol("2025-06-01")
        self.assertEqual(self._tier_at("2025-06-01"), "Silver")
        self.assertEqual(
            self._log(self.partner)[-1], ("2025-06-01", "Silver", "enrolled")
        )

    def test_who_leaves_has_no_tier(self):
        enrolment = self._enrol("2025-05-01")
        self._order(self.partner, "2025-05-02", 1500.0)
        self.assertEqual(self._tier_at("2025-06-01"), "Silver")
        enrolment.action_leave()
        self.assertIsNone(self._tier_at("2025-06-02"))
        self.assertEqual(self._log(self.partner)[-1], ("2025-06-01", None, "left"))

    def test_member_numbers_go_on_by_ladder_and_stay(self):
        first = self._enrol("2025-05-01", left_on="2025-05-10")
        other = self._enrol("2025-05-02", self._create_partner("Other Member"))
        again = self._enrol("2025-06-01")
        self.assertEqual(first.number, "GC000001")
        self.assertEqual(other.number, "GC000002")
        self.assertEqual(again.number, first.number)

    def test_nobody_is_a_member_twice_at_a_time(self):
        self._enrol("2025-05-01")
        with self.assertRaises(ValidationError):
            self._enrol("2025-06-01")

    def test_two_members_who_became_one_customer_may_leave(self):
        double = self._create_partner("Double")
        enrolments = self._enrol("2025-05-01") | self._enrol("2025-05-05", double)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.partner | double).ids, self.partner, extra_checks=False
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(enrolments.partner_id, self.partner)
        for enrolment in enrolments:
            enrolment.action_leave()
        self._work_queue()
        self.assertFalse(self._membership(self.partner).tier_id)

    def test_a_waived_fee_enrols_nobody(self):
        fee = self._sell_fee()
        invoice = self._invoice(self.partner, "2025-05-10", 80.0)
        invoice.button_draft()
        invoice.invoice_line_ids = [
            Command.create({"product_id": fee.id, "quantity": one, "price_unit": 50.0})
            for one in (1.0, -1.0)
        ]
        invoice.action_post()
        self._pay(invoice, "2025-05-10")
        self._tier_at("2025-05-16")
        self.assertFalse(self._terms())

    def test_nobody_enters_the_number_or_the_fee(self):
        enrolment = self._enrol("2025-05-01", number="X1", paid_until="2030-01-01")
        self.assertEqual(enrolment.number, "GC000001")
        self.assertFalse(enrolment.paid_until)
        with self.assertRaises(UserError):
            enrolment.sudo().number = "X2"

    def _pay(self, invoice, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": day})._create_payments()

    def _journal(self):
        account = self.env["account.account"].create(
            {"name": "Bank", "code": "RET9", "account_type": "asset_cash"}
        )
        journal = self.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "RBNK",
                "type": "bank",
                "company_id": self.company.id,
                "default_account_id": account.id,
            }
        )
        journal.inbound_payment_method_line_ids.payment_account_id = account

    def test_paid_fee_enrols_renews_and_is_taken_back(self):
        self._journal()
        fee = self._create_product("Membership")
        self.ladder.write({"fee_product_id": fee.id, "fee_months": 12})
        invoice = self._invoice(self.partner, "2025-05-10", 50.0, product=fee)
        self._tier_at("2025-05-15")
        self.assertFalse(
            self.env["customer.tier.enrolment"].search(
                [("ladder_id", "=", self.ladder.id)]
            )
        )
        self._pay(invoice, "2025-05-20")
        self._work_queue()
        enrolment = self.env["customer.tier.enrolment"].search(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertEqual(
            (enrolment.joined_on, enrolment.paid_until),
            (on("2025-05-20"), on("2026-05-19")),
        )
        self._work_queue()
        self._tier_at("2025-05-21")
        self.assertEqual(
            len(enrolment.search([("partner_id", "=", self.partner.id)])), 1
        )
        again = self._invoice(self.partner, "2025-05-22", 50.0, product=fee)
        self._pay(again, "2025-05-22")
        self._tier_at("2025-05-23")
        renewal = enrolment.search([("partner_id", "=", self.partner.id)]) - enrolment
        self.assertEqual(
            (renewal.joined_on, renewal.paid_until, renewal.number),
            (on("2026-05-20"), on("2027-05-19"), enrolment.number),
        )

    def _sell_fee(self):
        """Return the product that members of the ladder pay for."""
        self._journal()
        fee = self._create_product("Membership")
        self.ladder.write({"fee_product_id": fee.id, "fee_months": 12})
        return fee

    def _terms(self):
        """Return the terms of the customer: (first day, last paid day, day after)."""
        terms = self.env["customer.tier.enrolment"].search(
            [("partner_id", "=", self.partner.id)], order="joined_on, id"
        )
        return [(one.joined_on, one.paid_until, one.left_on) for one in terms]

    def test_a_fee_of_a_member_without_a_term_enrols_nobody_afterwards(self):
        fee = self._sell_fee()
        enrolment = self._enrol("2025-05-01")
        for day in ("2025-05-10", "2025-05-12"):
            invoice = self._invoice(self.partner, day, 50.0, product=fee)
            self._pay(invoice, day)
        self._tier_at("2025-05-20")
        self.assertFalse(enrolment._ends())
        enrolment.left_on = "2025-06-01"
        self.assertIsNone(self._tier_at("2025-06-02"))
        self.assertIsNone(self._tier_at("2025-06-03"))
        again = self._invoice(self.partner, "2025-06-04", 50.0, product=fee)
        self._pay(again, "2025-06-04")
        self._tier_at("2025-06-04")
        self.assertEqual(self._terms()[-1], (on("2025-06-04"), on("2026-06-03"), False))

    def test_a_fee_that_is_refunded_later_ends_the_term(self):
        fee = self._sell_fee()
        invoice = self._invoice(self.partner, "2025-05-10", 50.0, product=fee)
        self._pay(invoice, "2025-05-10")
        self._tier_at("2025-05-11")
        credit = self._credit(invoice, "2025-05-15")
        self.assertEqual(invoice.payment_state, "paid")
        self._tier_at("2025-05-16")
        self.assertTrue(credit)
        self.assertEqual(
            self._terms(), [(on("2025-05-10"), on("2026-05-09"), on("2025-05-16"))]
        )

    def test_a_part_of_the_fee_that_is_refunded_ends_nothing(self):
        fee = self._sell_fee()
        invoice = self._invoice(self.partner, "2025-05-10", 50.0, product=fee)
        self._pay(invoice, "2025-05-10")
        self._credit(invoice, "2025-05-11", 20)
        self._tier_at("2025-05-16")
        self.assertEqual(self._terms(), [(on("2025-05-10"), on("2026-05-09"), False)])

    def test_a_fee_that_was_refunded_before_anybody_looked_enrols_nobody(self):
        fee = self._sell_fee()
        invoice = self._invoice(self.partner, "2025-05-10", 50.0, product=fee)
        self._pay(invoice, "2025-05-10")
        self._credit(invoice, "2025-05-11")
        self._tier_at("2025-05-16")
        self.assertFalse(self._terms())

    def test_a_fee_that_is_posted_again_goes_on(self):
        invoice = self._paid_fee("2025-05-10")
        self._tier_at("2025-05-11")
        invoice.button_draft()
        self._tier_at("2025-05-16")
        self.assertEqual(self._terms()[0][2], on("2025-05-16"))
        self._forget_queue()
        invoice.action_post()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertIn((self.partner.id, "document"), self._queued())
        self._tier_at("2025-05-18")
        self.assertEqual(self._terms(), [(on("2025-05-10"), on("2026-05-09"), False)])

    def test_a_payment_that_bounces_ends_the_term(self):
        invoice = self._paid_fee("2025-05-10")
        self._tier_at("2025-05-11")
        self._forget_queue()
        self._receivable(invoice).remove_move_reconcile()
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertIn((self.partner.id, "document"), self._queued())
        self.assertIsNone(self._tier_at("2025-05-16"))
        self.assertEqual(
            self._terms(), [(on("2025-05-10"), on("2026-05-09"), on("2025-05-16"))]
        )

    def test_what_is_paid_later_begins_with_the_payment(self):
        invoice = self._paid_fee("2025-05-10")
        self._tier_at("2025-05-11")
        self._receivable(invoice).remove_move_reconcile()
        self._tier_at("2025-05-16")
        self._pay(invoice, "2025-06-10")
        self._tier_at("2025-06-11")
        self.assertEqual(
            self._terms(),
            [
                (on("2025-05-10"), on("2026-05-09"), on("2025-05-16")),
                (on("2025-06-10"), on("2026-06-09"), False),
            ],
        )
        self._tier_at("2025-06-12")
        self.assertEqual(len(self._terms()), 2)

    def test_a_fee_that_comes_back_beside_another_one_follows_it(self):
        invoice = self._paid_fee("2025-05-10")
        self._tier_at("2025-05-11")
        paying = self._receivable(invoice).matched_credit_ids.credit_move_id
        self._receivable(invoice).remove_move_reconcile()
        self._tier_at("2025-05-16")
        product = self.ladder.fee_product_id
        again = self._invoice(self.partner, "2025-05-20", 50.0, product=product)
        self._pay(again, "2025-05-20")
        self._tier_at("2025-05-21")
        (self._receivable(invoice) | paying).reconcile()
        self._tier_at("2025-05-22")
        self.assertEqual(
            self._terms()[1:],
            [
                (on("2025-05-20"), on("2026-05-19"), False),
                (on("2026-05-20"), on("2027-05-19"), False),
            ],
        )

    def test_who_left_stays_away_when_the_fee_is_posted_again(self):
        invoice = self._paid_fee("2025-05-10")
        self._tier_at("2025-05-11")
        terms = self.env["customer.tier.enrolment"].search(
            [("partner_id", "=", self.partner.id)]
        )
        terms.left_on = "2025-05-12"
        invoice.button_draft()
        self._tier_at("2025-05-16")
        invoice.action_post()
        self.assertEqual(invoice.payment_state, "paid")
        self._tier_at("2025-05-18")
        self.assertEqual(self._terms()[0][2], on("2025-05-12"))

    def _paid_fee(self, day):
        """Return an invoice of the fee, paid on its day."""
        fee = self._sell_fee()
        invoice = self._invoice(self.partner, day, 50.0, product=fee)
        self._pay(invoice, day)
        return invoice

    def _receivable(self, invoice):
        return invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def test_paying_writes_nothing_but_the_queue(self):
        self._journal()
        fee = self._create_product("Membership")
        self.ladder.fee_product_id = fee
        invoice = self._invoice(self.partner, "2025-05-10", 50.0, product=fee)
        self._forget_queue()
        self._pay(invoice, "2025-05-20")
        self.assertIn((self.partner.id, "document"), self._queued())
        self.assertFalse(
            self.env["customer.tier.enrolment"].search(
                [("partner_id", "=", self.partner.id)]
            )
        )
