from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import on
from .tier_common import TierCommon


class ComplaintTierCommon(TierCommon):
    """Complaints of members: their calendar is open all the time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Complaint = cls.env["customer.complaint"]
        cls.env["customer.complaint.policy"].search([]).active = False

    @classmethod
    def _complain(cls, day, partner=None, **values):
        return cls.Complaint.create(
            {
                "subject": "Tested complaint",
                "partner_id": (partner or cls.partner).id,
                "company_id": cls.company.id,
                "received_at": cls._noon(day),
                **values,
            }
        )

    @classmethod
    def _policy(cls, name, hours, **values):
        return cls.env["customer.complaint.policy"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "target_ids": [
                    Command.create({"kind": "answer", "amount": hours, "unit": "hours"})
                ],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestComplaintTier(ComplaintTierCommon):
    def test_a_complaint_remembers_the_tier_of_its_day(self):
        self._transition(self.partner, False, self.silver, "2025-02-01")
        self._transition(self.partner, self.silver, self.gold, "2025-04-01")
        self._transition(self.partner, self.gold, False, "2025-06-01")
        expected = {
            "2025-01-31": self.env["customer.tier"],
            "2025-02-01": self.silver,
            "2025-04-01": self.gold,
            "2025-06-02": self.env["customer.tier"],
        }
        for day, tier in expected.items():
            self.assertEqual(self._complain(day).tier_id, tier, day)

    def test_the_board_shows_the_tier_to_handlers(self):
        self._transition(self.partner, False, self.silver, "2025-02-01")
        handler = self._create_user(
            "tier_handler",
            "customer_retention.group_complaint_user,"
            "customer_retention.group_use_tiers",
        )
        complaint = self._complain("2025-04-01").with_user(handler)
        board = complaint.get_views([(False, "kanban")])["views"]["kanban"]
        self.assertIn('widget="customer_tier_badge"', board["arch"])
        [values] = complaint.read(["tier_id", "tier_color", "tier_icon"])
        self.assertEqual(
            (values["tier_id"][0], values["tier_color"], values["tier_icon"]),
            (self.silver.id, self.silver.color, self.silver.icon),
        )

    def test_the_tier_of_the_head_counts_while_it_belongs_to_the_group(self):
        daughter = self._create_partner("Daughter")
        self.env["customer.account.group"].create(
            {
                "name": "Holding",
                "lead_id": self.partner.id,
                "member_ids": [
                    Command.create({"partner_id": self.partner.id}),
                    Command.create(
                        {"partner_id": daughter.id, "date_from": "2025-03-01"}
                    ),
                ],
            }
        )
        self._transition(self.partner, False, self.gold, "2025-01-01")
        self.assertFalse(self._complain("2025-02-28", daughter).tier_id)
        self.assertEqual(self._complain("2025-03-01", daughter).tier_id, self.gold)

    def test_somebody_unknown_has_no_tier_until_the_customer_is_known(self):
        self._transition(self.partner, False, self.gold, "2025-01-01")
        complaint = self._complain("2025-03-01", partner_id=False)
        self.assertFalse(complaint.tier_id)
        complaint.partner_id = self.partner
        self.assertEqual(complaint.tier_id, self.gold)

    def test_the_analysis_groups_by_tier(self):
        self._transition(self.partner, False, self.gold, "2025-01-01")
        self._complain("2025-03-01")
        self._complain("2025-03-01", self._create_partner("Nobody's Tier"))
        self.env.flush_all()
        groups = dict(
            self.env["customer.complaint.report"]._read_group(
                [("company_id", "=", self.company.id)], ["tier_id"], ["__count"]
            )
        )
        self.assertEqual(groups, {self.gold: 1, self.env["customer.tier"]: 1})

    def test_who_bought_again_is_measured_by_tier(self):
        self._transition(self.partner, False, self.gold, "2024-01-01")
        complaint = self._complain("2024-03-01")
        complaint._record_event("resolved", at=self._noon("2024-03-05"))
        self.env.flush_all()
        repurchase = self.env["customer.complaint.repurchase"]
        repurchase._measure(self.company, complaint.ids, on("2025-06-30"))
        [row] = repurchase.search([("complaint_id", "=", complaint.id)])
        self.assertEqual(row.tier_id, self.gold)
        curve = repurchase.get_curve(by="tier_id")
        self.assertEqual(curve["by"], "tier_id")

    def test_the_remedy_guide_knows_tiers(self):
        self._transition(self.partner, False, self.gold, "2025-01-01")
        kind = self.env["customer.recovery.type"].search([], limit=1)
        other = self.env["customer.recovery.type"].search(
            [("id", "!=", kind.id)], limit=1
        )
        guide = self.env["customer.recovery.guide"]
        guide.search([]).active = False
        guide.create(
            [
                {"type_id": kind.id, "amount_low": 1, "amount_high": 2},
                {
                    "type_id": other.id,
                    "amount_low": 10,
                    "amount_high": 20,
                    "tier_id": self.gold.id,
                },
            ]
        )
        member = self._complain("2025-03-01")
        plain = self._complain("2025-03-01", self._create_partner("No Tier"))
        advices = (member | plain)._remedy_advices()
        self.assertEqual(advices[member].kind, other.id)
        self.assertEqual(advices[plain].kind, kind.id)


@tagged("post_install", "-at_install")
class TestComplaintTierPolicies(ComplaintTierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls._policy("Everybody", 40, sequence=20)
        cls.fast = cls._policy(
            "Gold", 4, sequence=10, tier_ids=[Command.set(cls.gold.ids)]
        )

    def _clock(self, complaint):
        return complaint.clock_ids.filtered(
            lambda clock: (
                clock.kind == "answer" and clock.state in ("running", "paused")
            )
        )

    def test_customers_of_a_tier_have_their_own_promises(self):
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._clock(self._complain("2025-06-30")).policy_id, self.fast)
        self._set_tier(self.partner, self.silver)
        self.assertEqual(
            self._clock(self._complain("2025-06-30")).policy_id, self.plain
        )

    def test_losing_a_tier_never_makes_a_running_promise_worse(self):
        self._set_tier(self.partner, self.gold)
        complaint = self._complain("2025-06-30")
        before = self._clock(complaint)
        deadline = before.deadline
        self._set_tier(self.partner, False)
        complaint._reevaluate_policy()
        complaint._reevaluate_policy(only_earlier=True)
        self.assertEqual(self._clock(complaint), before)
        self.assertEqual(self._clock(complaint).deadline, deadline)

    def test_a_new_tier_makes_a_running_promise_better_when_asked(self):
        self._set_tier(self.partner, self.silver)
        now = self.env.cr.now()
        complaint = self._complain("2025-06-30", received_at=now)
        deadline = self._clock(complaint).deadline
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._clock(complaint).deadline, deadline)
        complaint._reevaluate_policy(only_earlier=True)
        self.assertEqual(self._clock(complaint).policy_id, self.fast)
        self.assertLess(self._clock(complaint).deadline, deadline)

    def test_for_whom_a_policy_is_is_part_of_its_versions(self):
        versions = self.fast._current_versions()[self.fast]
        self.assertEqual(versions.definition["tiers"], self.gold.ids)
        number = versions.number
        self.fast.tier_ids = [Command.link(self.silver.id)]
        version = self.fast._current_versions()[self.fast]
        self.assertEqual(version.number, number + 1)
        wording = self.env["customer.rule.wording"]
        text = wording._definition_details(version.definition)
        self.assertIn("Gold", text)
        self.assertIn("Silver", text)
        self.assertNotIn("tiers", self.plain._definition())

    def test_a_policy_may_ask_for_tier_and_position(self):
        stage = self.env["customer.relationship.stage"].search([], limit=1)
        self.fast.stage_ids = stage
        self._set_tier(self.partner, self.gold)
        self.assertEqual(
            self._clock(self._complain("2025-06-30")).policy_id, self.plain
        )
        self._order(self.partner, "2025-06-01")
        self._work_queue()
        self.fast.stage_ids = self._relationship(self.partner).stage_id
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._clock(self._complain("2025-06-30")).policy_id, self.fast)


@tagged("post_install", "-at_install")
class TestComplaintHolds(ComplaintTierCommon):
    def _holds(self, *partners):
        ids = [partner.id for partner in partners]
        self.env.flush_all()
        return self.Membership._get_holds(ids, on(self.TODAY))

    def test_open_complaints_are_holds(self):
        first = self._complain("2025-01-10")
        first._record_event("resolved", at=self._noon("2025-01-20"))
        self._complain("2025-06-01")
        self._complain("2025-06-02", kind="question")
        self.assertEqual(
            self._holds(self.partner)[self.partner.id],
            [(on("2025-01-10"), on("2025-01-20")), (on("2025-06-01"), None)],
        )

    def test_a_complaint_of_a_member_holds_the_tier_of_the_head(self):
        daughter = self._create_partner("Daughter")
        self.env["customer.account.group"].create(
            {
                "name": "Holding",
                "lead_id": self.partner.id,
                "member_ids": [
                    Command.create({"partner_id": one.id})
                    for one in self.partner | daughter
                ],
            }
        )
        self._complain("2025-06-01", daughter)
        self.assertEqual(
            self._holds(self.partner), {self.partner.id: [(on("2025-06-01"), None)]}
        )

    def test_a_complaint_to_another_company_holds_no_tier_of_this_one(self):
        self._complain("2025-06-01")
        self.env.flush_all()
        held = self.Membership._get_holds
        ids, day = self.partner.ids, on(self.TODAY)
        self.assertTrue(held(ids, day, self.company))
        self.assertFalse(held(ids, day, self._create_company("Sister")))

    def test_nobody_else_is_held(self):
        self._complain("2025-06-01")
        other = self._create_partner("Other")
        self.assertNotIn(other.id, self._holds(self.partner, other))

    def test_an_open_complaint_pauses_a_downgrade_until_it_is_resolved(self):
        self.ladder.write({"downgrade": "earned", "grace_days": 0})
        self._order(self.partner, "2024-07-10", 6000)
        self._order(self.partner, "2025-06-01", 10)
        self._work_queue()
        self.assertEqual(self._membership(self.partner).tier_id, self.gold)
        complaint = self._complain("2025-06-20")
        self._evaluate_at("2025-08-01")
        self.Membership._evaluate(self.partner.ids, as_of=on("2025-08-01"))
        self.env.invalidate_all()
        self.assertEqual(self._membership(self.partner).tier_id, self.gold)
        complaint._record_event("resolved", at=self._noon("2025-08-05"))
        self.env.flush_all()
        self.company.retention_evaluation_date = "2025-08-06"
        self.Membership._evaluate(self.partner.ids, as_of=on("2025-08-06"), force=True)
        self.env.invalidate_all()
        self.assertEqual(self._membership(self.partner).tier_id, self.bronze)
        [change] = self.env["customer.tier.transition"].search(
            [("partner_id", "=", self.partner.id), ("direction", "=", "down")]
        )
        self.assertEqual(change.date - on("2025-08-05"), timedelta(0))

    def test_a_ladder_may_take_tiers_away_all_the_same(self):
        self.ladder.write(
            {"downgrade": "earned", "grace_days": 0, "pauses_on_hold": False}
        )
        self._order(self.partner, "2024-07-10", 6000)
        self._order(self.partner, "2025-06-01", 10)
        self._work_queue()
        self._complain("2025-06-20")
        self.company.retention_evaluation_date = "2025-08-01"
        self.Membership._evaluate(self.partner.ids, as_of=on("2025-08-01"), force=True)
        self.env.invalidate_all()
        self.assertEqual(self._membership(self.partner).tier_id, self.bronze)
