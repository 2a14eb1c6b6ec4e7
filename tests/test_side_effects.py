"""Activities are planned for what happens now, and for nothing else."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from ..models import customer_relationship_transition, customer_relationship_worker
from ..models.customer_account import AccountScope
from .common import RetentionCommon, on


@tagged("post_install", "-at_install")
class TestSideEffects(RetentionCommon):
    """Plans on entry to a position and to a condition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("retention-seller")
        cls.head = cls._create_user("retention-head")
        cls.partner.user_id = cls.seller
        cls.company.retention_side_effects_from = "2025-01-01"
        cls.company.retention_responsible_id = cls.head
        cls.plan = cls._create_plan("Welcome")
        cls.condition_plan = cls._create_plan("Ask how it is going")
        cls.first_time = cls._stage("first_time")
        cls.first_time.activity_plan_id = cls.plan
        cooling = cls.env.ref(
            "customer_retention.customer_relationship_condition_cooling"
        )
        cooling.activity_plan_id = cls.condition_plan
        cls._forget_queue()
        cls.env["customer.evaluation.run"].search([]).unlink()

    @classmethod
    def _stage(cls, name):
        return cls.env.ref(f"customer_retention.customer_relationship_stage_{name}")

    @classmethod
    def _create_plan(cls, name):
        """A plan of one call, by whoever looks after the customer."""
        return cls.env["mail.activity.plan"].create(
            {
                "name": name,
                "res_model": "res.partner",
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": cls.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                            "summary": name,
                            "responsible_type": "on_demand",
                            "delay_count": 3,
                            "delay_unit": "days",
                            "delay_from": "after_plan_date",
                        }
                    )
                ],
            }
        )

    def _activities(self, partner=None):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", (partner or self.partner).ids),
            ],
            order="id",
        )

    def _assert_planned(self, *summaries, partner=None):
        self.assertEqual(self._activities(partner).mapped("summary"), list(summaries))

    def _moves(self, **values):
        domain = [("partner_id", "=", self.partner.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["customer.relationship.transition"].search(domain)

    # === LIVE === #

    def test_plan_starts_when_a_customer_arrives(self):
        """On the customer, for its salesperson, counted from today."""
        self._order(self.partner, self.TODAY)
        self._work_queue()
        activity = self._activities()
        self._assert_planned("Welcome")
        self.assertEqual(activity.user_id, self.seller)
        self.assertEqual(activity.date_deadline, on("2025-07-03"))
        self.assertTrue(self._moves(is_live=True))

    def test_plan_of_a_condition_starts_as_well(self):
        """On the day the calendar brings it about."""
        self._order(self.partner, "2025-03-20")
        self._evaluate_at("2025-03-20")
        self._work_queue()
        self._activities().unlink()
        # The usual interval of a segment is 60 days, 1.5 times that 90.
        self._evaluate_at("2025-06-18")
        self._assert_planned()
        self._evaluate_at("2025-06-19")
        self._assert_planned("Ask how it is going")

    def test_looking_again_plans_nothing_again(self):
        """Whatever evaluates the customer."""
        self._order(self.partner, self.TODAY)
        self._work_queue()
        self.Relationship._sync_and_evaluate(self.partner.ids, force=True)
        self._evaluate_at(self.TODAY)
        self._assert_planned("Welcome")

    def test_decision_of_a_person_is_live(self):
        """Whoever pins a customer wants what follows."""
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "stage_id": self.first_time.id,
                "reason": "Bought at the fair",
                "date_from": self.TODAY,
            }
        )
        self._assert_planned("Welcome")
        self.assertEqual(self._moves(is_live=True).mapped("trigger"), ["person"])

    def test_step_passed_through_asks_for_nothing(self):
        """The job comes late; the customer is somewhere else by now."""
        self._order(self.partner, "2025-06-26")
        self._order(self.partner, "2025-06-28")
        self._work_queue()
        self.assertEqual(
            self._relationship(self.partner).stage_id, self._stage("repeat")
        )
        self._assert_planned()

    def test_job_that_comes_days_late_still_plans(self):
        """A move of the last days is news, an older one is history."""
        self._order(self.partner, "2025-06-24")
        self._work_queue()
        self._assert_planned("Welcome")
        late = self._create_partner("Seen Late")
        self._order(late, "2025-06-23")
        self._work_queue()
        self._assert_planned(partner=late)

    def test_responsible_steps_in_for_a_customer_of_nobody(self):
        """Or the salesperson of the last order, who looks after the customer."""
        nobody = self._create_partner("Nobody's Customer")
        self._order(nobody, self.TODAY, user_id=False)
        orphan = self._create_partner("Walk-in Customer")
        self._order(orphan, self.TODAY, user_id=self.seller.id)
        self._work_queue()
        self.assertEqual(self._activities(nobody).user_id, self.head)
        self.assertEqual(self._activities(orphan).user_id, self.seller)

    @mute_logger(customer_relationship_transition.__name__)
    def test_broken_plan_stops_nobody(self):
        """The customer moves, and everybody else, too."""
        self.plan.template_ids.write(
            {"responsible_type": "other", "responsible_id": self.seller.id}
        )
        with patch.object(
            type(self.env["mail.activity.schedule"]),
            "action_schedule_plan",
            side_effect=customer_relationship_transition.UserError("no access"),
        ):
            self._order(self.partner, self.TODAY)
            self._work_queue()
        self.assertEqual(self._relationship(self.partner).stage_id, self.first_time)
        self._assert_planned()

    # === NOT LIVE === #

    def test_first_reading_plans_nothing(self):
        """Not even for what happened today."""
        self._order(self.partner, self.TODAY)
        self._forget_queue()
        self.env["customer.evaluation.run"]._start("install", self.company)._work_off()
        self.assertEqual(self._relationship(self.partner).stage_id, self.first_time)
        self._assert_planned()
        self.assertFalse(self._moves(is_live=True))
        self.assertEqual(set(self._moves().mapped("trigger")), {"backfill"})

    def test_runs_plan_nothing(self):
        """Rules, settings, reconciliation: nobody has just done anything."""
        for kind in ("rule", "setting", "full", "reconcile"):
            partner = self._create_partner(f"Customer of {kind}")
            self._order(partner, self.TODAY)
            self._forget_queue()
            self.Relationship._sync_documents(self._scope(partner))
            self.env["customer.evaluation.run"]._start(kind, self.company)._work_off()
            with self.subTest(kind=kind):
                self.assertTrue(self._relationship(partner).stage_id)
                self._assert_planned(partner=partner)

    def _scope(self, partner):
        return AccountScope.of(partner.ids)

    def test_rule_that_moves_somebody_plans_nothing(self):
        """An administrator changed the rule, not the customer."""
        first, repeat = self.env["customer.relationship.stage"].create(
            [
                {
                    "name": f"At least {days}",
                    "rule": f'[["purchase_days", ">=", {days}]]',
                    "activity_plan_id": days == 1 and self.plan.id,
                    "company_id": self.company.id,
                    "sequence": days,
                }
                for days in (1, 2)
            ]
        )
        self._order(self.partner, "2025-06-28")
        self._order(self.partner, "2025-06-29")
        self._work_queue()
        self.assertEqual(self._relationship(self.partner).stage_id, repeat)
        repeat.write({"rule": '[["purchase_days", ">=", 3]]', "direction": "both"})
        self.env.cr.precommit.run()
        run = self.env["customer.evaluation.run"].search(
            [("kind", "=", "rule"), ("state", "=", "waiting")]
        )
        self.assertTrue(run)
        run._work_off()
        self.env.invalidate_all()
        self.assertEqual(self._relationship(self.partner).stage_id, first)
        self._assert_planned()

    def test_import_plans_nothing(self):
        """Thousands of old orders come in."""
        self._order(self.partner, self.TODAY)
        self._forget_queue()
        self.Queue._enqueue(self.partner.ids, "import")
        self._flush_queue()
        self.Queue._work_slice()
        self.assertEqual(self._relationship(self.partner).stage_id, self.first_time)
        self.assertEqual(set(self._moves().mapped("trigger")), {"import"})
        self._assert_planned()

    def test_merge_plans_nothing(self):
        """Two customers have always been one."""
        other = self._create_partner("Duplicate")
        self._order(other, self.TODAY)
        self._forget_queue()
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (other | self.partner).ids, self.partner, extra_checks=False
        )
        self._flush_queue()
        while self.Queue._work_slice():
            pass
        self.env.invalidate_all()
        self.assertEqual(self._relationship(self.partner).stage_id, self.first_time)
        self._assert_planned()

    def test_correction_plans_nothing(self):
        """The past was otherwise; that is no news."""
        self._order(self.partner, "2025-06-27")
        second = self._order(self.partner, "2025-06-29")
        self._work_queue()
        second._action_cancel()
        self._work_queue()
        self.assertEqual(self._relationship(self.partner).stage_id, self.first_time)
        self.assertTrue(self._moves(trigger="correction"))
        self._assert_planned()

    def test_nothing_is_planned_before_the_day_in_the_settings(self):
        """That is what the day is for."""
        self.company.retention_side_effects_from = "2025-07-01"
        self._order(self.partner, self.TODAY)
        self._work_queue()
        self._assert_planned()

    def test_copy_of_a_database_plans_nothing(self):
        """A neutralized one evaluates, and leaves people alone."""
        self.env.flush_all()
        with file_open("customer_retention/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self._order(self.partner, self.TODAY)
        self._work_queue()
        self.assertEqual(self._relationship(self.partner).stage_id, self.first_time)
        self._assert_planned()

    # === MANY === #

    def test_many_moves_are_summed_up(self):
        """As many plans as the settings allow, and one line about the rest."""
        self.company.retention_side_effects_cap = 2
        partners = self._many(5)
        self._work_queue()
        self.assertEqual(len(self._activities(partners)), 2)
        self._assert_summary(3)

    def test_many_slices_are_one_run(self):
        """Neither the plans nor the lines about the rest add up."""
        self.company.retention_side_effects_cap = 3
        partners = self._many(8)
        self._flush_queue()
        self.patch(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda job, *_args, **_options: job.env.flush_all() or 1.0,
        )
        with patch.object(customer_relationship_worker, "SLICE_SIZE", 2):
            self.Queue._cron_work_queue()
        self.assertEqual(len(self._activities(partners)), 3)
        self._assert_summary(5)

    def test_without_anybody_responsible_the_rest_is_left_out(self):
        """Nobody asked to be told."""
        self.company.retention_responsible_id = False
        self.company.retention_side_effects_cap = 0
        self._order(self.partner, self.TODAY)
        self._work_queue()
        self._assert_planned()
        self.assertFalse(self._activities(self.company.partner_id))

    def _many(self, count):
        partners = self.env["res.partner"].create(
            [{"name": f"Newcomer {number}"} for number in range(count)]
        )
        for partner in partners:
            self._order(partner, self.TODAY)
        return partners

    def _assert_summary(self, count):
        summary = self._activities(self.company.partner_id)
        self.assertEqual(len(summary), 1)
        self.assertEqual(summary.user_id, self.head)
        self.assertIn(f"{count} customers", summary.summary)
