from odoo.fields import Command
from odoo.tests import tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestInsight(RetentionCommon):
    """What the form tells of the documents of a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_category = cls.env["product.category"].create({"name": "Other Goods"})
        cls.other = cls.env["product.product"].create(
            {
                "name": "Other Product",
                "categ_id": cls.other_category.id,
                "type": "consu",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )
        cls.contact = cls._create_partner(
            "Tested Contact", parent_id=cls.partner.id, is_company=False
        )

    def _row(self):
        self._work_queue()
        return self._relationship(self.partner)

    def _text(self, text):
        return text.replace("\N{NO-BREAK SPACE}", " ")

    # --------------------------------------------------------------------------
    # Products
    # --------------------------------------------------------------------------

    def test_top_products_with_their_own_rhythm(self):
        for day in ("2025-01-01", "2025-01-31", "2025-03-02", "2025-03-02"):
            self._order(self.partner, day, 50.0, quantity=2.0)
        self._order(self.contact, "2025-06-01", 900.0, product=self.other)
        first, second = self._row().top_products
        self.assertEqual(first["name"], "Other Product")
        self.assertEqual(first["interval_text"], "")
        self.assertFalse(first["overdue"])
        self.assertEqual(second["product_id"], self.product.id)
        self.assertEqual(second["times"], 3)
        self.assertEqual(second["quantity_text"], "8")
        self.assertEqual(self._text(second["amount_text"]), "400.00 €")
        self.assertEqual(second["interval_text"], "every 30 days")
        self.assertEqual(second["last_text"], "03/02/2025")
        self.assertTrue(second["overdue"], "120 days ago, usually every 30")

    def test_what_was_credited_is_no_revenue_of_a_product(self):
        order = self._order(self.partner, "2025-01-10", 100.0, quantity=3.0)
        invoice = self._invoice_of(order, "2025-01-12")
        self._credit(invoice, "2025-01-20", amount=100.0)
        (line,) = self._row().top_products
        self.assertEqual(self._text(line["amount_text"]), "200.00 €")
        self.assertEqual(line["quantity_text"], "2")
        self.assertEqual((line["times"], line["last_text"]), (1, "01/10/2025"))

    def test_invoices_as_the_source(self):
        self.company.retention_purchase_source = "invoice"
        self._order(self.partner, "2025-01-10", 100.0, product=self.other)
        self._invoice(self.partner, "2025-02-10", 70.0)
        row = self._row()
        (line,) = row.top_products
        self.assertEqual(line["product_id"], self.product.id)
        self.assertEqual(self._text(line["amount_text"]), "70.00 €")
        self.assertFalse(row.offered_not_bought)

    def test_amounts_are_in_company_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2024-01-01",
                "rate": 2.0,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Dollars",
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        self._order(self.partner, "2025-01-10", 100.0, pricelist_id=pricelist.id)
        (line,) = self._row().top_products
        self.assertEqual(self._text(line["amount_text"]), "50.00 €")

    def test_offered_and_never_bought(self):
        self._order(self.partner, "2025-01-10")
        self._quotation(self.partner, "2025-02-01", 20.0, product=self.product)
        self._quotation(self.contact, "2025-02-01", 20.0, product=self.other)
        cancelled = self._quotation(
            self.partner, "2025-03-01", 30.0, product=self.other
        )
        cancelled.action_cancel()
        (line,) = self._row().offered_not_bought
        self.assertEqual(line["name"], "Other Product")
        self.assertEqual(line["times"], 2)
        self.assertEqual(line["last_text"], "03/01/2025")
        self.assertEqual(self._text(line["amount_text"]), "50.00 €")

    def test_categories_bought(self):
        self._order(self.partner, "2025-01-10", 100.0)
        self._order(self.partner, "2025-02-10", 300.0, product=self.other)
        self.assertEqual(
            [
                (one["name"], self._text(one["amount_text"]), one["last_text"])
                for one in self._row().categories_bought
            ],
            [
                ("Other Goods", "300.00 €", "02/10/2025"),
                ("Tested Goods", "100.00 €", "01/10/2025"),
            ],
        )

    # --------------------------------------------------------------------------
    # Rhythm, revenue, facts
    # --------------------------------------------------------------------------

    def test_rhythm_has_a_dot_for_every_purchase_day(self):
        for day in ("2025-01-01", "2025-01-31", "2025-03-02", "2025-03-02"):
            self._order(self.partner, day, 50.0)
        rhythm = self._row().rhythm
        self.assertEqual(
            [(dot["date"], dot["amount"]) for dot in rhythm["purchases"]],
            [("2025-01-01", 50.0), ("2025-01-31", 50.0), ("2025-03-02", 100.0)],
        )
        self.assertEqual(rhythm["as_of"], "2025-06-30")
        self.assertEqual(rhythm["as_of_text"], "06/30/2025")
        self.assertEqual(rhythm["expected_next"], "2025-04-01")
        self.assertEqual(
            (rhythm["first"], rhythm["last"]), ("2025-01-01", "2025-03-02")
        )
        self.assertEqual(
            rhythm["sentence"],
            "Usually buys every 30 days. The next purchase was expected on 04/01/2025, "
            "90 days ago.",
        )

    def test_revenue_of_five_years_by_month(self):
        self._order(self.partner, "2020-12-31", 1.0)
        self._order(self.partner, "2021-01-01", 10.0)
        order = self._order(self.partner, "2025-05-31", 100.0)
        self._credit(self._invoice_of(order, "2025-06-01"), "2025-06-02", amount=30.0)
        revenue = self._row().revenue_by_month
        years = {one["year"]: one for one in revenue["years"]}
        self.assertEqual(list(years), [2021, 2022, 2023, 2024, 2025])
        self.assertEqual(years[2021]["values"], [10.0] + [0.0] * 11)
        self.assertEqual(years[2025]["values"][4:6], [100.0, -30.0])
        self.assertEqual(self._text(years[2025]["texts"][4]), "100.00 €")
        self.assertEqual(years[2025]["texts"][0], "")
        self.assertEqual((revenue["labels"][0], len(revenue["labels"])), ("Jan", 12))

    def test_facts_beside_the_median_of_the_segment(self):
        for day in ("2025-01-01", "2025-01-31", "2025-03-02"):
            self._order(self.partner, day, 50.0)
        row = self._row()
        row.sudo().segment_id.medians = {
            str(self.company.id): {"usual_interval": 45.5, "revenue_12m": 1000.0}
        }
        facts = {one["key"]: one for one in row.fact_comparison}
        interval = facts["usual_interval"]
        self.assertEqual(
            (interval["value"], interval["median"]), ("30 days", "46 days")
        )
        self.assertEqual(self._text(facts["revenue_12m"]["value"]), "150.00 €")
        self.assertEqual(self._text(facts["revenue_12m"]["median"]), "1,000.00 €")
        self.assertIsNone(facts["purchase_days"]["median"])
        self.assertNotIn("revenue_trend", facts, "nothing to compare with")

    def test_what_comes_after_the_day_of_the_evaluation_does_not_exist(self):
        self._order(self.partner, "2025-01-10", 100.0)
        self._order(self.partner, "2025-05-10", 100.0)
        self._quotation(self.partner, "2025-05-11", 20.0, product=self.other)
        self._work_queue()
        self._evaluate_at("2025-04-01")
        row = self._relationship(self.partner)
        self.assertEqual(row.rhythm["as_of"], "2025-04-01")
        self.assertEqual(
            [one["date"] for one in row.rhythm["purchases"]], ["2025-01-10"]
        )
        self.assertEqual(row.top_products[0]["times"], 1)
        self.assertFalse(row.offered_not_bought)
        self.assertEqual(row.revenue_by_month["years"][-1]["values"][4], 0.0)
        self.assertLessEqual(row.history[0]["date"], "2025-04-01")

    # --------------------------------------------------------------------------
    # History
    # --------------------------------------------------------------------------

    def test_history_tells_moves_and_decisions_newest_first(self):
        self._order(self.partner, "2025-01-10")
        row = self._row()
        self.env["customer.fit"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "date": "2025-02-01",
                "need": "yes",
                "can_pay": "yes",
                "note": "Met at a fair",
            }
        )
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "axis": "position",
                "stage_id": row.stage_id.id,
                "reason": "As agreed",
                "date_from": "2025-06-30",
            }
        )
        self._work_queue()
        history = row.history
        days = [one["date"] for one in history]
        self.assertEqual(days, sorted(days, reverse=True))
        self.assertEqual(len({one["id"] for one in history}), len(history))
        by_axis = {one["axis"]: one for one in history}
        self.assertEqual(
            by_axis["fit"]["sentence"],
            (f"{self.env.user.name} answered 2 questions with yes: Met at a fair"),
        )
        self.assertEqual(by_axis["pin"]["sentence"], f"{self.env.user.name}: As agreed")
        self.assertIn("Purchase days: 1", by_axis["position"]["sentence"])

    def test_what_was_corrected_later_says_so(self):
        first = self._order(self.partner, "2025-01-10")
        self._order(self.partner, "2025-02-10")
        row = self._row()
        first._action_cancel()
        self._work_queue()
        corrected = [one for one in row.history if one["corrected"]]
        self.assertTrue(corrected)
        self.assertIn(
            "corrects what was recorded",
            " ".join(one["sentence"] for one in row.history if not one["corrected"]),
        )

    # --------------------------------------------------------------------------
    # Access and cost
    # --------------------------------------------------------------------------

    def test_a_salesperson_sees_the_sums_of_an_own_customer(self):
        """Also those of orders of colleagues, which are not open to them."""
        user = self._create_user("insight_seller")
        self.partner.user_id = user
        order = self._order(self.partner, "2025-01-10", user_id=self.env.user.id)
        row = self._row().with_user(user)
        self.assertFalse(order.with_user(user).has_access("read"))
        self.assertEqual(row.top_products[0]["times"], 1)
        self.assertTrue(row.position_explanation["lines"])
        self.assertTrue(row.history)

    def test_a_user_of_a_branch_sees_what_the_root_knows(self):
        branch = self._create_company("Retention Branch", parent_id=self.company.id)
        user = self._create_user(
            "insight_branch", "sales_team.group_sale_manager", company_id=branch.id
        )
        self._order(self.partner, "2025-01-10", 100.0)
        row = self._row().with_user(user)
        row = row.with_context(allowed_company_ids=branch.ids)
        self.assertEqual(self._text(row.top_products[0]["amount_text"]), "100.00 €")
        self.assertTrue(row.fact_comparison)
        self.assertEqual(row.position_explanation["title"], row.stage_id.name)
        (card,) = row.find_caller("Tested Customer")
        self.assertEqual(card["id"], row.id)
        report = self.env["customer.relationship.transition.report"]
        funnel = report.with_env(row.env).get_funnel(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertEqual(max(step["reached"] for step in funnel["steps"]), 1)

    def test_all_of_a_form_costs_few_queries_and_no_more_for_many(self):
        partners = [self._create_partner(f"Many {number}") for number in range(12)]
        for number, partner in enumerate(partners):
            for month in (1, 2, 3):
                self._order(partner, f"2025-0{month}-{number + 1:02}")
            self._quotation(partner, "2025-05-01", product=self.other)
        self._work_queue()
        rows = self.Relationship.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(rows), 12)
        one, many = self._count_queries(rows[:1]), self._count_queries(rows)
        self.assertLessEqual(many, one + 1)
        self.assertLessEqual(one, 22)

    def _count_queries(self, rows):
        self.env.invalidate_all()
        # What a request knows already.
        rows.mapped("partner_id.name")
        rows.mapped("company_id.currency_id.symbol")
        self.env.user.mapped("partner_id.tz")
        before = self.env.cr.sql_log_count
        rows.mapped("rhythm")
        rows.mapped("position_explanation")
        return self.env.cr.sql_log_count - before

    def test_a_branch_belongs_to_its_root(self):
        branch = self._create_company("Retention Branch", parent_id=self.company.id)
        self._order(self.partner, "2025-01-10", 100.0)
        in_branch = (
            self.env["sale.order"]
            .with_company(branch)
            .create(
                {
                    "partner_id": self.partner.id,
                    "company_id": branch.id,
                    "date_order": self._noon("2025-02-10"),
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.other.id,
                                "price_unit": 10.0,
                            }
                        )
                    ],
                }
            )
        )
        self.assertEqual(in_branch.state, "draft")
        (line,) = self._row().offered_not_bought
        self.assertEqual(line["product_id"], self.other.id)
