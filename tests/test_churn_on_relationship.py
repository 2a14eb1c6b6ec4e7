from odoo.tests import tagged

from .common import on
from .retention_common import KeepCommon


@tagged("post_install", "-at_install")
class TestCasesInTheHistory(KeepCommon):
    """What was done to keep a customer stands in the history, as far as one may see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls._rhythm("Leaver", "2024-12-01", 200.0)
        cls._see("2025-01-10", cls.leaver)
        cls._score("2025-01-10")
        cls._play(kind="save", window_days=20)

    def told(self, user):
        self.env.invalidate_all()
        row = self._relationship(self.leaver).with_user(user)
        return [
            (entry["date"], entry["title"], entry["sentence"])
            for entry in row.history or []
            if entry["axis"] == "case"
        ]

    def test_a_case_is_told_when_it_is_opened_and_what_came_of_it(self):
        case = self._case(self.leaver, self.seller)
        [(day, title, sentence)] = self.told(self.seller)
        self.assertEqual((day, title), ("2025-01-10", "Retention case opened"))
        self.assertIn(case.user_id.name, sentence)
        self.assertIn(case.reason_text, sentence)
        self._see("2025-02-10", self.leaver)
        self.cases._work_company(self.company)
        ended, opened = self.told(self.seller)
        self.assertEqual(ended, ("2025-02-10", "Retention case ended", "Lost"))
        self.assertEqual(opened, (day, title, sentence))

    def test_nobody_reads_of_cases_without_the_right_to_them(self):
        self._case(self.leaver, self.seller)
        accountant = self._create_user("case_accountant", "account.group_account_user")
        row = self._relationship(self.leaver)
        self.assertFalse(
            row.with_user(accountant).sudo(False).has_access("read")
            and self.told(accountant)
        )
        self.assertTrue(self.told(self.manager))
        self.company.retention_use_churn = False
        self.assertFalse(self.told(self.manager))

    def test_an_excluded_customer_has_no_cases_to_read_of(self):
        self._case(self.leaver, self.seller)
        self.env["customer.profiling.exclusion"].create(
            {"partner_id": self.leaver.id, "reason": "Asked for it"}
        )
        self._see("2025-01-10", self.leaver)
        self.assertFalse(self.told(self.manager))


@tagged("post_install", "-at_install")
class TestDeclaringFromTheRelationship(KeepCommon):
    """A loss is declared once, and not of somebody who has bought since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls._rhythm("Leaver", "2024-12-01", 200.0)
        cls._see("2025-01-10", cls.leaver)

    def declare(self, **values):
        values = {"partner_id": self.leaver.id, "date": "2025-01-10", **values}
        return self.events.with_user(self.seller).create(values)

    def test_nobody_who_is_recorded_as_lost_is_offered_to_be_declared_lost(self):
        row = self._relationship(self.leaver).with_user(self.seller)
        self.assertFalse(row.is_recorded_lost)
        event = self.declare()
        row.invalidate_recordset()
        self.assertTrue(row.is_recorded_lost)
        self.assertEqual(row.action_declare_lost()["res_id"], event.id)
        event.action_void()
        row.invalidate_recordset()
        self.assertFalse(row.is_recorded_lost)

    def test_a_day_before_later_purchases_is_warned_of(self):
        draft = self.events.with_user(self.seller).new(
            {
                "partner_id": self.leaver.id,
                "company_id": self.company.id,
                "date": "2024-10-15",
            }
        )
        warning = draft._onchange_date()["warning"]
        self.assertIn("12/01/2024", warning["message"])
        for day in ("2024-12-01", "2025-01-10"):
            with self.subTest(day=day):
                draft.date = on(day)
                self.assertFalse(draft._onchange_date())
