import random
from datetime import timedelta

from odoo.fields import Domain
from odoo.tests import tagged

from ..logic.revenue_bridge import STEPS, Spent, bridge
from .common import RetentionCommon, on

LAST, NOW, EARLIER = "2024-01-15", "2025-02-15", "2022-05-05"


class RevenueCommon(RetentionCommon):
    """Revenue of the 12 months up to TODAY, and of the 12 before."""

    @classmethod
    def _rows(cls, company=None, **context):
        cls.env.flush_all()
        cls.env.invalidate_all()
        company = company or cls.company
        return (
            cls.env["customer.churn.revenue"]
            .with_context(allowed_company_ids=company.ids, **context)
            .search([("company_id", "=", company.id)])
        )

    @classmethod
    def _bridge(cls, company=None, **context):
        """Return start, {step: change} and end."""
        rows = cls._rows(company, **context)
        changes = dict.fromkeys(STEPS, 0.0)
        for row in rows:
            if row.step != "same":
                changes[row.step] += row.change
        return sum(rows.mapped("revenue_before")), changes, sum(rows.mapped("revenue"))


@tagged("post_install", "-at_install")
class TestRevenueSteps(RevenueCommon):
    """Each customer goes to one step, and the database does as the logic."""

    def step_of(self, partner, **context):
        rows = self._rows(**context).filtered(lambda row: row.partner_id == partner)
        return rows.step

    def test_a_customer_of_each_kind(self):
        habits = {
            "new": [(NOW, 100.0)],
            "returned": [(EARLIER, 50.0), (NOW, 100.0)],
            "grown": [(LAST, 100.0), (NOW, 130.0)],
            "shrunk": [(LAST, 100.0), (NOW, 40.0)],
            "lost": [(LAST, 100.0)],
            "same": [(LAST, 100.0), (NOW, 100.0)],
        }
        partners = {}
        for step, orders in habits.items():
            partners[step] = self._create_partner(step)
            for day, amount in orders:
                self._order(partners[step], day, amount)
        self._work_queue()
        for step, partner in partners.items():
            with self.subTest(step=step):
                self.assertEqual(self.step_of(partner), step)
        start, changes, end = self._bridge()
        self.assertEqual((start, end), (400.0, 470.0))
        self.assertEqual(
            changes,
            {
                **{"new": 100.0, "returned": 100.0, "grown": 30.0},
                **{"shrunk": -60.0, "lost": -100.0},
            },
        )

    def test_periods_are_chosen_by_the_context(self):
        self._order(self.partner, "2025-03-20", 70.0)
        self._order(self.partner, "2025-06-20", 100.0)
        self._work_queue()
        quarter = self._rows(churn_months=3)
        self.assertEqual((quarter.revenue_before, quarter.revenue), (70.0, 100.0))
        earlier = self._rows(churn_months=3, churn_until="2025-03-31")
        self.assertEqual((earlier.revenue_before, earlier.revenue), (0.0, 70.0))
        self.assertEqual(earlier.step, "new")

    def test_nonsense_in_the_context_is_twelve_months(self):
        self._order(self.partner, NOW, 70.0)
        self._work_queue()
        for context in (
            {"churn_months": 10**9},
            {"churn_months": "x"},
            {"churn_until": "never"},
            {"churn_until": [1]},
            {"churn_until": "9999-12-31"},
        ):
            with self.subTest(**context):
                self.assertEqual(self._rows(**context).revenue, 70.0)

    def test_sql_equals_logic(self):
        dice = random.Random(5)
        spent = {}
        for number in range(80):
            partner = self._create_partner(f"Random {number}")
            for day in (EARLIER, LAST, NOW):
                for amount in (dice.randint(1, 9000), dice.randint(-9000, 9000)):
                    if dice.random() < 0.5:
                        self._purchase(partner, day, amount / 100)
                        spent.setdefault(partner, {}).setdefault(day, []).append(amount)
        self.env["customer.relationship"]._evaluate(
            [partner.id for partner in spent], company=self.company
        )
        expected = bridge(
            Spent(
                any(amount > 0 for amount in days.get(EARLIER, ())),
                sum(days[LAST]) if LAST in days else None,
                sum(days[NOW]) if NOW in days else None,
            )
            for days in spent.values()
        )
        start, changes, end = self._bridge()
        cents = {step: round(100 * amount) for step, amount in changes.items()}
        self.assertEqual(cents, expected.steps)
        self.assertEqual(round(100 * start), expected.start)
        self.assertEqual(round(100 * end), expected.end)
        kept = sum(self._rows().mapped("revenue_kept"))
        self.assertEqual(round(100 * kept), expected.kept)

    def _purchase(self, partner, day, amount):
        self.env.cr.execute(
            """INSERT INTO customer_purchase (source, res_id, partner_id, company_id,
               date, amount, is_purchase)
               SELECT 'order', COALESCE(max(res_id), 0) + 1, %s, %s, %s, %s, %s
                 FROM customer_purchase""",
            (partner.id, self.company.id, on(day), amount, amount > 0),
        )
        self.env.invalidate_all()

    def test_who_is_not_profiled_has_no_name_and_counts_all_the_same(self):
        other = self._create_partner("Excluded")
        for partner, amount in ((self.partner, 100.0), (other, 45.0)):
            self._order(partner, LAST, amount)
            self._order(partner, NOW, amount)
        self._work_queue()
        self.env["customer.profiling.exclusion"].create(
            {"partner_id": other.id, "reason": "asked for it"}
        )
        self._work_queue()
        rows = self._rows()
        self.assertEqual(rows.partner_id, self.partner)
        self.assertEqual(sum(rows.mapped("revenue")), 145.0)
        self.assertEqual(sum(rows.mapped("is_customer")), 1)
        nameless = rows.filtered(lambda row: not row.partner_id)
        self.assertFalse(nameless.action_open_relationship())
        self.assertEqual(nameless.customer_name, "Customers who are not profiled")
        sums = self.env["customer.churn.history"]._revenue_sums(
            self._rows().browse(), Domain("company_id", "=", self.company.id)
        )
        self.assertEqual(sum(one["count"] for one in sums.values()), 1)
        seller = self._create_user("revenue_seller")
        seen = nameless.with_user(seller).search([("company_id", "=", self.company.id)])
        self.assertEqual(seen.partner_id, self.partner)
        self.assertEqual(len(seen), 1)


@tagged("post_install", "-at_install")
class TestRevenueReconciles(RevenueCommon):
    """The bridge ends at what core's own reports say was booked, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.abroad = cls._create_company(
            "Abroad Inc.",
            currency_id=cls.dollar.id,
            retention_purchase_source="invoice",
        )
        for company, currency, rate in (
            (cls.company, cls.dollar, 1.25),
            (cls.abroad, cls.env.ref("base.EUR"), 0.8),
        ):
            cls.env["res.currency.rate"].create(
                {
                    "name": "2020-01-01",
                    "currency_id": currency.id,
                    "company_id": company.id,
                    "rate": rate,
                }
            )
        cls.buyers = [cls._create_partner(f"Buyer {n}") for n in range(12)]
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Dollars",
                "currency_id": cls.dollar.id,
                "company_id": cls.company.id,
            }
        )
        cls._make_orders(random.Random(11))
        cls._make_invoices(random.Random(12))
        cls._work_queue()

    @classmethod
    def _day(cls, dice):
        return str(on(cls.TODAY) - timedelta(dice.randint(0, 1000)))

    @classmethod
    def _make_orders(cls, dice):
        """Orders in two currencies; some are invoiced and credited in part."""
        for _order in range(40):
            values = {}
            if dice.random() < 0.4:
                values["pricelist_id"] = cls.pricelist.id
            day = cls._day(dice)
            # cents that come out even in both currencies
            amount = dice.randint(4, 8000) * 1.25
            order = cls._order(dice.choice(cls.buyers), day, amount, **values)
            if dice.random() < 0.4:
                invoice = cls._invoice_of(order, day)
                later = min(on(day) + timedelta(40), on(cls.TODAY))
                part = None if dice.random() < 0.5 else round(amount / 5, 2)
                cls._credit(invoice, str(later), part)

    @classmethod
    def _make_invoices(cls, dice):
        euro = cls.env.ref("base.EUR")
        for _invoice in range(30):
            values = {"company_id": cls.abroad.id}
            if dice.random() < 0.5:
                values["currency_id"] = euro.id
            day = cls._day(dice)
            invoice = cls._invoice(
                dice.choice(cls.buyers), day, dice.randint(4, 9000) * 1.25, **values
            )
            if dice.random() < 0.3:
                later = min(on(day) + timedelta(30), on(cls.TODAY))
                cls._credit(invoice, str(later))

    def booked_orders(self, first, last):
        """Core's sales report less its credit notes, of days both included."""
        env = self.env(
            context={**self.env.context, "allowed_company_ids": self.company.ids}
        )
        domain = Domain("company_id", "=", self.company.id)
        sold = env["sale.report"]._read_group(
            domain
            & Domain("state", "=", "sale")
            & Domain("date", ">=", f"{first} 00:00:00")
            & Domain("date", "<=", f"{last} 23:59:59"),
            [],
            ["price_subtotal:sum"],
        )[0][0]
        return (sold or 0.0) + self.booked_invoices(
            self.company, first, last, ["out_refund"]
        )

    def booked_invoices(
        self, company, first, last, types=("out_invoice", "out_refund")
    ):
        """Core's invoice report, of days both included."""
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        return (
            env["account.invoice.report"]._read_group(
                [
                    ("company_id", "=", company.id),
                    ("move_type", "in", list(types)),
                    ("state", "=", "posted"),
                    ("invoice_date", ">=", first),
                    ("invoice_date", "<=", last),
                ],
                [],
                ["price_subtotal:sum"],
            )[0][0]
            or 0.0
        )

    def assert_reconciles(self):
        for months, last in ((12, "2025-06-30"), (3, "2025-06-30"), (6, "2024-12-31")):
            context = {"churn_months": months, "churn_until": last}
            model = self.env["customer.churn.revenue"].with_context(**context)
            now, before = model._spans(self.company)
            for company, booked in (
                (self.company, self.booked_orders),
                (self.abroad, lambda *days: self.booked_invoices(self.abroad, *days)),
            ):
                with self.subTest(company=company.name, months=months):
                    start, changes, end = self._bridge(company, **context)
                    self.assertTrue(start or end)
                    self.assertEqual(
                        round(start, 2), round(booked(before.first, before.last), 2)
                    )
                    self.assertEqual(
                        round(end, 2), round(booked(now.first, now.last), 2)
                    )
                    self.assertEqual(
                        round(start + sum(changes.values()), 2), round(end, 2)
                    )

    def test_of_two_companies_and_two_currencies_with_credit_notes(self):
        self.assert_reconciles()

    def test_after_customers_were_merged(self):
        keep, gone = self.buyers[0], self.buyers[1]
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([keep.id, gone.id], keep, extra_checks=False)
        self._work_queue()
        self.assertNotIn(gone.id, self._rows().partner_id.ids)
        self.assert_reconciles()

    def test_after_a_customer_became_a_contact_of_another(self):
        child, parent = self.buyers[2], self.buyers[3]
        child.write({"parent_id": parent.id, "is_company": False})
        self._work_queue()
        self.assertNotIn(child, self._rows().partner_id)
        self.assert_reconciles()

    def test_after_an_order_was_cancelled(self):
        order = self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "sale"),
                ("invoice_ids", "=", False),
            ],
            limit=1,
        )
        order._action_cancel()
        self._work_queue()
        self.assert_reconciles()
