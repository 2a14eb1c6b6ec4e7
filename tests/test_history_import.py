from datetime import datetime

from odoo.tests import tagged

from ..logic.history_csv import ERROR_CODES
from ..models import customer_history_import, customer_history_wording
from .common import RetentionCommon, on


@tagged("post_install", "-at_install")
class TestHistoryImport(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.retention_tz = "America/New_York"
        cls.importer = cls.env["customer.history.import"]
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True

    def _read(self, *lines, header="customer,date,amount,currency,reference", **kwargs):
        content = "\n".join((header, *lines)).encode()
        return self.importer._read(content, self.company, **kwargs)

    def _load(self, *lines, company=None, **kwargs):
        """Load lines that are in order; return the orders of the customers in them."""
        reading = self._read(*lines, **kwargs)
        self.assertEqual(reading.errors, ())
        company = company or self.company
        progress = list(self.importer._load_batches(reading.purchases, company))
        references = {purchase.customer for purchase in reading.purchases}
        orders = self.env["sale.order"].search(
            [
                ("partner_id.ref", "in", list(references)),
                ("company_id", "=", company.id),
            ],
            order="date_order, id",
        )
        return orders, progress

    def test_orders_are_confirmed_on_their_true_days(self):
        orders, progress = self._load(
            "Shop 1,2024-01-31,12.50,,",
            "Shop 1,2024-07-31,20,,",
            "Shop 2,2024-08-01,5,,",
        )
        self.assertEqual(progress, [(3, 3)])
        self.assertRecordValues(
            orders,
            [
                {
                    "state": "sale",
                    "locked": True,
                    "amount_total": amount,
                    "date_order": day,
                }
                for amount, day in (
                    (12.5, datetime(2024, 1, 31, 17)),
                    (20.0, datetime(2024, 7, 31, 16)),
                    (5.0, datetime(2024, 8, 1, 16)),
                )
            ],
        )
        self.assertEqual(orders.partner_id.mapped("name"), ["Shop 1", "Shop 2"])
        self.assertEqual(set(orders.mapped("invoice_status")), {"no"})

    def test_nobody_is_told(self):
        models = ("mail.mail", "mail.activity", "mail.followers", "mail.message")
        before = {model: self.env[model].search_count([]) for model in models}
        self._load("Shop 1,2024-01-31,12.50,,", "Shop 2,2024-01-31,12.50,,A1")
        after = {model: self.env[model].search_count([]) for model in models}
        self.assertEqual(after, before)

    def test_a_second_load_brings_only_what_is_new(self):
        lines = ("Shop 1,2024-01-31,12.50,,", "Shop 1,2024-01-31,12.50,,A1")
        orders, _progress = self._load(*lines)
        again, progress = self._load(*reversed(lines))
        self.assertEqual((again, progress), (orders, []))
        more, progress = self._load(*lines, "Shop 1,2024-02-01,9,,")
        self.assertEqual((len(more), progress), (3, [(1, 1)]))

    def test_an_interrupted_load_goes_on_where_it_stopped(self):
        self.patch(customer_history_import, "BATCH", 2)
        lines = [f"Shop {n},2024-01-{n:02},{n},," for n in range(1, 6)]
        purchases = self._read(*lines).purchases
        batches = self.importer._load_batches(purchases, self.company)
        self.assertEqual(next(batches), (2, 5))
        batches.close()
        orders, progress = self._load(*lines)
        self.assertEqual(progress, [(2, 3), (3, 3)])
        self.assertEqual(orders.mapped("amount_total"), [1.0, 2.0, 3.0, 4.0, 5.0])

    def test_a_deleted_order_can_be_loaded_again(self):
        orders, _progress = self._load("Shop 1,2024-01-31,12.50,,")
        orders.action_unlock()
        orders._action_cancel()
        orders.unlink()
        orders, progress = self._load("Shop 1,2024-01-31,12.50,,")
        self.assertEqual((len(orders), progress), (1, [(1, 1)]))

    def test_customers_are_found_by_their_reference(self):
        self.partner.ref = "T-1"
        contact = self._create_partner(
            "Buyer", is_company=False, parent_id=self.partner.id, ref="T-2"
        )
        orders, _progress = self._load("T-1,2024-01-31,1,,", "T-2,2024-02-01,2,,")
        self.assertEqual(orders.partner_id, self.partner)
        self.assertEqual(contact.commercial_partner_id, self.partner)

    def test_a_reference_of_several_customers_is_an_error(self):
        self._create_partner("Twin", ref="T-1")
        self.partner.ref = "T-1"
        reading = self._read("T-1,2024-01-31,1,,")
        self.assertEqual(reading.purchases, ())
        self.assertEqual(
            self.importer._describe(reading.errors[0]),
            "Line 2: 2 customers have the reference “T-1”. Merge them or change the "
            "reference of the others.",
        )

    def test_foreign_currency_counts_with_the_rate_of_the_day(self):
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": self.dollar.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in (("2024-01-01", 2.0), ("2024-06-01", 4.0))
            ]
        )
        orders, _progress = self._load(
            "Shop 1,2024-03-01,100,USD,", "Shop 1,2024-07-01,100,USD,"
        )
        self.assertEqual(orders.currency_id, self.dollar)
        self.assertEqual(orders.mapped("amount_total"), [100.0, 100.0])
        self.importer._finish(self.company)._work_off()
        relationship = self._relationship(orders.partner_id)
        self.assertEqual(relationship.revenue_total, 75.0)
        reading = self._read("Shop 1,2023-12-31,100,USD,")
        self.assertEqual([problem.code for problem in reading.errors], ["no_rate"])

    def test_all_errors_are_sentences_with_their_line(self):
        reading = self._read(
            "Shop 1,2024-02-30,1,,", "Shop 1,2024-02-01,1,XXX,", "Shop 1,2024-02-01,x,,"
        )
        self.assertEqual(
            [self.importer._describe(problem) for problem in reading.errors],
            [
                "Line 2: “2024-02-30” is not a date. Write it as 2024-12-31.",
                "Line 3: The currency “XXX” is unknown. Use the code of an active "
                "currency.",
                "Line 4: “x” is not an amount. Write it as 1234.50, without currency "
                "and thousands separators.",
            ],
        )

    def test_every_problem_has_a_sentence(self):
        codes = {*ERROR_CODES, "ambiguous_customer"}
        self.assertEqual(set(customer_history_wording.SENTENCES), codes)

    def test_a_day_that_has_not_begun_for_the_company_is_in_the_future(self):
        reading = self._read("Shop 1,2999-01-01,1,,")
        self.assertEqual([problem.code for problem in reading.errors], ["future_date"])

    def test_each_company_has_its_own_history(self):
        other = self._create_company("Other Test Company")
        lines = ("Shop 1,2024-01-31,12.50,,A1",)
        orders, _progress = self._load(*lines)
        others, progress = self._load(*lines, company=other)
        self.assertEqual(progress, [(1, 1)])
        self.assertEqual(others.company_id, other)
        self.assertEqual(others.partner_id, orders.partner_id)

    def test_the_import_is_no_news_to_act_on(self):
        self._forget_queue()
        orders, _progress = self._load("Shop 1,2024-01-31,12.50,,")
        self.assertIn((orders.partner_id.id, "import"), self._queued())
        groups = self.Queue._group_reasons(
            [
                (1, orders.partner_id.id, "document", None),
                (2, orders.partner_id.id, "import", None),
            ]
        )
        self.assertEqual([cause for cause, _force in groups], ["import"])

    def test_customers_have_their_stage_afterwards(self):
        orders, _progress = self._load(
            "Shop 1,2024-01-31,12.50,,",
            "Shop 1,2024-03-31,12.50,,",
            "Shop 2,2024-01-31,1,,",
        )
        self.importer._finish(self.company)._work_off()
        relationships = [self._relationship(partner) for partner in orders.partner_id]
        self.assertEqual([row.purchase_count for row in relationships], [2, 1])
        self.assertEqual(
            [row.first_purchase_on for row in relationships], [on("2024-01-31")] * 2
        )
