from datetime import timedelta

from odoo.tests import tagged

from .common import RetentionCommon, on


@tagged("post_install", "-at_install")
class TestExplanations(RetentionCommon):
    """The sentences a person reads, word for word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = cls._steps(
            "stage",
            [
                ("Newcomer", [], {}),
                ("Buyer", [["purchase_days", ">=", 1]], {}),
                (
                    "Friend",
                    [["purchase_days", ">=", 3], ["overdue_ratio", "<=", 2]],
                    {},
                ),
            ],
        )
        cls.conditions = cls._steps(
            "condition",
            [
                ("Well", [["overdue_ratio", "<=", 1.5]], {"kind": "active"}),
                ("Worrying", [["overdue_ratio", "<=", 3.5]], {"kind": "at_risk"}),
                ("Gone", [["purchase_count", ">=", 1]], {"kind": "lost"}),
            ],
        )

    @classmethod
    def _steps(cls, axis, definitions):
        """A ladder of the test company alone, in force always."""
        model = cls.env[f"customer.relationship.{axis}"]._counting_always()
        return model.create(
            [
                {
                    "name": name,
                    "sequence": number,
                    "rule": str(rule).replace("'", '"'),
                    "company_id": cls.company.id,
                    **values,
                }
                for number, (name, rule, values) in enumerate(definitions)
            ]
        )

    def _buy(self, *days, partner=None):
        for day in days:
            self._order(partner or self.partner, day)
        self._work_queue()
        return self._relationship(partner or self.partner)

    def _regular(self):
        """Five purchases every 21 days, the last one 47 days ago."""
        last = on(self.TODAY) - timedelta(days=47)
        return self._buy(*(last - timedelta(days=21 * n) for n in range(4, -1, -1)))

    # --------------------------------------------------------------------------
    # Sentences
    # --------------------------------------------------------------------------

    def test_condition_names_fact_rule_and_version(self):
        shown = self._regular().condition_explanation
        self.assertEqual(shown["title"], "Worrying")
        self.assertEqual(shown["kind"], "at_risk")
        self.assertEqual(
            shown["lines"],
            [
                "47 days since the last purchase, 2.2 × the usual 21 days "
                "(rule: more than 1.5 ×, at most 3.5 ×)"
            ],
        )
        self.assertEqual(shown["since"], "2025-06-15")
        self.assertEqual(shown["since_text"], "since 06/15/2025")
        self.assertEqual(shown["as_of_text"], "as of 06/30/2025")
        self.assertEqual(shown["rule"]["text"], "rule “Worrying” v1")
        self.assertEqual(shown["rule"]["id"], self.conditions[1].id)

    def test_next_tells_what_happens_without_a_purchase(self):
        row = self._regular()
        self.assertEqual(
            row.condition_explanation["next"],
            "Would become “Gone” on 07/27/2025 without a purchase",
        )
        self._evaluate_at("2025-07-26")
        self.assertEqual(row.condition_id.name, "Worrying")
        self._evaluate_at("2025-07-27")
        self.assertEqual(row.condition_id.name, "Gone")
        self.assertIsNone(row.condition_explanation["next"])

    def test_a_condition_says_what_the_one_before_it_ended_by(self):
        self._regular()
        self._evaluate_at("2025-12-31")
        shown = self._relationship(self.partner).condition_explanation
        self.assertEqual(
            shown["lines"],
            [
                "231 days since the last purchase, 11.0 × the usual 21 days "
                "(rule: more than 3.5 ×)",
                "Purchases: 5 (rule: at least 1)",
            ],
        )

    def test_the_log_says_what_ended_the_condition_before(self):
        self._regular()
        self._evaluate_at("2025-12-31")
        log = self.env["customer.relationship.transition"].search(
            [("partner_id", "=", self.partner.id), ("axis", "=", "condition")],
            order="date desc, id desc",
            limit=1,
        )
        self.assertEqual(log.to_condition_id.name, "Gone")
        self.assertEqual(
            log.explanation,
            "74 days since the last purchase, 3.52 × the usual 21 days "
            "(rule: more than 3.5 ×); Purchases: 5 (rule: at least 1)",
        )

    def test_a_position_that_is_kept_says_how_it_was_reached(self):
        shown = self._regular().position_explanation
        self.assertEqual(shown["title"], "Friend")
        self.assertEqual(
            shown["lines"],
            [
                "Kept since it was reached: nobody falls below this position.",
                "Reached on 04/02/2025: Purchase days: 3 (rule: at least 3); Bought "
                "on this very day (rule: at most 2 ×)",
                "The facts of today alone would give “Buyer”.",
            ],
        )

    def test_a_position_that_is_kept_names_the_rule_that_led_there(self):
        """Not the version of a rule that was made stricter since."""
        self._regular()
        rule = '[["purchase_days", ">=", 9], ["overdue_ratio", "<=", 2]]'
        self.stages[2].rule = rule
        self._evaluate_at("2025-07-15")
        shown = self._relationship(self.partner).position_explanation
        self.assertEqual(self.stages[2].version_number, 2)
        self.assertEqual(shown["title"], "Friend")
        self.assertEqual(shown["rule"]["text"], "rule “Friend” v1")

    def test_a_decision_in_between_is_not_how_a_position_was_reached(self):
        row = self._regular()
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "axis": "position",
                "stage_id": self.stages[0].id,
                "reason": "Changes hands",
                "date_until": "2025-07-10",
            }
        )
        self._evaluate_at("2025-07-15")
        self.assertEqual(row.stage_since, on("2025-07-11"))
        self.assertIn(
            "Reached on 04/02/2025: Purchase days: 3 (rule: at least 3); Bought on "
            "this very day (rule: at most 2 ×)",
            row.position_explanation["lines"],
        )

    def test_the_rhythm_of_the_segment_is_named(self):
        segment = (
            self.env["customer.segment"]
            ._counting_always()
            .create(
                {
                    "name": "Tested Segment",
                    "sequence": -1,
                    "usual_interval": 40,
                    "company_id": self.company.id,
                }
            )
        )
        row = self._buy("2025-06-10")
        self.assertEqual(row.segment_id, segment)
        self.assertEqual(
            row.condition_explanation["lines"],
            [
                "20 days since the last purchase, 0.5 × the usual 40 days "
                "(rule: at most 1.5 ×)",
                "The usual interval is the one of the segment “Tested Segment”: the "
                "customer has bought on fewer than three days.",
            ],
        )

    def test_a_value_close_to_its_bound_does_not_look_equal(self):
        wording = self.env["customer.rule.wording"]
        values = {"last_purchase_on": on("2025-05-17"), "usual_interval": 21.7}
        lines = wording._evidence_lines(
            wording._rule_readings([["overdue_ratio", ">", 2]], values, on(self.TODAY)),
            values,
            on(self.TODAY),
        )
        self.assertEqual(
            lines,
            [
                "44 days since the last purchase, 2.03 × the usual 22 days "
                "(rule: more than 2 ×)"
            ],
        )

    def test_kinds_of_facts_in_words(self):
        wording = self.env["customer.rule.wording"]
        values = {
            "purchase_days": 2,
            "revenue_12m": 18400.5,
            "revenue_prev_12m": 23600.0,
            "fit_need": "yes",
            "last_contact_on": None,
            "last_purchase_on": on("2025-06-29"),
        }
        rule = [
            ["purchase_days", "!=", 1],
            ["revenue_12m", ">", 1000],
            ["revenue_trend", "<", 0.8],
            ["fit_need", "in", ["yes", "unknown"]],
            "!",
            ["days_since_contact", "<=", 14],
            ["days_since_last", "<", 30],
        ]
        lines = wording._evidence_lines(
            wording._rule_readings(rule, values, on(self.TODAY)),
            values,
            on(self.TODAY),
            self.env.ref("base.EUR"),
        )
        self.assertEqual(
            [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines],
            [
                "Purchase days: 2 (rule: not 1)",
                "Revenue of 12 months: 18,400.50 € (rule: more than 1,000 €)",
                "Revenue of 12 months: 78% of the 12 months before "
                "(rule: less than 80%)",
                "Fit: has the need: Yes (rule: one of Yes, Unknown)",
                "Days since the last contact: not known (rule: more than 14 days)",
                "1 day since the last purchase (rule: less than 30 days)",
            ],
        )

    def test_dates_and_numbers_in_the_format_of_the_reader(self):
        lang = self.env["res.lang"]._activate_lang("vi_VN")
        lang.write(
            {"date_format": "%d/%m/%Y", "decimal_point": ",", "thousands_sep": "."}
        )
        row = self._regular().with_context(lang="vi_VN")
        shown = row.condition_explanation
        self.assertIn("30/06/2025", shown["as_of_text"])
        self.assertIn("2,2", shown["lines"][0])
        self.assertIn("27/07/2025", shown["next"])
        in_english = row.with_context(lang="en_US").condition_explanation
        self.assertIn("06/30/2025", in_english["as_of_text"])
        self.assertIn("2.2", in_english["lines"][0])

    # --------------------------------------------------------------------------
    # Decisions
    # --------------------------------------------------------------------------

    def test_a_decision_says_who_until_when_why_and_what_the_rules_say(self):
        row = self._regular()
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "axis": "condition",
                "condition_id": self.conditions[0].id,
                "reason": "Renovating until autumn",
                "date_until": "2025-09-30",
            }
        )
        self._work_queue()
        shown = row.condition_explanation
        self.assertEqual(shown["title"], "Well")
        self.assertEqual(shown["lines"], [])
        self.assertEqual(
            shown["pin"]["text"],
            f"Decided by {self.env.user.name} until 09/30/2025: "
            "Renovating until autumn",
        )
        self.assertEqual(
            shown["pin"]["rules_say"],
            "The rules (v1) say “Worrying”. 47 days since the last purchase, 2.2 × the "
            "usual 21 days (rule: more than 1.5 ×, at most 3.5 ×)",
        )
        self.assertEqual(shown["next"], "The rules decide again from 10/01/2025 on")

    def test_a_customer_who_must_not_be_profiled_has_no_verdict(self):
        row = self._regular()
        self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": self.partner.id,
                "reason": "Asked for it",
                "date_from": "2025-06-01",
            }
        )
        self._work_queue()
        shown = row.position_explanation
        self.assertEqual(shown["title"], "Not profiled")
        self.assertEqual(
            shown["lines"],
            [
                "This customer is excluded from profiling since 06/01/2025 "
                f"({self.env.user.name}): Asked for it"
            ],
        )
        self.assertFalse(row.condition_explanation)
        self.assertFalse(row.top_products)
        self.assertIn(
            "Excluded from profiling", [entry["title"] for entry in row.history]
        )

    # --------------------------------------------------------------------------
    # Ladder and cost
    # --------------------------------------------------------------------------

    def test_ladder_ticks_what_was_reached(self):
        row = self._buy("2025-06-01")
        self.assertEqual(
            [(one["name"], one["reached"], one["current"]) for one in row.ladder],
            [
                ("Newcomer", True, False),
                ("Buyer", True, True),
                ("Friend", False, False),
            ],
        )

    def test_who_never_bought_has_no_condition(self):
        self._quotation(self.partner, "2025-06-01")
        self._work_queue()
        row = self._relationship(self.partner)
        self.assertEqual(row.position_explanation["title"], "Newcomer")
        self.assertEqual(
            row.position_explanation["lines"], ["The rule of no higher position holds."]
        )
        self.assertFalse(row.condition_explanation)

    def test_explaining_many_costs_as_many_queries_as_one(self):
        partners = [self._create_partner(f"Many {number}") for number in range(20)]
        for number, partner in enumerate(partners):
            self._order(partner, f"2025-05-{number + 1:02}")
        self._regular()
        rows = self.Relationship.search([("company_id", "=", self.company.id)])
        counts = [self._count_queries(rows[:1]), self._count_queries(rows)]
        self.assertEqual(len(rows), 21)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def _count_queries(self, rows):
        self.env.invalidate_all()
        rows.mapped("stage_id.name")
        before = self.env.cr.sql_log_count
        rows.mapped("condition_explanation")
        return self.env.cr.sql_log_count - before
