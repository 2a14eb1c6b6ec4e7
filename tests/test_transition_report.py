from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import RetentionCommon, on


@tagged("post_install", "-at_install")
class TestTransitionReport(RetentionCommon):
    """The log as figures: what stands, how long it lasted, how far customers came."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.third = (
            cls.env["customer.relationship.stage"]
            ._counting_always()
            .create(
                [
                    {
                        "name": name,
                        "sequence": number,
                        "rule": "[]",
                        "company_id": cls.company.id,
                        "direction": "both",
                    }
                    for number, name in enumerate(("Low", "Middle", "High"))
                ]
            )
        )
        cls.conditions = {
            one.kind: one
            for one in cls.env["customer.relationship.condition"].search(
                [("company_id", "=", False)]
            )
        }
        cls.Report = cls.env["customer.relationship.transition.report"]
        cls.moment = fields.Datetime.from_string("2025-01-01 00:00:00")

    def _move(self, partner, day, origin, target, direction="forward", **values):
        """A row of the log, each recorded a minute later than the one before."""
        type(self).moment += timedelta(minutes=1)
        axis = "position"
        if "condition" in (origin or target)._name:
            axis = "condition"
        name = "stage" if axis == "position" else "condition"
        return (
            self.env["customer.relationship.transition"]
            .sudo()
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "axis": axis,
                    f"from_{name}_id": origin and origin.id,
                    f"to_{name}_id": target.id,
                    "date": day,
                    "recorded_at": self.moment,
                    "trigger": "rule",
                    "direction": direction,
                    **values,
                }
            )
        )

    def _climb(self, partner, *days):
        """Reach one position after the other."""
        stages, origin = (self.first, self.second, self.third), None
        for day, stage in zip(days, stages, strict=False):
            self._move(partner, day, origin, stage, "forward" if origin else "entry")
            origin = stage

    def _rows(self, *partners):
        return self.Report.search(
            [("partner_id", "in", [one.id for one in partners or (self.partner,)])],
            order="date, id",
        )

    def _funnel(self, *extra):
        return self.Report.get_funnel([("company_id", "=", self.company.id), *extra])

    # --------------------------------------------------------------------------
    # Rows
    # --------------------------------------------------------------------------

    def test_each_stay_has_its_days_and_what_came_next(self):
        self._climb(self.partner, "2025-01-01", "2025-01-31", "2025-03-02")
        self.assertRecordValues(
            self._rows(),
            [
                {
                    "to_stage_id": self.first.id,
                    "next_stage_id": self.second.id,
                    "days_before": 0,
                    "days_until_next": 30,
                    "is_current": False,
                },
                {
                    "to_stage_id": self.second.id,
                    "next_stage_id": self.third.id,
                    "days_before": 30,
                    "days_until_next": 30,
                    "is_current": False,
                },
                {
                    "to_stage_id": self.third.id,
                    "next_stage_id": False,
                    "days_before": 30,
                    "days_until_next": 0,
                    "is_current": True,
                },
            ],
        )
        self.assertEqual(set(self._rows().mapped("cohort_month")), {on("2025-01-01")})

    def test_a_correction_stands_for_what_was_recorded_before(self):
        self._climb(self.partner, "2025-01-01", "2025-02-01", "2025-03-01")
        self._move(
            self.partner,
            "2025-02-15",
            self.third,
            self.second,
            "entry",
            trigger="correction",
            corrects_from="2025-02-01",
        )
        rows = self._rows()
        self.assertEqual(
            [(row.date, row.to_stage_id) for row in rows],
            [(on("2025-01-01"), self.first), (on("2025-02-15"), self.second)],
        )
        self.assertEqual(rows[0].days_until_next, 45)

    def test_what_is_recorded_after_a_correction_stands(self):
        self._climb(self.partner, "2025-01-01", "2025-02-01")
        self._move(
            self.partner,
            "2025-02-10",
            self.second,
            self.first,
            "regression",
            corrects_from="2025-02-01",
        )
        self._move(self.partner, "2025-04-01", self.first, self.third, "skip")
        self.assertEqual(
            [(row.date, row.to_stage_id) for row in self._rows()],
            [
                (on("2025-01-01"), self.first),
                (on("2025-02-10"), self.first),
                (on("2025-04-01"), self.third),
            ],
        )

    def test_a_correction_concerns_its_own_axis_and_customer(self):
        other = self._create_partner("Other Customer")
        self._climb(other, "2025-01-01")
        self._move(self.partner, "2025-01-01", None, self.conditions["active"], "entry")
        self._move(
            self.partner,
            "2025-01-01",
            None,
            self.first,
            "entry",
            corrects_from="2024-01-01",
        )
        self.assertEqual(len(self._rows(self.partner, other)), 3)

    def test_win_backs_and_regressions(self):
        active, back = self.conditions["active"], self.conditions["won_back"]
        self._climb(self.partner, "2025-01-01", "2025-02-01")
        self._move(self.partner, "2025-03-01", self.second, self.first, "regression")
        self._move(self.partner, "2025-01-01", None, active, "entry")
        self._move(self.partner, "2025-05-01", active, back, "regression")
        rows = self._rows()
        self.assertEqual(rows.filtered("is_win_back").to_condition_id, back)
        self.assertEqual(rows.filtered("is_win_back").mapped("to_kind"), ["won_back"])
        self.assertEqual(
            rows.filtered("is_regression").to_stage_id,
            self.first,
            "only positions can be fallen below",
        )
        funnel = self._funnel()
        self.assertEqual((funnel["win_backs"], funnel["regressions"]), (1, 1))

    def test_customers_who_must_not_be_profiled_are_left_out(self):
        self._climb(self.partner, "2025-01-01")
        self.Relationship.sudo().create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "is_excluded": True,
            }
        )
        self.assertFalse(self._rows())

    def test_grouping_as_a_pivot_does(self):
        self._climb(self.partner, "2025-01-01", "2025-01-11")
        self._climb(self._create_partner("Other Customer"), "2025-01-01", "2025-01-31")
        groups = self.Report._read_group(
            [("company_id", "=", self.company.id), ("is_current", "=", False)],
            ["to_stage_id", "date:month"],
            ["__count", "days_until_next:avg"],
        )
        self.assertEqual(groups, [(self.first, on("2025-01-01"), 2, 20.0)])

    # --------------------------------------------------------------------------
    # Funnel
    # --------------------------------------------------------------------------

    def test_funnel_counts_who_came_that_far_or_farther(self):
        partners = [self._create_partner(f"Customer {number}") for number in range(4)]
        self._climb(partners[0], "2025-01-01", "2025-01-11", "2025-02-10")
        self._climb(partners[1], "2025-01-01", "2025-01-21")
        self._climb(partners[2], "2025-01-01")
        self._move(partners[3], "2025-01-01", None, self.third, "entry")
        low, middle, high = self._funnel()["steps"]
        self.assertEqual(
            [low["reached"], middle["reached"], high["reached"]], [4, 3, 2]
        )
        self.assertEqual((low["conversion"], middle["conversion"]), (None, 0.75))
        self.assertEqual(
            (low["conversion_text"], middle["conversion_text"]), ("", "75%")
        )
        self.assertEqual(
            [low["current"], middle["current"], high["current"]], [1, 1, 2]
        )
        self.assertEqual(
            low["median_days"], 15.0, "of those who stood there: 10 and 20"
        )
        matrix = self._funnel()["matrix"]
        self.assertEqual(matrix["started"], [3, 0, 1], "one began on the third step")
        self.assertEqual(matrix["cells"], [[0, 2, 0], [0, 0, 1], [0, 0, 0]])
        self.assertEqual(middle["median_days"], 30.0)
        self.assertIsNone(high["median_days"])

    def test_who_fell_back_has_still_come_that_far(self):
        self._climb(self.partner, "2025-01-01", "2025-01-11", "2025-01-21")
        self._move(self.partner, "2025-03-01", self.third, self.first, "regression")
        self._move(self.partner, "2025-04-01", self.first, self.second, "reentry")
        funnel = self._funnel()
        self.assertEqual([one["reached"] for one in funnel["steps"]], [1, 1, 1])
        self.assertEqual([one["current"] for one in funnel["steps"]], [0, 1, 0])
        self.assertEqual(
            funnel["steps"][0]["median_days"], 10.0, "the first time counts"
        )
        self.assertEqual(funnel["matrix"]["cells"], [[0, 2, 0], [0, 0, 1], [1, 0, 0]])
        self.assertEqual(
            [one["name"] for one in funnel["matrix"]["stages"]],
            ["Low", "Middle", "High"],
        )

    def test_an_archived_position_counts_for_the_one_below(self):
        self._climb(self.partner, "2025-01-01", "2025-01-11")
        self.second.active = False
        self.assertEqual(
            [(one["name"], one["reached"]) for one in self._funnel()["steps"]],
            [("Low", 1), ("High", 0)],
        )

    def test_a_filter_is_kept(self):
        self._climb(self.partner, "2025-01-01", "2025-01-11")
        self._climb(self._create_partner("Later Customer"), "2025-03-01")
        funnel = self._funnel(("cohort_month", "=", "2025-03-01"))
        self.assertEqual([one["reached"] for one in funnel["steps"]], [1, 0, 0])

    def test_nothing_happened_yet(self):
        funnel = self._funnel()
        self.assertEqual([one["reached"] for one in funnel["steps"]], [0, 0, 0])
        self.assertEqual(funnel["steps"][1]["conversion_text"], "")

    # --------------------------------------------------------------------------
    # Access and cost
    # --------------------------------------------------------------------------

    def test_a_salesperson_counts_own_customers(self):
        seller = self._create_user("report_seller")
        other = self._create_partner("Customer of Somebody")
        for partner, user in ((self.partner, seller), (other, self.env.user)):
            self._climb(partner, "2025-01-01")
            self.Relationship.sudo().create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "user_id": user.id,
                }
            )
        report = self.Report.with_user(seller)
        self.assertEqual(report.search([]).partner_id, self.partner)
        self.assertEqual(report.get_funnel([])["steps"][0]["reached"], 1)
        self.assertEqual(self._funnel()["steps"][0]["reached"], 2)

    def test_companies_are_kept_apart(self):
        self._climb(self.partner, "2025-01-01")
        company = self._create_company("Another Company")
        user = self._create_user(
            "report_elsewhere", "sales_team.group_sale_manager", company_id=company.id
        )
        report = self.Report.with_user(user).with_company(company)
        report = report.with_context(allowed_company_ids=company.ids)
        self.assertFalse(report.search([]))

    def test_the_funnel_reads_the_log_once(self):
        self._climb(self.partner, "2025-01-01", "2025-01-11")
        self._funnel()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._funnel()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 6)
