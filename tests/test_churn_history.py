from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..logic.churn_rates import age, month_end, months_before, quarter_of, spans
from .common import on
from .test_churn_scores import ChurnCommon

FIGURES = (
    *("customers", "customers_before", "customers_kept", "customers_new"),
    *("customers_lost", "customers_back", "revenue", "revenue_year"),
    *("revenue_before", "revenue_again", "revenue_kept", "value_at_risk"),
)


class HistoryCommon(ChurnCommon):
    """A shop whose months have been recorded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("history_seller")
        cls.colleague = cls._create_user("history_colleague")
        cls.manager = cls._create_user(
            "history_manager", "customer_retention.group_manager"
        )
        cls.buyers = cls._create_buyers(150)
        cls.buyers[:60].user_id = cls.seller
        cls.buyers[60:].user_id = cls.colleague
        cls._learn()
        cls.History = cls.env["customer.churn.history"]

    @classmethod
    def _figures(cls, month, user=None):
        rows = cls.History.with_user(user or cls.env.user).search(
            [("company_id", "=", cls.company.id), ("month", "=", month)]
        )
        return {name: sum(rows.mapped(name)) for name in FIGURES}


@tagged("post_install", "-at_install")
class TestChurnHistory(HistoryCommon):
    """A month says what the purchases say, whenever it is recorded."""

    def spent(self, first, last):
        """Return {partner: net revenue} of days both included."""
        rows = self.env["customer.purchase"].search(
            [
                ("company_id", "=", self.company.id),
                ("date", ">=", first),
                ("date", "<=", last),
            ]
        )
        found = {}
        for row in rows:
            partner = row.partner_id
            found[partner] = round(found.get(partner, 0.0) + row.amount, 2)
        return found

    def test_two_years_are_there_from_the_first_day(self):
        rows = self.History.search([("company_id", "=", self.company.id)])
        months = sorted(set(rows.mapped("month")))
        self.assertEqual(len(months), 25)
        self.assertEqual(months[-1], date(2025, 6, 1))

    def test_a_month_is_what_was_bought(self):
        for month in (date(2025, 6, 1), date(2024, 11, 1), date(2024, 2, 1)):
            last = min(month_end(month), on(self.TODAY))
            now, before = (
                self.spent(span.first, span.last) for span in spans(last, 12)
            )
            both = now.keys() & before.keys()
            found = self._figures(month)
            with self.subTest(month=month):
                self.assertEqual(found["customers"], len(now))
                self.assertEqual(found["customers_before"], len(before))
                self.assertEqual(found["customers_kept"], len(both))
                self.assertAlmostEqual(found["revenue_year"], sum(now.values()), 2)
                self.assertAlmostEqual(found["revenue_before"], sum(before.values()), 2)
                self.assertAlmostEqual(
                    found["revenue_again"], sum(now[one] for one in both), 2
                )
                self.assertAlmostEqual(
                    found["revenue_kept"],
                    sum(min(now[one], before[one]) for one in both),
                    2,
                )
                self.assertAlmostEqual(
                    found["revenue"], sum(self.spent(month, last).values()), 2
                )

    def test_new_customers_are_those_of_their_first_month(self):
        rows = self.env["customer.relationship"].search(
            [("company_id", "=", self.company.id)]
        )
        for month in (date(2025, 6, 1), date(2024, 11, 1)):
            came = rows.filtered(
                lambda row, month=month: (
                    month <= row.first_purchase_on <= month_end(month)
                )
            )
            self.assertEqual(self._figures(month)["customers_new"], len(came))

    def test_the_present_month_holds_the_scores_of_today(self):
        scores = self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertAlmostEqual(
            self._figures(date(2025, 6, 1))["value_at_risk"],
            sum(scores.mapped("value_at_risk")),
            2,
        )

    def test_a_past_month_is_scored_as_it_would_have_been(self):
        """Evaluated on that day, with the same forecast."""
        month = date(2025, 2, 1)
        recorded = self._figures(month)["value_at_risk"]
        self.env["customer.churn.model"].flush_model()
        self.env.cr.execute("UPDATE customer_churn_model SET fitted_on = '2024-01-01'")
        self.env.invalidate_all()
        self._evaluate_at(str(month_end(month)))
        scores = self.env["customer.churn.score"]
        scores._refresh(self.company, month_end(month))
        there = scores.search([("company_id", "=", self.company.id)])
        self.assertAlmostEqual(
            recorded, sum(there.mapped("value_at_risk")), delta=recorded * 0.005
        )
        self.assertGreater(recorded, 0)

    def at_risk(self, month):
        """Return the money at risk of a month that is recorded again."""
        self.env.invalidate_all()
        self.History._record_month(self.company, month)
        return self._figures(month)["value_at_risk"]

    def at_risk_now(self):
        return self.History._value_at_risk(Domain("company_id", "=", self.company.id))

    def worst(self, count=1):
        """Return the customers with most money at risk, today and in May."""
        then = dict(
            self.env.execute_query(
                self.env["customer.churn.score"]._past_scores_sql(
                    self.company, on("2025-05-31")
                )
            )
        )
        scores = self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id), ("value_at_risk", ">", 0)]
        )
        return [
            (score, float(then[score.partner_id.id]))
            for score in scores
            if then.get(score.partner_id.id)
        ][:count]

    def declare(self, score, day):
        """Say that a customer was lost on a day, whatever was bought since."""
        event = (
            self.env["customer.churn.event"]
            ._engine()
            .create(
                {
                    "partner_id": score.partner_id.id,
                    "company_id": self.company.id,
                    "date": day,
                    "decided_by": "customer",
                }
            )
        )
        self.env["customer.churn.score"]._follow_losses(
            self.company, event.partner_id.ids
        )
        return event

    def test_archived_customers_are_at_risk_neither_today_nor_in_a_past_month(self):
        """A tile that compares both would show an improvement that never happened."""
        ((score, then),) = self.worst()
        before, now = self.at_risk(date(2025, 5, 1)), self.at_risk_now()
        worth = score.value_at_risk
        score.partner_id.active = False
        self.env.flush_all()
        self.env["customer.relationship"]._evaluate(
            score.partner_id.ids, company=self.company
        )
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        self.assertFalse(score.active)
        self.assertAlmostEqual(self.at_risk_now(), now - worth, 2)
        self.assertAlmostEqual(self.at_risk(date(2025, 6, 1)), now - worth, 2)
        self.assertAlmostEqual(self.at_risk(date(2025, 5, 1)), before - then, 2)

    def test_no_money_was_at_risk_with_whoever_had_been_declared_lost_by_then(self):
        (first, then), (second, _then) = self.worst(2)
        before, now = self.at_risk(date(2025, 5, 1)), self.at_risk_now()
        gone = first.value_at_risk + second.value_at_risk
        self.declare(first, "2025-05-31")
        self.declare(second, "2025-06-01")
        self.assertAlmostEqual(self.at_risk_now(), now - gone, 2)
        self.assertAlmostEqual(self.at_risk(date(2025, 6, 1)), now - gone, 2)
        self.assertAlmostEqual(self.at_risk(date(2025, 5, 1)), before - then, 2)

    def test_a_return_brings_back_the_risk_from_its_day_on(self):
        ((score, then),) = self.worst()
        months = date(2025, 5, 1), date(2025, 4, 1)
        may, april = map(self.at_risk, months)
        event = self.declare(score, "2025-05-02")
        for returned_on, gone in (("2025-06-01", then), ("2025-05-31", 0.0)):
            event._engine().write({"state": "returned", "returned_on": returned_on})
            self.env.flush_all()
            with self.subTest(returned_on=returned_on):
                self.assertAlmostEqual(self.at_risk(months[0]), may - gone, 2)
                self.assertAlmostEqual(self.at_risk(months[1]), april, 2)
        event._engine().write({"state": "void", "returned_on": False})
        self.env.flush_all()
        self.assertAlmostEqual(self.at_risk(months[0]), may, 2)

    def test_what_comes_later_changes_no_month_that_is_over(self):
        month = date(2025, 1, 1)
        before = self._figures(month)
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE company_id = %s AND date > %s",
            (self.company.id, month_end(month)),
        )
        self.History._record_month(self.company, month)
        again = self._figures(month)
        for figure in ("customers", "customers_kept", "revenue_year", "customers_new"):
            self.assertEqual(again[figure], before[figure])

    def test_recording_again_changes_nothing(self):
        for month in (date(2025, 6, 1), date(2025, 1, 1)):
            before = self._figures(month)
            self.History._record_month(self.company, month)
            self.assertEqual(self._figures(month), before)

    def test_only_what_is_due_is_recorded(self):
        self.assertEqual(self.History._due_months(self.company), [date(2025, 6, 1)])
        self.company.retention_evaluation_date = "2025-07-02"
        self.assertEqual(
            self.History._due_months(self.company), [date(2025, 7, 1), date(2025, 6, 1)]
        )
        self.History._record(self.company)
        self.assertEqual(self.History._due_months(self.company), [date(2025, 7, 1)])

    def test_documents_that_come_late_reach_their_month(self):
        """An order of June and a credit of May, both entered in July."""
        months = date(2025, 5, 1), date(2025, 6, 1)
        self.company.retention_evaluation_date = "2025-07-01"
        self.History._record(self.company)
        before = [self._figures(month)["revenue"] for month in months]
        buyer = self.buyers[0]
        self._insert_purchases(
            [(buyer.id, on("2025-05-31"), -50.0), (buyer.id, on("2025-06-30"), 80.0)]
        )
        self.company.retention_evaluation_date = "2025-07-08"
        self.assertEqual(
            self.History._due_months(self.company),
            [date(2025, 7, 1), date(2025, 6, 1), date(2025, 5, 1)],
        )
        self.History._record(self.company)
        after = [self._figures(month)["revenue"] for month in months]
        self.assertAlmostEqual(after[0], before[0] - 50.0, 2)
        self.assertAlmostEqual(after[1], before[1] + 80.0, 2)

    def test_months_that_may_change_say_so(self):
        self.company.retention_evaluation_date = "2025-08-20"
        self.env.cr.execute(
            "DELETE FROM customer_churn_history WHERE company_id = %s", self.company.ids
        )
        self.env.invalidate_all()
        self.History._record(self.company)
        rows = self.History.search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(rows.filtered("is_provisional").mapped("month")),
            {date(2025, 7, 1), date(2025, 8, 1)},
        )
        months = self.History.with_user(self.manager)._dashboard_months(
            Domain("company_id", "=", self.company.id), self.company
        )
        told = [one["month"] for one in months if one["is_provisional"]]
        self.assertEqual(told, ["2025-07-01", "2025-08-01"])

    def test_the_job_goes_on_where_it_was_interrupted(self):
        self.env.cr.execute(
            "DELETE FROM customer_churn_history WHERE company_id = %s", self.company.ids
        )
        self.env.invalidate_all()
        for month in self.History._due_months(self.company)[:3]:
            self.History._record_month(self.company, month)
        self.assertEqual(len(self.History._due_months(self.company)), 23)
        self.History._record(self.company)
        self.assertEqual(len(self.History._due_months(self.company)), 1)

    def test_whoever_became_lost_is_counted_in_that_month(self):
        condition = self.env["customer.relationship.condition"].search(
            [("kind", "=", "lost")], limit=1
        )
        before = self._figures(date(2025, 6, 1))["customers_lost"]
        quiet = self.env["customer.relationship"].search(
            [
                ("company_id", "=", self.company.id),
                ("condition_kind", "not in", ["lost"]),
            ],
            limit=1,
        )
        self.env["customer.relationship.transition"].sudo().create(
            {
                "partner_id": quiet.partner_id.id,
                "company_id": self.company.id,
                "axis": "condition",
                "to_condition_id": condition.id,
                "date": "2025-06-15",
                "recorded_at": "2025-06-15 12:00:00",
                "trigger": "rule",
                "direction": "forward",
            }
        )
        self.History._record_month(self.company, date(2025, 6, 1))
        after = self._figures(date(2025, 6, 1))["customers_lost"]
        self.assertEqual(after, before + 1)

    def test_salespeople_see_their_own_figures_managers_all(self):
        month = date(2025, 6, 1)
        own = self._figures(month, self.seller)
        others = self._figures(month, self.colleague)
        everything = self._figures(month, self.manager)
        self.assertTrue(own["customers"] and others["customers"])
        for figure in ("customers", "revenue_year", "value_at_risk"):
            self.assertAlmostEqual(own[figure] + others[figure], everything[figure], 2)

    def test_nobody_from_outside_sees_a_figure(self):
        for login, groups in (
            ("history_employee", "base.group_user"),
            ("history_portal", "base.group_portal"),
        ):
            user = self._create_user(login, groups)
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.History.with_user(user).search([])

    def test_months_are_not_added_up(self):
        """Of several months stocks are those of the average month."""
        months = ["2025-04-01", "2025-05-01"]
        own = [("company_id", "=", self.company.id)]
        found = [self._figures(month) for month in months]
        for domain, divisor in (
            ([*own, ("month", "=", months[0])], 1),
            ([*own, ("month", "in", months)], 2),
        ):
            (row,) = self.History.formatted_read_group(
                domain,
                aggregates=["customers:avg", "value_at_risk:avg"],
            )
            with self.subTest(months=divisor):
                for name in ("customers", "value_at_risk"):
                    self.assertAlmostEqual(
                        row[f"{name}:avg"],
                        sum(one[name] for one in found[:divisor]) / divisor,
                        2,
                    )
        for name in ("customers", "revenue_year", "value_at_risk"):
            self.assertEqual(self.History._fields[name].aggregator, "avg")

    def test_one_statement_whatever_the_number_of_customers(self):
        month = months_before(date(2025, 6, 1), 3)
        self.History._record_month(self.company, month)
        with self.assertQueryCount(6):
            self.History._record_month(self.company, month)


@tagged("post_install", "-at_install")
class TestCohorts(HistoryCommon):
    """Who came together, and who of them still buys."""

    def cohorts(self, **filters):
        return self.History.get_cohorts({"company": self.company.id, **filters})

    def test_all_purchases_are_in_some_cell(self):
        for by, first in (("quarter", "2022-07-01"), ("month", "2023-07-01")):
            rows = self.env["customer.relationship"].search(
                [
                    ("company_id", "=", self.company.id),
                    ("first_purchase_on", ">=", first),
                ]
            )
            found = self.cohorts(by=by)["cohorts"]
            cells = [cell for cohort in found for cell in cohort["cells"]]
            with self.subTest(by=by):
                self.assertEqual(sum(one["size"] for one in found), len(rows))
                self.assertEqual(
                    sum(cell["purchases"] for cell in cells),
                    sum(rows.mapped("purchase_count")),
                )
                self.assertAlmostEqual(
                    sum(cell["revenue"] for cell in cells),
                    sum(rows.mapped("revenue_total")),
                    2,
                )

    def test_everybody_buys_in_the_first_cell(self):
        for cohort in self.cohorts()["cohorts"]:
            self.assertEqual(cohort["size"], cohort["cells"][0]["customers"])
            for cell in cohort["cells"]:
                self.assertLessEqual(cell["customers"], cohort["size"])
            self.assertEqual([cell["is_open"] for cell in cohort["cells"]][-1:], [True])

    def test_a_cell_is_the_list_it_opens(self):
        answer = self.cohorts()
        cohort = answer["cohorts"][2]
        rows = self.env["customer.churn.cohort"].search(
            [
                *answer["domain"],
                ("cohort_month", ">=", cohort["start"]),
                ("cohort_month", "<", cohort["until"]),
                ("age_quarters", "=", 1),
            ]
        )
        self.assertEqual(len(rows.buyer_id), cohort["cells"][1]["customers"])
        self.assertEqual(
            sum(rows.mapped("purchase_count")), cohort["cells"][1]["purchases"]
        )
        groups = rows.formatted_read_group(
            [("id", "in", rows.ids), ("purchase_count", ">", 0)], ["partner_id"]
        )
        self.assertEqual(len(groups), cohort["cells"][1]["customers"])

    def test_ages_in_the_database_are_those_of_the_logic(self):
        rows = self.env["customer.churn.cohort"].search(
            [("company_id", "=", self.company.id)], limit=300
        )
        for row in rows:
            self.assertEqual(row.age_months, age(row.cohort_month, row.month))
            self.assertEqual(
                row.age_quarters,
                age(quarter_of(row.cohort_month), quarter_of(row.month), step=3),
            )

    def test_salespeople_see_their_own_cohorts(self):
        sizes = {
            user: sum(
                cohort["size"]
                for cohort in self.History.with_user(user).get_cohorts({})["cohorts"]
            )
            for user in (self.seller, self.colleague, self.manager)
        }
        self.assertEqual(
            sizes[self.seller] + sizes[self.colleague], sizes[self.manager]
        )

    def test_future_purchases_are_in_no_cell(self):
        self.company.retention_evaluation_date = on(self.TODAY) - timedelta(200)
        self.env.invalidate_all()
        rows = self.env["customer.churn.cohort"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertLessEqual(max(rows.mapped("month")), on(self.TODAY) - timedelta(200))
