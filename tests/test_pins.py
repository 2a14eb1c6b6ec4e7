"""Decisions by people: what they are, when they count, how they end."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from .common import RetentionCommon, on


@tagged("post_install", "-at_install")
class TestPins(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Pin = cls.env["customer.relationship.pin"]
        cls.low, cls.high = cls.env["customer.relationship.stage"].create(
            [
                {"name": "Low", "sequence": 1, "company_id": cls.company.id},
                {
                    "name": "High",
                    "sequence": 2,
                    "company_id": cls.company.id,
                    "manual_only": True,
                },
            ]
        )
        cls.quiet = cls.env["customer.relationship.condition"].create(
            {
                "name": "Quiet",
                "kind": "cooling",
                "company_id": cls.company.id,
                "rule": '[["purchase_count", ">=", 1]]',
            }
        )
        cls.salesperson = cls._create_user("retention_sales")
        cls.partner.user_id = cls.salesperson
        cls._order(cls.partner, "2025-06-01")
        cls.Relationship._sync_and_evaluate(cls.partner.ids)
        cls.row = cls._relationship(cls.partner)

    def _pin(self, **values):
        values.setdefault("partner_id", self.partner.id)
        values.setdefault("stage_id", self.high.id)
        values.setdefault("reason", "They told me")
        return self.Pin.create(values)

    # Recording

    def test_decision_wins_at_once_and_tells_what_the_rules_say(self):
        self.assertEqual(self.row.stage_id, self.low)
        pin = self._pin()
        self.row.invalidate_recordset()
        self.assertEqual(self.row.stage_id, self.high)
        self.assertEqual(self.row.rule_stage_id, self.low)
        self.assertEqual(self.row.stage_pin_id, pin)
        self.assertEqual(pin.state, "running")
        self.assertIn((self.partner.id, "decision"), self._queued())

    def test_the_form_says_who_has_decided_what_and_why(self):
        mine = self.row.with_user(self.salesperson)
        self.assertFalse(mine.pin_text)
        pins = self.Pin.with_user(self.salesperson)
        pins.create(
            {
                "partner_id": self.partner.id,
                "stage_id": self.high.id,
                "reason": "They told me",
                "date_until": "2099-12-31",
            }
        )
        mine.invalidate_recordset()
        for words in ("High", self.salesperson.name, "12/31/2099", "They told me"):
            self.assertIn(words, mine.pin_text)
        self.assertIn("The rules say “Low”", mine.pin_text)

    def test_decision_is_about_the_account_in_its_main_company(self):
        contact = self._create_partner(
            "Contact", parent_id=self.partner.id, is_company=False
        )
        branch = self._create_company("Branch", parent_id=self.company.id)
        pin = self._pin(partner_id=contact.id, company_id=branch.id)
        self.assertEqual(pin.partner_id, self.partner)
        self.assertEqual(pin.company_id, self.company)

    def test_defaults_are_today_of_the_company_and_its_main_company(self):
        branch = self._create_company("Branch", parent_id=self.company.id)
        pin = self.Pin.with_company(branch).create(
            {
                "partner_id": self.partner.id,
                "stage_id": self.high.id,
                "reason": "They told me",
            }
        )
        self.assertEqual(pin.company_id, self.company)
        self.assertEqual(pin.date_from, on(self.TODAY))
        self.assertEqual(pin.user_id, self.env.user)

    def test_name_tells_position_and_last_day(self):
        self.assertEqual(self._pin().display_name, "High")
        pin = self._pin(date_until="2025-12-31")
        self.assertEqual(pin.display_name, "High until 12/31/2025")

    # What is refused

    def test_axis_has_its_target_and_only_that(self):
        for values in (
            {"stage_id": False},
            {"condition_id": self.quiet.id},
        ):
            with self.assertRaisesRegex(ValidationError, "needs a position, and no"):
                self._pin(**values)
        for values in (
            {"axis": "condition", "stage_id": False},
            {"axis": "condition", "condition_id": self.quiet.id},
        ):
            with self.assertRaisesRegex(ValidationError, "needs a condition, and no"):
                self._pin(**values)

    def test_position_is_not_emptied(self):
        row = self._relationship(self.partner)
        for values in ({"stage_id": False}, {"condition_id": False}):
            with self.assertRaisesRegex(UserError, "end the pin"):
                row.write(values)
        self.assertFalse(self.env["customer.relationship.pin"].search_count([]))

    def test_last_day_is_not_before_the_first(self):
        with self.assertRaisesRegex(ValidationError, "before it begins on 06/30/2025"):
            self._pin(date_until="2025-06-29")
        self._pin(date_until="2025-06-30")

    def test_reason_is_not_blank(self):
        with self.assertRaisesRegex(ValidationError, "Say why"):
            self._pin(reason="   ")

    def test_target_belongs_to_the_ladder_of_the_company(self):
        shared = self.env.ref("customer_retention.customer_relationship_stage_loyal")
        message = "not used in Retention Test Company. Choose one of: Low, High"
        with self.assertRaisesRegex(ValidationError, message):
            self._pin(stage_id=shared.id)

    def test_decision_is_not_rewritten(self):
        pin = self._pin()
        for values in (
            {"reason": "Other"},
            {"stage_id": self.low.id},
            {"date_until": "2025-07-01"},
            {"partner_id": self._create_partner("Other").id},
        ):
            with self.assertRaisesRegex(UserError, "stays as it was made"):
                pin.sudo().write(values)

    def test_end_is_recorded_by_ending_alone(self):
        """A call from outside neither reopens nor forges, whatever context it sends."""
        pin = self._pin()
        forged = {"ended_on": "2025-06-01", "ended_by": self.salesperson.id}
        for values in (forged, {"ended_on": False}):
            for context in ({}, {"customer_retention_amendment": True}):
                with self.assertRaisesRegex(UserError, "stays as it was made"):
                    pin.with_context(**context).write(values)
        pin.action_end()
        with self.assertRaisesRegex(UserError, "stays as it was made"):
            pin.write({"ended_on": False})
        self.assertEqual(pin.ended_on, on(self.TODAY))

    def test_new_decision_has_not_ended(self):
        for values in ({"ended_on": "2025-06-01"}, {"ended_by": self.salesperson.id}):
            with self.assertRaisesRegex(UserError, "has not ended yet"):
                self._pin(**values)
        pin = self.Pin.with_context(default_ended_on="2025-06-30").create(
            {
                "partner_id": self.partner.id,
                "stage_id": self.high.id,
                "reason": "They told me",
                "ended_by": False,
            }
        )
        self.assertFalse(pin.ended_on)

    @users("retention_sales")
    def test_author_of_a_pin_is_the_one_who_records_it(self):
        pin = self.Pin.with_user(self.env.user).create(
            {
                "partner_id": self.partner.id,
                "stage_id": self.high.id,
                "reason": "They told me",
                "user_id": self.env.ref("base.user_admin").id,
            }
        )
        self.assertEqual(pin.user_id, self.env.user)

    def test_decision_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "cannot be deleted. End it"):
            self._pin().sudo().unlink()

    def test_decision_of_a_deleted_customer_is_forgotten(self):
        gone = self._create_partner("Gone")
        pin = self._pin(partner_id=gone.id)
        self.env.flush_all()
        gone.unlink()
        self.env.invalidate_all()
        pin._gc_decisions_without_customer()
        self.assertFalse(pin.exists())

    # Ending

    def test_end_lets_the_rules_decide_again_at_once(self):
        pin = self._pin()
        pin.action_end()
        self.assertEqual(pin.ended_on, on(self.TODAY))
        self.assertEqual(pin.ended_by, self.env.user)
        self.assertEqual(pin.state, "over")
        self.row.invalidate_recordset()
        self.assertEqual(self.row.rule_stage_id, self.low)
        self.assertFalse(self.row.stage_pin_id)

    def test_ended_decision_keeps_its_end(self):
        pin = self._pin(date_from="2025-06-10")
        pin._end(on("2025-06-20"))
        pin.action_end()
        self.assertEqual(pin.ended_on, on("2025-06-20"))

    def test_planned_decision_that_is_ended_never_counts(self):
        pin = self._pin(date_from="2025-08-01")
        self.assertEqual(pin.state, "planned")
        pin.action_end()
        self.assertEqual(pin.ended_on, on("2025-08-01"))
        self.assertEqual(pin.state, "over")

    def test_state_can_be_searched(self):
        over = self._pin(date_from="2025-01-01", date_until="2025-01-31")
        running = self._pin()
        planned = self._pin(date_from="2025-08-01", date_until="2025-08-02")
        # The last one was recorded later and overlaps: the running one ends there.
        self.assertEqual(running.ended_on, on("2025-08-01"))
        pins = self.Pin.search([("partner_id", "=", self.partner.id)])

        def found(*states):
            return pins.search([("id", "in", pins.ids), ("state", "in", states)])

        self.assertEqual(found("running"), running)
        self.assertEqual(found("planned"), planned)
        self.assertIn(over, found("over"))
        self.assertEqual(found("running", "planned", "over"), pins)
        self.assertEqual(
            pins.search([("id", "in", pins.ids), ("state", "!=", "over")]),
            running + planned,
        )

    # Two decisions

    def test_later_decision_ends_the_earlier_one(self):
        first = self._pin(date_from="2025-06-01")
        second = self._pin(stage_id=self.low.id)
        self.assertEqual(first.ended_on, on(self.TODAY))
        self.assertEqual(first.ended_by, self.env.user)
        self.assertFalse(second.ended_on)
        self.row.invalidate_recordset()
        self.assertEqual(self.row.stage_pin_id, second)

    def _stage(self):
        self.row.invalidate_recordset()
        return self.row.stage_id

    def test_planned_decision_leaves_the_one_in_force_until_its_day(self):
        """The earlier one decides meanwhile, and can be ended sooner."""
        first = self._pin()
        second = self._pin(stage_id=self.low.id, date_from="2025-08-01")
        self.assertEqual(first.ended_on, on("2025-08-01"))
        self.assertEqual((first.state, second.state), ("running", "planned"))
        self.assertEqual(self._stage(), self.high)
        first.action_end()
        self.assertEqual(first.ended_on, on(self.TODAY))
        self.assertEqual((first.state, second.state), ("over", "planned"))
        self.assertFalse(self.row.stage_pin_id)
        self.company.retention_evaluation_date = "2025-08-01"
        self.env.invalidate_all()
        self.assertEqual((first.state, second.state), ("over", "running"))

    def test_withdrawn_plan_gives_back_what_it_would_have_ended(self):
        first = self._pin()
        second = self._pin(stage_id=self.low.id, date_from="2025-08-01")
        second.action_end()
        self.assertEqual((first.state, second.state), ("running", "over"))
        self.assertFalse(first.ended_on)
        self.assertFalse(first.ended_by)
        self._evaluate_at("2025-08-01")
        self.assertEqual(self._stage(), self.high)

    def test_withdrawn_plan_leaves_the_other_plans(self):
        """Of two plans the one that stands still ends the decision in force."""
        first = self._pin()
        second = self._pin(stage_id=self.low.id, date_from="2025-09-01")
        third = self._pin(stage_id=self.low.id, date_from="2025-08-01")
        self.assertEqual(first.ended_on, on("2025-08-01"))
        self.assertEqual(second.state, "over")
        third.action_end()
        self.assertEqual(first.ended_on, on("2025-09-01"))
        self.assertEqual((first.state, second.state), ("running", "planned"))
        self.assertEqual(third.state, "over")

    def test_ended_decision_is_not_given_back(self):
        """What has happened stays, whatever becomes of the later decision."""
        first = self._pin(date_from="2025-06-01")
        second = self._pin(stage_id=self.low.id)
        second.action_end()
        self.assertEqual(first.ended_on, on(self.TODAY))
        self.assertEqual(first.state, "over")

    def test_decisions_on_different_days_axes_or_customers_stand(self):
        first = self._pin(date_from="2025-06-01", date_until="2025-06-20")
        self._pin()
        self._pin(axis="condition", stage_id=False, condition_id=self.quiet.id)
        self._pin(partner_id=self._create_partner("Other").id)
        self.assertFalse(first.ended_on)
        self.assertEqual(len(self.Pin.search([("ended_on", "=", False)])), 4)

    def test_of_decisions_recorded_together_the_last_one_wins(self):
        values = {
            "partner_id": self.partner.id,
            "stage_id": self.high.id,
            "reason": "They told me",
        }
        pins = self.Pin.create([{**values}, {**values, "stage_id": self.low.id}])
        self.assertTrue(pins[0].ended_on)
        self.assertFalse(pins[1].ended_on)

    # Import

    def test_decisions_are_imported_from_a_table(self):
        other = self._create_partner("Imported Customer")
        result = self.Pin.load(
            ["partner_id", "axis", "stage_id", "reason", "date_from", "date_until"],
            [
                [other.name, "position", "High", "As in the old app", "2025-06-01", ""],
                [other.name, "Position", "Low", "Amended", "2025-06-10", "2025-09-30"],
            ],
        )
        self.assertFalse(result["messages"])
        pins = self.Pin.browse(result["ids"])
        self.assertEqual(pins.partner_id, other)
        self.assertEqual(pins.mapped("ended_on"), [on("2025-06-10"), False])
        self.assertEqual(self._relationship(other).stage_id, self.low)

    def test_import_of_a_wrong_row_says_so(self):
        result = self.Pin.load(
            ["partner_id", "axis", "stage_id", "reason"],
            [[self.partner.name, "position", "High", " "]],
        )
        self.assertIn("Say why", result["messages"][0]["message"])

    def test_position_in_an_imported_table_of_customers_becomes_a_decision(self):
        result = self.Relationship.load(
            [".id", "stage_id"], [[str(self.row.id), "High"]]
        )
        self.assertFalse(result["messages"])
        pin = self.Pin.search([("partner_id", "=", self.partner.id)])
        self.assertRecordValues(pin, [{"axis": "position", "stage_id": self.high.id}])
        self.row.invalidate_recordset()
        self.assertEqual(self.row.stage_id, self.high)

    # Access

    @users("retention_sales")
    def test_salesperson_decides_about_own_customers(self):
        pin = self.Pin.with_user(self.env.user).create(
            {
                "partner_id": self.partner.id,
                "stage_id": self.high.id,
                "reason": "They told me",
            }
        )
        self.assertEqual(pin.user_id, self.env.user)
        pin.action_end()
        with self.assertRaises(AccessError):
            pin.check_access("unlink")

    # Wizard

    def _wizard(self, rows, **context):
        wizards = self.env["customer.pin.wizard"].with_context(
            default_relationship_ids=rows.ids, **context
        )
        return Form(wizards)

    def test_wizard_asks_why_and_records_the_decision(self):
        form = self._wizard(self.row, default_stage_id=self.high.id)
        self.assertEqual(form.about, "Tested Customer")
        self.assertEqual(form.rules_say, "Low")
        self.assertEqual(form.axis, "position")
        form.reason = "They told me"
        form.date_until = "2025-12-31"
        action = form.save().action_pin()
        self.assertEqual(action["type"], "ir.actions.act_window_close")
        self.assertRecordValues(
            self.Pin.search([("partner_id", "=", self.partner.id)]),
            [
                {
                    "stage_id": self.high.id,
                    "reason": "They told me",
                    "date_from": on(self.TODAY),
                    "date_until": on("2025-12-31"),
                }
            ],
        )

    def test_wizard_offers_the_ladder_of_the_company(self):
        wizard = self._wizard(self.row)
        self.assertEqual(wizard.allowed_stage_ids[:], self.low + self.high)
        self.assertEqual(wizard.allowed_condition_ids[:], self.quiet)

    def test_wizard_decides_on_the_condition(self):
        form = self._wizard(self.row, default_condition_id=self.quiet.id)
        self.assertEqual(form.axis, "condition")
        self.assertEqual(form.rules_say, "Quiet")
        form.reason = "They told me"
        form.save().action_pin()
        pin = self.Pin.search([("partner_id", "=", self.partner.id)])
        self.assertEqual((pin.axis, pin.condition_id), ("condition", self.quiet))

    def test_wizard_forgets_the_target_of_the_other_axis(self):
        form = self._wizard(self.row, default_stage_id=self.high.id)
        form.axis = "condition"
        self.assertFalse(form.stage_id)

    def test_wizard_decides_about_several_customers(self):
        partners = self.partner
        for number in range(6):
            partners |= self._create_partner(f"Customer {number}")
        for partner in partners[1:]:
            self._order(partner, "2025-06-02")
        self.Relationship._sync_and_evaluate(partners.ids)
        rows = self.Relationship.search([("partner_id", "in", partners.ids)])
        wizards = self.env["customer.pin.wizard"].with_context(
            active_model="customer.relationship", active_ids=rows.ids
        )
        form = Form(wizards)
        self.assertEqual(form.rules_say, "Low (7)")
        self.assertIn("and 2 more", form.about)
        form.stage_id = self.high
        form.reason = "All of them told me"
        form.save().action_pin()
        rows.invalidate_recordset()
        self.assertEqual(rows.stage_id, self.high)

    def test_wizard_without_customers_says_so(self):
        wizard = self.env["customer.pin.wizard"].create(
            {"stage_id": self.high.id, "reason": "Nobody", "relationship_ids": []}
        )
        with self.assertRaisesRegex(UserError, "at least one customer"):
            wizard.action_pin()

    @users("retention_sales")
    def test_wizard_works_for_a_salesperson(self):
        wizard = (
            self.env["customer.pin.wizard"]
            .with_user(self.env.user)
            .create(
                {
                    "relationship_ids": [Command.set(self.row.ids)],
                    "stage_id": self.high.id,
                    "reason": "They told me",
                }
            )
        )
        wizard.action_pin()
        self.row.invalidate_recordset()
        self.assertEqual(self.row.stage_id, self.high)
