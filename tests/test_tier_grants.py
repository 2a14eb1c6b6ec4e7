from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import on
from .tier_engine_common import TierEngineCommon


@tagged("post_install", "-at_install")
class TestTierGrants(TierEngineCommon):
    """Grants lie above what is earned, are dated, and large ones take two people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_salesman,customer_retention.group_{}"
        cls.seller = cls._create_user("grants_seller", groups.format("user"))
        cls.manager = cls._create_user("grants_manager", groups.format("manager"))
        cls.other_manager = cls._create_user("grants_other", groups.format("manager"))
        cls.partner.user_id = cls.seller
        cls._order(cls.partner, "2025-05-01", 100.0)
        cls._work_queue()

    def _grant(self, tier, user=None, **values):
        values = {
            "partner_id": self.partner.id,
            "tier_id": tier.id,
            "reason": "goodwill",
            "note": "Agreed with the customer",
            "date_from": "2025-06-01",
            "date_until": "2025-12-31",
            **values,
        }
        return (
            self.env["customer.tier.grant"]
            .with_user(user or self.seller)
            .create(values)
        )

    def _tier(self):
        self.env.invalidate_all()
        return self._membership(self.partner).tier_id

    # === WHAT IT DOES === #

    def test_floor_lifts_until_its_last_day(self):
        grant = self._grant(self.silver)
        self.assertEqual(grant.state, "granted")
        membership = self._membership(self.partner)
        self.assertEqual(membership.tier_id, self.silver)
        self.assertEqual(membership.earned_tier_id, self.bronze)
        self.assertEqual(membership.grant_id, grant)
        self.assertEqual(membership.valid_until, on("2025-12-31"))
        self.assertEqual(self._tier_at("2026-01-01"), "Bronze")
        self.assertEqual(
            [row for row in self._log(self.partner) if row[0] >= "2025-06-01"],
            [
                ("2025-06-01", "Silver", "granted"),
                ("2026-01-01", "Bronze", "grant_ended"),
            ],
        )

    def test_floor_below_what_is_earned_changes_nothing(self):
        self._order(self.partner, "2025-05-02", 6000.0)
        self._work_queue()
        self._grant(self.silver)
        self.assertEqual(self._tier(), self.gold)

    def test_exact_sets_the_tier(self):
        self._order(self.partner, "2025-05-02", 6000.0)
        self._work_queue()
        self._grant(self.silver, kind="exact")
        self.assertEqual(self._tier(), self.silver)

    def test_ended_grant_counts_no_longer(self):
        grant = self._grant(self.silver)
        grant.action_end()
        self.assertEqual(grant.ended_on, on("2025-06-30"))
        self.assertEqual(self._tier(), self.bronze)

    def test_grant_has_an_end_and_a_reason(self):
        with self.assertRaises(ValidationError):
            self._grant(self.silver, date_until="2025-05-01")
        with self.assertRaisesRegex(ValidationError, "within ten years"):
            self._grant(self.silver, date_until="9999-12-31")
        with self.assertRaises(ValidationError):
            self._grant(self.silver, note="  ")

    # === FOUR EYES === #

    def test_more_steps_than_one_wait_for_somebody_else(self):
        grant = self._grant(self.gold, self.manager)
        self.assertEqual(grant.state, "waiting")
        self.assertTrue(grant.waits_because)
        self.assertEqual(self._tier(), self.bronze)
        with self.assertRaises(AccessError):
            grant.with_user(self.manager).action_approve()
        with self.assertRaises(AccessError):
            grant.with_user(self.seller).action_approve()
        grant.with_user(self.other_manager).action_approve()
        self.assertEqual(
            (grant.state, grant.approver_id), ("granted", self.other_manager)
        )
        self.assertEqual(self._tier(), self.gold)
        # not for the days on which it was waiting
        self.assertEqual(grant.date_from, on("2025-06-30"))

    def test_what_is_no_tier_any_more_is_not_granted(self):
        """It would stand for the one below it, without anybody having counted steps."""
        self.gold.active = False
        with self.assertRaisesRegex(ValidationError, "no tier any more"):
            self._grant(self.gold)

    def test_nobody_approves_an_own_grant_on_any_path(self):
        grant = self._grant(self.gold, self.manager)
        own = grant.with_user(self.manager)
        for attempt in (
            lambda: own.sudo().action_approve(),
            lambda: own.write({"state": "granted"}),
            lambda: own.sudo().write({"state": "granted"}),
            lambda: own.sudo().write({"approver_id": self.other_manager.id}),
            lambda: (
                own.with_context(customer_retention_amendment=True)
                .sudo()
                .write({"state": "granted"})
            ),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertEqual(grant.state, "waiting")

    def test_state_cannot_be_brought_along(self):
        for values in (
            {"state": "granted"},
            {"state": "granted", "approver_id": self.other_manager.id},
        ):
            grant = self._grant(self.gold, self.manager, **values)
            self.assertEqual(grant.state, "waiting")
            self.assertFalse(grant.approver_id)
        grants = self.env["customer.tier.grant"].with_user(self.manager).sudo()
        grant = grants.with_context(default_state="granted").create(
            {
                "partner_id": self.partner.id,
                "tier_id": self.gold.id,
                "reason": "vip",
                "note": "In the name of somebody else",
                "date_until": "2025-12-31",
                "user_id": self.other_manager.id,
            }
        )
        self.assertEqual(grant.state, "waiting")
        with self.assertRaises(AccessError):
            grant.with_user(self.manager).sudo().action_approve()

    def test_refused_grant_never_counts(self):
        grant = self._grant(self.gold, self.manager)
        grant.with_user(self.other_manager).action_refuse()
        self.assertEqual(grant.state, "refused")
        with self.assertRaises(UserError):
            grant.with_user(self.other_manager).action_approve()
        self.assertEqual(self._tier(), self.bronze)

    def test_who_proposed_may_take_it_back(self):
        grant = self._grant(self.gold)
        grant.action_refuse()
        self.assertEqual(grant.state, "refused")

    def test_too_many_grants_of_a_day_wait(self):
        self.ladder.grants_per_day = 2
        states = [self._grant(self.silver).state for _number in range(3)]
        self.assertEqual(states, ["granted", "granted", "waiting"])
        self.assertEqual(self._grant(self.silver, self.manager).state, "granted")

    def test_too_many_grants_in_one_call_wait(self):
        self.ladder.grants_per_day = 2
        partners = [self._create_partner(f"Grantee {number}") for number in range(3)]
        grants = (
            self.env["customer.tier.grant"]
            .with_user(self.manager)
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "tier_id": self.bronze.id,
                        "reason": "welcome",
                        "note": "Fair",
                        "date_until": "2025-12-31",
                    }
                    for partner in partners
                ]
            )
        )
        self.assertEqual(grants.mapped("state"), ["granted", "granted", "waiting"])

    def test_steps_count_from_what_is_earned_and_not_from_grants(self):
        self._grant(self.silver)
        self.assertEqual(self._grant(self.gold).state, "waiting")

    def test_grant_is_part_of_history(self):
        grant = self._grant(self.silver)
        with self.assertRaises(UserError):
            grant.date_until = "2030-01-01"
        with self.assertRaises(UserError):
            grant.sudo().unlink()

    # === WHILE SOMETHING EVALUATES === #

    def test_grant_recorded_by_what_listens_to_a_change_waits_for_the_queue(self):
        """As an automation rule on changes of tier does."""
        self._order(self.partner, "2025-06-01", 1500.0)
        relationships = self.env["customer.relationship"]
        changes = self.env.registry["customer.tier.transition"]
        create, grants = changes.create, []

        def granting(log, vals_list):
            created = create(log, vals_list)
            if not grants:
                grants.append(self._grant(self.gold, self.env.user, reason="vip"))
            return created

        with patch.object(changes, "create", granting):
            relationships._sync_and_evaluate(self.partner.ids)
        self.assertEqual(grants[0].state, "granted")
        self._work_queue()
        self.assertEqual(self._tier(), self.gold)
        self.assertEqual(self._membership(self.partner).earned_tier_id, self.silver)

    def test_pin_recorded_by_what_listens_to_a_change_waits_for_the_queue(self):
        relationships = self.env["customer.relationship"]
        pins = self.env["customer.relationship.pin"]
        stage = self.env["customer.relationship.stage"].search([], limit=1)
        changes = self.env.registry["customer.relationship.transition"]
        create, pinned = changes.create, []

        def pinning(log, vals_list):
            created = create(log, vals_list)
            if not pinned:
                values = {"stage_id": stage.id, "reason": "Agreed"}
                values |= {"axis": "position", "company_id": self.company.id}
                pinned.append(pins.create({**values, "partner_id": self.partner.id}))
            return created

        self._order(self.partner, "2025-06-01", 1500.0)
        with patch.object(changes, "create", pinning):
            relationships._sync_and_evaluate(self.partner.ids)
        self.assertIn((self.partner.id, "decision"), self._queued())
        relationships._sync_and_evaluate(self.partner.ids, force=True)
        row = relationships.search([("partner_id", "=", self.partner.id)])
        self.assertEqual(row.stage_id, stage)
