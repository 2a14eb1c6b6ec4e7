"""Positions, conditions and segments: what an administrator may save."""

import json

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import convert_file

from ..logic import catalog, rule
from ..models.customer_fit import QUESTIONS
from .common import RetentionCommon, on

# A text for every reason to refuse a rule, and words of the answer.
REFUSALS = {
    "text_too_long": ("[" + " " * 10_000 + "]", "too long"),
    "not_json": ("[[purchase_days]]", "cannot be read from character 2"),
    "not_a_list": ('{"a": 1}', "list of comparisons"),
    "too_many_comparisons": (
        json.dumps([["purchase_days", ">", n] for n in range(51)]),
        "51 comparisons; at most 50",
    ),
    "too_deep": (
        json.dumps(["!"] * 11 + [["purchase_days", ">", 1]]),
        "at most 10 levels",
    ),
    "unknown_connective": ('["or", ["purchase_days", ">", 1]]', "“or”"),
    "missing_operand": ('["|", ["purchase_days", ">", 1]]', "missing after “|”"),
    "malformed_term": ('[["purchase_days", ">"]]', "is not a comparison"),
    "dotted_path": ('[["partner_id.name", "=", "A"]]', "reads another record"),
    "unknown_fact": ('[["shoe_size", "=", 4]]', "“shoe_size” is no fact"),
    "date_fact": (
        '[["last_purchase_on", ">=", "-30d"]]',
        "Use “days since the last purchase”",
    ),
    "unknown_operator": ('[["purchase_days", "child_of", 1]]', "“child_of”"),
    "operator_not_allowed": (
        '[["revenue_12m", "=", 1]]',
        "“revenue of 12 months” cannot be compared with “=”. Use one of: < ≤ > ≥",
    ),
    "single_value_expected": ('[["fit_need", "=", ["yes"]]]', "single value"),
    "list_expected": ('[["fit_need", "in", "yes"]]', "list of values"),
    "empty_list": ('[["fit_need", "in", []]]', "at least one value"),
    "too_many_values": (
        json.dumps([["purchase_days", "in", list(range(51))]]),
        "51 values; at most 50",
    ),
    "not_a_number": ('[["purchase_days", ">", "three"]]', "“three” is none"),
    "not_finite": ('[["revenue_12m", ">", NaN]]', "ordinary number"),
    "not_whole": ('[["purchase_days", ">", 1.5]]', "whole numbers"),
    "number_out_of_range": ('[["revenue_12m", ">", 1e30]]', "too large or too small"),
    "not_a_choice": ('[["fit_need", "=", "maybe"]]', "Choose one of: Yes, No, Unknown"),
}


@tagged("post_install", "-at_install")
class TestConfiguration(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Stage = cls.env["customer.relationship.stage"]
        cls.Condition = cls.env["customer.relationship.condition"]
        cls.Segment = cls.env["customer.segment"]
        cls.wording = cls.env["customer.rule.wording"]
        cls._create_user("retention_admin", "customer_retention.group_admin")
        cls._create_user("retention_sales")

    def _stage(self, rule=(), **values):
        values.setdefault("company_id", self.company.id)
        values.setdefault("name", "Tested")
        return self.Stage.create({"rule": json.dumps(rule), **values})

    # Rules

    def test_every_reason_to_refuse_a_rule_says_what_to_do(self):
        self.assertEqual(set(REFUSALS), set(rule.ERROR_CODES))
        stage = self._stage()
        for code, (text, words) in REFUSALS.items():
            with self.subTest(code=code):
                with self.assertRaises(ValidationError) as caught:
                    stage.rule = text
                self.assertIn(words, str(caught.exception))
                with self.assertRaises(ValidationError):
                    self.Stage.create({"name": "New", "rule": text})

    def test_rule_is_kept_in_its_canonical_text(self):
        stage = self._stage()
        stage.rule = '["&",["purchase_days",">=",2.0],["fit_need","=","yes"]]'
        self.assertEqual(
            stage.rule, '[["purchase_days", ">=", 2], ["fit_need", "=", "yes"]]'
        )
        stage.rule = False
        self.assertEqual(stage.rule, "[]")

    def test_rule_reads_as_a_sentence(self):
        yes = ["fit_need", "=", "yes"]
        sentences = {
            "always": [],
            "purchase days ≥ 3 and days since the last purchase ÷ usual interval ≤ 2": [
                ["purchase_days", ">=", 3],
                ["overdue_ratio", "<=", 2],
            ],
            "purchase days ≥ 3 and (days between the last two purchases < 30 or "
            "fit: has the need is Yes)": [
                ["purchase_days", ">=", 3],
                "|",
                ["last_gap_days", "<", 30],
                yes,
            ],
            "not (fit: has the need is Yes)": ["!", yes],
            "fit: has the need is one of Yes, Unknown": [
                ["fit_need", "in", ["yes", "unknown"]]
            ],
            "purchase days ≠ 1,000": [["purchase_days", "!=", 1000]],
            "days since the last purchase ÷ usual interval < 1.25": [
                ["overdue_ratio", "<", 1.25]
            ],
        }
        for sentence, source in sentences.items():
            self.assertEqual(self._stage(source).rule_sentence, sentence)

    def test_money_in_a_rule_has_the_currency_of_its_company(self):
        source = [["revenue_12m", ">=", 1500.5]]
        self.assertEqual(
            self._stage(source).rule_sentence.replace("\N{NO-BREAK SPACE}", " "),
            f"revenue of 12 months ≥ {self._money('1,500.50')}",
        )
        shared = self._stage(source, company_id=False)
        self.assertEqual(shared.rule_sentence, "revenue of 12 months ≥ 1,500.50")

    def _money(self, number):
        symbol = self.currency.symbol
        after = self.currency.position == "after"
        return f"{number} {symbol}" if after else f"{symbol} {number}"

    def test_step_by_decision_says_so(self):
        stage = self._stage([["purchase_days", ">=", 3]], manual_only=True)
        self.assertEqual(stage.rule_sentence, "by a person's decision only")
        self.assertFalse(stage.rule_warning)

    def test_rule_of_an_app_that_is_gone_is_kept_and_skipped(self):
        stage = self._stage([["purchase_days", ">=", 3]])
        source = json.dumps([["visits_30d", ">", 3]])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_relationship_stage SET rule = %s WHERE id = %s",
            (source, stage.id),
        )
        stage.invalidate_recordset()
        self.assertIn("“visits_30d”", stage.rule_warning)
        self.assertEqual(stage.rule_sentence, stage.rule_warning)
        stage.write({"name": "Renamed", "minimum_days": 3, "rule": source})
        self.assertEqual(stage.rule, source)
        stage.rule = '[["purchase_days", ">=", 3]]'
        self.assertFalse(stage.rule_warning)

    # Facts

    def test_catalog_offers_every_fact_that_is_stored(self):
        facts = {fact["key"]: fact for fact in self.Relationship.get_fact_catalog()}
        self.assertEqual(set(facts), set(catalog.FACTS))
        for fact in facts.values():
            self.assertTrue(fact["label"] and fact["help"] and fact["theme"], fact)
            self.assertNotEqual(fact["label"], fact["key"])
        self.assertEqual(facts["overdue_ratio"]["unit"], "×")
        self.assertEqual(facts["days_since_last"]["unit"], "days")
        self.assertEqual(facts["revenue_12m"]["unit"], self.currency.symbol)
        self.assertIn([">=", "≥"], facts["purchase_days"]["operators"])
        self.assertEqual(
            facts["fit_need"]["choices"],
            [["yes", "Yes"], ["no", "No"], ["unknown", "Unknown"]],
        )

    def test_fact_without_its_column_is_not_offered(self):
        catalog.register(catalog.Fact("shoe_size", "integer"))
        self.addCleanup(catalog.unregister, "shoe_size")
        keys = {fact["key"] for fact in self.Relationship.get_fact_catalog()}
        self.assertNotIn("shoe_size", keys)
        with self.assertRaisesRegex(ValidationError, "no fact about a customer"):
            self._stage([["shoe_size", ">", 40]])

    def test_values_of_facts_are_formatted_for_reading(self):
        def shown(key, value):
            text = self.wording._format_fact(key, value, self.currency)
            return text.replace("\N{NO-BREAK SPACE}", " ")

        self.assertEqual(shown("days_since_last", 1234), "1,234 days")
        self.assertEqual(shown("overdue_ratio", 2.24), "2.2 ×")
        self.assertEqual(shown("usual_interval", 21.0), "21 days")
        self.assertEqual(shown("revenue_trend", 0.78), "78%")
        self.assertEqual(shown("purchase_days", 0), "0")
        self.assertEqual(shown("revenue_12m", 1234.5), self._money("1,234.50"))
        self.assertEqual(shown("last_purchase_on", on("2025-06-30")), "06/30/2025")
        self.assertEqual(shown("fit_need", "yes"), "Yes")
        self.assertEqual(shown("last_gap_days", None), "")

    def test_rule_is_described_for_the_editor(self):
        described = self.Relationship.describe_rule('[["purchase_days", ">=", 3]]')
        self.assertEqual(described, {"sentence": "purchase days ≥ 3", "error": None})
        refused = self.Relationship.describe_rule("[[")
        self.assertEqual(refused["sentence"], "")
        self.assertIn("cannot be read", refused["error"])

    # Steps

    def test_minimum_stay_is_not_negative(self):
        with self.assertRaisesRegex(ValidationError, "no negative days"):
            self._stage(minimum_days=-1)

    def test_new_step_goes_to_the_end(self):
        last = max(self.Stage.search([]).mapped("sequence"))
        self.assertGreater(self._stage().sequence, last)

    def test_copy_of_a_step_is_named_as_one(self):
        copy = self._stage([["purchase_days", ">", 1]], name="Original").copy()
        self.assertEqual(copy.name, "Original (copy)")
        self.assertEqual(copy.rule, '[["purchase_days", ">", 1]]')

    def test_step_of_a_branch_belongs_to_its_main_company(self):
        branch = self._create_company("Branch", parent_id=self.company.id)
        self.assertEqual(self._stage(company_id=branch.id).company_id, self.company)

    def test_own_ladder_replaces_the_shared_one(self):
        shared = self.Stage.search([("company_id", "=", False)])
        self.assertTrue(shared)
        self.assertEqual(self.Stage._ladder(self.company), shared)
        own = self._stage()
        self.assertEqual(self.Stage._ladder(self.company), own)
        own.active = False
        self.assertEqual(self.Stage._ladder(self.company), shared)

    def test_shared_ladder_keeps_an_active_step(self):
        for model in (self.Stage, self.Condition):
            steps = model.search([("company_id", "=", False)])
            with self.assertRaisesRegex(ValidationError, "at least one active step"):
                steps.active = False
            with self.assertRaisesRegex(UserError, "at least one active step"):
                steps.unlink()

    def test_unused_step_can_be_deleted(self):
        stage = self._stage()
        stage.unlink()
        self.assertFalse(stage.exists())

    def _used_stage(self):
        stage = self._stage(name="First", sequence=1)
        self._order(self.partner, "2025-06-01")
        self.Relationship._sync_and_evaluate(self.partner.ids)
        self.assertEqual(self._relationship(self.partner).stage_id, stage)
        return stage

    def test_used_step_is_archived_instead_of_deleted(self):
        stage = self._used_stage()
        with self.assertRaisesRegex(UserError, "“First”.*Archive it instead"):
            stage.unlink()
        stage.active = False

    def test_used_step_stays_in_its_ladder(self):
        stage = self._used_stage()
        with self.assertRaisesRegex(UserError, "stays in its ladder"):
            stage.company_id = False
        stage.company_id = self.company
        unused = self._stage()
        unused.company_id = False
        self.assertFalse(unused.company_id)

    def test_step_counts_and_lists_its_customers(self):
        stage = self._used_stage()
        self.assertEqual(stage.customer_count, 1)
        rows = self.Relationship.search(stage.action_open_customers()["domain"])
        self.assertEqual(rows, self._relationship(self.partner))

    # Segments

    def test_usual_interval_is_at_least_a_day(self):
        for interval in (0, -5, float("inf"), float("nan")):
            with self.assertRaisesRegex(ValidationError, "at least one day"):
                self.Segment.create({"name": "Odd", "usual_interval": interval})

    # Seeds

    def test_seeds_are_the_default_ladder_and_conditions(self):
        def names(kind, *keys):
            return [
                self.env.ref(f"customer_retention.customer_{kind}_{key}").name
                for key in keys
            ]

        self.assertEqual(
            names(
                "relationship_stage",
                *("prospect", "first_time", "repeat", "loyal", "advocate"),
            ),
            ["Prospect", "First-time", "Repeat", "Loyal", "Advocate"],
        )
        self.assertEqual(
            names(
                "relationship_condition",
                *("won_back", "active", "cooling", "at_risk", "dormant", "lost"),
            ),
            ["Won back", "Active", "Cooling", "At risk", "Dormant", "Lost"],
        )
        self.assertEqual(
            names("segment", "company", "person"), ["Companies", "Individuals"]
        )

    def test_deleted_seed_stays_deleted_after_an_upgrade(self):
        seed = self.env.ref("customer_retention.customer_relationship_stage_advocate")
        kept = self.env.ref("customer_retention.customer_relationship_stage_loyal")
        if seed._is_used():
            self.skipTest("the seed is used in this database")
        version = kept.version_number
        seed.unlink()
        kept.name = "Renamed by a person"
        convert_file(
            self.env,
            "customer_retention",
            "data/customer_relationship_stage_data.xml",
            {},
            mode="update",
        )
        self.assertFalse(
            self.env.ref(
                "customer_retention.customer_relationship_stage_advocate",
                raise_if_not_found=False,
            )
        )
        self.assertEqual(kept.name, "Renamed by a person")
        self.assertEqual(kept.version_number, version)

    # Access

    @users("retention_admin")
    def test_administrator_without_other_rights_configures_everything(self):
        env = self.Stage.with_user(self.env.user).env
        values = {"name": "Mine", "company_id": self.company.id}
        for model in (self.Stage, self.Condition, self.Segment):
            record = model.with_env(env).create(values)
            record.name = "Still Mine"
            record.action_open_versions()
            record.unlink()
        answer = env["customer.relationship"].preview_rule(self.Stage._name, False, {})
        self.assertIsNone(answer["error"])

    # Fit and exclusion

    def test_fit_makes_a_row_for_whom_nothing_is_known_yet(self):
        contact = self._create_partner(
            "Contact", parent_id=self.partner.id, is_company=False
        )
        self.assertFalse(self._relationship(self.partner))
        fit = self.env["customer.fit"].create({"partner_id": contact.id, "need": "yes"})
        self.assertRecordValues(
            fit,
            [
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "date": self.company._retention_today(),
                    "user_id": self.env.uid,
                    "yes_count": 1,
                }
            ],
        )
        row = self._relationship(self.partner)
        self.assertEqual(row.fit_need, "yes")
        fit.copy({"need": "no"})
        row.invalidate_recordset()
        self.assertEqual(row.fit_need, "no")
        self.assertIn((self.partner.id, "decision"), self._queued())

    def test_assessment_is_not_rewritten_except_for_its_note(self):
        fit = self.env["customer.fit"].create({"partner_id": self.partner.id})
        for name in QUESTIONS:
            with self.assertRaisesRegex(UserError, "Record a new assessment"):
                fit[name] = "yes"
        with self.assertRaisesRegex(UserError, "Record a new assessment"):
            fit.sudo().write({"note": "Why", "need": "yes"})
        fit.note = "They told me"
        self.assertEqual((fit.note, fit.yes_count), ("They told me", 0))

    def test_only_the_last_day_of_an_exclusion_changes(self):
        exclusion = self.env["customer.profiling.exclusion"].create(
            {"partner_id": self.partner.id, "reason": "Asked for it"}
        )
        with self.assertRaisesRegex(UserError, "Only its last day"):
            exclusion.reason = "Did not ask"
        exclusion.date_until = "2025-12-31"
        with self.assertRaisesRegex(ValidationError, "end before it begins"):
            exclusion.date_until = "2025-01-01"

    def test_decision_needs_a_customer(self):
        for model, values in (
            ("customer.fit", {"need": "yes"}),
            ("customer.profiling.exclusion", {"reason": "Asked for it"}),
            ("customer.relationship.pin", {"reason": "Why not"}),
        ):
            with self.assertRaisesRegex(ValidationError, "Choose the customer"):
                self.env[model].create(values)

    def test_exclusion_is_in_every_company_unless_one_is_chosen(self):
        exclusion = self.env["customer.profiling.exclusion"].create(
            {"partner_id": self.partner.id, "reason": "Asked for it"}
        )
        self.assertFalse(exclusion.company_id)
        self.assertEqual(exclusion.date_from, self.company._retention_today())

    def test_exclusion_takes_effect_at_once(self):
        self._used_stage()
        exclusion = self.env["customer.profiling.exclusion"].create(
            {"partner_id": self.partner.id, "reason": "Asked for it"}
        )
        row = self._relationship(self.partner)
        row.invalidate_recordset()
        self.assertTrue(row.is_excluded)
        self.assertFalse(row.stage_id)
        exclusion.unlink()
        row = self._relationship(self.partner)
        row.invalidate_recordset()
        self.assertFalse(row.is_excluded)

    def test_exclusion_says_why_and_ends_after_it_begins(self):
        values = {"partner_id": self.partner.id, "reason": "Asked for it"}
        exclusions = self.env["customer.profiling.exclusion"]
        with self.assertRaisesRegex(ValidationError, "Say why"):
            exclusions.create({**values, "reason": "  "})
        with self.assertRaisesRegex(ValidationError, "end before it begins"):
            exclusions.create({**values, "date_until": "2025-06-29"})

    def test_decisions_about_deleted_customers_are_forgotten(self):
        gone, kept = self._create_partner("Gone"), self._create_partner("Kept")
        values = {"company_id": self.company.id}
        fits = self.env["customer.fit"].create(
            [{**values, "partner_id": one.id} for one in (gone, kept)]
        )
        exclusions = self.env["customer.profiling.exclusion"].create(
            [{"partner_id": one.id, "reason": "Asked"} for one in (gone, kept)]
        )
        gone.unlink()
        self.env.invalidate_all()
        for records in (fits, exclusions):
            records._gc_decisions_without_customer()
            self.assertEqual(records.exists().partner_id, kept)
        self.env["customer.decision.mixin"]._gc_decisions_without_customer()

    @users("retention_sales")
    def test_author_of_a_decision_is_the_one_who_records_it(self):
        other = self.env.ref("base.user_admin")
        self.partner.sudo().user_id = self.env.user
        fit = self.env["customer.fit"].create(
            {"partner_id": self.partner.id, "user_id": other.id}
        )
        self.assertEqual(fit.user_id, self.env.user)

    def test_segment_of_an_industry_keeps_it(self):
        industry = self.env["res.partner.industry"].create({"name": "Tested Industry"})
        segment = self.Segment.create(
            {"name": "By Industry", "industry_ids": [Command.link(industry.id)]}
        )
        self.assertEqual(segment.industry_ids, industry)
