"""What screens and jobs of the product itself cost, for one record and a hundred."""

from lxml import etree

from odoo.tests import tagged

from .common import RetentionCommon

LISTS = (
    "customer.relationship",
    "customer.relationship.transition",
    "customer.relationship.transition.report",
    "customer.relationship.pin",
    "customer.fit",
    "customer.profiling.exclusion",
    "customer.purchase",
)


@tagged("post_install", "-at_install")
class TestQueryBudget(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("budget_seller")
        cls.partners = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "is_company": True,
                    "user_id": cls.seller.id,
                }
                for number in range(101)
            ]
        )
        for partner in cls.partners:
            cls._quotation(partner, "2025-06-01").state = "sale"
        cls._work_queue()
        cls.stage = cls.env["customer.relationship.stage"].search([])[-1:]
        for model, values in (
            ("customer.relationship.pin", {"stage_id": cls.stage.id, "reason": "Test"}),
            ("customer.fit", {}),
            (
                "customer.profiling.exclusion",
                {"reason": "Test", "date_from": "2030-01-01"},
            ),
        ):
            cls.env[model].create(cls._decisions(values, cls.partners))
        cls.env.flush_all()

    @classmethod
    def _decisions(cls, values, partners):
        return [
            {**values, "partner_id": partner.id, "company_id": cls.company.id}
            for partner in partners
        ]

    def _count(self, function):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def _specification(self, records, view_type):
        """Return what the web client asks for to show a view."""
        views = records.get_views([(False, view_type)])
        fields = views["models"][records._name]["fields"]
        arch = etree.fromstring(views["views"][view_type]["arch"])
        names = {
            node.get("name")
            for node in arch.iter("field")
            if not any(True for _parent in node.iterancestors("field"))
        }
        return {
            name: {"fields": {"display_name": {}}}
            if fields[name]["type"] in ("many2one", "one2many", "many2many")
            else {}
            for name in names
        }

    def test_lists_cost_the_same_for_a_hundred_rows(self):
        for model in LISTS:
            rows = self.env[model].with_user(self.seller)
            domain = (("partner_id", "in", self.partners.ids),)
            self.assertGreaterEqual(rows.search_count(list(domain)), 100)
            specification = self._specification(rows, "list")

            def read(limit, rows=rows, domain=domain, specification=specification):
                found = rows.web_search_read(list(domain), specification, limit=limit)
                self.assertEqual(len(found["records"]), limit)

            self._count(lambda read=read: read(100))
            one = self._count(lambda read=read: read(1))
            hundred = self._count(lambda read=read: read(100))
            with self.subTest(model=model):
                self.assertLessEqual(hundred, one + 1)
                self.assertLessEqual(hundred, 20)

    def test_form_of_a_customer(self):
        """Everything on it, decisions included; a hundred cost as much as one."""
        rows = self.env["customer.relationship"].with_user(self.seller)
        rows = rows.search([("partner_id", "in", self.partners.ids)])
        specification = self._specification(rows, "form")
        self._count(lambda: rows.web_read(specification))
        one = self._count(lambda: rows[:1].web_read(specification))
        hundred = self._count(lambda: rows[:100].web_read(specification))
        self.assertLessEqual(one, 60)
        self.assertLessEqual(hundred, one + 3)

    def test_form_of_a_contact(self):
        partners = self.partners.with_user(self.seller)
        names = [
            name
            for name, field in partners._fields.items()
            if field._module == "customer_retention"
        ]
        specification = {name: {} for name in names}
        self._count(lambda: partners.web_read(specification))
        one = self._count(lambda: partners[:1].web_read(specification))
        hundred = self._count(lambda: partners[:100].web_read(specification))
        self.assertLessEqual(one, 20)
        self.assertLessEqual(hundred, one + 2)

    def test_decisions_on_many_customers(self):
        """Beside the rows themselves, which core inserts in one statement."""
        for model, values in (
            ("customer.relationship.pin", {"stage_id": self.stage.id, "reason": "New"}),
            ("customer.fit", {"need": "yes"}),
        ):
            decisions = self.env[model].with_user(self.seller)
            given = tuple(values.items())

            def create(partners, decisions=decisions, given=given):
                decisions.create(self._decisions(dict(given), partners))

            self._count(lambda create=create: create(self.partners[:1]))
            one = self._count(lambda create=create: create(self.partners[:1]))
            hundred = self._count(lambda create=create: create(self.partners[1:]))
            with self.subTest(model=model):
                self.assertLessEqual(hundred, one + 12)

    def test_queue(self):
        """Adding to it is one statement, a slice costs the same for a hundred."""
        for partners in (self.partners[:1], self.partners):
            queries = self._count(
                lambda partners=partners: self.Queue._enqueue(partners.ids, "document")
            )
            with self.subTest(size=len(partners)):
                self.assertLessEqual(queries, 1)
        self._forget_queue()

        def work(partners):
            self.Queue._enqueue(partners.ids, "document")
            self._flush_queue()
            return self._count(lambda: self.assertTrue(self.Queue._work_slice()))

        work(self.partners)
        one = work(self.partners[:1])
        self.assertLessEqual(work(self.partners[1:]), one)
        self.assertLessEqual(one, 60)
