"""Other rules are tried out on everybody before they are saved."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..logic.tier_replay import replay
from ..models import customer_tier_membership_simulation
from .common import on
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierSimulation(TierCommon):
    """Three customers, three tiers, calendar years."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder._counting_always().write(
            {"window": "calendar", "validity": "period", "downgrade": "earned"}
        )
        cls.small = cls._create_partner("Small")
        cls.middle = cls._create_partner("Middle")
        cls.large = cls._create_partner("Large")
        for partner, day, amount in (
            (cls.small, "2023-02-01", 300.0),
            (cls.small, "2025-02-01", 700.0),
            (cls.middle, "2022-04-01", 5200.0),
            (cls.middle, "2024-03-01", 1500.0),
            (cls.middle, "2025-03-01", 2500.0),
            (cls.large, "2024-11-01", 5200.0),
            (cls.large, "2025-01-15", 6000.0),
        ):
            cls._order(partner, day, amount)
        cls._work_queue()
        cls.trial = cls.env["customer.tier.simulation"].create(
            {"ladder_id": cls.ladder.id, "as_of": cls.TODAY}
        )

    def _simulate(self, definition=None, day=None, date_from=None):
        return self.Membership._simulate(
            self.ladder,
            definition or self.ladder._definition(),
            on(day or self.TODAY),
            date_from=date_from and on(date_from),
        )

    def _threshold(self, tier):
        return self.trial.threshold_ids.filtered(lambda line: line.tier_id == tier)

    def test_unchanged_rules_reproduce_every_recorded_change(self):
        book = self.Membership.sudo()._book(self.ladder, on(self.TODAY))
        trial = self.Membership._trial_rules(book, self.trial._definition(), None)
        holders = (self.small | self.middle | self.large).ids
        members = self.Membership.sudo()._gather_members(book, holders)
        for holder_id, member in members.items():
            log = self.env["customer.tier.transition"].search(
                [("partner_id", "=", holder_id), ("ladder_id", "=", self.ladder.id)],
                order="date, id",
            )
            found = replay(member, trial, on(self.TODAY)).transitions
            self.assertTrue(log)
            self.assertEqual(
                [(one.day, one.effective, one.cause) for one in found],
                [(row.date, row.to_tier_id.id, row.cause) for row in log],
            )

    def test_unchanged_rules_move_nobody_on_any_day(self):
        for day in ("2022-12-31", "2023-06-30", "2024-01-01", "2025-06-30"):
            self.assertEqual(self._simulate(day=day)["moved"], 0, day)

    def test_past_day_shows_the_tiers_of_that_day(self):
        found = self._simulate(day="2022-12-31")
        tiers = {one.holder_id: one.before for one in found["members"]}
        self.assertEqual(tiers[self.middle.id], self.gold.id)
        self.assertEqual(tiers[self.large.id], 0)

    def test_higher_threshold_shows_who_would_fall(self):
        self._threshold(self.silver).at_least = 3000.0
        found = self._simulate(self.trial._definition())
        self.assertEqual(found["moved"], 1)
        moved = [one for one in found["members"] if one.before != one.after]
        self.assertEqual(moved[0].holder_id, self.middle.id)
        self.assertEqual(
            (moved[0].before, moved[0].after), (self.silver.id, self.bronze.id)
        )
        self.assertEqual(moved[0].revenue, 2500.0)

    def test_what_is_valid_when_the_rules_change_stays_valid(self):
        self._threshold(self.silver).at_least = 3000.0
        definition = self.trial._definition()
        found = self._simulate(definition, date_from="2025-06-01")
        self.assertEqual(found["moved"], 0)
        found = self._simulate(definition, day="2027-01-02", date_from="2025-06-01")
        self.assertEqual(found["sampled"], found["total"])

    def test_matrix_costs_and_lists(self):
        self.silver.benefit_ids = [
            (0, 0, {"name": "Service", "cost_per_member": 50.0, "cost_percent": 1.0})
        ]
        self._threshold(self.silver).at_least = 3000.0
        self.trial.action_run()
        cell = self.trial.cell_ids[0]
        self.assertTrue(cell.is_move)
        self.assertEqual(
            (cell.from_tier_id, cell.to_tier_id), (self.silver, self.bronze)
        )
        self.assertEqual((cell.members, cell.revenue), (1, 2500.0))
        action = self.trial.action_open_cell(self.silver.id, self.bronze.id)
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(lines.partner_id, self.middle)
        found = self._simulate(self.trial._definition())
        self.assertEqual((found["cost_before"], found["cost_after"]), (75.0, 0.0))
        self.assertIn("75", self.trial.cost_sentence)

    def test_lists_name_the_customers_of_the_readers_companies_only(self):
        other = self._create_company("Other Company")
        shared = self._create_ladder("Shared", company_id=False)
        self.ladder.active = False
        self.large.company_id = other
        self._work_queue()
        accounts = self.small | self.middle | self.large
        self.Relationship._sync_and_evaluate(
            accounts.ids, as_of=on(self.TODAY), force=True
        )
        admin = self._create_user(
            "tier_local_trier", groups="customer_retention.group_admin"
        )
        trial = self.env["customer.tier.simulation"].with_user(admin)
        trial = trial.create({"ladder_id": shared.id, "as_of": self.TODAY})
        trial.action_run()
        self.assertEqual(sum(trial.cell_ids.mapped("members")), 3)
        lines = trial.env["customer.tier.simulation.line"].search([])
        self.assertEqual(lines.partner_id, self.small | self.middle)
        names = [cell.action_open_members()["name"] for cell in trial.cell_ids]
        self.assertTrue(any("1 of other companies" in name for name in names), names)

    def test_trial_by_itself_begins_with_the_first_ladder(self):
        """A bookmark of the trial knows of no ladder."""
        trials = self.env["customer.tier.simulation"].with_context(
            allowed_company_ids=self.company.ids
        )
        self._create_ladder("Second Ladder", sequence=99)
        form = Form(trials)
        self.assertEqual(form.ladder_id, self.ladder)
        trial = form.save()
        self.assertEqual(trial.ladder_id, self.ladder)
        self.assertEqual(len(trial.threshold_ids), 2)
        ladders = self.env["customer.tier.ladder"].search([])
        ladders.active = False
        with self.assertRaises(UserError):
            Form(trials)

    def test_trial_opened_from_a_ladder_is_of_that_one(self):
        second = self._create_ladder("Second Ladder", sequence=99)
        trial = self.env["customer.tier.simulation"].with_context(
            active_model=second._name,
            active_id=second.id,
        )
        self.assertEqual(Form(trial).ladder_id, second)

    def test_costs_are_those_of_everybody_where_only_some_are_looked_at(self):
        self.ladder.tier_ids.benefit_ids = [
            (0, 0, {"name": "Service", "cost_per_member": 50.0})
        ]
        everybody = self._simulate()
        with patch.object(customer_tier_membership_simulation, "SAMPLE", 1):
            some = self._simulate()
        self.assertEqual((some["sampled"], everybody["sampled"]), (1, some["total"]))
        self.assertEqual(some["cost_before"], everybody["cost_before"])

    def test_nothing_is_written_before_it_is_saved(self):
        number = self.ladder.version_number
        changes = self.env["customer.tier.transition"].search_count([])
        self._threshold(self.silver).at_least = 3000.0
        self.trial.action_run()
        self.env.flush_all()
        self.assertEqual(self.ladder.version_number, number)
        self.assertEqual(self.silver.threshold, 1000.0)
        self.assertEqual(self.env["customer.tier.transition"].search_count([]), changes)

    def test_what_makes_no_ladder_is_not_tried(self):
        silver, gold = self._threshold(self.silver), self._threshold(self.gold)
        for line, values in (
            (silver, {"at_least": -5.0}),
            (silver, {"keep_at_least": -5.0}),
            (gold, {"at_least": silver.at_least}),
            (gold, {"at_least": silver.at_least - 1.0}),
            (self.trial, {"window": "rolling", "window_months": 0}),
            (self.trial, {"window": "rolling", "window_months": -3}),
            (self.trial, {"grace_days": -1}),
            (self.trial, {"pending_days": -1}),
        ):
            with self.subTest(values=values), self.cr.savepoint() as savepoint:
                with self.assertRaises(UserError):
                    line.write(values)
                    self.trial.action_run()
                savepoint.rollback()
            self.env.invalidate_all()

    def test_saved_rules_are_one_version_from_the_chosen_day(self):
        number = self.ladder.version_number
        self._threshold(self.silver).at_least = 3000.0
        self._threshold(self.gold).at_least = 8000.0
        self.trial.write({"grace_days": 30, "date_from": "2026-01-01"})
        self.trial.action_apply()
        self.assertEqual(self.ladder.version_number, number + 1)
        version = self.env["customer.rule.version"].search(
            [("res_model", "=", self.ladder._name), ("res_id", "=", self.ladder.id)],
            order="number desc",
            limit=1,
        )
        self.assertEqual(version.date_from, on("2026-01-01"))
        self.assertEqual(version.definition["grace_days"], 30)
        self.assertEqual((self.silver.threshold, self.gold.threshold), (3000.0, 8000.0))
        self.assertEqual(self._membership(self.middle).tier_id, self.silver)

    def test_rules_are_saved_with_a_day_only(self):
        with self.assertRaises(UserError):
            self.trial.action_apply()

    def test_only_administrators_try_rules_out(self):
        seller = self._create_user("tier_trier")
        with self.assertRaises(AccessError):
            self.env["customer.tier.simulation"].with_user(seller).create(
                {"ladder_id": self.ladder.id, "as_of": self.TODAY}
            )
