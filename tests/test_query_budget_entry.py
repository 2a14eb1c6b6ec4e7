"""What the entries cost the ERP: a confirmation, a list and a form of contacts."""

from contextlib import ExitStack
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestQueryBudgetEntry(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "is_company": True}
                for number in range(100)
            ]
        )
        orders = cls._make_quotations(100)
        orders.action_confirm()
        orders.date_order = cls._noon("2025-06-01")
        cls._work_queue()

    @classmethod
    def _make_quotations(cls, size):
        line = {"product_id": cls.product.id, "price_unit": 100.0}
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "order_line": [Command.create(line)],
                }
                for partner in cls.partners[:size]
            ]
        )
        cls.env.cr.flush()
        return orders

    def _count_queries(self, function):
        """Return how many queries a function takes until its commit."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.precommit.run()
        before = self.env.cr.sql_log_count
        function()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _without_us(self):
        """Let the product notice nothing."""
        stack = ExitStack()
        for model, method in (
            ("customer.relationship.queue", "_enqueue"),
            ("sale.order", "_sync_recovery"),
        ):
            nothing = patch.object(self.registry[model], method, lambda *args: None)
            stack.enter_context(nothing)
        return stack

    def test_confirming_takes_one_more_query_at_most(self):
        for size in (1, 10):
            with self.subTest(size=size):
                quotations = [self._make_quotations(size) for _number in range(3)]
                self._count_queries(quotations[0].action_confirm)
                with self._without_us():
                    without = self._count_queries(quotations[1].action_confirm)
                ours = self._count_queries(quotations[2].action_confirm)
                self.assertLessEqual(ours - without, 1)

    def test_list_of_contacts_takes_a_constant_number_of_queries(self):
        seller = self._create_user("budget_seller")
        names = {
            "name": {},
            "relationship_stage_id": {"fields": {"display_name": {}}},
            "relationship_condition_id": {"fields": {"display_name": {}}},
            "relationship_condition_kind": {},
        }
        Partner = self.env["res.partner"].with_user(seller)

        def read(size, specification):
            domain = [("id", "in", self.partners[:size].ids)]
            return lambda: Partner.web_search_read(domain, specification, limit=size)

        self._count_queries(read(100, names))
        for size in (1, 80, 100):
            with self.subTest(size=size):
                bare = self._count_queries(read(size, {"name": {}}))
                ours = self._count_queries(read(size, names))
                self.assertLessEqual(ours - bare, 3)

    def test_quotation_form_takes_a_constant_number_of_queries(self):
        orders = self._make_quotations(100)
        specification = {"relationship_hint": {}}
        counts = {
            size: self._count_queries(
                lambda size=size: orders[:size].web_read(specification)
            )
            for size in (1, 100)
        }
        self.assertLessEqual(counts[100], counts[1])
