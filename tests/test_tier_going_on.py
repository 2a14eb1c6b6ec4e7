from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..logic.tier_replay import Replay
from .common import on
from .tier_engine_common import TierEngineCommon


@tagged("post_install", "-at_install")
class TestTierGoingOn(TierEngineCommon):
    """An evaluation goes on where the last one has got to, and finds the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order(cls.partner, "2024-07-01", 600.0)
        cls._order(cls.partner, "2025-03-10", 600.0)
        cls._tier_at("2025-06-30")

    def _evaluate(self, **options):
        """Evaluate; return how often a checkpoint was used, and the row."""
        went_on, go_on = [], Replay.go_on

        def counted(replaying, *arguments):
            went_on.append(replaying)
            return go_on(replaying, *arguments)

        with patch.object(Replay, "go_on", counted):
            relationships = self.env["customer.relationship"]
            relationships._sync_and_evaluate(self.partner.ids, **options)
        row = self._membership(self.partner)
        names = [name for name, field in row._fields.items() if field.store]
        return len(went_on), row.read(names)[0]

    def test_an_order_of_today_is_decided_from_the_checkpoint(self):
        self._order(self.partner, "2025-06-30", 4500.0)
        went_on, found = self._evaluate(as_of=on("2025-06-30"))
        self.assertEqual(went_on, 1)
        self.assertEqual(found["tier_id"][0], self.gold.id)
        log = self._log(self.partner)
        self.assertEqual(log[-1], ("2025-06-30", "Gold", "earned"))
        went_on, complete = self._evaluate(as_of=on("2025-06-30"), force=True)
        self.assertEqual(went_on, 0)
        self.assertEqual(found, complete)
        self.assertEqual(self._log(self.partner), log)

    def test_a_document_of_before_begins_with_the_first_day(self):
        self._order(self.partner, "2025-01-10", 4500.0)
        went_on, row = self._evaluate(as_of=on("2025-06-30"))
        self.assertEqual(went_on, 0)
        self.assertEqual(row["tier_id"][0], self.gold.id)
        self.assertIn(("2025-01-10", "Gold", "earned"), self._log(self.partner))

    def test_what_the_log_has_lost_is_recorded_with_its_evidence(self):
        self._membership(self.partner)
        self.env.cr.execute(
            "DELETE FROM customer_tier_transition WHERE partner_id = %s",
            [self.partner.id],
        )
        self.assertEqual(self._evaluate(as_of=on("2025-06-30"))[0], 1)
        move = self.env["customer.tier.transition"].search(
            [("partner_id", "=", self.partner.id), ("to_tier_id", "=", self.silver.id)]
        )
        self.assertEqual(move.date, on("2025-03-10"))
        self.assertEqual(len(move.evidence["documents"]), 2)

    def test_other_rules_begin_with_the_first_day(self):
        self.silver.threshold = 500.0
        self.env.flush_all()
        self.assertEqual(self._evaluate(as_of=on("2025-06-30"))[0], 0)

    def test_employees_do_not_read_checkpoints(self):
        seller = self._create_user("tier_reader")
        self.partner.user_id = seller
        row = self._membership(self.partner).with_user(seller)
        with self.assertRaises(AccessError):
            row.read(["checkpoint"])
