from datetime import date

from odoo.tests import tagged

from odoo.addons.customer_retention.models.customer_account import AccountScope
from odoo.addons.point_of_sale.tests.common import TestPoSCommon


@tagged("post_install", "-at_install")
class TestPosPurchases(TestPoSCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.basic_config
        cls.buyer = cls.env["res.partner"].create({"name": "Till Buyer"})
        cls.product = cls.create_product("Soap", cls.categ_basic, 100.0, 50.0)
        cls.company.retention_tz = "UTC"

    def _sell(self, day, quantity=1, partner=None):
        session = self.open_new_session()
        data = self.create_ui_order_data(
            [(self.product, quantity)], customer=partner or self.buyer
        )
        order = self.env["pos.order"].browse(
            self.env["pos.order"].sync_from_ui([data])["pos.order"][0]["id"]
        )
        order.date_order = f"{day} 12:00:00"
        session.action_pos_session_closing_control()
        return order

    def _purchases(self):
        self.env["customer.relationship"]._sync_documents(
            AccountScope.of(self.buyer.ids)
        )
        return self.env["customer.purchase"].search(
            [("partner_id", "=", self.buyer.id)], order="date"
        )

    def test_a_paid_order_counts_and_a_refund_lowers_the_revenue(self):
        order = self._sell("2026-03-02", quantity=2)
        purchase = self._purchases()
        self.assertRecordValues(
            purchase,
            [
                {
                    "source": "pos",
                    "res_id": order.id,
                    "date": date(2026, 3, 2),
                    "amount": 200.0,
                    "is_purchase": True,
                }
            ],
        )
        self._sell("2026-03-05", quantity=-1)
        self.assertEqual(self._purchases().mapped("amount"), [200.0, -100.0])
        self.assertEqual(self._purchases().mapped("is_purchase"), [True, False])

    def test_an_order_without_customer_counts_for_nobody(self):
        queue = self.env["customer.relationship.queue"]
        order = self._sell("2026-03-02")
        order.partner_id = False
        self.assertFalse(self._purchases())
        self.env.cr.precommit.run()
        self.assertIn(
            self.buyer, queue.search([]).partner_id, "the former customer is queued"
        )

    def test_an_invoiced_order_is_counted_once_in_either_setting(self):
        order = self._sell("2026-03-02")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.product.id,
                            "price_unit": 100.0,
                            "tax_ids": [],
                        },
                    )
                ],
            }
        )
        invoice.action_post()
        order.account_move = invoice
        self.company.retention_purchase_source = "order"
        self.assertEqual(self._purchases().mapped("source"), ["pos"])
        self.company.retention_purchase_source = "invoice"
        self.assertEqual(self._purchases().mapped("source"), ["invoice"])

    def test_what_is_paid_at_the_till_rewards_a_referral_until_it_is_returned(self):
        # sudo: customer.referral - recorded on its day, which has passed
        referrals = self.env["customer.referral"].sudo()
        referral = referrals.create(
            {
                "partner_id": self.buyer.id,
                "referrer_id": self.env["res.partner"].create({"name": "Friend"}).id,
                "company_id": self.company.id,
                "date": "2026-03-01",
            }
        )
        self.assertNotIn(referral, referrals._search_paid())
        order = self._sell("2026-03-02", quantity=2)
        self.assertIn(referral, referrals._search_paid())
        referral._amend({"state": "rewarded"})
        back = self._sell("2026-03-05", quantity=-1)
        back.lines.refunded_orderline_id = order.lines
        self.assertNotIn(referral, referrals._search_credited())
        again = self._sell("2026-03-06", quantity=-1)
        again.lines.refunded_orderline_id = order.lines
        self.assertIn(referral, referrals._search_credited())
        referral._amend({"state": "waiting"})
        self.assertNotIn(referral, referrals._search_paid())

    def test_closing_the_till_queues_the_customer_and_evaluation_finds_it(self):
        self._sell("2026-03-02")
        self.env.cr.precommit.run()
        while self.env["customer.relationship.queue"]._work_slice():
            pass
        row = self.env["customer.relationship"].search(
            [("partner_id", "=", self.buyer.id)]
        )
        self.assertEqual(row.purchase_count, 1)
        self.assertEqual(row.last_purchase_on, date(2026, 3, 2))
        self.assertEqual(row.category_count_12m, 1)
        self.assertEqual(row.top_products[0]["name"], self.product.display_name)
        self.assertFalse(row.offered_not_bought)
