from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import on
from .tier_engine_common import TierEngineCommon


@tagged("post_install", "-at_install")
class TestTierEngine(TierEngineCommon):
    """Tiers come from dated documents, on the right day and with the reason."""

    def test_purchases_of_a_rolling_year_make_the_tier(self):
        self._order(self.partner, "2024-07-01", 600.0)
        self._order(self.partner, "2025-03-10", 600.0)
        self.assertEqual(self._tier_at("2025-06-30"), "Silver")
        membership = self._membership(self.partner)
        self.assertEqual(membership.value, 1200.0)
        self.assertEqual(membership.since, on("2025-03-10"))
        self.assertEqual(membership.next_tier_id, self.gold)
        self.assertEqual(membership.missing_next, 3800.0)
        # the first purchase leaves the window a year later
        self.assertEqual(membership.next_evaluation_on, on("2025-07-01"))
        self.assertEqual(self._tier_at("2025-07-01"), "Bronze")

    def test_log_tells_each_change_on_its_day(self):
        self._order(self.partner, "2024-01-15", 400.0)
        self._order(self.partner, "2024-05-01", 5000.0)
        self._tier_at("2025-06-30")
        self.assertEqual(
            self._log(self.partner)[:2],
            [("2024-01-15", "Bronze", "entry"), ("2024-05-01", "Gold", "earned")],
        )

    def test_evidence_names_the_documents(self):
        order = self._order(self.partner, "2025-05-01", 1500.0)
        self._tier_at("2025-06-30")
        move = self.env["customer.tier.transition"].search(
            [("partner_id", "=", self.partner.id), ("to_tier_id", "=", self.silver.id)]
        )
        evidence = move.evidence
        self.assertEqual(evidence["values"], {str(self.measure.id): 1500.0})
        self.assertEqual(evidence["thresholds"], {str(self.measure.id): [1000, 1000]})
        self.assertEqual(evidence["window"], ["2024-05-02", "2025-05-01"])
        self.assertEqual(
            evidence["documents"],
            [["order", order.id, "2025-05-01", self.measure.id, 1500.0, 1.0]],
        )
        self.assertTrue(move.version_id)

    def test_credit_note_revokes_the_tier(self):
        order = self._order(self.partner, "2025-05-01", 1500.0)
        self.assertEqual(self._tier_at("2025-05-20"), "Silver")
        invoice = self._invoice_of(order, "2025-05-02")
        self._credit(invoice, "2025-06-01")
        self.assertIsNone(self._tier_at("2025-06-30"), "nothing was bought")
        self.assertEqual(self._log(self.partner)[-1], ("2025-06-01", None, "revoked"))

    def test_credit_note_leaves_what_else_was_bought(self):
        self._order(self.partner, "2025-03-01", 300.0)
        order = self._order(self.partner, "2025-05-01", 1500.0)
        invoice = self._invoice_of(order, "2025-05-02")
        self._credit(invoice, "2025-06-01")
        self.assertEqual(self._tier_at("2025-06-30"), "Bronze")
        self.assertEqual(
            self._log(self.partner)[-1], ("2025-06-01", "Bronze", "revoked")
        )

    def test_credit_note_counts_in_the_window_of_its_invoice(self):
        """Else what was bought last year and credited this year would cost the tier
        of this year.
        """
        self.company.retention_purchase_source = "invoice"
        self.ladder.write({"window": "calendar", "period": "year"})
        invoice = self._invoice(self.partner, "2024-12-20", 3000.0)
        self._invoice(self.partner, "2025-02-01", 1200.0)
        self._credit(invoice, "2025-02-10")
        self.assertEqual(self._tier_at("2025-06-30"), "Silver")
        self.assertEqual(self._membership(self.partner).value, 1200.0)

    def test_partial_credit_takes_its_part(self):
        order = self._order(self.partner, "2025-05-01", 1500.0)
        invoice = self._invoice_of(order, "2025-05-02")
        self._credit(invoice, "2025-06-01", amount=400.0)
        self.assertEqual(self._tier_at("2025-06-30"), "Silver")
        self.assertEqual(self._membership(self.partner).value, 1100.0)

    def test_purchase_counts_after_the_return_period(self):
        self.ladder.pending_days = 14
        self._order(self.partner, "2025-06-20", 1500.0)
        self.assertNotEqual(self._tier_at("2025-06-30"), "Silver")
        membership = self._membership(self.partner)
        self.assertEqual(membership.next_evaluation_on, on("2025-07-04"))
        self.assertEqual(self._tier_at("2025-07-04"), "Silver")

    def test_number_of_purchases_falls_when_all_of_one_is_credited(self):
        ladder = self._create_ladder(
            "By Number", {"Some": 1.0, "Many": 2.0}, sequence=1
        )
        ladder.measure_ids.metric = "purchases"
        self._order(self.partner, "2025-05-01", 100.0)
        order = self._order(self.partner, "2025-05-02", 100.0)
        self.assertEqual(self._tier_at("2025-05-03", ladder=ladder), "Many")
        invoice = self._invoice_of(order, "2025-05-04")
        self._credit(invoice, "2025-05-05", amount=40.0)
        self.assertEqual(self._tier_at("2025-05-06", ladder=ladder), "Many")
        self._credit(invoice, "2025-05-07", amount=60.0)
        self.assertEqual(self._tier_at("2025-05-08", ladder=ladder), "Some")

    def test_due_member_is_looked_at_by_the_job(self):
        self._order(self.partner, "2024-07-01", 1600.0)
        self.assertEqual(self._tier_at("2025-06-30"), "Silver")
        self.company.retention_evaluation_date = "2025-07-02"
        members = self.env["customer.tier.membership"]
        self.assertEqual(members._due_holders(self.ladder, 10), self.partner.ids)
        members._evaluate(members._due_holders(self.ladder, 10), ladders=self.ladder)
        self.assertFalse(members._due_holders(self.ladder, 10))
        self.assertEqual(self._log(self.partner)[-1][0], "2025-07-01")

    def test_evaluating_twice_changes_nothing(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self._tier_at("2025-06-30")
        before = self._log(self.partner)
        members = self.env["customer.tier.membership"]
        self.assertEqual(members._evaluate(force=True), 0)
        self.assertEqual(self._log(self.partner), before)

    def test_row_thrown_away_comes_back_the_same(self):
        self._order(self.partner, "2024-10-01", 1500.0)
        self._tier_at("2025-06-30")
        row = self._membership(self.partner)
        names = [name for name in row._fields if row._fields[name].store]
        before = row.read([name for name in names if name != "id"])[0]
        self.env.cr.execute("DELETE FROM customer_tier_membership")
        self.env.invalidate_all()
        self.assertEqual(self.env["customer.tier.membership"]._evaluate(), 0)
        after = self._membership(self.partner).read(
            [name for name in names if name != "id"]
        )[0]
        before.pop("id")
        after.pop("id")
        self.assertEqual(after, before)


@tagged("post_install", "-at_install")
class TestTierVersions(TierEngineCommon):
    """What decides is versioned: one version of the ladder for each save."""

    def _numbers(self):
        return self.env["customer.rule.version"].search_count(
            [
                ("res_model", "=", "customer.tier.ladder"),
                ("res_id", "=", self.ladder.id),
            ]
        )

    def test_saving_the_form_is_one_version(self):
        before = self._numbers()
        condition = self.silver.condition_ids
        self.ladder.write(
            {
                "grace_days": 10,
                "tier_ids": [
                    Command.update(
                        self.silver.id,
                        {
                            "condition_ids": [
                                Command.update(condition.id, {"at_least": 2})
                            ]
                        },
                    ),
                    Command.create({"name": "Platinum", "sequence": 90}),
                ],
            }
        )
        self.assertEqual(self._numbers(), before + 1)

    def test_part_saved_by_itself_is_a_version(self):
        before = self._numbers()
        self.silver.condition_ids.at_least = 1200.0
        self.assertEqual(self._numbers(), before + 1)
        self.silver.name = "Silber"
        self.assertEqual(self._numbers(), before + 1)

    def test_yesterdays_tier_keeps_yesterdays_conditions(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self.assertEqual(self._tier_at("2025-06-29"), "Silver")
        self.company.retention_evaluation_date = "2025-06-30"
        self.silver.condition_ids.at_least = 2000.0
        self.assertEqual(self._tier_at("2025-06-30"), "Bronze")
        self.assertEqual(
            self._log(self.partner)[-2:],
            [("2025-05-01", "Silver", "entry"), ("2025-06-30", "Bronze", "rule")],
        )

    def test_what_counted_before_stays_counted(self):
        """Products left out from today on do not take yesterday's tiers away."""
        self._order(self.partner, "2025-05-01", 1500.0)
        self.assertEqual(self._tier_at("2025-06-29"), "Silver")
        self.company.retention_evaluation_date = "2025-06-30"
        self.ladder.excluded_product_ids = self.product
        self.assertEqual(self._tier_at("2025-06-30"), "Bronze")
        self.assertEqual(
            [row[:2] for row in self._log(self.partner)],
            [("2025-05-01", "Silver"), ("2025-06-30", "Bronze")],
        )

    def test_change_with_an_effective_date_waits_for_it(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self.assertEqual(self._tier_at("2025-06-29"), "Silver")
        self.ladder._counting_from(on("2025-07-15")).write(
            {"tier_ids": [Command.update(self.silver.id, {"threshold": 2000.0})]}
        )
        self.assertEqual(self._tier_at("2025-07-14"), "Silver")
        self.assertEqual(
            self._membership(self.partner).next_evaluation_on, on("2025-07-15")
        )
        self.assertEqual(self._tier_at("2025-07-15"), "Bronze")

    def test_what_is_saved_while_a_change_is_planned_waits_for_it(self):
        """It would bring the planned change into force with it, before its day."""
        self._order(self.partner, "2025-05-01", 1500.0)
        self.assertEqual(self._tier_at("2025-06-29"), "Silver")
        self.ladder._counting_from(on("2025-07-15")).write(
            {"tier_ids": [Command.update(self.silver.id, {"threshold": 2000.0})]}
        )
        self.ladder.grace_days = 3
        self.assertEqual(self._tier_at("2025-07-14"), "Silver")
        self.assertEqual(self._tier_at("2025-07-20"), "Bronze")

    def test_everybody_is_looked_at_when_a_planned_version_begins(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self._tier_at("2025-06-29")
        runs = self.env["customer.evaluation.run"]
        begins = on("2040-01-15")
        self.ladder._counting_from(begins).write(
            {"rule": '[["revenue_total", ">=", 9000]]'}
        )
        runs.search([]).unlink()
        self.company.retention_evaluation_date = "2040-01-14"
        runs.search([]).unlink()
        runs._start_rules_that_begin(self.company)
        self.assertFalse(runs.search([]))
        self.company.retention_evaluation_date = begins
        runs.search([]).unlink()
        for _number in range(2):
            runs._start_rules_that_begin(self.company)
            self.assertEqual(runs.search([]).mapped("kind"), ["tier"])

    def test_no_call_from_outside_sets_the_effective_date(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self._tier_at("2025-06-29")
        self.ladder.with_context(
            customer_retention_counting_from={"day": "2020-01-01"}
        ).grace_days = 3
        version = self.env["customer.rule.version"].search(
            [("res_id", "=", self.ladder.id), ("res_model", "=", self.ladder._name)],
            limit=1,
        )
        self.assertEqual(version.date_from, on("2025-06-29"))

    def test_ladder_with_a_history_stays_with_its_company(self):
        """Other purchases would rewrite the past, of which no version tells."""
        self._order(self.partner, "2025-05-01", 1500.0)
        self._tier_at("2025-06-29")
        other = self._create_company("Elsewhere")
        for company in (other, other.browse()):
            with self.assertRaisesRegex(ValidationError, "stays with its company"):
                with self.env.cr.savepoint():
                    self.ladder.company_id = company
        self.ladder.company_id = self.company
        unused = self._create_ladder("Unused")
        unused.company_id = other
        self.assertEqual(unused.company_id, other)

    def test_tier_and_ladder_with_a_history_are_archived_not_deleted(self):
        self._order(self.partner, "2025-05-01", 1500.0)
        self._tier_at("2025-06-29")
        for used in (self.silver, self.ladder):
            with self.assertRaises(UserError):
                used.unlink()
        self.silver.active = False
        self.assertEqual(self._tier_at("2025-06-30"), "Bronze")
        unused = self._create_ladder("Unused", sequence=99)
        unused.unlink()
