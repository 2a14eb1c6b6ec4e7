"""What tiers bring and cost, who moved, and what deserves a second look."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import on
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierReport(TierCommon):
    """A customer who reached Silver in February and Gold in April 2025."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("tier_report_seller")
        cls.customer = cls._create_partner("Reported", user_id=cls.seller.id)
        cls._order(cls.customer, "2025-02-10", 1200.0)
        cls._order(cls.customer, "2025-04-20", 4000.0)
        cls._work_queue()
        cls.Report = cls.env["customer.tier.report"]

    def _rows(self, **values):
        self.env.flush_all()
        domain = [("partner_id", "=", self.customer.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.Report.search(domain, order="month")

    def test_tier_of_every_month_up_to_today(self):
        rows = self._rows()
        self.assertEqual(
            [(row.month.isoformat(), row.tier_id.name) for row in rows],
            [
                ("2025-02-01", "Silver"),
                ("2025-03-01", "Silver"),
                ("2025-04-01", "Gold"),
                ("2025-05-01", "Gold"),
                ("2025-06-01", "Gold"),
            ],
        )
        self.assertEqual(rows.mapped("revenue"), [1200.0, 0.0, 4000.0, 0.0, 0.0])
        self.assertEqual(rows.mapped("cohort_age"), [0, 1, 2, 3, 4])
        self.assertEqual(len(set(rows.ids)), 5)

    def test_moves_between_two_periods(self):
        row = self._rows(month="2025-05-01")
        self.assertEqual(row.tier_month_before_id, self.gold)
        self.assertEqual(row.tier_quarter_before_id, self.silver)
        self.assertFalse(row.tier_year_before_id)
        groups = self.Report._read_group(
            [("month", "=", "2025-05-01"), ("partner_id", "=", self.customer.id)],
            ["tier_quarter_before_id", "tier_id"],
            ["members:sum", "revenue:sum"],
        )
        self.assertEqual(groups, [(self.silver, self.gold, 1, 0.0)])

    def test_pivot_adds_up_money(self):
        groups = self.Report.formatted_read_group(
            [("partner_id", "=", self.customer.id)],
            ["tier_id", "month:month"],
            ["members:sum", "revenue:sum", "discount_given:sum", "benefit_cost:sum"],
        )
        self.assertEqual(sum(group["revenue:sum"] for group in groups), 5200.0)
        self.assertEqual(self._rows()[0].currency_id, self.currency)

    def test_estimated_cost_stands_beside_what_was_given(self):
        self.gold.benefit_ids = [
            Command.create(
                {"name": "Service", "cost_per_member": 120.0, "cost_percent": 2.0}
            )
        ]
        row = self._rows(month="2025-04-01")
        self.assertEqual(row.benefit_cost, 10.0 + 80.0)
        self.assertEqual(row.discount_given, 0.0)
        self.assertEqual(self._rows(month="2025-03-01").benefit_cost, 0.0)

    def test_an_estimate_needs_no_percentage(self):
        for values, cost in (
            ({"cost_per_member": 120.0}, 10.0),
            ({"cost_percent": 2.0}, 80.0),
        ):
            with self.subTest(values=values):
                self.gold.benefit_ids = [
                    Command.clear(),
                    Command.create({"name": "Service", **values}),
                ]
                self.assertEqual(self._rows(month="2025-04-01").benefit_cost, cost)

    def test_members_of_a_group_count_for_its_head(self):
        daughter = self._create_partner("Reported Daughter")
        self.env["customer.account.group"].create(
            {
                "name": "Reported Group",
                "lead_id": self.customer.id,
                "member_ids": [
                    Command.create({"partner_id": self.customer.id}),
                    Command.create(
                        {
                            "partner_id": daughter.id,
                            "share": 50,
                            "date_from": "2025-03-10",
                        }
                    ),
                ],
            }
        )
        order = self._order(daughter, "2025-03-05", 100.0)
        order |= self._order(daughter, "2025-03-15", 200.0)
        self._work_queue()
        self._give(order[0], 1.0)
        self._give(order[1], 2.0)
        row = self._rows(month="2025-03-01")
        self.assertEqual((row.revenue, row.discount_given), (200.0, 2.0))
        if "margin" in order:
            self.assertEqual(row.margin, order[1].margin)
        groups = self.Report._read_group(
            [("partner_id", "in", (daughter | self.customer).ids)],
            ["partner_id"],
            ["revenue:sum"],
        )
        # what the daughter bought before she came into the group counts for nobody
        self.assertEqual(dict(groups), {self.customer: 5400.0})
        self.ladder.rolls_up_groups = False
        self.Report.invalidate_model()
        self.assertEqual(self._rows(month="2025-03-01").revenue, 0.0)

    def _give(self, order, amount):
        """Let a tier have given so much on an order."""
        self.env["customer.tier.discount"].create(
            {
                "line_id": order.order_line.id,
                "order_id": order.id,
                "partner_id": order.partner_id.id,
                "company_id": self.company.id,
                "date": order.date_order.date(),
                "amount": amount,
            }
        )

    def test_who_sees_whom(self):
        self.env.flush_all()
        other = self._create_user("tier_report_other")
        domain = [("partner_id", "=", self.customer.id)]
        self.assertTrue(self.Report.with_user(self.seller).search(domain))
        self.assertFalse(self.Report.with_user(other).search(domain))
        elsewhere = self._create_company("Elsewhere")
        stranger = new_test_user(
            self.env,
            "tier_report_stranger",
            groups="sales_team.group_sale_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        report = self.Report.with_user(stranger)
        report = report.with_context(allowed_company_ids=elsewhere.ids)
        self.assertFalse(report.search(domain))


@tagged("post_install", "-at_install")
class TestTierDiscount(TierCommon):
    """What tiers gave is what the lines came to less than without them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pricelists = cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= pricelists
        cls.env["product.pricelist"].search([]).active = False
        cls.default = cls._create_pricelist("Everybody", percent=5.0, sequence=1)
        cls.golden = cls._create_pricelist("Golden", percent=20.0, sequence=50)
        cls.gold.pricelist_id = cls.golden
        cls._set_tier(cls.partner, cls.gold)
        cls._transition(cls.partner, False, cls.gold, "2025-01-01")
        cls.Discount = cls.env["customer.tier.discount"]

    def _given(self):
        self.Discount._reckon(self.Discount._orders_to_reckon(100))
        return self.Discount.search([("partner_id", "=", self.partner.id)])

    def test_line_against_the_price_without_the_tier(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 3.0}
                    )
                ],
            }
        )
        self.assertEqual(order.pricelist_id, self.golden)
        order.action_confirm()
        given = self._given()
        self.assertEqual(given.price_without, 95.0)
        self.assertEqual(given.amount, 45.0)
        self.assertEqual(
            given.amount,
            sum(3 * 95.0 - line.price_subtotal for line in order.order_line),
        )
        self.assertEqual(given.tier_id, self.gold)
        self.assertFalse(self.Discount._orders_to_reckon(100))

    def test_order_of_nothing_is_not_looked_at_again_and_again(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"display_type": "line_note", "name": "A note"})
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(order.pricelist_id, self.golden)
        self.assertFalse(self.Discount._orders_to_reckon(100))

    def test_order_at_other_prices_gave_nothing(self):
        self.partner.specific_property_product_pricelist = self.default
        self._order(self.partner, "2025-05-05", 80.0, pricelist_id=self.default.id)
        self.assertFalse(self._given())

    def test_other_company_has_prices_and_tiers_of_its_own(self):
        other = self._create_company("Discounting Elsewhere")
        self._create_pricelist("All", 10.0, company_id=other.id, sequence=1)
        members = self._create_pricelist(
            "Members", 30.0, company_id=other.id, sequence=2
        )
        ladder = self._create_ladder("Elsewhere", company_id=other.id)
        _bronze, silver, gold = ladder.tier_ids.sorted("sequence")
        (silver | gold).pricelist_id = members
        self._set_tier(self.partner, gold)
        self._transition(self.partner, False, gold, "2025-01-01")
        elsewhere = self.partner.with_company(other)
        self.assertEqual(elsewhere.property_product_pricelist, members)
        self._order(
            elsewhere, "2025-05-05", 70.0, company_id=other.id, pricelist_id=members.id
        )
        given = self._given()
        self.assertEqual(given.tier_id, gold)
        self.assertEqual(given.price_without, 90.0)
        self.assertEqual(given.amount, 20.0)

    def test_cancelled_order_gave_nothing(self):
        order = self._order(
            self.partner, "2025-05-05", 80.0, pricelist_id=self.golden.id
        )
        self.assertEqual(self._given().amount, 15.0)
        order._action_cancel()
        self.assertFalse(self._given())
        self.assertFalse(self.Discount._orders_to_reckon(100))

    def _golden_order(self, partner=None, price=80.0, day="2025-05-05", **values):
        return self._order(
            partner or self.partner,
            day,
            price,
            pricelist_id=self.golden.id,
            **values,
        )

    def test_prices_of_a_tier_for_somebody_else_are_no_gift_of_it(self):
        other = self._create_partner("Friend of a Seller")
        order = self._golden_order(other)
        self.Discount._reckon(self.Discount._orders_to_reckon(100))
        found = self.Discount.search([("order_id", "=", order.id)])
        self.assertEqual((found.amount, found.tier_id), (0.0, self.gold.browse()))
        self.assertFalse(self.Discount._orders_to_reckon(100))

    def test_member_of_yesterday_and_of_tomorrow(self):
        self._transition(self.partner, self.gold, self.silver, "2025-04-30")
        self._transition(self.partner, self.silver, self.gold, "2025-05-20")
        orders = {
            day: self._golden_order(day=day)
            for day in ("2025-04-30", "2025-05-05", "2025-05-20", "2025-05-25")
        }
        given = self._given().grouped("order_id")
        self.assertEqual(
            {day: given[order].amount for day, order in orders.items()},
            {
                "2025-04-30": 15.0,
                "2025-05-05": 0.0,
                "2025-05-20": 15.0,
                "2025-05-25": 15.0,
            },
        )

    def test_a_quotation_keeps_the_prices_of_the_tier_of_its_day(self):
        order = self._golden_order(day="2025-05-05")
        self._transition(self.partner, self.gold, self.silver, "2025-04-30")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = '2025-04-20 12:00' WHERE id = %s",
            [order.id],
        )
        self.assertEqual(self._given().amount, 15.0)

    def test_what_a_seller_takes_off_is_no_gift_of_the_tier(self):
        for price, amount in ((70.0, 15.0), (85.0, 10.0), (120.0, 0.0)):
            with self.subTest(price=price):
                order = self._golden_order(price=price)
                given = self._given().grouped("order_id")
                self.assertEqual(given[order].amount, amount)

    def test_discount_on_the_whole_order_is_no_gift_of_the_tier(self):
        order = self._golden_order()
        wizard = self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        )
        wizard.action_apply_discount()
        self.assertEqual(len(order.order_line), 2)
        self.assertEqual(sum(self._given().mapped("amount")), 15.0)
        self.assertFalse(self.Discount._orders_to_reckon(100))

    def test_lines_that_no_pricelist_prices_are_left_out(self):
        def without_second(orders):
            return orders.order_line[:1]

        order = self._golden_order()
        order.order_line.copy({"order_id": order.id, "price_unit": 7.0})
        with patch.object(
            type(order), "_get_update_prices_lines", without_second, create=True
        ):
            self.assertEqual(sum(self._given().mapped("amount")), 15.0)
        self.assertFalse(self.Discount._orders_to_reckon(100))

    def test_later_prices_rewrite_only_what_was_changed(self):
        order = self._order(
            self.partner, "2025-05-05", 80.0, pricelist_id=self.golden.id
        )
        self.assertEqual(self._given().amount, 15.0)
        self.default.item_ids.percent_price = 0.0
        self._invoice_of(order, "2025-05-06")
        self._later(order)
        self.assertFalse(self.Discount._orders_to_reckon(100))
        line = order.order_line.copy({"order_id": order.id, "price_unit": 80.0})
        given = self._given().grouped("line_id")
        self.assertEqual(given[order.order_line - line].amount, 15.0)
        self.assertEqual(given[line].amount, 20.0)

    def test_changed_line_is_reckoned_anew(self):
        order = self._order(
            self.partner, "2025-05-05", 80.0, pricelist_id=self.golden.id
        )
        self.assertEqual(self._given().amount, 15.0)
        order.order_line.product_uom_qty = 2.0
        order.order_line.price_unit = 80.0
        self.assertEqual(self._given().amount, 30.0)

    def _later(self, order):
        """Let something else be written on an order after it was looked at."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = now() AT TIME ZONE 'UTC'"
            " + interval '1 hour' WHERE id = %s",
            [order.id],
        )
        order.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestTierAnomaly(TierCommon):
    """Each with its reason, none of them a verdict."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Anomaly = cls.env["customer.tier.anomaly"]

    def _found(self, kind, partner=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Anomaly.search(
            [
                ("kind", "=", kind),
                ("partner_id", "=", (partner or self.partner).id),
            ]
        )

    def test_purchases_split_to_reach_a_tier(self):
        for _number in range(3):
            self._order(self.partner, "2025-05-05", 400.0)
        self._work_queue()
        found = self._found("split")
        self.assertEqual(found.tier_id, self.silver)
        self.assertEqual(
            found.reason,
            "3 purchases on 05/05/2025, the day on which Silver was reached.",
        )

    def test_single_purchase_is_nothing_unusual(self):
        self._order(self.partner, "2025-05-05", 1400.0)
        self._work_queue()
        self.assertFalse(self._found("split"))
        self.assertFalse(self._found("credited"))

    def test_bought_and_credited(self):
        order = self._order(self.partner, "2025-05-01", 1500.0)
        self._work_queue()
        self._credit(self._invoice_of(order, "2025-05-02"), "2025-06-01")
        self._work_queue()
        found = self._found("credited")
        self.assertEqual(len(found), 1)
        self.assertEqual(found.date, on("2025-06-01"))
        self.assertIn("06/01/2025", found.reason)

    def test_account_of_an_employee(self):
        user = self._create_user("tier_insider")
        account = user.partner_id.commercial_partner_id
        self._set_tier(account, self.gold)
        found = self._found("staff", account)
        self.assertEqual(found.tier_id, self.gold)
        self.assertIn("works here", found.reason)

    def test_many_grants_by_one_person(self):
        customers = [self._create_partner(f"Granted {number}") for number in range(5)]
        for number, customer in enumerate(customers, start=1):
            self.env["customer.tier.grant"].create(
                {
                    "partner_id": customer.id,
                    "tier_id": self.silver.id,
                    "reason": "vip",
                    "note": "Because",
                    "date_from": f"2025-06-0{number}",
                    "date_until": "2025-12-31",
                }
            )
        found = self._found("grants", customers[-1])
        self.assertEqual((found.number, found.person_id), (5, self.env.user))
        self.assertIn("100 %", found.reason)
        self.assertFalse(self._found("grants", customers[0]))

    def _refer(self, partner, referrer, day="2025-06-01"):
        return self.env["customer.referral"].create(
            {
                "partner_id": partner.id,
                "referrer_id": referrer.id,
                "company_id": self.company.id,
                "date": day,
            }
        )

    def test_many_adjustments_by_one_person(self):
        customers = [self._create_partner(f"Adjusted {number}") for number in range(5)]
        for customer in customers:
            self.env["customer.tier.adjustment"].create(
                {
                    "partner_id": customer.id,
                    "measure_id": self.measure.id,
                    "date": "2025-06-01",
                    "value": 100,
                    "reason": "Forgotten",
                }
            )
        found = self._found("adjustments", customers[-1])
        self.assertEqual((found.number, found.person_id), (5, self.env.user))
        self.assertIn("recorded 5 adjustments within 30 days, 100 %", found.reason)
        self.assertFalse(self._found("adjustments", customers[0]))

    def test_many_referrals_by_one_customer(self):
        people = [self._create_partner(f"Brought {number}") for number in range(5)]
        days = ("2025-04-01", "2025-06-01", "2025-06-02", "2025-06-03", "2025-06-04")
        for person, day in zip(people, days, strict=True):
            self._refer(person, self.partner, day)
        self.assertFalse(self._found("referrals"))
        last = self._refer(self._create_partner("One More"), self.partner, "2025-06-05")
        found = self._found("referrals")
        self.assertEqual((found.number, found.date), (5, on("2025-06-05")))
        self.assertEqual(
            found.reason, "Brought 5 customers within 30 days until 06/05/2025."
        )
        last.action_refuse()
        self.assertFalse(self._found("referrals"))

    def test_customers_who_share_something_with_who_brought_them(self):
        traits = {
            "e-mail address": {"email": "Farmer@Tested.example.com"},
            "e-mail domain": {"email": "other@tested.example.com"},
            "phone number": {"phone": "0049 (170) 1234567"},
            "address": {"street": " main street 1", "zip": "12345"},
            "bank account": {"bank_ids": [Command.create({"acc_number": "DE 44 1"})]},
        }
        self.partner.write(
            {
                "email": "farmer@tested.example.com",
                "phone": "+49 170 1234567",
                "street": "Main Street 1",
                "zip": "12345",
                "bank_ids": [Command.create({"acc_number": "DE441"})],
            }
        )
        for name, values in traits.items():
            with self.subTest(name):
                customer = self._create_partner("Address of the Farmer")
                contact = self._create_partner(
                    "Its Contact", is_company=False, parent_id=customer.id
                )
                contact.write(values)
                self._refer(customer, self.partner)
                reason = self._found("shared", customer).reason
                self.assertTrue(
                    reason.startswith(f"Was brought by {self.partner.name}")
                )
                self.assertIn(name, reason)

    def test_free_mail_and_strangers_are_nothing_unusual(self):
        self.partner.email = "farmer@gmail.com"
        stranger = self._create_partner("Stranger", email="stranger@gmail.com")
        self._refer(stranger, self.partner)
        self.assertFalse(self._found("shared", stranger))
