"""The plan of the demo company: always the same, and like a real company."""

from collections import Counter
from datetime import date, timedelta

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...demo import plan
from ...demo.plan_documents import INVOICED_ORDERS
from ...demo.plan_habits import DAYS_BACK

DAYS = (date(2026, 1, 31), date(2026, 7, 4), date(2027, 12, 1))


class TestDemoPlan(UnitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = {day: plan.make(day) for day in DAYS}

    def each(self):
        for day, made in self.plans.items():
            with self.subTest(day=day):
                sold = [order for order in made.orders if order.state == "sale"]
                yield made, sold

    def test_a_day_always_gives_the_same_company(self):
        for day, made in self.plans.items():
            self.assertEqual(plan.make(day), made)

    def test_size(self):
        for made, sold in self.each():
            self.assertTrue(250 <= len(made.customers) <= 400)
            self.assertTrue(1900 <= len(sold) <= 2300, len(sold))
            self.assertEqual(len(made.invoices), INVOICED_ORDERS)
            self.assertTrue(any(invoice.down_payment for invoice in made.invoices))
            self.assertTrue(any(invoice.credited for invoice in made.invoices))

    def test_members_of_long_standing_buy_at_the_prices_of_their_tier(self):
        for made, sold in self.each():
            found = [order for order in made.orders if order.tier]
            self.assertEqual({order.tier for order in found}, {"Gold", "Platinum"})
            self.assertTrue(10 <= len(found) <= 60, len(found))
            self.assertLessEqual({order.key for order in found}, {o.key for o in sold})
            self.assertFalse(any(order.currency for order in found))

    def test_nothing_lies_in_the_future_or_before_the_three_years(self):
        for made, _sold in self.each():
            days = [order.day for order in made.orders]
            days += [invoice.day for invoice in made.invoices]
            days += [talk.day for talk in made.talks]
            self.assertLessEqual(max(days), made.today)
            first = made.today - timedelta(DAYS_BACK + 14)
            self.assertGreaterEqual(min(days), first)
            for invoice in made.invoices:
                self.assertLessEqual(invoice.credited_on or invoice.day, made.today)

    def test_orders_come_on_workdays(self):
        for _made, sold in self.each():
            self.assertLessEqual({order.day.weekday() for order in sold}, set(range(5)))

    def test_the_company_grows_every_year(self):
        for made, sold in self.each():
            revenue = Counter()
            for order in sold:
                value = sum(line.quantity * line.price for line in order.lines)
                revenue[(made.today - order.day).days // 365] += value
            self.assertGreater(revenue[0], revenue[1])
            self.assertGreater(revenue[1], revenue[2])

    def test_every_habit_looks_like_its_name_today(self):
        least_overdue = {"cooling": 1.5, "at_risk": 2.0, "dormant": 3.7, "lost": 6.5}
        for made, sold in self.each():
            last = {}
            for order in sold:
                last[order.customer] = max(
                    order.day, last.get(order.customer, order.day)
                )
            for customer in made.customers:
                if customer.key in last and customer.habit in least_overdue:
                    silent = (made.today - last[customer.key]).days
                    least = least_overdue[customer.habit] * customer.interval
                    self.assertGreaterEqual(silent, least, customer.key)

    def test_decisions_of_people_are_in_the_company_that_is_shown_first(self):
        for made, _sold in self.each():
            self.assertEqual({pin.company for pin in made.pins}, {"main"})

    def test_prospects_have_quotations_only(self):
        for made, _sold in self.each():
            states = {customer.key: set() for customer in made.customers}
            for order in made.orders:
                states[order.customer].add(order.state)
            for customer in made.customers:
                if customer.habit == "prospect":
                    self.assertLessEqual(states[customer.key], {"draft", "sent"})
                    self.assertTrue(states[customer.key])

    def test_keys_and_names_are_unique(self):
        for made, _sold in self.each():
            people = [
                person for customer in made.customers for person in customer.contacts
            ]
            for records in (made.customers, made.orders, people):
                keys = [record.key for record in records]
                self.assertEqual(len(keys), len(set(keys)))
            names = [record.name for record in (*made.customers, *people)]
            self.assertEqual(len(names), len(set(names)))

    def test_both_companies_sell_and_some_customers_buy_from_both(self):
        for _made, sold in self.each():
            sellers = {}
            for order in sold:
                sellers.setdefault(order.customer, set()).add(order.company)
            kinds = Counter(frozenset(companies) for companies in sellers.values())
            self.assertGreater(kinds[frozenset({"europe"})], 40)
            self.assertGreater(kinds[frozenset({"main", "europe"})], 3)

    def test_every_foreign_order_has_a_rate(self):
        for made, _sold in self.each():
            for order in made.orders:
                if order.currency:
                    key = (order.company, order.currency, order.day.replace(day=1))
                    self.assertIn(key, made.rates)
