from datetime import timedelta

from odoo.tests import tagged

from ..logic.quotation_danger import STEPS, chance, curve_of
from .common import on
from .test_churn_scores import ChurnCommon


@tagged("post_install", "-at_install")
class TestQuotationsAtRisk(ChurnCommon):
    """Open quotations, by the money that is lost with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newcomer = cls._create_partner("Newcomer")
        cls._order(cls.partner, "2024-08-01")
        for day, decided in (
            ("2024-10-01", "2024-10-03"),
            ("2025-01-01", "2025-01-20"),
        ):
            order = cls._quotation(cls.partner, day)
            order.action_confirm()
            order.date_order = cls._noon(decided)
        lost = cls._quotation(cls.partner, "2025-02-01", validity_date="2025-03-01")
        lost.action_cancel()
        cls._quotation(cls.newcomer, "2025-02-01", validity_date="2025-03-10")
        cls.young = cls._quotation(cls.partner, "2025-06-28", 500.0)
        cls.old = cls._quotation(
            cls.partner, "2025-05-01", 500.0, validity_date="2025-12-31"
        )
        cls.foreign = cls._quotation(
            cls.newcomer, "2025-06-01", 900.0, validity_date="2025-12-31"
        )
        (cls.young | cls.old).validity_date = "2025-12-31"
        cls._work_queue()
        cls.models = cls.env["customer.churn.model"]
        cls.models._score_company(cls.company, learn=True)
        cls.env.invalidate_all()

    def rows(self):
        rows = self.env["customer.churn.quotation"].search(
            [("company_id", "=", self.company.id)]
        )
        return {row.order_id: row for row in rows}

    def test_what_is_open_stands_there_and_nothing_else(self):
        self.assertEqual(set(self.rows()), {self.young, self.old, self.foreign})

    def test_curves_are_those_of_the_logic(self):
        curves = self.models._quotation_curves(self.company, on(self.TODAY))
        # the first order was entered and confirmed at once: nobody waited for an answer
        self.assertEqual(curves["new"], curve_of([(38, False)]))
        self.assertEqual(
            curves["known"], curve_of([(2, True), (19, True), (29, False)])
        )
        self.assertEqual([step for step, *_counts in curves["known"]], list(STEPS))

    def test_only_what_was_open_for_a_day_tells_how_long_to_wait(self):
        """As in the table of quotations that the curve is used on."""
        before = self.models._quotation_curves(self.company, on(self.TODAY))
        imported = self._order(self.partner, "2025-03-01")
        self._set_create_date(imported, self._noon("2025-06-01"))
        hasty = self._quotation(self.partner, "2025-03-03")
        hasty.action_confirm()
        hasty.date_order = self._noon("2025-03-03") + timedelta(hours=3)
        typo = self._quotation(self.partner, "2025-03-05", validity_date="2025-03-04")
        typo.action_cancel()
        self.env.flush_all()
        after = self.models._quotation_curves(self.company, on(self.TODAY))
        self.assertEqual(after, before)
        self._work_queue()
        for order in (imported, hasty, typo):
            self.assertFalse(
                self.env["customer.quotation"].search([("order_id", "=", order.id)])
            )

    def test_ages_are_counted_in_days_of_the_company(self):
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        before = self.models._quotation_curves(self.company, on(self.TODAY))
        order = self._quotation(self.partner, "2025-03-01")
        self._set_create_date(order, self._noon("2025-03-01") + timedelta(hours=8))
        order.action_confirm()
        order.date_order = self._noon("2025-03-09")
        self.env.flush_all()
        self._work_queue()
        period = self.env["customer.quotation"].search([("order_id", "=", order.id)])
        self.assertEqual(
            (period.closed_on - period.opened_on).days, 7, "from the 2nd to the 9th"
        )
        after = self.models._quotation_curves(self.company, on(self.TODAY))
        added = curve_of([(7, True)])
        self.assertEqual(
            after["known"],
            [
                [step, reached + more, won + also]
                for (step, reached, won), (_step, more, also) in zip(
                    before["known"], added, strict=True
                )
            ],
        )

    def test_the_chance_in_the_database_is_that_of_the_logic(self):
        curves = self.models._quotation_curves(self.company, on(self.TODAY))
        rows = self.rows()
        for order, group, age in (
            (self.young, "known", 2),
            (self.old, "known", 60),
            (self.foreign, "new", 29),
        ):
            row = rows[order]
            self.assertEqual(row.age_days, age)
            self.assertEqual(row.has_bought, group == "known")
            self.assertAlmostEqual(row.lost, 1 - chance(curves[group], age))
            self.assertAlmostEqual(row.value_at_risk, row.amount * row.lost, 2)

    def test_why_says_what_the_chance_is_made_of(self):
        curves = self.models._quotation_curves(self.company, on(self.TODAY))
        rows = self.rows()
        for order, group, age, customer in (
            (self.old, "known", 60, "bought before"),
            (self.foreign, "new", 29, "new customer"),
        ):
            why = rows[order].reason_text
            won = round(100 * chance(curves[group], age))
            self.assertIn(f"after {age} days {won} % are won", why)
            self.assertIn(f"of all {round(100 * chance(curves[group], 0))} %", why)
            self.assertIn(customer, why)

    def test_the_longer_it_lies_the_more_is_at_risk(self):
        rows = self.rows()
        self.assertGreater(rows[self.old].value_at_risk, rows[self.young].value_at_risk)

    def test_what_is_decided_is_gone_at_once(self):
        self.young.action_confirm()
        self.young.date_order = self._noon("2025-06-29")
        self._work_queue()
        self.assertNotIn(self.young, self.rows())

    def test_customers_who_must_not_be_profiled_are_left_out(self):
        self.env["customer.profiling.exclusion"].create(
            {"partner_id": self.newcomer.id, "reason": "asked for it"}
        )
        self._work_queue()
        self.assertNotIn(self.foreign, self.rows())

    def test_nothing_is_known_before_anything_was_learned(self):
        self.env.cr.execute(
            "DELETE FROM customer_churn_model WHERE company_id = %s",
            (self.company.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(set(map(lambda row: row.lost, self.rows().values())), {0.5})

    def test_companies_that_do_not_watch_churn_have_no_list(self):
        self.company.retention_use_churn = False
        self.env.invalidate_all()
        self.assertFalse(self.rows())

    def test_a_salesperson_sees_only_quotations_that_can_be_opened(self):
        """A colleague's quotation for one's customer is not shown by Sales either."""
        seller = self._create_user("quotation_seller")
        colleague = self._create_user("quotation_colleague")
        (self.partner | self.newcomer).user_id = seller
        self.young.user_id, self.foreign.user_id = seller, colleague
        self.old.user_id = False
        self._work_queue()
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["customer.churn.quotation"].with_user(seller).search([])
        self.assertEqual(rows.order_id, self.young | self.old)
        rows.order_id.check_access("read")

    def test_the_list_opens_the_quotation(self):
        action = self.rows()[self.old].action_open_order()
        self.assertEqual(action["res_id"], self.old.id)
