"""Nobody is shown or counted who must not be profiled, and it comes back after it."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .common import RetentionCommon, on

# What was worked out about a customer, apart from the row itself.
WORKED_OUT = (
    "customer.purchase",
    "customer.quotation",
    "customer.contact.day",
    "customer.relationship.transition",
    "customer.relationship.transition.report",
)


@tagged("post_install", "-at_install")
class TestExclusionShown(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user(
            "exclusion_manager", "customer_retention.group_manager"
        )
        for day in ("2025-03-10", "2025-05-10", "2025-06-10"):
            cls._order(cls.partner, day)
        cls._quotation(cls.partner, "2025-06-20")
        cls.partner.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=cls.manager.partner_id.id,
        )
        cls._work_queue()

    def _exclude(self, partner=None, **values):
        exclusion = self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": (partner or self.partner).id,
                "company_id": self.company.id,
                "date_from": self.TODAY,
                "reason": "Asked for it",
                **values,
            }
        )
        self.env.invalidate_all()
        return exclusion

    def _shown(self, partner=None):
        """Return {model: rows about a customer that a manager sees}."""
        self.env.invalidate_all()
        domain = [("partner_id", "=", (partner or self.partner).id)]
        return {
            model: self.env[model].with_user(self.manager).search(domain)
            for model in WORKED_OUT
        }

    def test_nobody_sees_what_was_worked_out(self):
        """Not even a manager, until the exclusion ends: then it is all there again."""
        before = self._shown()
        for model, rows in before.items():
            with self.subTest(model=model):
                self.assertTrue(rows)
        exclusion = self._exclude()
        for model, rows in self._shown().items():
            with self.subTest(model=model):
                self.assertFalse(rows)
        exclusion.unlink()
        self.assertEqual(self._shown(), before)

    def test_what_is_kept_is_kept(self):
        """Log and purchases stay in the database, documents and decisions in sight."""
        fit = self.env["customer.fit"].create({"partner_id": self.partner.id})
        log = self.env["customer.relationship.transition"]
        kept = log.search_count([("partner_id", "=", self.partner.id)])
        self._exclude()
        manager = fit.with_user(self.manager)
        self.assertEqual(manager.search([("id", "=", fit.id)]), fit)
        self.assertEqual(
            log.sudo().search_count([("partner_id", "=", self.partner.id)]), kept
        )

    def test_other_companies_see_their_own(self):
        other = self._create_company("Other Company")
        self._order(self.partner, "2025-06-10", company_id=other.id)
        self._work_queue()
        self.manager.company_ids |= other
        self._exclude()
        purchases = (
            self.env["customer.purchase"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=(self.company | other).ids)
            .search([("partner_id", "=", self.partner.id)])
        )
        self.assertEqual(purchases.company_id, other)

    def test_log_of_a_contact_of_an_excluded_account(self):
        """Whoever has become part of the customer is not profiled either."""
        group = self._create_partner("Group")
        self.partner.write({"parent_id": group.id, "is_company": False})
        self._order(group, "2025-06-10")
        self._work_queue()
        self.assertTrue(self._shown()["customer.relationship.transition"])
        self._exclude(group)
        for model in WORKED_OUT[-2:]:
            with self.subTest(model=model):
                self.assertFalse(self._shown()[model])

    def test_form_tells_decisions_only(self):
        """No position of former days in the history, no figure."""
        self._exclude()
        row = self._relationship(self.partner).with_user(self.manager)
        self.assertEqual({entry["axis"] for entry in row.history}, {"exclusion"})
        for name in (
            "fact_comparison",
            "rhythm",
            "revenue_by_month",
            "top_products",
            "offered_not_bought",
            "categories_bought",
            "ladder",
            "condition_explanation",
        ):
            with self.subTest(field=name):
                self.assertFalse(row[name])

    def test_exclusion_counts_where_nobody_is_evaluated(self):
        """Without positions no job bares the row, nor hides what it was made of."""
        self.company.retention_use_stages = False
        self._exclude()
        row = self._relationship(self.partner)
        self.assertTrue(row.is_excluded)
        self.assertFalse(row.purchase_count)
        self.assertFalse(row.stage_id)
        self.assertFalse(any(self._shown().values()))

    def test_exclusion_counts_before_the_queue_is_worked_off(self):
        with patch(
            "odoo.addons.customer_retention.models.customer_decision_mixin"
            ".IMMEDIATE_LIMIT",
            0,
        ):
            self._exclude()
        self.assertTrue(self._relationship(self.partner).is_excluded)
        self.assertFalse(any(self._shown().values()))

    def test_exclusion_needs_no_row(self):
        """Whatever became of the cache."""
        self._exclude()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM customer_relationship")
        self.env.invalidate_all()
        purchases = self.env["customer.purchase"].search(
            [("partner_id", "=", self.partner.id), ("is_profiled", "=", True)]
        )
        self.assertFalse(purchases)

    def test_funnel_counts_the_others(self):
        other = self._create_partner("Profiled")
        self._order(other, "2025-06-10")
        self._work_queue()
        report = self.env["customer.relationship.transition.report"]
        domain = [("company_id", "=", self.company.id)]
        self.assertEqual(report.get_funnel(domain)["steps"][0]["reached"], 2)
        self._exclude()
        self.assertEqual(report.get_funnel(domain)["steps"][0]["reached"], 1)

    def test_segments_are_measured_by_the_others(self):
        """Neither the usual interval of a segment nor a median reads excluded ones."""
        segments = self.env["customer.segment"]
        self.env["customer.segment"].search([]).active = False
        segment = segments.create(
            {"name": "Everybody", "company_id": self.company.id, "sequence": 0}
        )
        self.Relationship._evaluate(company=self.company, force=True)
        count = segments._read_intervals
        self.assertEqual(count()[segment.id][1], 1)
        self._exclude()
        self.assertNotIn(segment.id, count())
        segments._measure_medians(self.company)
        self.assertFalse((segment.medians or {}).get(str(self.company.id)))

    def test_dry_run_counts_the_others(self):
        before = self.Relationship._preview(self.company, {})["total"]
        self._exclude()
        after = self.Relationship._preview(self.company, {})["total"]
        self.assertEqual(after, before - 1)

    def test_step_does_not_count_who_is_excluded(self):
        row = self._relationship(self.partner)
        stage = row.stage_id
        before = stage.customer_count
        self._exclude()
        self.assertEqual(stage.customer_count, before - 1)

    def test_from_the_very_day(self):
        """An exclusion that begins tomorrow hides nothing yet."""
        self._exclude(date_from="2025-07-01")
        self.assertTrue(all(self._shown().values()))
        self.company.retention_evaluation_date = "2025-07-01"
        due = self.Relationship._due_accounts(self.company, on("2025-07-01"))
        self.Relationship._evaluate(due, company=self.company)
        self.assertFalse(any(self._shown().values()))


@tagged("post_install", "-at_install")
class TestPrivacyLookup(RetentionCommon):
    """The privacy tool of Odoo finds what is recorded about a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._create_partner(
            "Somebody Unmistakable",
            is_company=False,
            email="somebody@unmistakable.example.com",
        )
        cls._order(cls.person, "2025-06-10")
        cls._work_queue()
        cls.fit = cls.env["customer.fit"].create({"partner_id": cls.person.id})
        cls.pin = cls.env["customer.relationship.pin"].create(
            {
                "partner_id": cls.person.id,
                "company_id": cls.company.id,
                "stage_id": cls.env["customer.relationship.stage"]
                .search([], limit=1)
                .id,
                "reason": "Test",
            }
        )
        cls.exclusion = cls.env["customer.profiling.exclusion"].create(
            {"partner_id": cls.person.id, "reason": "Test", "date_from": "2030-01-01"}
        )

    def test_records_about_a_person_are_found(self):
        """Caches go with the person: truth is listed, record by record."""
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("the module privacy_lookup is not installed")
        lookup = self.env["privacy.lookup.wizard"].create(
            {"name": self.person.name, "email": self.person.email}
        )
        lookup.action_lookup()
        found = {(line.res_model, line.res_id) for line in lookup.line_ids}
        log = self.env["customer.relationship.transition"].search(
            [("partner_id", "=", self.person.id)]
        )
        self.assertTrue(log)
        for record in (*self.fit, *self.pin, *self.exclusion, *log):
            with self.subTest(model=record._name):
                self.assertIn((record._name, record.id), found)

    def test_nothing_else_names_a_person(self):
        """Every stored link to a customer is truth, or goes with the customer."""
        truth = {
            "customer.relationship.transition",
            "customer.relationship.pin",
            "customer.fit",
            "customer.profiling.exclusion",
            # a complaint and what was done about it
            "customer.complaint",
            "customer.complaint.notice",
            "customer.complaint.recourse",
            "customer.recovery.action",
            "customer.recovery.trust",
            # tiers: what people decided, what was, and who belongs to whom
            "customer.account.group",
            "customer.account.group.member",
            "customer.referral",
            "customer.tier.adjustment",
            "customer.tier.enrolment",
            "customer.tier.grant",
            "customer.tier.opt.out",
            "customer.tier.transition",
            "customer.tier.warning",
            # who left and why, who was in touch, and what was done about it
            "customer.churn.event",
            "customer.churn.mention",
            "customer.churn.survey",
            "customer.contact.log",
            "customer.handover.line",
            "customer.retention.case",
            "customer.retention.draw",
            "customer.retention.offer",
        }
        links = {
            (name, field.ondelete)
            for name, model in self.registry.items()
            if model._original_module == "customer_retention"
            and model._auto
            and not model._transient
            for field in model._fields.values()
            if field.store
            and field.type == "many2one"
            and field.comodel_name == "res.partner"
        }
        self.assertEqual(
            {name for name, ondelete in links if ondelete != "cascade"}, truth
        )

    def test_person_who_is_deleted_leaves_no_trace(self):
        """The log then names nobody, and the next clean-up deletes it."""
        person = self._create_partner("Passer-by", is_company=False)
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": person.id,
                "company_id": self.company.id,
                "stage_id": self.pin.stage_id.id,
                "reason": "Test",
            }
        )
        log = self.env["customer.relationship.transition"].search(
            [("partner_id", "=", person.id)]
        )
        self.assertTrue(log)
        person.unlink()
        self.env.invalidate_all()
        self.assertFalse(log.partner_id)
        self.assertFalse(self._relationship(person))
        names = self.env.execute_query(
            SQL(
                "SELECT facts FROM customer_relationship_transition WHERE id IN %s",
                log._ids,
            )
        )
        self.assertNotIn("Passer-by", str(names))


@tagged("post_install", "-at_install")
class TestPurpose(RetentionCommon):
    """Whoever asks is told what profiles are for."""

    def test_the_company_says_what_profiles_are_for(self):
        exclusion = self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "reason": "Asked for it",
            }
        )
        self.assertIn("legitimate interest", exclusion.purpose_text)
        self.company.retention_profiling_purpose = "To call you in time"
        exclusion.invalidate_recordset()
        self.assertEqual(exclusion.purpose_text, "To call you in time")
