"""What tiers gave at the till: lines against the price without the tier."""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.common import TestPoSCommon


@tagged("post_install", "-at_install")
class TestPosTierDiscount(TestPoSCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["product.pricelist"].search([]).active = False
        cls.usual = cls._create_prices("Everybody", 5.0, 1)
        cls.golden = cls._create_prices("Golden", 20.0, 9)
        cls.config = cls.basic_config
        cls.config.write(
            {
                "use_pricelist": True,
                "pricelist_id": cls.usual.id,
                "available_pricelist_ids": [Command.set((cls.usual + cls.golden).ids)],
            }
        )
        cls.product = cls.create_product("Soap", cls.categ_basic, 100.0, 50.0)
        cls.product.taxes_id = False
        cls.member, cls.stranger = cls.env["res.partner"].create(
            [{"name": "Golden Buyer"}, {"name": "Friend of the Seller"}]
        )
        cls.company.retention_tz = "UTC"
        cls.gold = cls._create_gold()
        cls.Discount = cls.env["customer.tier.till.discount"]

    @classmethod
    def _create_prices(cls, name, percent, sequence):
        return cls.env["product.pricelist"].create(
            {
                "name": name,
                "sequence": sequence,
                "currency_id": cls.company_currency.id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": percent}
                    )
                ],
            }
        )

    @classmethod
    def _create_gold(cls):
        """Return a tier that the member has had since the beginning of 2026."""
        # sudo: customer.tier.ladder - people at the till do not set up ladders
        ladders = cls.env["customer.tier.ladder"].sudo()
        ladder = ladders.create(
            {
                "name": "Tested",
                "company_id": cls.company.id,
                "currency_id": cls.company_currency.id,
                "tier_ids": [
                    Command.create({"name": "Gold", "pricelist_id": cls.golden.id})
                ],
            }
        )
        # sudo: customer.tier.transition - written by the evaluation
        cls.env["customer.tier.transition"].sudo().create(
            {
                "partner_id": cls.member.id,
                "ladder_id": ladder.id,
                "company_id": cls.company.id,
                "to_tier_id": ladder.tier_ids.id,
                "direction": "up",
                "date": "2026-01-01",
                "recorded_at": cls.env.cr.now(),
                "cause": "earned",
                "trigger": "rule",
                "is_live": True,
            }
        )
        return ladder.tier_ids

    def _sell(self, partner, price, pricelist, quantity=1):
        session = self.open_new_session()
        data = self.create_ui_order_data([(self.product, quantity)], customer=partner)
        order = self.env["pos.order"].browse(
            self.env["pos.order"].sync_from_ui([data])["pos.order"][0]["id"]
        )
        order.date_order = "2026-03-02 12:00:00"
        session.action_pos_session_closing_control()
        order.pricelist_id = pricelist
        order.lines.write(
            {
                "price_unit": price,
                "price_subtotal": price * quantity,
                "price_subtotal_incl": price * quantity,
            }
        )
        return order

    def _given(self, order):
        self.Discount._reckon(self.Discount._orders_to_reckon(100))
        return self.Discount.search([("order_id", "=", order.id)])

    def test_line_against_the_price_without_the_tier(self):
        order = self._sell(self.member, 80.0, self.golden, quantity=3)
        given = self._given(order)
        self.assertEqual(given.line_id, order.lines)
        self.assertEqual(given.tier_id, self.gold)
        self.assertEqual((given.price_without, given.amount), (95.0, 45.0))
        self.assertFalse(self.Discount._orders_to_reckon(100))

    def test_goods_that_come_back_take_it_back(self):
        self._given(self._sell(self.member, 80.0, self.golden))
        back = self._sell(self.member, 80.0, self.golden, quantity=-1)
        self.assertEqual(self._given(back).amount, -15.0)

    def test_what_the_tier_has_not_given(self):
        cases = (
            (self.stranger, 80.0, self.golden, 0.0),
            (self.member, 60.0, self.golden, 15.0),
            (self.member, 120.0, self.golden, 0.0),
        )
        for partner, price, pricelist, amount in cases:
            with self.subTest(partner=partner.name, price=price):
                order = self._sell(partner, price, pricelist)
                self.assertEqual(self._given(order).amount, amount)
        self.assertFalse(self.Discount._orders_to_reckon(100))

    def test_order_at_usual_prices_has_no_row(self):
        self.assertFalse(self._given(self._sell(self.member, 95.0, self.usual)))

    def test_what_was_given_counts_in_the_economics_of_the_tier(self):
        self._given(self._sell(self.member, 80.0, self.golden))
        self.env.flush_all()
        # sudo: customer.tier.report - people at the till read no figures of tiers
        report = self.env["customer.tier.report"].sudo()
        [row] = report.search(
            [("partner_id", "=", self.member.id), ("month", "=", "2026-03-01")]
        )
        self.assertEqual(row.discount_given, 15.0)
